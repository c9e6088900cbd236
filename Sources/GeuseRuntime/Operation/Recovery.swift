/// Ends a run that never ended: killed, crashed, or cut off.
///
/// The rule: a run whose journal says that every change was made and verified is finished, if that is
/// still what is there; any other run is undone. Either way only what differs is changed, so that
/// recovering twice does nothing the second time.
public struct Recovery {
    /// What is asked for.
    public enum Way: Sendable, Equatable {
        /// The rule decides.
        case byRule
        /// Do what is left of the plan.
        case resume
        /// Undo what was done.
        case abort
        /// Take what is configured now as it is.
        case accept
    }

    /// How it ended.
    public enum Outcome: Sendable, Equatable {
        /// The run had not changed anything that runs.
        case nothingChanged
        /// The stack is what it was before the run.
        case restored
        /// The stack is what the run was to make of it.
        case finished([String])
        /// The run's journal is damaged, and the run is not under way: the stack is at rest and healthy.
        case atRest
        /// The rest of the run failed, for that reason, and all of it was undone.
        case fellBack(Diagnostic)
        /// What is configured was taken as it is, on a proven mount and healthy.
        case accepted
    }

    /// What the run's backup holds.
    public struct Origin: Sendable {
        /// What to go back to.
        public var point: RecoveryPoint
        /// The state before the run.
        public var state: LoadedState
        /// The checkpoint that the two are of; nil for the run's beginning.
        public var checkpoint: Checkpoint?
    }

    private let reading: JournalReading
    private let backups: Backups

    /// A recovery of an unfinished run.
    public init(_ reading: JournalReading, _ backups: Backups) {
        self.reading = reading
        self.backups = backups
    }

