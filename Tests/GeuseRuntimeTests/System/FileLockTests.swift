import Foundation
import Testing

@testable import GeuseRuntime

@Suite("file locks")
struct FileLockTests {
    private let temporary: TemporaryDirectory
    private var path: String { temporary.path + "/a.lock" }

    init() throws { temporary = try TemporaryDirectory() }

    @Test("one holder at a time; letting go twice is no error")
    func exclusive() throws {
        let files = LiveFileSystem()
        let first = try files.lock(path, waiting: 0, Cancellation())
        let error = expectDiagnostic("locked") { try files.lock(path, waiting: 0, Cancellation()) }
        #expect(error?.kind == .locked)
        first.release()
        first.release()
        let second = try files.lock(path, waiting: 0, Cancellation())
        expectDiagnostic("locked") { try files.lock(path, waiting: 0, Cancellation()) }
        second.release()
    }

    @Test("a lock that is dropped is let go")
    func dropped() throws {
        let files = LiveFileSystem()
        do { _ = try files.lock(path, waiting: 0, Cancellation()) }
        try files.lock(path, waiting: 0, Cancellation()).release()
    }

    @Test("waiting lasts as long as was asked for, and ends with a cancellation")
    func waiting() throws {
        let clock = SteppedClock()
        let files = LiveFileSystem(clock: clock)
        let held = try files.lock(path, waiting: 0, Cancellation())
        defer { held.release() }
        expectDiagnostic("locked") { try files.lock(path, waiting: 2, Cancellation()) }
        #expect(clock.slept >= 2 && clock.slept < 2.1)
        let cancellation = Cancellation()
        cancellation.cancel()
        expectDiagnostic("interrupted") { try files.lock(path, waiting: 60, cancellation) }
    }

    @Test("a lock file that was unlinked while it was held locks nothing any more")
    func unlinked() throws {
        let files = LiveFileSystem()
        let old = try files.lock(path, waiting: 0, Cancellation())
        try files.remove(path)
        let new = try files.lock(path, waiting: 0, Cancellation())
        expectDiagnostic("locked") { try files.lock(path, waiting: 0, Cancellation()) }
        old.release()
        expectDiagnostic("locked") { try files.lock(path, waiting: 0, Cancellation()) }
        new.release()
    }

    @Test("Python's flock and ours keep each other out")
    func python() throws {
        let script = """
            import fcntl, os, sys
            file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                print("free")
            except BlockingIOError:
                print("taken")
            """
        let held = try LiveFileSystem().lock(path, waiting: 0, Cancellation())
        #expect(try PythonProgram.run(script, [path]) == Array("taken\n".utf8))
        held.release()
        #expect(try PythonProgram.run(script, [path]) == Array("free\n".utf8))
    }

    @Test("while Python holds it we are kept out, and its death sets it free")
    func heldByPython() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let script = """
            import fcntl, os, sys
            file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(file, fcntl.LOCK_EX)
            print("held", flush=True)
            sys.stdin.read()
            """
        process.arguments = ["python3", "-c", script, path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let answer = try output.fileHandleForReading.read(upToCount: 5)
        #expect(answer == Data("held\n".utf8))
        expectDiagnostic("locked") { try LiveFileSystem().lock(path, waiting: 0, Cancellation()) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try LiveFileSystem().lock(path, waiting: 0, Cancellation()).release()
    }
}
