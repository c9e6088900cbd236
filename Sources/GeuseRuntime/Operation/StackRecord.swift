/// Everything that a run writes about a stack: journal, backups and the state file.
///
/// The lock is held for all of its life; it cannot be made without it.
public final class StackRecord {
    private let store: any StateStore
    private let backups: Backups
    private let journals: JournalArchive
    private let clock: any Clock
    private let lock: DeploymentLock
    private let journal: Journal
    private let original: LoadedState
    /// The state that a failure goes back to: the original, or that of the last checkpoint.
    private var baseline: LoadedState
    private var loaded: LoadedState
    /// An undo goes by what is there: what cannot be written meanwhile does not stop it.
    private var isUndoing = false
    /// The backups of this run, which outlive it whatever the times in the names of the others say.
    private var made: Set<String> = []

    /// The record of one run of one stack.
    ///
    /// - Parameters:
    ///   - store: the state files.
    ///   - backups: the backups.
    ///   - journals: the journals.
    ///   - clock: the time.
    ///   - lock: the stack's lock, held.
    ///   - journal: the run's journal.
    ///   - loaded: the state as it is in the file.
    ///   - original: the state before the run, when the run goes on after a kill.
    public init(
        store: any StateStore,
        backups: Backups,
        journals: JournalArchive,
        clock: any Clock,
        lock: DeploymentLock,
        journal: Journal,
        loaded: LoadedState,
        original: LoadedState? = nil
    ) {
        self.store = store
        self.backups = backups
        self.journals = journals
        self.clock = clock
        self.lock = lock
        self.journal = journal
        self.loaded = loaded
        self.original = original ?? loaded
        baseline = self.original
    }

    /// The state file as it was last written.
    var document: JSONValue { .object(loaded.state.document) }

    /// The same, as far as facts can contradict it.
    var recorded: RecordedStack { RecordedStack(loaded.state) }

    /// Whether the state file says that something that runs is being changed.
    var isBetween: Bool { [.updating, .rollingBack].contains(loaded.state.status) }

    /// Whether the state file says that nothing is being changed, and names this instance type.
    func isAtRest(with type: String) -> Bool {
        loaded.state.status == .running && loaded.state.config.instanceType.text == type
    }

    /// The text of the note that tells what a run came to.
    static let resultNote = "result"

    /// Notes what a run changed and for how long services were down, and whether that is all that it
    /// was to do: what is left after an undo is not.
    func result(changes: [String], downtime: Double, verified: Bool) throws {
        try journal.append(
            .note(
                Self.resultNote,
                JSONObject([
                    ("changes", .array(changes.map(JSONValue.string))),
                    ("downtime_seconds", .double((downtime * 1000).rounded() / 1000)),
                    ("verified", .bool(verified)),
                ])
            )
        )
    }

    /// The text of the note that tells which fencing number the run asks the host for.
    static let leaseNote = "lease"

    /// Notes the number before the host is asked for it.
    func takesLease(_ fence: Int) throws {
        try tell(.note(Self.leaseNote, JSONObject([("fence", .int(fence))])))
    }

    /// Appends what goes with an effect.
    ///
    /// In an undo a full disk is no reason to leave services down: a
    /// later recovery finds out from the stack itself what was done.
    func tell(_ event: JournalEvent) throws {
        do {
            try journal.append(event)
        } catch  where isUndoing {}
    }

    /// From here on what was done is being undone.
    func beginUndo() {
        isUndoing = true
        // Should this fail the file still says `updating`, and the journal that the run has not ended.
        try? mark(.rollingBack)
    }

    /// Whether this machine knows that a run of the stack has ended, so that its lease is a left-over.
    func hasEnded(_ run: RunID) -> Bool {
        journals.hasEnded(run, of: loaded.state.name)
    }

    /// Announces an effect, on the disk before it begins.
    func intent(
        _ step: StepID,
        title: String,
        inverse: String?,
        undo: HostCommand? = nil,
        from: String?,
        to: String?
    ) throws {
        try tell(
            .intent(
                JournalIntent(
                    step: step.step,
                    effect: JSONObject([("title", .string(title))]),
                    inverse: inverse.map { title in
                        JSONObject(
                            [("title", .string(title))]
                                + (undo.map { [("exec", $0.json)] } ?? [])
                        )
                    },
                    from: from.map(JSONValue.string),
                    to: to.map(JSONValue.string)
                )
            )
        )
    }