    /// The state and the point to go back to; nil when the run had not come as far as a backup.
    ///
    /// A journal can lose lines, the one that names the backup too; the backup names the run. Of a backup
    /// whose state is damaged the evidence still tells what ran.
    ///
    /// - Parameters:
    ///   - stack: the stack.
    ///   - present: the state as it is in the file.
    /// - Returns: the point.
    /// - Throws: `Diagnostic` with code `recovery_backup_unusable` when nothing is left of the backup that
    ///   the journal names, and `recovery_of_other_instance` when the stack has another instance now.
    public func origin(of stack: StackName, present: LoadedState) throws -> Origin? {
        // The first backup of the run, until a checkpoint makes another one count.
        let note = reading.checkpoint
        let id = note?["backup"]?.stringValue ?? reading.firstBackup
        let found: (state: LoadedState, evidence: BackupEvidence?)?
        do {
            let backup =
                try id.map { try backups.show($0, of: stack) }
                ?? backups.first(of: reading.run, stack)
            found = backup.map { ($0.state, $0.evidence) }
        } catch let error as Diagnostic {
            guard let id, let evidence = backups.evidence(id, of: stack, by: reading.run) else {
                throw unusable(error, stack)
            }
            // Until a run has come to its end the file says of the configuration what it said before it.
            found = (present, evidence)
        }
        if let id, let found, found.evidence == nil {
            throw unusable(
                Diagnostic(
                    "backup_corrupt",
                    "The evidence of the backup \(VisibleText.filtered(id)) is missing."
                ),
                stack
            )
        }
        guard let (state, evidence) = found, let evidence else { return nil }
        guard state.state.instanceID == present.state.instanceID else {
            throw otherInstance(state.state, present.state)
        }
        let checkpoint = note.map { details in
            Checkpoint(
                name: VisibleText.filtered(details["name"]?.stringValue ?? ""),
                changes: details["changes"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                state: .object(state.state.document)
            )
        }
        return Origin(
            point: try RecoveryPoint(evidence),
            state: state,
            checkpoint: checkpoint
        )
    }

    /// What the run changed is not what the stack is now: undoing it would change a machine that the run
    /// never touched.
    private func otherInstance(_ then: DeploymentState, _ now: DeploymentState) -> Diagnostic {
        Diagnostic(
            "recovery_of_other_instance",
            "The run \(reading.run) was at work on another instance, "
                + "\(then.instanceID?.text ?? "none").",
            detail:
                "The stack's instance is \(now.instanceID?.text ?? "none") now, which that run did "
                + "not change. Nothing was touched.",
            hint: "Bring up what is configured now, put it on record and so end the run: "
                + command("recover \(now.name) --accept"),
            kind: .needsAttention
        )
    }

    private func command(_ words: String) -> String { backups.directory.command(words) }

    private func unusable(_ cause: Diagnostic, _ stack: StackName) -> Diagnostic {
        Diagnostic(
            "recovery_backup_unusable",
            "The run \(reading.run) cannot be undone: its backup cannot be used.",
            detail: "\(cause.summary) Nothing was touched.",
            hint:
                "Look at what is there (\(command("describe \(stack)"))); if that is what you want, "
                + "put it on record: " + command("recover \(stack) --accept"),
            kind: .needsAttention,
            cause: cause
        )
    }

    /// Ends the run with a session whose record goes on with the run's own journal.
    ///
    /// - Parameters:
    ///   - origin: what the run's backup holds.
    ///   - session: a session with the run's plan, that continues its journal.
    ///   - way: what is asked for.
    /// - Returns: how it ended.
    /// - Throws: `Diagnostic` of kind needsAttention when it could not be brought to an end.
    public func end(
        from origin: Origin?,
        with session: Session,
        _ way: Way = .byRule
    ) throws -> Outcome {
        do {
            return try conclude(origin, session, way)
        } catch let error as Diagnostic {
            // Room that could not be given back costs, whatever else went wrong.
            throw session.held.notes.reduce(error) { $0.adding(detail: $1) }
        }
    }

    private func conclude(
        _ origin: Origin?,
        _ session: Session,
        _ way: Way
    ) throws -> Outcome {
        if way == .resume, let obstacle = session.plan.obstacleToResuming {
            throw Diagnostic(
                "cannot_resume",
                "A run with \(obstacle) can be undone only.",
                detail: "Nothing was touched.",
                hint: command("recover \(session.target.name) --abort"),
                kind: .refused
            )
        }
        do {
            // An instance that runs goes on in a reservation that was given back.
            defer { session.releaseCapacity() }
            if way == .byRule, reading.lostLines, try isAtRest(session) {
                try leave(session)
                return .atRest
            }
            if way == .accept || onlyStands(session, origin) {
                try accept(session)
                return .accepted
            }
            guard let origin else {
                try leave(session)
                return .nothingChanged
            }
            let changes = reading.verifiedChanges
            if way == .resume { return try resume(origin, session) }
            if way == .byRule, let changes, !session.plan.isEmpty, try session.isAsPlanned() {
                session.rotation = session.plan.rotation(after: nil)
                session.endRotation()
                try session.takeBackLease()
                session.releaseHost()
                try session.edges.record.keep(
                    session.facts,
                    rollback: session.plan.goal.rollback,
                    changes: changes
                )
                return .finished(changes)
            }
            return try undo(origin, session)
        } catch {
            let cause = Session.diagnostic(error)
            guard cause.code != "host_changed_since", cause.kind != .locked else { throw cause }
            let again = command("recover \(session.target.name)\(option(for: way, session))")
            if cause.kind == .interrupted {
                // Nothing was undone for it: the run is as open as it was.
                throw
                    cause
                    .adding(
                        detail:
                            "The run \(reading.run) is not ended yet; going on does nothing twice."
                    )
                    .withHint(again).withKind(.needsAttention)
            }
            throw Diagnostic(
                "not_recovered",
                "The run \(reading.run) could not be brought to an end.",
                detail: "It stopped at: \(cause.place(else: "looking"))",
                hint: cause.next(then: again),
                kind: .needsAttention,
                cause: cause
            )
        }
    }

    /// Whether the run was a recovery itself, of a stack that somebody else had left half-changed: there is
    /// no plan to finish and no backup to go back to, only what is configured to be brought up.
    private func onlyStands(_ session: Session, _ origin: Origin?) -> Bool {
        reading.start?.command == "recover" && session.plan.isEmpty && origin == nil
            && reading.firstBackup == nil
    }

    /// The option with which it is asked for again.
    private func option(for way: Way, _ session: Session) -> String {
        switch session.facts.instance.state {
        case .pending, .running, .stopping, .stopped: break
        // What the run did is gone with its instance; another one can be taken as it is only.
        default: return " --accept"
        }
        return switch way {
        case .byRule: ""
        case .resume: " --resume"
        case .abort: " --abort"
        case .accept: " --accept"
        }
    }

    private func undo(_ origin: Origin, _ session: Session) throws -> Outcome {
        // An undo that is under way goes on, as that of a run does.
        session.edges.cancellation.shield()
        session.edges.record.beginUndo()
        session.takeOver(reading)
        session.rotation = session.plan.rotation(after: origin.checkpoint?.name)
        try session.restore(origin.point)
        try session.undoOperations()
        try session.edges.record.recovered(
            session.facts,
            from: reading.run,
            changes: session.plan.changeWords(after: origin.checkpoint?.name)
        )
        return .restored
    }

    /// Whether the state file says that nothing is under way, as it does from before the first change
    /// until something was changed and after the last change was seen, and that is what is there.
    private func isAtRest(_ session: Session) throws -> Bool {
        guard session.edges.record.isAtRest(with: session.facts.instance.type),
            session.facts.instance.state == .running
        else { return false }
        try session.look()
        let services = session.facts.host?.services ?? []
        return !services.isEmpty && services.allSatisfy(\.isWell)
    }

    /// Nothing that runs was changed; only the lease may have been taken.
    private func leave(_ session: Session) throws {
        // The state file says `updating` before the first change, and a backup is made before that.
        guard !session.edges.record.isBetween else {
            throw Diagnostic(
                "backup_missing",
                "The run \(reading.run) was changing the stack, and its backup is not there.",
                detail: "What is there now was left as it is.",
                hint: session.target.lookThenAccept,
                kind: .needsAttention
            )
        }
        try session.look()
        try session.takeBackLease()
        let services = session.facts.host?.services ?? []
        try session.edges.record.stopped(
            because: Diagnostic("recovered", "Nothing had been changed."),
            isWell: !services.isEmpty && services.allSatisfy(\.isWell)
        )
    }

    private func accept(_ session: Session) throws {
        session.takeOver(reading)
        // Nothing is undone, so that nothing which another run has done since can be.
        session.knownFence = nil
        try session.takeOverReservation(for: [session.facts.instance.type])
        try session.standAsConfigured()
        try session.takeBackLease()
        try session.edges.record.keep(session.facts, rollback: nil, changes: [])
    }

    private func resume(_ origin: Origin, _ session: Session) throws -> Outcome {
        // If the rest fails, all of it is undone, what the run had begun before the kill included.
        session.takeOver(reading)
        do {
            let result = try session.resume(from: origin)
            return .finished(result.changesApplied)
        } catch {
            let cause = Session.diagnostic(error)
            // Of what another has in hand nothing was touched, and nothing is to be undone.
            guard cause.code != "host_changed_since", cause.code != "host_leased" else {
                throw cause
            }
            switch session.compensate(because: cause) {
            case .restored, .nothingChanged:
                return .fellBack(
                    cause.adding(
                        detail: "\(session.target.name) is exactly what it was before the run."
                    )
                )
            case .restoredTo(let checkpoint):
                return .fellBack(
                    cause.adding(
                        detail: "\(session.target.name) is exactly what it was at the checkpoint "
                            + "\"\(checkpoint.name)\" of the run."
                    )
                )
            case .incomplete(let left): throw left
            }
        }
    }
}
