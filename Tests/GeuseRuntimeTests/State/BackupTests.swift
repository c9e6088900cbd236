import Glibc
import Testing

@testable import GeuseRuntime

@Suite("backups")
struct BackupTests {
    private let bench: StateBench
    private var backups: Backups { bench.backups }

    init() throws {
        bench = try StateBench()
        try bench.put()
    }

    private func load() throws -> LoadedState { try bench.store.load(bench.name) }

    private var evidence: BackupEvidence {
        get throws {
            BackupEvidence(
                run: RunID(unchecked: "20261123-120000-00000001"),
                instanceType: "t3.medium",
                composeFile: "/opt/geusemaker/docker-compose.yml",
                composeBackup: "/var/lib/geusemaker/backups/1.yml",
                composeSHA256: String(repeating: "0a", count: 32),
                mountPoint: "/mnt/efs",
                nonce: String(repeating: "1", count: 32),
                services: [
                    .init(
                        name: try ServiceName("n8n"),
                        image: "n8nio/n8n:1.19.0",
                        imageID: "sha256:aa",
                        digest: "sha256:bb"
                    ),
                    .init(name: try ServiceName("x"), image: nil, imageID: nil, digest: nil),
                ],
                versions: ["postgres": "15"]
            )
        }
    }

    @Test("a backup holds the file's bytes and the evidence, under GeuseMaker's name")
    func create() throws {
        let made = try backups.create(load(), evidence: evidence)
        #expect(made.entry.id.hasPrefix("my-dev-stack-20261123T") && made.entry.label == nil)
        let shown = try backups.show(made.entry.id, of: bench.name)
        #expect(try shown == made && shown.evidence == evidence)
        #expect(shown.state.bytes == (try Fixture.bytes("dev-v2.json")))
        let unpack = "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"
        #expect(try PythonProgram.run(unpack, [made.entry.path]) == shown.state.bytes)
        // GeuseMaker takes every *.json.gz for a state.
        let names = try bench.files.list(bench.directory.backups(bench.name))
        #expect(names.filter { $0.hasSuffix(".json.gz") } == [made.entry.id + ".json.gz"])
    }

    @Test("a backup that GeuseMaker made is listed, read and restored")
    func sample() throws {
        let file = "my-dev-stack-20261123T110923491637Z"
        let path = bench.directory.backups(bench.name) + "/\(file).json.gz"
        try bench.files.replace(path, with: Fixture.bytes(file + ".json.gz"))
        let entry = try #require(try backups.list(bench.name).first)
        #expect(entry.id == file && entry.problem == nil && entry.label == nil)
        #expect(entry.createdAt.text == "2026-11-23T11:09:23.491637Z")
        #expect(try backups.show("latest", of: bench.name).evidence == nil)
    }