    /// Writes down what a question of the script was answered.
    func answered(_ question: String, _ answer: Bool) throws {
        try journal.append(
            .note(
                "confirm",
                JSONObject([("question", .string(question)), ("answer", .bool(answer))])
            )
        )
    }

    /// Tells what came of it.
    func outcome(_ step: StepID, succeeded: Bool, observed: String?) throws {
        let seen = observed.map { JSONObject([("value", .string($0))]) } ?? JSONObject()
        try tell(.outcome(JournalOutcome(step: step.step, ok: succeeded, observed: seen)))
    }

    /// Saves the state as it was when the run began, or at its last checkpoint, with what was found on
    /// the host.
    func backup(label: BackupLabel?, _ evidence: BackupEvidence) throws -> Backup {
        let backup = try backups.create(baseline, label: label, evidence: evidence)
        made.insert(backup.entry.id)
        try journal.append(
            .note("backup", JSONObject([("id", .string(backup.entry.id))]))
        )
        return backup
    }

    /// The text of the note that tells of a checkpoint, and of the backup it can be restored from.
    static let checkpointNote = "checkpoint"

    /// Saves the state of a checkpoint; once the note is written, `recover` goes back to it.
    func checkpoint(
        _ name: String,
        changes: [String],
        _ evidence: BackupEvidence
    ) throws -> Backup {
        let saved = try backup(label: nil, evidence)
        try journal.append(
            .note(
                Self.checkpointNote,
                JSONObject([
                    ("name", .string(name)), ("backup", .string(saved.entry.id)),
                    ("changes", .array(changes.map(JSONValue.string))),
                ])
            )
        )
        return saved
    }

    /// Writes what was seen at a checkpoint.
    func reach(_ facts: LiveFacts, rollback: RollbackTarget?, changes: [String]) throws {
        try write(facts, healthy: true, rollback: rollback, changes: changes)
        baseline = loaded
    }

    /// Writes the status word, so that the file never claims a state that was not seen.
    func mark(_ status: DeploymentStatus) throws {
        try save { $0.status = status }
    }

    /// Ends a run that changed nothing since it began or since its last checkpoint: the file says again
    /// what it said then.
    ///
    /// - Parameters:
    ///   - cause: why it ended.
    ///   - isWell: whether the stack was seen running and healthy.
    ///   - outcome: how the journal calls it.
    /// - Throws: `Diagnostic` when state or journal cannot be written.
    func stopped(
        because cause: Diagnostic,
        isWell: Bool = true,
        as outcome: RunOutcome = .stopped
    ) throws {
        let working: [DeploymentStatus] = [.updating, .rollingBack]
        let before = baseline.state.status
        if working.contains(loaded.state.status) {
            // A recovered run may have left `updating` in the file that is the original now.
            try save {
                $0.status = working.contains(before) ? (isWell ? .running : .failed) : before
            }
        }
        try journal.append(.runEnded(outcome, cause.code))
    }

    /// Writes what was seen at the end of a run that did what it was asked.
    ///
    /// - Returns: the documents before and after.
    func commit(
        _ facts: LiveFacts,
        changed: Bool,
        healthy: Bool,
        rollback: RollbackTarget? = nil,
        changes: [String] = []
    ) throws -> (before: JSONValue, after: JSONValue) {
        let before = JSONValue.object(original.state.document)
        if changed {
            try write(facts, healthy: healthy, rollback: rollback, changes: changes)
        }
        return (before, document)
    }

    /// Ends a run whose result is on record.
    func end(as outcome: RunOutcome) throws {
        try journal.append(.runEnded(outcome, ""))
        // Housekeeping: a run that did what it should is not failed by an old file that stays.
        let name = loaded.state.name
        _ = try? backups.prune(name, sparing: neededBackups().union(made))
        try? journals.prune(name)
    }

    /// The backups without which a previous state could not be brought back as it was.
    private func neededBackups() throws -> Set<String> {
        let state = loaded.state
        return Set(
            try state.previousStates.compactMap {
                try backups.backup(of: $0, state.name)?.entry.id
            }
        )
    }

