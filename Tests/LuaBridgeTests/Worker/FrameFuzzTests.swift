import CLua
import Foundation
import GeuseRuntime
import Glibc
import Testing

@testable import LuaBridge

/// Damaged conversations in both directions: neither side does anything twice, hangs or crashes.
@Suite struct FrameFuzzTests {
    private enum Damage: CaseIterable {
        case flip, cut, insert, repeatFrame, swap, lengthen, shorten, drop
    }

    /// The frames with one thing wrong with them.
    private func damaged(
        _ frames: [[UInt8]],
        _ damage: Damage,
        _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var frames = frames
        let which = Int.random(in: 0..<frames.count, using: &generator)
        let place = Int.random(in: 0..<frames[which].count, using: &generator)
        switch damage {
        case .flip: frames[which][place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case .cut: frames[which].removeSubrange(place...)
        case .insert:
            let count = Int.random(in: 1...20, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            frames[which].insert(contentsOf: bytes, at: place)
        case .repeatFrame: frames.insert(frames[which], at: which)
        case .swap: frames.swapAt(which, Int.random(in: 0..<frames.count, using: &generator))
        case .lengthen: frames[which][3] = UInt8.random(in: 0...255, using: &generator)
        case .shorten: frames[which][0] &-= UInt8.random(in: 1...9, using: &generator)
        case .drop: frames.remove(at: which)
        }
        return frames.flatMap(\.self)
    }

    // To the core --------------------------------------------------------------------------------

    /// A worker that says this in answer to the core, whatever the core says, and then leaves.
    private func talk(_ bytes: [UInt8], _ recorder: Recorder, ownTime: Double = 0.05) throws
        -> ScriptFailure?
    {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        let far = ends[1]
        // A false worker that waits for its turn gets furthest.
        let replies = bytes
        // A thread of its own: the ones of the test run are busy with other tests.
        Thread.detachNewThread {
            var sent = 0
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            while sent < replies.count {
                let length = replies[sent...].prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
                let end = min(sent + 4 + length, replies.count)
                let part = Array(replies[sent..<end])
                guard send(far, part, part.count, Int32(MSG_NOSIGNAL)) == part.count else { break }
                sent = end
                if sent < replies.count, recv(far, &buffer, buffer.count, 0) <= 0 { break }
            }
            close(far)
        }
        return FalseWorker.talk(over: ends[0], recorder, ownTime: ownTime)
    }

    private static func call(_ function: String, _ phase: Int64, _ arguments: [ScriptValue])
        throws -> [UInt8]
    {
        let value: ScriptValue = .list([
            .int(phase), .string(function), "t.lua", 1, .list(arguments),
        ])
        return try ValueEncoder.frame(.call, value)
    }

    @Test(.timeLimit(.minutes(10)))
    func theCoreDoesNothingTwice() throws {
        var generator = SeededGenerator(17)
        let proper: [[UInt8]] = [
            try ValueEncoder.frame(.ready, [1, true]),
            try Self.call("geuse.change", 0, ["a"]),
            try Self.call("geuse.window", 1, ["w"]),
            try Self.call("geuse.change", 0, ["b"]),
            try Self.call("geuse.window", 2, [true, nil, nil, nil, nil]),
            try ValueEncoder.frame(.done, []),
        ]
        let whole = Recorder()
        #expect(try talk(proper.flatMap(\.self), whole, ownTime: 10) == nil)
        #expect(whole.changes == ["a", "b"])
        for round in 0..<600 {
            let damage = Damage.allCases[round % Damage.allCases.count]
            let recorder = Recorder()
            let failure = try talk(damaged(proper, damage, &generator), recorder)
            // A flip can make another change of a call, but never one more than there are calls.
            #expect(recorder.changes.count <= (damage == .repeatFrame ? 3 : 2))
            #expect(recorder.events.count { $0.hasPrefix("begin") } <= 2)
            guard let failure else { continue }
            let codes = ["worker_protocol", "script_crashed", "script_failed", "script_timeout"]
            #expect(codes.contains(failure.diagnostic.code), "\(failure.diagnostic)")
        }
    }

    @Test func framesThatPileUpAreRefusedBeforeTheirCall() throws {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        let call = try Self.call("geuse.change", 0, ["a"])
        let flood = try ValueEncoder.frame(.ready, [1, true]) + (0..<1000).flatMap { _ in call }
        var size: Int32 = 4 << 20
        setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, 4)
        #expect(write(ends[1], flood, flood.count) == flood.count)
        defer { close(ends[1]) }
        let recorder = Recorder()
        let worker = ScriptWorker(
            socket: ends[0],
            limits: ScriptLimits(ownTime: 2),
            clock: SystemClock()
        )
        #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: ""),
                with: Dispatcher([TestModule.geuse]),
                in: recorder
            )
        }
        #expect(recorder.changes.isEmpty)
    }

    // To the worker ------------------------------------------------------------------------------

    /// Whether a frame of the core's kind begins a call in what a worker has sent.
    private func calls(in bytes: [UInt8]) -> Int {
        var rest = bytes[...]
        var count = 0
        while rest.count > 4 {
            let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            if rest.first == WireFormat.FrameKind.call.rawValue { count += 1 }
            rest = rest.dropFirst(length)
        }
        return count
    }

    /// Gives a worker a start and these replies; tells how it ended and how often it called.
    private func work(_ bytes: [UInt8]) throws -> (status: Int32, calls: Int) {
        var limits = geuse_worker_limits(
            memory_bytes: 32 << 20,
            cpu_seconds: 5,
            refuse_allocation: 0,
            refuse_count: 0
        )
        var socket: Int32 = -1
        let id = geuse_worker_start(&limits, &socket)
        try #require(id > 0)
        _ = fcntl(socket, F_SETFL, 0)
        _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(socket, Int32(SHUT_WR))
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let got = recv(socket, &buffer, buffer.count, 0)
            guard got > 0 else { break }
            said += buffer[..<got]
        }
        var status: Int32 = 0
        #expect(waitpid(id, &status, 0) == id)
        close(socket)
        return (status, calls(in: said))
    }

    @Test(.timeLimit(.minutes(10)))
    func theWorkerEndsWithoutASignal() throws {
        var generator = SeededGenerator(23)
        let script = """
            for i = 1, 3 do pcall(geuse.echo, {i, x = 'y'}) end
            geuse.window('w', function() geuse.change('a') end)
            """
        let modules: ScriptValue = [
            [
                "name": "geuse",
                "functions": [
                    ["name": "echo", "bracket": false], ["name": "change", "bracket": false],
                    ["name": "window", "bracket": true],
                ],
            ]
        ]
        let proper: [[UInt8]] = [
            try ValueEncoder.frame(.start, ["t.lua", .string(script), modules, 1, 2, 0]),
            try ValueEncoder.frame(.returned, [1, ["x": 2.5]]),
            try ValueEncoder.frame(
                .error,
                ["code": "no", "message": "No.", "hint": "h", "id": 1]
            ),
            try ValueEncoder.frame(.returned, nil), try ValueEncoder.frame(.returned, "inside"),
            try ValueEncoder.frame(.returned, true), try ValueEncoder.frame(.returned, nil),
        ]
        for round in 0..<400 {
            let damage = Damage.allCases[round % Damage.allCases.count]
            let sent = damaged(proper, damage, &generator)
            let (status, calls) = try work(sent)
            #expect(status & 0x7F == 0, "it ended by signal \(status & 0x7F) after \(sent)")
            #expect(calls <= 6)
        }
    }
}