    @Test("names are read as they are written, labels and counters too")
    func names() throws {
        let name = bench.name
        let time = try #require(Timestamp("2026-11-23T11:09:23.000042Z"))
        for label in [nil, try BackupLabel("v1"), try BackupLabel("a-b-20261123T110923000042Z-1")] {
            for number in [0, 1, 12] {
                let file = BackupFile(name, label, time, number: number)
                #expect(BackupFile(file: file.id + ".json.gz", name) == file)
            }
        }
        let bad = [
            "my-dev-stack.json.gz", "my-dev-stack-x.json.gz",
            "other-20261123T110923000042Z.json.gz",
            "my-dev-stack-20261123T110923000042Z.json",
            "my-dev-stack-20261323T110923000042Z.json.gz",
        ]
        for file in bad { #expect(BackupFile(file: file, name) == nil, "\(file)") }
    }

    @Test("the newest ten stay, and all that have a label or are spared")
    func prune() throws {
        let state = try load()
        let labelled = try backups.create(state, label: BackupLabel("keep"), evidence: evidence)
        let ids = try (0..<14).map { _ in try backups.create(state, evidence: evidence).entry.id }
        let removed = try backups.prune(bench.name, sparing: [ids[1]])
        #expect(Set(removed) == [ids[0], ids[2], ids[3]])
        let left = try backups.list(bench.name)
        #expect(left.map(\.id) == ids[4...].reversed() + [ids[1], labelled.entry.id])
        let files = try bench.files.list(bench.directory.backups(bench.name))
        #expect(files.filter { $0.hasSuffix(".evidence.json") }.count == 11)
        // GeuseMaker prunes by age in the directory above, so labelled ones are not in it.
        #expect(labelled.entry.path.contains("/labelled/"))
        #expect(try backups.prune(bench.name, keep: 0).count == 10)
    }

    @Test("two at one moment get two names")
    func sameMoment() throws {
        final class StoppedClock: Clock {
            func now() -> Timestamp { Timestamp(microseconds: 0) }
            func monotonic() -> Double { 0 }
            func sleep(_ seconds: Double, _ cancellation: Cancellation) {}
        }
        let backups = Backups(bench.directory, bench.files, StoppedClock())
        let ids = try (0..<3).map { _ in try backups.create(load()).entry.id }
        #expect(Set(ids).count == 3)
        #expect(try backups.list(bench.name).map(\.id) == ids.reversed())
    }

    @Test("one that is made after the clock was set back is the newest all the same")
    func clockSetBack() throws {
        final class SetBack: Clock {
            func now() -> Timestamp { Timestamp(microseconds: 1_000_000) }
            func monotonic() -> Double { 0 }
            func sleep(_ seconds: Double, _ cancellation: Cancellation) {}
        }
        let older = try (0..<Backups.keptByDefault).map { _ in
            try backups.create(load()).entry.id
        }
        let behind = Backups(bench.directory, bench.files, SetBack())
        let made = try behind.create(load()).entry.id
        #expect(try behind.list(bench.name).map(\.id) == [made] + older.reversed())
        #expect(try behind.show("latest", of: bench.name).entry.id == made)
        #expect(try behind.prune(bench.name) == [older[0]])
    }

    @Test("damage anywhere in a backup or its evidence is reported, never restored")
    func damaged() throws {
        let good = try backups.create(load(), evidence: evidence).entry
        let sidecar = good.path.replacing(".json.gz", with: ".evidence.json")
        for path in [good.path, sidecar] {
            let bytes = try bench.files.read(path)
            for position in stride(from: 10, to: bytes.count, by: 37) {
                var damaged = bytes
                damaged[position] ^= 0x10
                try bench.files.replace(path, with: damaged)
                let error = expectDiagnostic("backup_corrupt", "\(path) \(position)") {
                    try backups.show(good.id, of: bench.name)
                }
                #expect(error?.hint?.contains("backup list my-dev-stack") == true)
            }
            try bench.files.replace(path, with: Array(bytes.dropLast(3)))
            #expect(try backups.list(bench.name).first?.problem?.code == "backup_corrupt")
            expectDiagnostic("unknown_backup") { try backups.show("latest", of: bench.name) }
            try bench.files.replace(path, with: bytes)
        }
        #expect(try backups.show("latest", of: bench.name).entry == good)
    }

    @Test("the evidence of another backup is not taken")
    func swapped() throws {
        let first = try backups.create(load(), evidence: evidence).entry
        var state = try load().state
        state.status = .failed
        let other = LoadedState(state: state, bytes: try state.bytes(), migrations: [])
        let second = try backups.create(other, evidence: evidence).entry
        let paths = [first, second].map { $0.path.replacing(".json.gz", with: ".evidence.json") }
        try bench.files.replace(paths[1], with: bench.files.read(paths[0]))
        expectDiagnostic("backup_corrupt") { try backups.show(second.id, of: bench.name) }
    }

    @Test("a write that fails is no success, and leaves no backup that cannot be used")
    func failing() throws {
        for at in 1...80 {
            var count = 0
            let calls = FileCalls { _ in
                count += 1
                return count == at ? .error(ENOSPC) : nil
            }
            let bench = try StateBench()
            let files = LiveFileSystem(calls: calls)
            let failing = Backups(bench.directory, files, bench.clock)
            let made = try? failing.create(load(), evidence: evidence)
            let listed = try bench.backups.list(bench.name)
            #expect(listed.allSatisfy { $0.problem == nil })
            if made != nil {
                #expect(listed.count == 1)
                if count < at { return }
            }
        }
        Issue.record("a backup does not end")
    }

    @Test("the backup behind a snapshot is found by what it holds")
    func ofSnapshot() throws {
        let first = try backups.create(load(), evidence: evidence)
        var state = try load().state
        let snapshot = state.snapshot()
        state.setInstanceType(try InstanceType("t3.large"))
        let changed = LoadedState(state: state, bytes: try state.bytes(), migrations: [])
        _ = try backups.create(changed)
        #expect(try backups.backup(of: snapshot, bench.name) == first)
        state.status = .failed
        #expect(try backups.backup(of: state.snapshot(), bench.name) == nil)
    }

    @Test("the first backup of a run is found by the run that it names, damaged ones passed over")
    func ofRun() throws {
        let run = RunID(unchecked: "20261123-120000-00000001")
        #expect(try backups.first(of: run, bench.name) == nil)
        var other = try evidence
        other.run = RunID(unchecked: "20261123-120000-00000002")
        let foreign = try backups.create(load(), evidence: other)
        _ = try backups.create(load())
        #expect(try backups.first(of: run, bench.name) == nil)
        let first = try backups.create(load(), evidence: evidence)
        let second = try backups.create(load(), evidence: evidence)
        #expect(try backups.first(of: run, bench.name) == first)
        #expect(try backups.first(of: try #require(other.run), bench.name) == foreign)
        try bench.files.replace(first.entry.path, with: [0x1F])
        #expect(try backups.first(of: run, bench.name) == second)
    }

    @Test("restoring puts the state back and keeps what stood there")
    func restore() throws {
        let good = try load()
        let id = try backups.create(good).entry.id
        let lock = try bench.lock()
        var state = good.state
        state.status = .failed
        try bench.store.save(state, replacing: good, under: lock)
        let restored = try backups.restore(id, of: bench.name, under: lock)
        #expect(try restored.state.status == .running && load() == restored)
        #expect(try backups.list(bench.name).count == 2)
        #expect(try backups.show("latest", of: bench.name).state.state.status == .failed)

        try bench.put(Array("{torn".utf8))
        _ = try backups.restore(id, of: bench.name, under: lock)
        #expect(try load().state.status == .running)
        let names = try bench.files.list(bench.directory.backups(bench.name))
        let kept = try #require(names.first { $0.hasSuffix(".damaged.gz") })
        let packed = try bench.files.read(bench.directory.backups(bench.name) + "/" + kept)
        #expect(try Gzip.decompress(packed, limit: 100) == Array("{torn".utf8))

        let before = try bench.content()
        expectDiagnostic("unknown_backup") {
            try backups.restore("nonsense", of: bench.name, under: lock)
        }
        lock.release()
        expectDiagnostic("lock_not_held") { try backups.restore(id, of: bench.name, under: lock) }
        #expect(try bench.content() == before)
    }
}
