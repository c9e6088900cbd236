import Glibc
import Testing

@testable import GeuseRuntime

@Suite("FileStateStore")
struct FileStateStoreTests {
    private let bench: StateBench

    init() throws { bench = try StateBench() }

    @Test("a save changes the time and what was changed, byte for byte")
    func save() throws {
        try bench.put()
        let loaded = try bench.store.load(bench.name)
        #expect(loaded.bytes == (try Fixture.bytes("dev-v2.json")) && loaded.migrations.isEmpty)
        let lock = try bench.lock()
        var state = loaded.state
        state.setInstanceType(try InstanceType("t3.large"))
        let saved = try bench.store.save(state, replacing: loaded, under: lock)
        #expect(try bench.content() == saved.bytes)
        #expect(saved.state.config.instanceType.text == "t3.large")
        let lines = { (bytes: [UInt8]) in
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        let (old, new) = (lines(loaded.bytes), lines(saved.bytes))
        let changed = zip(old, new).filter { $0 != $1 }.map(\.1)
        #expect(old.count == new.count && changed.count == 3)
        #expect(changed.first?.hasPrefix("  \"updated_at\": \"2026-11-23T") == true)
        #expect(changed.dropFirst().allSatisfy { $0.contains("\"instance_type\": \"t3.large\"") })
        // The next save builds on this one.
        try bench.store.save(saved.state, replacing: saved, under: lock)
        try PythonSchema.validate(bench.content())
    }

    @Test("an old file stays old on disk until it is saved")
    func migrated() throws {
        let bytes = String(decoding: try Fixture.bytes("dev-v1.json"), as: UTF8.self)
        try bench.put(Array(bytes.replacing("old-stack", with: "my-dev-stack").utf8))
        let before = try bench.content()
        let loaded = try bench.store.load(bench.name)
        #expect(loaded.migrations == [StateMigration.addSchemaVersion])
        #expect(try bench.content() == before)
        let lock = try bench.lock()
        let saved = try bench.store.save(loaded.state, replacing: loaded, under: lock)
        #expect(saved.migrations.isEmpty)
        #expect(try bench.store.load(bench.name).state.document["x_team_note"] != nil)
    }

    @Test("a save over somebody else's change is refused")
    func changedSince() throws {
        try bench.put()
        let loaded = try bench.store.load(bench.name)
        let lock = try bench.lock()
        let other = loaded.bytes + [0x0A]
        try bench.put(other)
        expectDiagnostic("state_changed") {
            try bench.store.save(loaded.state, replacing: loaded, under: lock)
        }
        expectDiagnostic("state_changed") {
            try bench.store.save(loaded.state, replacing: nil, under: lock)
        }
        #expect(try bench.content() == other)
        try bench.files.remove(bench.path)
        expectDiagnostic("state_changed") {
            try bench.store.save(loaded.state, replacing: loaded, under: lock)
        }
        try bench.store.save(loaded.state, replacing: nil, under: lock)
    }

    @Test("a lock that was let go, or is of another stack or directory, is no permission")
    func wrongLock() throws {
        try bench.put()
        let loaded = try bench.store.load(bench.name)
        let released = try bench.lock()
        released.release()
        let other = try bench.lock(StackName("other"))
        let elsewhere = try StateBench()
        for lock in [released, other, try elsewhere.lock()] {
            expectDiagnostic("lock_not_held") {
                try bench.store.save(loaded.state, replacing: loaded, under: lock)
            }
        }
        #expect(try bench.content() == loaded.bytes)
    }

    @Test("an invalid state, or one of unknown status, is never written")
    func invalid() throws {
        try bench.put()
        let loaded = try bench.store.load(bench.name)
        let lock = try bench.lock()
        var broken = loaded.state
        broken.document["vpc_id"] = nil
        var odd = loaded.state
        odd.status = .unknown("paused")
        for state in [broken, odd] {
            expectDiagnostic("state_invalid") {
                try bench.store.save(state, replacing: loaded, under: lock)
            }
        }
        #expect(try bench.content() == loaded.bytes)
    }

    @Test("a corrupt file is refused with its backups and the exact command, and left alone")
    func corrupt() throws {
        try bench.put()
        let backup = try bench.backups.create(try bench.store.load(bench.name))
        let torn = Array(try bench.content().dropLast(100))
        try bench.put(torn)
        let error = expectDiagnostic("state_corrupt") { try bench.store.load(bench.name) }
        #expect(error?.detail?.contains(backup.entry.id) == true)
        let command = "geusemaker backup restore my-dev-stack \(backup.entry.id) --state-only"
        let option = " --state-dir \(bench.directory.root)"
        #expect(error?.hint == "Put the newest back: " + command + option)
        #expect(error?.kind == .refused)
        #expect(try bench.content() == torn)
    }

    @Test("without a usable backup there is no command that could not work")
    func corruptWithoutBackup() throws {
        try bench.put(Array("[]".utf8))
        let error = expectDiagnostic("state_corrupt") { try bench.store.load(bench.name) }
        #expect(error?.hint == nil && error?.detail?.contains("no usable backup") == true)
    }

    @Test("a newer schema is refused, and restoring an old backup over it is not offered")
    func newer() throws {
        try bench.put()
        _ = try bench.backups.create(try bench.store.load(bench.name))
        let document = try StateValidationTests.document("schema_version", 3)
        try bench.put(JSONWriter.bytes(.object(document), .pretty))
        let error = expectDiagnostic("state_newer_schema") { try bench.store.load(bench.name) }
        #expect(error?.kind == .refused && error?.hint?.contains("restore") == false)
    }

    @Test("a name inside that is not the file's is refused")
    func otherName() throws {
        try bench.put("asg-v2.json")
        let error = expectDiagnostic("state_invalid") { try bench.store.load(bench.name) }
        #expect(error?.detail?.contains("prod-asg") == true)
    }

    @Test("links, and files that others can write, are refused")
    func untrusted() throws {
        let outside = bench.temporary.path + "/outside.json"
        try bench.files.replace(outside, with: Fixture.bytes("dev-v2.json"))
        symlink(outside, bench.path)
        #expect(
            expectDiagnostic("file_is_symlink") { try bench.store.load(bench.name) }?.kind
                == .refused
        )
        let lock = try bench.lock()
        expectDiagnostic("file_is_symlink") {
            try bench.store.save(Fixture.state(), replacing: nil, under: lock)
        }
        try bench.files.remove(bench.path)
        try bench.put()
        chmod(bench.path, 0o666)
        expectDiagnostic("file_unsafe_mode") { try bench.store.load(bench.name) }
    }

