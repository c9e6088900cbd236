import Foundation
import Testing

@testable import GeuseRuntime

/// Files of Tests/Fixtures/state, which GeuseMaker's own models wrote.
enum Fixture {
    static var repository: String {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/")
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let path = repository + "/Tests/Fixtures/state/" + name
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func document(_ name: String) throws -> JSONObject {
        try #require(try JSONParser.parse(bytes(name)).objectValue)
    }

    static func state(_ name: String = "dev-v2.json") throws -> DeploymentState {
        try DeploymentState(document(name))
    }
}

/// A directory of its own that goes when the test is over.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/geuse-test-XXXXXX").utf8CString)
        let made = try #require(mkdtemp(&template))
        path = String(cString: made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A clock that only goes on when it is asked, so that times are known and nothing waits.
final class SteppedClock: Clock {
    private var time = Timestamp(microseconds: 1_795_432_200_000_000)
    private(set) var slept = 0.0

    func now() -> Timestamp {
        time = time.adding(seconds: 1)
        return time
    }

    func monotonic() -> Double { slept }

    func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
        try cancellation.check()
        slept += seconds
    }
}

/// A state directory on disk with everything that works on it.
final class StateBench {
    let temporary: TemporaryDirectory
    let directory: StateDirectory
    let files: LiveFileSystem
    let clock = SteppedClock()
    let name = StackName(unchecked: "my-dev-stack")

    init(_ calls: FileCalls = FileCalls()) throws {
        temporary = try TemporaryDirectory()
        directory = StateDirectory(root: temporary.path + "/root")
        files = LiveFileSystem(calls: calls, clock: clock)
        try directory.prepare(name, LiveFileSystem())
    }

    var store: FileStateStore { FileStateStore(directory, files, clock) }
    var backups: Backups { Backups(directory, files, clock) }
    var archive: JournalArchive { JournalArchive(directory, files) }
    var path: String { directory.state(name) }

    func put(_ bytes: [UInt8]) throws { try LiveFileSystem().replace(path, with: bytes) }
    func put(_ fixture: String = "dev-v2.json") throws { try put(Fixture.bytes(fixture)) }
    func content() throws -> [UInt8] { try LiveFileSystem().read(path) }

    func lock(_ name: StackName? = nil) throws -> DeploymentLock {
        let owner = LockOwner.current(run: nil, command: "test", since: clock.now())
        return try DeploymentLock.acquire(name ?? self.name, in: directory, files, owner: owner)
    }
}

/// Random values that come again with the same seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Expects a `Diagnostic` with that code.
@discardableResult
func expectDiagnostic<Value>(
    _ code: String,
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Value
) -> Diagnostic? {
    do {
        let value = try body()
        Issue.record("\(what) gave \(value), not \(code)", sourceLocation: sourceLocation)
    } catch let error as Diagnostic {
        #expect(error.code == code, "\(what): \(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("\(what) threw \(error)", sourceLocation: sourceLocation)
    }
    return nil
}
