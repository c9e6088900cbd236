import Glibc
import Testing

@testable import GeuseRuntime

@Suite("journal")
struct JournalTests {
    private let bench: StateBench
    private let run = RunID(unchecked: "20261123-120000-00000001")
    private let lock: DeploymentLock

    init() throws {
        bench = try StateBench()
        lock = try bench.lock()
    }

    private var path: String { bench.directory.journal(bench.name, run) }

    private func start(_ run: RunID, _ files: (any FileSystem)? = nil) throws -> Journal {
        let start = RunStart(
            run: run,
            stack: bench.name,
            command: "update",
            scriptHash: nil,
            who: "a",
            host: "b",
            version: "1",
            plan: JSONObject([("steps", ["x"])])
        )
        return try .start(
            start,
            in: bench.directory,
            files ?? bench.files,
            bench.clock,
            under: lock
        )
    }

    private static let intent = JournalIntent(
        step: "1-resize",
        effect: JSONObject([("set_type", "t3.large")]),
        inverse: JSONObject([("set_type", "t3.medium")]),
        from: "t3.medium",
        to: "t3.large"
    )
    private static let outcome = JournalOutcome(
        step: "1-resize",
        ok: true,
        observed: JSONObject([("type", "t3.large")])
    )

    @Test("what is written is read, in order")
    func roundTrip() throws {
        let journal = try start(run)
        let events: [JournalEvent] = [
            .intent(Self.intent), .note("line\nbreak \u{1B}", JSONObject([("n", 1)])),
            .intent(JournalIntent(step: "2", effect: JSONObject(), inverse: nil)),
            .outcome(Self.outcome), .runEnded(.rolledBack, "all as before"),
        ]
        for event in events { try journal.append(event) }
        let reading = try bench.archive.read(run, of: bench.name)
        #expect(reading.tail == .whole && reading.start?.run == run)
        #expect(reading.records.dropFirst().map(\.event) == events)
        #expect(reading.records.map(\.sequence) == [1, 2, 3, 4, 5, 6])
        #expect(reading.records.map(\.time) == reading.records.map(\.time).sorted())
        #expect(reading.openIntents.map(\.step) == ["2"])
        #expect(reading.outcome == .rolledBack && !reading.isUnfinished)
        let lines = try bench.files.read(path).split(separator: 0x0A)
        #expect(lines.count == 6)
        for line in lines { _ = try JSONParser.parse(Array(line)) }
    }

    @Test("the hashes of a script's modules are kept")
    func modules() throws {
        let modules = [
            ModuleHash(name: "a.b", sha256: "01"), ModuleHash(name: "c", sha256: nil),
        ]
        let start = RunStart(
            run: run,
            stack: bench.name,
            command: "run",
            scriptHash: "00",
            modules: modules,
            who: "a",
            host: "b",
            version: "1",
            plan: JSONObject()
        )
        _ = try Journal.start(start, in: bench.directory, bench.files, bench.clock, under: lock)
        #expect(try bench.archive.read(run, of: bench.name).start?.modules == modules)
    }

    @Test("a journal that is cut anywhere is read up to its last whole line")
    func torn() throws {
        let journal = try start(run)
        try journal.append(.intent(Self.intent))
        try journal.append(.outcome(Self.outcome))
        let bytes = try bench.files.read(path)
        let whole = JournalReading(bytes, run)
        for length in 0...bytes.count {
            let reading = JournalReading(Array(bytes[..<length]), run)
            let lines = bytes[..<length].count { $0 == 0x0A }
            #expect(reading.records == Array(whole.records[..<lines]), "\(length)")
            let isWhole = length == 0 || bytes[length - 1] == 0x0A
            #expect(reading.tail == (isWhole ? .whole : .torn), "\(length)")
            #expect(reading.isUnfinished)
        }
    }

