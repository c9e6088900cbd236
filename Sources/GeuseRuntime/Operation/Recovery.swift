/// Brings a stack back whose last run never ended: killed, crashed, or cut off.
///
/// The rule: the run is undone. Its backup says what the stack was; what is there is compared with it
/// and only what differs is changed, so that recovering twice does nothing the second time.
public struct Recovery {
    /// How it ended.
    public enum Outcome: Sendable, Equatable {
        /// The run had not changed anything that runs.
        case nothingChanged
        /// The stack is what it was before the run.
        case restored
    }

    private let reading: JournalReading
    private let backups: Backups

    /// A recovery of an unfinished run.
    public init(_ reading: JournalReading, _ backups: Backups) {
        self.reading = reading
        self.backups = backups
    }

    /// The point to go back to; nil when the run had not come as far as a backup.
    ///
    /// - Parameter stack: the stack.
    /// - Returns: the point.
    /// - Throws: `Diagnostic` when the backup that the journal names cannot be used.
    public func point(of stack: StackName) throws -> RecoveryPoint? {
        // The first backup of the run, until a checkpoint makes another one count.
        guard let id = checkpoint?["backup"]?.stringValue ?? firstBackup,
            let evidence = try backups.show(id, of: stack).evidence
        else { return nil }
        return try RecoveryPoint(evidence)
    }

    /// The name of the checkpoint that the run is brought back to; nil for its beginning.
    public var checkpointName: String? { checkpoint?["name"]?.stringValue }

    private var checkpoint: JSONObject? {
        for record in reading.records.reversed() {
            if case .note(StackRecord.checkpointNote, let details) = record.event {
                return details
            }
        }
        return nil
    }

    private var firstBackup: String? {
        for record in reading.records {
            if case .note("backup", let details) = record.event {
                return details["id"]?.stringValue
            }
        }
        return nil
    }

    /// Undoes the run with a session whose record goes on with the run's own journal.
    ///
    /// - Parameters:
    ///   - point: what to go back to.
    ///   - session: a session without a plan.
    /// - Returns: how it ended.
    /// - Throws: `Diagnostic` of kind needsAttention when it could not be brought back.
    public func undo(to point: RecoveryPoint?, with session: Session) throws -> Outcome {
        guard let point else {
            let services = session.facts.host?.services ?? []
            try session.edges.record.stopped(
                because: Diagnostic("recovered", "Nothing had been changed."),
                isWell: !services.isEmpty && services.allSatisfy(\.isWell)
            )
            return .nothingChanged
        }
        do {
            try session.edges.record.mark(.rollingBack)
            try session.restore(point)
            try session.edges.record.recovered(session.facts)
        } catch {
            let cause = Session.diagnostic(error)
            throw Diagnostic(
                "not_recovered",
                "The stack could not be brought back to what it was.",
                detail: "It stopped at: \(cause.step ?? "looking"): \(cause.summary)",
                hint: "geusemaker recover \(session.target.name)",
                kind: .needsAttention,
                cause: cause
            )
        }
        return .restored
    }
}
