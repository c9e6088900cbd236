/// The write-ahead record of one run: each line is on the disk before what it announces begins.
public final class Journal {
    /// The run.
    public let run: RunID
    private let path: String
    private let files: any FileSystem
    private let clock: any Clock
    private var sequence: Int
    private var seal: String
    private var isIntact = true

    private init(
        _ reading: JournalReading,
        _ path: String,
        _ files: any FileSystem,
        _ clock: any Clock
    ) {
        run = reading.run
        sequence = reading.records.count
        seal = reading.seal
        self.path = path
        self.files = files
        self.clock = clock
    }

    /// Starts the journal of a run.
    ///
    /// - Parameters:
    ///   - start: what is known of the run.
    ///   - directory: the state directory.
    ///   - files: the files.
    ///   - clock: gives the times of the records.
    ///   - lock: the stack's lock, held.
    /// - Returns: the journal, its first line on the disk.
    /// - Throws: `Diagnostic`; code `journal_exists` when the run has one already.
    public static func start(
        _ start: RunStart,
        in directory: StateDirectory,
        _ files: any FileSystem,
        _ clock: any Clock,
        under lock: DeploymentLock
    ) throws -> Journal {
        try lock.require(start.stack, directory)
        try files.createDirectory(directory.journals(start.stack))
        let path = directory.journal(start.stack, start.run)
        guard !files.exists(path) else {
            throw Diagnostic("journal_exists", "The run \(start.run) has a journal already.")
        }
        let journal = Journal(JournalReading([], start.run), path, files, clock)
        try journal.append(.runStarted(start))
        return journal
    }

    /// The text of the note that stands where lines were lost.
    static let damageNote = "journal_damaged"

    /// Goes on with the journal of a run that did not end, after cutting off a torn last line.
    ///
    /// One that was damaged further up is kept beside it as `RUN.jsonl.damaged`; what can be believed
    /// of it goes on, with a note in place of what was lost.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - name: the stack.
    ///   - directory: the state directory.
    ///   - files: the files.
    ///   - clock: gives the times of the records.
    ///   - lock: the stack's lock, held.
    /// - Returns: the journal and what it holds so far.
    /// - Throws: `Diagnostic` when it cannot be read or written.
    public static func resume(
        _ run: RunID,
        of name: StackName,
        in directory: StateDirectory,
        _ files: any FileSystem,
        _ clock: any Clock,
        under lock: DeploymentLock
    ) throws -> (journal: Journal, reading: JournalReading) {
        try lock.require(name, directory)
        let path = directory.journal(name, run)
        let bytes = try files.read(path)
        var reading = JournalReading(bytes, run)
        if case .damaged(let line) = reading.tail {
            let kept = try keep(bytes, beside: path, files)
            let note = JournalRecord(
                sequence: reading.records.count + 1,
                time: clock.now(),
                event: .note(
                    damageNote,
                    JSONObject([("line", .int(line)), ("kept", .string(kept))])
                )
            )
            // In one write: a journal without the note would pass for one that lost nothing.
            let sealed = SealedJSON.seal(note.document, after: reading.seal).line + [0x0A]
            try files.replace(path, with: reading.intact + sealed)
            reading = JournalReading(reading.intact + sealed, run)
        }
        let journal = Journal(reading, path, files, clock)
        if reading.tail != .whole { try journal.repair() }
        return (journal, reading)
    }

    /// Puts a copy of damaged bytes beside a journal, never in place of another copy.
    private static func keep(
        _ bytes: [UInt8],
        beside path: String,
        _ files: any FileSystem
    ) throws -> String {
        var kept = path + ".damaged"
        var number = 1
        while files.exists(kept) {
            if try files.read(kept) == bytes { return kept }
            number += 1
            kept = "\(path).damaged-\(number)"
        }
        try files.replace(kept, with: bytes)
        return kept
    }

    /// Adds a line and makes it durable.
    @discardableResult
    public func append(_ event: JournalEvent) throws -> JournalRecord {
        if !isIntact { try repair() }
        let record = JournalRecord(sequence: sequence + 1, time: clock.now(), event: event)
        let sealed = SealedJSON.seal(record.document, after: seal)
        do {
            try files.append(path, sealed.line + [0x0A])
        } catch {
            // Part of the line may be there; it must not become the start of the next one.
            isIntact = false
            throw error
        }
        sequence += 1
        seal = sealed.seal
        return record
    }

    /// Cuts the file back to the records that can be believed.
    private func repair() throws {
        let bytes = files.exists(path) ? try files.read(path) : []
        let reading = JournalReading(bytes, run)
        if case .damaged(let line) = reading.tail {
            throw Diagnostic(
                "journal_damaged",
                "The journal of run \(run) is damaged at line \(line).",
                detail: "\(VisibleText.filtered(path)) was left as it is.",
                kind: .needsAttention
            )
        }
        try files.replace(path, with: reading.intact)
        sequence = reading.records.count
        seal = reading.seal
        isIntact = true
    }
}
