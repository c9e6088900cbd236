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

    /// Goes on with the journal of a run that did not end, after cutting off a torn last line.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - name: the stack.
    ///   - directory: the state directory.
    ///   - files: the files.
    ///   - clock: gives the times of the records.
    ///   - lock: the stack's lock, held.
    /// - Returns: the journal and what it holds so far.
    /// - Throws: `Diagnostic`; code `journal_damaged` when more than its last line is unreadable.
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
        let reading = JournalReading(try files.read(path), run)
        let journal = Journal(reading, path, files, clock)
        if reading.tail != .whole { try journal.repair() }
        return (journal, reading)
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