    @Test("an unknown name gets near ones")
    func unknown() throws {
        try bench.put()
        let error = expectDiagnostic("unknown_deployment") {
            try bench.store.load(StackName("my-dev-stak"))
        }
        #expect(error?.detail == "Did you mean my-dev-stack?" && error?.kind == .failed)
        #expect(error?.hint?.contains("geusemaker list") == true)
    }

    @Test("a list has every file, broken ones with the reason")
    func list() throws {
        #expect(try bench.store.list().isEmpty)
        try bench.put()
        let held = try bench.lock()
        let directory = bench.directory.deployments
        try bench.files.replace(directory + "/broken.json", with: Array("{".utf8))
        try bench.files.replace(directory + "/bad name.json", with: Fixture.bytes("dev-v2.json"))
        try bench.files.replace(directory + "/my-dev-stack.tmp", with: [])
        symlink("/nowhere", directory + "/linked.json")
        let entries = try bench.store.list()
        let codes = entries.map { entry -> String in
            switch entry.state {
            case .success(let state): state.status.description
            case .failure(let error): error.code
            }
        }
        #expect(entries.map(\.name) == ["bad name", "broken", "linked", "my-dev-stack"])
        #expect(codes == ["invalid_stack_name", "state_corrupt", "file_is_symlink", "running"])
        held.release()
    }

    @Test("paths in hints and the write probe")
    func directory() throws {
        let plain = StateDirectory(root: "/home/a/.geusemaker/", isDefault: true)
        #expect(plain.command("list") == "geusemaker list")
        #expect(plain.state(bench.name) == "/home/a/.geusemaker/deployments/my-dev-stack.json")
        let odd = StateDirectory(root: "/a b")
        #expect(odd.command("list") == "geusemaker list --state-dir '/a b'")
        try bench.directory.probe(bench.name, bench.files)
        #expect(try bench.files.list(bench.directory.deployments).isEmpty)
        let full = LiveFileSystem(calls: FileCalls { $0 == .write ? .error(ENOSPC) : nil })
        let error = expectDiagnostic("state_directory_unwritable") {
            try bench.directory.probe(bench.name, full)
        }
        #expect(error?.causes.first?.code == "disk_full" && error?.kind == .refused)
        #expect(try bench.files.list(bench.directory.deployments).isEmpty)
    }
}
