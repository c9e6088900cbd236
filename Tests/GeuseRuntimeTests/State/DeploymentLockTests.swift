import Foundation
import Glibc
import Testing

@testable import GeuseRuntime

@Suite("the lock of a stack")
struct DeploymentLockTests {
    private let bench: StateBench

    init() throws { bench = try StateBench() }

    @Test("the second is told who has it and since when")
    func contention() throws {
        let run = RunID(unchecked: "20261123-120000-00000001")
        let since = try #require(Timestamp("2026-11-23T12:00:00Z"))
        let owner = LockOwner.current(run: run, command: "update", since: since)
        let held = try DeploymentLock.acquire(
            bench.name,
            in: bench.directory,
            bench.files,
            owner: owner
        )
        let error = expectDiagnostic("locked") { try bench.lock() }
        #expect(error?.kind == .locked)
        let detail = error?.detail ?? ""
        for part in [owner.user, owner.host, "\(getpid())", since.text, "update", run.text] {
            #expect(detail.contains(part), "\(detail)")
        }
        #expect(error?.hint?.contains("lock status my-dev-stack") == true)
        let status = try DeploymentLock.status(bench.name, in: bench.directory, bench.files)
        #expect(status.isHeld && status.owner == owner)
        try bench.lock(StackName("other")).release()
        held.release()
        #expect(!held.isHeld)
        let after = try DeploymentLock.status(bench.name, in: bench.directory, bench.files)
        #expect(!after.isHeld && after.owner == nil)
        try bench.lock().release()
    }

    @Test("a note that a dead process left is not believed")
    func staleNote() throws {
        let raw = try bench.files.lock(
            bench.directory.lock(bench.name),
            waiting: 0,
            Cancellation()
        )
        defer { raw.release() }
        var owner = LockOwner.current(run: nil, command: "old", since: bench.clock.now())
        #expect(owner.mayBeAlive)
        // Above the largest pid that Linux gives (PID_MAX_LIMIT).
        owner.process = 4_194_305
        let note = bench.directory.lockOwner(bench.name)
        try bench.files.replace(note, with: JSONWriter.bytes(.object(owner.document)))
        let error = expectDiagnostic("locked") { try bench.lock() }
        #expect(error?.detail?.contains("left no note") == true)
        owner.host = "elsewhere"
        #expect(owner.mayBeAlive)
        try bench.files.replace(note, with: Array("{".utf8))
        expectDiagnostic("locked") { try bench.lock() }
    }

    @Test("a note from elsewhere cannot steer the terminal")
    func hostileNote() {
        let owner = LockOwner(
            user: "\u{1B}[2J",
            host: "h",
            process: 1,
            run: nil,
            command: "\n",
            since: bench.clock.now()
        )
        #expect(!owner.sentence.contains("\u{1B}") && !owner.sentence.contains("\n"))
    }

    @Test("when the note cannot be written the lock is let go")
    func noteFails() throws {
        let calls = FileCalls { $0 == .write ? .error(ENOSPC) : nil }
        let failing = LiveFileSystem(calls: calls)
        let owner = LockOwner.current(run: nil, command: "update", since: bench.clock.now())
        let error = expectDiagnostic("state_directory_unwritable") {
            try DeploymentLock.acquire(bench.name, in: bench.directory, failing, owner: owner)
        }
        #expect(error?.kind == .refused)
        #expect(error?.causes.first?.code == "disk_full")
        try bench.lock().release()
    }

    @Test(
        "who holds it for a moment and leaves no note is waited for, as GeuseMaker is when it reads"
    )
    func momentary() throws {
        let path = bench.directory.lock(bench.name)
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = [path, "sh", "-c", "echo held; sleep 0.4"]
        let said = Pipe()
        holder.standardOutput = said
        try bench.lock().release()
        try holder.run()
        _ = said.fileHandleForReading.availableData
        // The bench's clock does not wait.
        let owner = LockOwner.current(run: nil, command: "update", since: bench.clock.now())
        try DeploymentLock.acquire(
            bench.name,
            in: bench.directory,
            LiveFileSystem(),
            owner: owner
        ).release()
        holder.waitUntilExit()
        #expect(holder.terminationStatus == 0)
    }

    @Test("GeuseMaker's patterns do not see the note")
    func names() throws {
        let held = try bench.lock()
        let names = try bench.files.list(bench.directory.deployments)
        #expect(names == ["my-dev-stack.json.lock", "my-dev-stack.json.lock.owner"])
        held.release()
    }
}
