/// Where a rollback is asked to go.
public enum RollbackPoint: Sendable, Equatable {
    /// One of the state file's previous states; 1 is the newest.
    case version(Int)
    /// A backup, by its id or `latest`.
    case backup(String)

    /// The point as a command line or a script gives it: digits are a version.
    ///
    /// - Parameter text: such as `2` or `my-stack-20261123T221300000000Z`.
    public init(_ text: String) {
        self = Int(text).map { .version($0) } ?? .backup(text)
    }
}

/// An earlier configuration of a stack that was found, with what is known of it.
public struct EarlierState: Sendable, Equatable {
    /// What was asked for.
    public var point: RollbackPoint
    /// Which of the previous states it is; nil when it is none of them.
    public var version: Int?
    /// What the state file said then.
    public var snapshot: StateSnapshot
    /// The id of the backup that holds it.
    public var backup: String?
    /// What ran then; nil when no backup of ours tells.
    public var evidence: BackupEvidence?
}

/// Finds the earlier configurations of a stack: in its state file, and in its backups.
public struct EarlierStates {
    private let state: DeploymentState
    private let backups: Backups

    /// The earlier configurations of a stack as its state file is now.
    public init(_ state: DeploymentState, _ backups: Backups) {
        self.state = state
        self.backups = backups
    }

    /// The configuration at a point.
    ///
    /// - Parameter point: what was asked for.
    /// - Returns: the configuration; without evidence when only GeuseMaker wrote it down.
    /// - Throws: `Diagnostic` of kind refused or usage saying what there is instead.
    public func find(_ point: RollbackPoint) throws -> EarlierState {
        switch point {
        case .version(let number): try previous(number)
        case .backup(let id): try backup(id)
        }
    }

    /// The newest backup that has a dump taken for a service when it ran an image.
    ///
    /// - Parameters:
    ///   - service: the service.
    ///   - image: what it ran then.
    /// - Returns: the backup's id; nil when there is none, or none that can be read.
    func backup(withDumpFor service: ServiceName, running image: ImageReference) -> String? {
        for entry in (try? backups.list(state.name)) ?? [] where entry.problem == nil {
            guard let evidence = try? backups.show(entry.id, of: state.name).evidence,
                evidence.dumps.contains(where: { $0.cause == service || $0.service == service }),
                evidence.services.contains(where: { $0.name == service && $0.image == image.text })
            else { continue }
            return entry.id
        }
        return nil
    }

    private func previous(_ number: Int) throws -> EarlierState {
        let states = state.previousStates
        guard !states.isEmpty else {
            throw Diagnostic(
                "no_previous_states",
                "\(state.name) has no previous state to go back to.",
                detail: "Nothing was touched. One is recorded with each change that succeeds.",
                hint: "A backup can be restored too: "
                    + backups.directory.command("backup list \(state.name)"),
                kind: .refused
            )
        }
        guard number >= 1, number <= states.count else {
            let count = states.count == 1 ? "1 previous state" : "\(states.count) previous states"
            throw Diagnostic(
                "unknown_version",
                "\(state.name) has \(count); there is no version \(number).",
                detail: "Nothing was touched.",
                hint: "Version 1 is the newest"
                    + (states.count == 1 ? "." : ", \(states.count) the oldest."),
                kind: .refused
            )
        }
        let snapshot = states[number - 1]
        let backup = try backups.backup(of: snapshot, state.name)
        // The saved compose file lies on the disk of the instance that it was saved on.
        let isHere = backup?.state.state.instanceID == state.instanceID
        let evidence = isHere ? backup?.evidence : nil
        return EarlierState(
            point: .version(number),
            version: number,
            snapshot: snapshot,
            backup: evidence == nil ? nil : backup?.entry.id,
            evidence: evidence
        )
    }

    private func backup(_ id: String) throws -> EarlierState {
        let backup = try backups.show(id, of: state.name)
        let saved = backup.state.state
        guard let evidence = backup.evidence else {
            throw stateOnly(
                backup,
                "backup_without_evidence",
                "The backup \(backup.entry.id) has the state only; "
                    + "it does not say what ran on the host.",
                "Backups made by GeuseMaker are of this kind."
            )
        }
        guard saved.instanceID == state.instanceID else {
            throw stateOnly(
                backup,
                "backup_of_other_instance",
                "The backup \(backup.entry.id) was made on another instance, "
                    + "\(saved.instanceID?.text ?? "none").",
                "Its compose file was saved there."
            )
        }
        let snapshot = saved.snapshot()
        return EarlierState(
            point: .backup(id),
            version: state.previousStates.firstIndex { $0.isSame(as: snapshot) }.map { $0 + 1 },
            snapshot: snapshot,
            backup: backup.entry.id,
            evidence: evidence
        )
    }

    private func stateOnly(
        _ backup: Backup,
        _ code: String,
        _ summary: String,
        _ detail: String
    ) -> Diagnostic {
        Diagnostic(
            code,
            summary,
            detail: detail + " Nothing was touched.",
            hint: "To put back the state file alone: "
                + backups.directory.command(
                    "backup restore \(state.name) \(ShellText.quoted(backup.entry.id)) --state-only"
                ),
            kind: .refused
        )
    }
}
