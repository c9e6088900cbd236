import CLua
import GeuseRuntime
import Glibc
import Testing

@testable import LuaBridge

/// The worker trusts the core no more than the core trusts it: whatever it reads, it ends.
@Suite struct WorkerInputTests {
    /// Sends bytes to a worker, closes, and gives the status in which it ended.
    private func status(after bytes: [UInt8]) throws -> Int32 {
        var limits = geuse_worker_limits(
            memory_bytes: 16 << 20,
            cpu_seconds: 5,
            refuse_allocation: 0,
            refuse_count: 0
        )
        var socket: Int32 = -1
        let id = geuse_worker_start(&limits, &socket)
        try #require(id > 0)
        // It may be gone before all is written: that is one of the ways to end.
        _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(socket, Int32(SHUT_WR))
        var status: Int32 = 0
        #expect(waitpid(id, &status, 0) == id)
        close(socket)
        return status
    }

    private func start(_ parts: [ScriptValue]) throws -> [UInt8] {
        try ValueEncoder.frame(.start, .list(parts))
    }

    private let proper: [ScriptValue] = ["t.lua", "x = 1", [], 1, 2, 0]

    @Test func aProperStartEndsWell() throws {
        #expect(try status(after: start(proper)) == 0)
    }

    @Test func nothingAtAllEndsIt() throws {
        #expect(try status(after: []) & 0x7F == 0)
    }

    @Test func everyCutOfTheStartEndsIt() throws {
        let bytes = try start(proper)
        for length in stride(from: 1, to: bytes.count, by: 5) {
            #expect(try status(after: Array(bytes.prefix(length))) != 0)
        }
    }

    @Test func partsOfAnotherTypeEndIt() throws {
        for position in proper.indices {
            var parts = proper
            parts[position] = true
            #expect(try status(after: start(parts)) != 0)
        }
    }

    @Test func randomBytesEndIt() throws {
        var generator = SeededGenerator(3)
        let bytes = try start(proper)
        for round in 0..<150 {
            var sent = bytes
            if round.isMultiple(of: 2) {
                for _ in 0..<3 {
                    let place = Int.random(in: 0..<sent.count, using: &generator)
                    sent[place] = UInt8.random(in: 0...255, using: &generator)
                }
            } else {
                let count = Int.random(in: 1..<300, using: &generator)
                sent = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            let ended = try status(after: sent)
            #expect(ended & 0x7F == 0, "it ended by a signal: \(ended) after \(sent)")
        }
    }
}
