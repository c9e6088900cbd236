/// One run as a list shows it, read from its journal.
public struct RunSummary: Sendable, Equatable {
    /// The run.
    public let run: RunID
    /// When it started.
    public let started: Timestamp?
    /// The command.
    public let command: String
    /// How it ended, or `unfinished`.
    public let outcome: String
    /// Seconds from start to end.
    public let duration: Double?
    /// Seconds during which a service was down.
    public let downtime: Double?
    /// What was changed, or what the plan was when it did not end well.
    public let changes: [String]
    /// The titles of the plan's steps.
    public let plan: [String]

    /// Reads a journal.
    ///
    /// - Parameter reading: the journal.
    public init(_ reading: JournalReading) {
        run = reading.run
        started = reading.records.first?.time
        command = reading.start?.command ?? "-"
        outcome = reading.outcome?.rawValue ?? "unfinished"
        var result: JSONObject?
        for record in reading.records {
            if case .note(StackRecord.resultNote, let details) = record.event { result = details }
        }
        let isEnded = reading.outcome != nil
        if isEnded, let first = reading.records.first?.time, let last = reading.records.last?.time {
            duration = last.seconds - first.seconds
        } else {
            duration = nil
        }
        // Of more than thirty years no run has told the truth.
        downtime = result?["downtime_seconds"]?.doubleValue
            .flatMap { (0...1e9).contains($0) ? $0 : nil }
        let done = result?["changes"]?.arrayValue?.compactMap(\.stringValue)
        let planned = reading.start?.plan["changes"]?.arrayValue?.compactMap(\.stringValue)
        // A run that was recovered to a checkpoint keeps what was done before it.
        let kept =
            reading.outcome == .recoveredOld
            ? reading.checkpoint?["changes"]?.arrayValue?.compactMap(\.stringValue) : nil
        let confirmed = reading.start.flatMap { try? Plan(journaled: reading, of: $0.stack) }
        plan = (confirmed?.steps ?? []).map { VisibleText.filtered($0.title) }
        changes = (done ?? kept ?? planned ?? []).map { VisibleText.filtered($0) }
    }

    /// The summary as data.
    public var json: JSONValue {
        [
            "run": .string(run.text),
            "started": started.map { .string($0.text) } ?? .null,
            "command": .string(command),
            "outcome": .string(outcome),
            "duration_seconds": duration.map(JSONValue.double) ?? .null,
            "downtime_seconds": downtime.map(JSONValue.double) ?? .null,
            "changes": .array(changes.map(JSONValue.string)),
            "plan": .array(plan.map(JSONValue.string)),
        ]
    }
}