    /// Writes what was seen after an undo, with a line in the rollback history.
    ///
    /// - Parameters:
    ///   - facts: what was seen.
    ///   - cause: the failure that made it necessary.
    ///   - changes: what was undone.
    ///   - asked: the rollback that somebody had asked for and that failed.
    ///   - kept: the checkpoint that the stack is at.
    /// - Throws: `Diagnostic` when state or journal cannot be written.
    func rolledBack(
        to facts: LiveFacts,
        because cause: Diagnostic,
        changes: [String],
        asked: RollbackTarget?,
        kept: String?
    ) throws {
        let why =
            "\(cause.code): \(VisibleText.filtered(cause.summary))"
            + (kept.map { " Kept: what was done before the checkpoint \"\($0)\"." } ?? "")
        try save { state in
            takeBackCommit(&state)
            state.take(facts)
            state.status = .running
            state.appendRollback(
                RollbackRecord(
                    time: clock.now(),
                    trigger: asked == nil ? RollbackRecord.Trigger(of: cause) : .manual,
                    success: asked == nil,
                    error: why,
                    version: asked?.version,
                    changes: asked == nil ? changes : []
                )
            )
        }
        try journal.append(.runEnded(kept == nil ? .rolledBack : .keptCheckpoint, cause.code))
    }

    /// Ends a run that `recover` brought back to its old configuration.
    func recovered(_ facts: LiveFacts, from run: RunID, changes: [String]) throws {
        let reason = "interrupted: run \(run) never ended and was undone by recover"
        try save { state in
            takeBackCommit(&state)
            state.take(facts)
            state.status = .running
            // A run that was undone before, by itself or by a recovery, and killed then tells it once.
            guard state.rollbackHistory == original.state.rollbackHistory else { return }
            state.appendRollback(
                RollbackRecord(
                    time: clock.now(),
                    trigger: .manual,
                    success: true,
                    error: reason,
                    changes: changes
                )
            )
        }
        try journal.append(.runEnded(.recoveredOld, ""))
    }

    /// Ends a run whose changes were all verified before it was killed: the state is written as seen.
    func keep(_ facts: LiveFacts, rollback: RollbackTarget?, changes: [String]) throws {
        _ = try commit(
            facts,
            changed: true,
            healthy: true,
            rollback: rollback,
            changes: changes
        )
        try end(as: .recoveredNew)
    }

    /// Writes a configuration that was seen running, the one before it in front of the earlier ones.
    private func write(
        _ facts: LiveFacts,
        healthy: Bool,
        rollback: RollbackTarget?,
        changes: [String]
    ) throws {
        try save { state in
            let snapshot = baseline.state.snapshot()
            // A run that was killed right after this was saved goes on here once more.
            let isRepeated = state.previousStates.first?.isSame(as: snapshot) == true
            // A run that restarted a service has not made the configuration before it an earlier one.
            if !isRepeated, rollback != nil || state.differs(snapshot, seeing: facts) {
                state.pushPreviousState(snapshot)
            }
            if let rollback {
                state.setConfig(from: rollback.snapshot)
                state.setImages(from: rollback.snapshot)
            }
            state.take(facts)
            state.status = .running
            if healthy { state.setLastHealthyState(state.snapshot()) }
            guard let rollback, !isRepeated else { return }
            state.appendRollback(
                RollbackRecord(
                    time: clock.now(),
                    trigger: .manual,
                    success: true,
                    version: rollback.version,
                    changes: changes
                )
            )
        }
    }

    /// A configuration that this run had written as seen, and that is undone now, is no earlier one and
    /// was not the last healthy one.
    private func takeBackCommit(_ state: inout DeploymentState) {
        let before = baseline.state
        guard loaded.state.previousStates.first?.isSame(as: before.snapshot()) == true,
            before.previousStates.first?.isSame(as: before.snapshot()) != true
        else { return }
        state.takeBack(before)
    }

    private func save(_ change: (inout DeploymentState) throws -> Void) throws {
        do {
            try save(on: loaded, change)
        } catch let error as Diagnostic where isUndoing && error.code == "state_changed" {
            // Somebody wrote in between, lock or no lock. Theirs stays; what was seen goes on top of it.
            try save(on: store.load(loaded.state.name), change)
        }
    }

    private func save(
        on present: LoadedState,
        _ change: (inout DeploymentState) throws -> Void
    ) throws {
        var state = present.state
        try change(&state)
        loaded = try store.save(state, replacing: present, under: lock)
    }
}
