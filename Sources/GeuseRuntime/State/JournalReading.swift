/// What a journal file holds.
public struct JournalReading: Sendable, Equatable {
    /// How far the file can be believed.
    public enum Tail: Sendable, Equatable {
        /// To its end.
        case whole
        /// Up to a last line that was never finished; nothing depends on it yet.
        case torn
        /// Up to this line; there are more behind it, so the file was damaged later.
        case damaged(line: Int)
    }

    /// The run, from the file's name.
    public let run: RunID
    /// The records that can be believed.
    public let records: [JournalRecord]
    /// How far the file can be believed.
    public let tail: Tail
    /// The bytes of the records.
    let intact: [UInt8]
    /// The seal of the last of them.
    let seal: String

    /// Reads a journal; any bytes at all give a reading.
    init(_ bytes: [UInt8], _ run: RunID) {
        var records: [JournalRecord] = []
        var seal = run.text
        var end = 0
        var tail = Tail.whole
        while end < bytes.count {
            let line = bytes[end...].prefix { $0 != 0x0A }
            guard line.endIndex < bytes.count,
                let opened = SealedJSON.open(Array(line), after: seal),
                let record = JournalRecord(opened.object), record.sequence == records.count + 1
            else {
                let isLast = line.endIndex + 1 >= bytes.count
                tail = isLast ? .torn : .damaged(line: records.count + 1)
                break
            }
            records.append(record)
            seal = opened.seal
            end = line.endIndex + 1
        }
        self.run = run
        self.records = records
        self.tail = tail
        self.seal = seal
        intact = Array(bytes[..<end])
    }

    /// How the run started; nil when not even that was written, so that nothing can have changed.
    public var start: RunStart? {
        guard case .runStarted(let start)? = records.first?.event else { return nil }
        return start
    }

    /// How the run ended; nil when it has not.
    public var outcome: RunOutcome? {
        for record in records.reversed() {
            if case .runEnded(let outcome, _) = record.event { return outcome }
        }
        return nil
    }

    /// Whether the stack may have been left between old and new.
    ///
    /// A journal without a single record is one too: it may have had some. A run that was killed while
    /// it wrote its first changed nothing, and `recover` finds that out.
    public var isUnfinished: Bool { outcome == nil }

    /// Whether there are records, and none after the first that cannot be believed.
    var isReadable: Bool {
        if case .damaged = tail { return false }
        return !records.isEmpty
    }

    /// Whether the run ended and had begun after another one, which so has ended, too.
    ///
    /// The host counts its leases up, whatever the clock of this machine says; a run that never asked for
    /// one has changed nothing.
    func ended(after other: JournalReading) -> Bool {
        guard outcome != nil else { return false }
        if let before = other.fence { return fence.map { $0 > before } ?? false }
        guard let began = records.first?.time, let before = other.records.first?.time else {
            return false
        }
        return began > before
    }

    /// The intents that have no outcome, oldest first: each may or may not have been done.
    public var openIntents: [JournalIntent] {
        var open: [JournalIntent] = []
        for record in records {
            switch record.event {
            case .intent(let intent): open.append(intent)
            case .outcome(let outcome): open.removeAll { $0.step == outcome.step }
            default: break
            }
        }
        return open
    }
}
