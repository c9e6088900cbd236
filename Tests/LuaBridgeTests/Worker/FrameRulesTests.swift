import Glibc
import GeuseRuntime
import Testing

@testable import LuaBridge

/// A worker that has been taken over can send anything: the core refuses it and does nothing twice.
@Suite struct FrameRulesTests {
    private static let ready = Array(
        [6, 2, 0, 0, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0, 2] as [UInt8]
    )

    private static func frame(_ kind: UInt8, _ value: [UInt8]) -> [UInt8] {
        let count = value.count + 1
        return (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + [kind] + value
    }

    private static func call(
        _ function: String,
        phase: Int64 = 0,
        _ arguments: [ScriptValue] = []
    ) throws -> [UInt8] {
        let value: ScriptValue = .list([
            .int(phase), .string(function), "t.lua", 1, .list(arguments),
        ])
        return try ValueEncoder.frame(.call, value)
    }

    /// Runs a conversation in which the other side has already said all that it will say.
    private func talk(_ bytes: [UInt8], recorder: Recorder = Recorder()) throws -> ScriptFailure? {
        var ends: [Int32] = [0, 0]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var size: Int32 = 4 << 20
        setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &size, 4)
        #expect(write(ends[1], bytes, bytes.count) == bytes.count)
        shutdown(ends[1], Int32(SHUT_WR))
        defer { close(ends[1]) }
        return FalseWorker.talk(over: ends[0], recorder, ownTime: 2)
    }

    private let first = Self.frame(0x11, Self.ready)
    private let done = Self.frame(0x14, [6, 0, 0, 0, 0])

    @Test func aProperEndIsAccepted() throws {
        #expect(try talk(first + done) == nil)
    }

    @Test func framesAfterTheEndAreRefused() throws {
        let recorder = Recorder()
        let late = try Self.call("geuse.change", ["late"])
        let failure = try talk(first + done + late, recorder: recorder)
        #expect(failure?.diagnostic.code == "worker_protocol")
        #expect(recorder.changes.isEmpty)
    }

    @Test func aSecondFrameWhileACallRunsIsRefusedBeforeTheCall() throws {
        let recorder = Recorder()
        let call = try Self.call("geuse.change", ["once"])
        let failure = try talk(first + call + call, recorder: recorder)
        #expect(failure?.diagnostic.code == "worker_protocol")
        #expect(recorder.changes.isEmpty)
    }

    @Test func anEndWithinACallIsACrash() throws {
        let recorder = Recorder()
        let failure = try talk(first + Self.call("geuse.change", ["once"]), recorder: recorder)
        #expect(failure?.diagnostic.code == "script_crashed")
        #expect(recorder.changes == ["once"])
    }

    static let broken: [(String, [UInt8])] = [
        ("no greeting", frame(0x14, [6, 0, 0, 0, 0])),
        ("another version", frame(0x11, [6, 2, 0, 0, 0, 3, 9, 0, 0, 0, 0, 0, 0, 0, 2])),
        ("two greetings", frame(0x11, ready) + frame(0x11, ready)),
        ("an empty frame", frame(0x11, ready) + [0, 0, 0, 0]),
        ("a frame too long", frame(0x11, ready) + [1, 0, 128, 0, 0x12]),
        ("the longest length", frame(0x11, ready) + [255, 255, 255, 255, 0x12]),
        ("an unknown kind", frame(0x11, ready) + frame(0x77, [0])),
        ("a kind of the core's", frame(0x11, ready) + frame(0x02, [0])),
        ("a position unasked", frame(0x11, ready) + frame(0x16, [0])),
        ("a call of nil", frame(0x11, ready) + frame(0x12, [0])),
        ("a call with two values", frame(0x11, ready) + frame(0x12, [0, 0])),
        ("a failure of nil", frame(0x11, ready) + frame(0x15, [0])),
        ("a request for nil", frame(0x11, ready) + frame(0x13, [0])),
    ]

    @Test(arguments: broken.map(\.0))
    func brokenFramesAreRefused(_ name: String) throws {
        let bytes = try #require(Self.broken.first { $0.0 == name }?.1)
        let failure = try talk(bytes)
        #expect(failure?.diagnostic.code == "worker_protocol")
        #expect(failure?.cause == .protocolViolation)
    }

    @Test func callsOutsideTheRulesAreRefused() throws {
        let outcome: [ScriptValue] = [true, nil, nil, nil, nil]
        let calls = [
            try Self.call("geuse.nothing"), try Self.call("change"),
            try Self.call("geuse.window", ["w"]), try Self.call("geuse.change", phase: 1, ["x"]),
            try Self.call("geuse.window", phase: 2, outcome),
            try Self.call("geuse.change", phase: 3),
            try Self.call("geuse.window", phase: 2, []),
        ]
        for call in calls {
            let recorder = Recorder()
            #expect(
                try talk(first + call, recorder: recorder)?.diagnostic.code == "worker_protocol"
            )
            #expect(recorder.changes.isEmpty && recorder.events.isEmpty)
        }
    }

    @Test(arguments: [Int64.min, .min + 1, -1, 0, 1, 257, .max])
    func aRecordThatWasNeverGivenIsNone(_ id: Int64) throws {
        let report: ScriptValue = [
            0, "it failed", "mine", nil, nil, nil, nil, .int(id), "t.lua", 1, "",
        ]
        let failure = try talk(first + ValueEncoder.frame(.failed, report))
        #expect(failure?.diagnostic.code == "mine")
        #expect(failure?.cause == .script)
    }

    @Test func aCutFrameIsACrash() throws {
        for length in 1..<first.count {
            let failure = try talk(Array(first.prefix(length)))
            #expect(failure?.diagnostic.code == "script_crashed")
        }
    }

    @Test func randomFramesEndInAnErrorAndChangeNothing() throws {
        var generator = SeededGenerator(11)
        let call = try Self.call("geuse.change", ["x"])
        for round in 0..<400 {
            var bytes: [UInt8]
            if round.isMultiple(of: 2) {
                // One bit of a proper call turned over, and nothing behind it.
                bytes = call
                let place = Int.random(in: 0..<(bytes.count * 8), using: &generator)
                bytes[place / 8] ^= 1 << (place % 8)
            } else {
                let count = Int.random(in: 1..<200, using: &generator)
                bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            let recorder = Recorder()
            let failure = try talk(first + bytes, recorder: recorder)
            let code = failure?.diagnostic.code
            #expect(code == "worker_protocol" || code == "script_crashed", "\(bytes)")
            #expect(recorder.changes.count <= 1)
        }
    }
}