    @Test("a flipped bit never makes a record that was not written")
    func flipped() throws {
        let journal = try start(run)
        for _ in 0..<3 { try journal.append(.intent(Self.intent)) }
        try journal.append(.runEnded(.done, ""))
        let bytes = try bench.files.read(path)
        let whole = JournalReading(bytes, run).records
        for position in bytes.indices {
            var damaged = bytes
            damaged[position] ^= 1 << (position % 8)
            let reading = JournalReading(damaged, run)
            #expect(whole.starts(with: reading.records) && reading.tail != .whole, "\(position)")
            #expect(reading.records.count < whole.count)
            if case .damaged = reading.tail { #expect(reading.isUnfinished) }
        }
    }

    @Test("lines that were dropped, doubled, exchanged or taken from another run do not pass")
    func spliced() throws {
        let journal = try start(run)
        for step in ["1", "2", "3"] {
            try journal.append(.outcome(JournalOutcome(step: step, ok: true)))
        }
        let lines = try bench.files.read(path).split(separator: 0x0A).map { Array($0) + [0x0A] }
        let orders = [[0, 2, 3], [0, 1, 1, 2], [0, 2, 1, 3], [1, 2, 3]]
        for order in orders {
            let reading = JournalReading(order.flatMap { lines[$0] }, run)
            #expect(reading.tail != .whole)
            #expect(reading.records.count == order.enumerated().prefix { $0 == $1 }.count)
        }
        let other = RunID(unchecked: "20261123-120000-00000002")
        #expect(JournalReading(lines.flatMap { $0 }, other).records.isEmpty)
    }

    @Test("a line that failed part-way is cut off before the next")
    func failedAppend() throws {
        var isFailing = false
        var writes = 0
        let calls = FileCalls { call in
            guard isFailing, call == .write || call == .truncate else { return nil }
            writes += 1
            return writes == 1 ? .short(20) : .error(ENOSPC)
        }
        let journal = try start(run, LiveFileSystem(calls: calls))
        isFailing = true
        expectDiagnostic("disk_full") { try journal.append(.intent(Self.intent)) }
        #expect(try bench.archive.read(run, of: bench.name).tail == .torn)
        isFailing = false
        try journal.append(.outcome(Self.outcome))
        let reading = try bench.archive.read(run, of: bench.name)
        #expect(reading.tail == .whole && reading.records.count == 2)
        #expect(reading.records.last?.event == .outcome(Self.outcome))
    }

    @Test("every call of an append fails once: it throws, and no record is made up or lost")
    func faults() throws {
        for at in 1...40 {
            var count = 0
            var isArmed = false
            let calls = FileCalls { _ in
                guard isArmed else { return nil }
                count += 1
                return count == at ? .error(EIO) : nil
            }
            let run = RunID(unchecked: "run-\(at)")
            let journal = try start(run, LiveFileSystem(calls: calls))
            isArmed = true
            let written = (try? journal.append(.intent(Self.intent))) != nil
            isArmed = false
            try journal.append(.outcome(Self.outcome))
            let reading = try bench.archive.read(run, of: bench.name)
            #expect(reading.tail == .whole && reading.records.count == (written ? 3 : 2))
            if count < at { return }
        }
        Issue.record("an append does not end")
    }

    @Test("a run is taken up again behind its last whole line")
    func resume() throws {
        try start(run).append(.intent(Self.intent))
        try bench.files.append(path, Array("{\"torn".utf8))
        let (journal, reading) = try Journal.resume(
            run,
            of: bench.name,
            in: bench.directory,
            bench.files,
            bench.clock,
            under: lock
        )
        #expect(reading.tail == .torn && reading.openIntents == [Self.intent])
        try journal.append(.runEnded(.recoveredOld, ""))
        let now = try bench.archive.read(run, of: bench.name)
        #expect(now.tail == .whole && now.outcome == .recoveredOld && now.records.count == 3)
    }

    @Test("a journal that was damaged inside is kept beside, and goes on with a note of the loss")
    func resumeDamaged() throws {
        let written = try start(run)
        for _ in 0..<3 { try written.append(.intent(Self.intent)) }
        let whole = try bench.files.read(path)
        var damages: [[UInt8]] = []
        for position in [whole.count / 2, 5, 5] {
            var bytes = try bench.files.read(path)
            bytes[position] ^= 1
            try bench.files.replace(path, with: bytes)
            damages.append(bytes)
            #expect(try bench.archive.unfinished(bench.name)?.run == run)
            let (journal, reading) = try Journal.resume(
                run,
                of: bench.name,
                in: bench.directory,
                bench.files,
                bench.clock,
                under: lock
            )
            #expect(reading.lostLines && reading.tail == .whole)
            try journal.append(.outcome(Self.outcome))
            let now = try bench.archive.read(run, of: bench.name)
            #expect(now.tail == .whole && now.lostLines && now.isUnfinished)
            #expect(now.records.last?.event == .outcome(Self.outcome))
        }
        let kept = ["", "-2", "-3"].map { path + ".damaged" + $0 }
        #expect(try kept.map { try bench.files.read($0) } == damages)
        #expect(try bench.archive.runs(of: bench.name) == [run])
    }

    @Test("the newest run without an end is the one to recover")
    func unfinished() throws {
        #expect(try bench.archive.unfinished(bench.name) == nil)
        // In one second the random part of the id says nothing about the order.
        let ids = ["20261123-120000-f", "20261123-120000-a"].map { RunID(unchecked: $0) }
        let journals = try ids.map { try start($0) }
        #expect(try bench.archive.runs(of: bench.name).count == 2)
        #expect(try bench.archive.unfinished(bench.name)?.run == ids[1])
        try journals[1].append(.runEnded(.done, ""))
        #expect(try bench.archive.unfinished(bench.name)?.run == ids[0])
        try journals[0].append(.runEnded(.done, ""))
        #expect(try bench.archive.unfinished(bench.name) == nil)
    }

    @Test("a journal that lost its end counts as unfinished, unless a later run has begun since")
    func damagedEnd() throws {
        for (number, damage) in [[], Array("{\"torn".utf8), Array("x\ny\n".utf8)].enumerated() {
            let old = RunID(unchecked: "20261123-12000\(number)-b")
            try start(old).append(.runEnded(.done, ""))
            #expect(try bench.archive.unfinished(bench.name) == nil)
            try bench.files.replace(bench.directory.journal(bench.name, old), with: damage)
            #expect(try bench.archive.unfinished(bench.name)?.run == old)
            // Of the same second: nobody knows which of the two was first.
            let twin = RunID(unchecked: "20261123-12000\(number)-a")
            try start(twin).append(.runEnded(.done, ""))
            #expect(try bench.archive.unfinished(bench.name)?.run == old)
            let later = RunID(unchecked: "20261123-12000\(number + 1)-a")
            let journal = try start(later)
            #expect(try bench.archive.unfinished(bench.name)?.run == later)
            try journal.append(.runEnded(.done, ""))
            #expect(try bench.archive.unfinished(bench.name) == nil)
            try bench.files.remove(bench.directory.journal(bench.name, later))
            try bench.files.remove(bench.directory.journal(bench.name, twin))
            try bench.files.remove(bench.directory.journal(bench.name, old))
        }
    }

    /// A run that had the host's lease of a number, if any, and ended.
    private func ended(_ id: String, fence: Int?) throws -> RunID {
        let run = RunID(unchecked: id)
        let journal = try start(run)
        if let fence {
            try journal.append(.note(StackRecord.leaseNote, JSONObject([("fence", .int(fence))])))
        }
        try journal.append(.runEnded(.done, ""))
        return run
    }

    @Test("a torn last line of an old journal was its end if a later run has ended since")
    func tornEnd() throws {
        for fence in [nil, 3] {
            let old = try ended("20261123-120000-b", fence: fence)
            let path = bench.directory.journal(bench.name, old)
            try bench.files.replace(path, with: Array(bench.files.read(path).dropLast(9)))
            #expect(try bench.archive.read(old, of: bench.name).tail == .torn)
            #expect(try bench.archive.unfinished(bench.name)?.run == old)
            let open = RunID(unchecked: "20261123-120100-a")
            _ = try start(open)
            #expect(try bench.archive.unfinished(bench.name)?.run == open)
            try bench.files.remove(bench.directory.journal(bench.name, open))
            let later = try ended("20261123-120200-a", fence: 4)
            #expect(try bench.archive.unfinished(bench.name) == nil)
            for run in [old, later] {
                try bench.files.remove(bench.directory.journal(bench.name, run))
            }
        }
    }

    @Test("a run with an older lease is not a later one, whatever the clock says")
    func tornAfterClockSetBack() throws {
        let torn = try ended("20261123-120000-b", fence: 3)
        let path = bench.directory.journal(bench.name, torn)
        try bench.files.replace(path, with: Array(bench.files.read(path).dropLast(9)))
        _ = try ended("20261123-120200-a", fence: 2)
        _ = try ended("20261123-120300-a", fence: nil)
        #expect(try bench.archive.unfinished(bench.name)?.run == torn)
    }

    @Test("old journals of runs that ended go, others stay")
    func prune() throws {
        let ids = (0..<6).map { RunID(unchecked: "20261123-12000\($0)-a") }
        for (index, id) in ids.enumerated() {
            let journal = try start(id)
            if index != 1 { try journal.append(.runEnded(.done, "")) }
        }
        try bench.archive.prune(bench.name, keep: 3)
        #expect(try bench.archive.runs(of: bench.name) == [ids[1]] + ids[3...])
    }

    @Test("a run has one journal, and needs the lock")
    func guards() throws {
        _ = try start(run)
        expectDiagnostic("journal_exists") { try start(run) }
        lock.release()
        expectDiagnostic("lock_not_held") { try start(RunID(unchecked: "other")) }
    }

    @Test("a kind of a later version is kept as unknown")
    func unknownKind() {
        let object = JSONObject([
            ("sequence", 1), ("time", "2026-11-23T12:00:00Z"), ("kind", "new"),
        ])
        let line = SealedJSON.seal(object, after: run.text).line + [0x0A]
        let reading = JournalReading(line, run)
        #expect(reading.records.map(\.event) == [.unknown("new")] && reading.tail == .whole)
    }
}
