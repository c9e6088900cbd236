/// Whether the data is where it should be: the file system as the control plane and the host see it.
struct StorageChecks {
    let facts: LiveFacts
    let target: StackTarget

    func run() -> [PreflightCheck] {
        [fileSystem, mountTarget] + mount
    }

    /// Fails with the first reason why no container may be started.
    ///
    /// - Throws: `Diagnostic` of kind refused.
    func prove() throws {
        for check in run() {
            if let refusal = check.refusal { throw refusal }
        }
    }

    private var fileSystem: PreflightCheck {
        guard let expected = target.fileSystem else {
            return .unknown(
                "efs_file_system",
                "The stack has no file system on record; any network file system is taken.",
                hint: "geusemaker adopt writes it down."
            )
        }
        if let error = facts.fileSystemError {
            return .unanswered(
                "efs_file_system",
                "In what state \(expected) is",
                error,
                action: "elasticfilesystem:DescribeFileSystems"
            )
        }
        guard let found = facts.fileSystem else {
            return refused(
                "efs_file_system",
                "efs_not_found",
                "The file system \(expected) does not exist."
            )
        }
        guard ["available", "updating"].contains(found.lifeCycleState) else {
            return refused(
                "efs_file_system",
                "efs_not_available",
                "The file system \(expected) is \(found.lifeCycleState), not available."
            )
        }
        return .ok("efs_file_system", "\(expected) is \(found.lifeCycleState).")
    }

    private var mountTarget: PreflightCheck {
        guard let expected = target.fileSystem,
            facts.fileSystem != nil || facts.fileSystemError != nil
        else {
            return .unknown("efs_mount_target", "There is no file system to look at.")
        }
        if let error = facts.mountTargetsError {
            return .unanswered(
                "efs_mount_target",
                "Which mount targets \(expected) has",
                error,
                action: "elasticfilesystem:DescribeMountTargets"
            )
        }
        let zone = facts.instance.zone
        // A target in another zone would work until the zone's route is cut, and costs transfer;
        // where the service does not tell the zone, the subnet decides.
        let near = facts.mountTargets.filter {
            $0.zone.map { $0 == zone } ?? ($0.subnetID == facts.instance.subnetID)
        }
        guard !near.isEmpty else {
            // One of which only the zone's id is told, in another subnet, may be in this zone.
            guard facts.mountTargets.allSatisfy({ $0.zone != nil }) else {
                return .unknown(
                    "efs_mount_target",
                    "EFS does not tell in which zone the mount targets of \(expected) are."
                )
            }
            return refused(
                "efs_mount_target",
                "efs_no_mount_target",
                "\(expected) has no mount target in \(zone)."
            )
        }
        guard near.contains(where: { $0.lifeCycleState == "available" }) else {
            return refused(
                "efs_mount_target",
                "efs_mount_target_not_available",
                "The mount target of \(expected) in \(zone) is "
                    + "\(near.map(\.lifeCycleState).joined(separator: ", "))."
            )
        }
        return .ok("efs_mount_target", "There is one available in \(zone).")
    }

    /// The names of the host's half, with the codes of `StorageProof` that belong to each.
    private static let rows: [(name: String, codes: [String], fine: String)] = [
        ("efs_mounted", ["efs_not_mounted"], "It is mounted."),
        ("efs_network", ["efs_not_network"], "It is a network file system."),
        ("efs_identity", ["efs_wrong_file_system"], "It is the stack's file system."),
        ("efs_read_write", ["efs_read_only"], "It is mounted read-write."),
        (
            "efs_answer",
            ["efs_hung", "efs_failed", "efs_denied", "efs_stale", "efs_nonce_missing"],
            "It was written and read within its time limit."
        ),
        ("data_volumes", ["efs_volume_outside"], "The services' data lies on it."),
        ("container_mounts", ["efs_container_outside"], "Running containers see it, too."),
    ]

    /// A hint with a command of compose names the project's own files.
    private static func named(_ objection: Diagnostic, _ project: ComposeProject) -> Diagnostic {
        guard let hint = objection.hint, hint.contains(StorageProof.recreation) else {
            return objection
        }
        let line = project.commandLine("up -d --force-recreate")
        return Diagnostic(
            objection.code,
            objection.summary,
            detail: objection.detail,
            hint: hint.replacing(StorageProof.recreation, with: line),
            kind: objection.kind
        )
    }

    private var mount: [PreflightCheck] {
        guard let host = facts.host else { return [] }
        let objections = StorageProof.objections(
            host.storage,
            expecting: target.fileSystem,
            networkTypes: target.networkTypes
        )
        // What was not looked at because of an earlier objection is not called fine.
        var isSeen = true
        let known = Set(Self.rows.flatMap(\.codes))
        // An objection that no row is made for still counts.
        let others = objections.filter { !known.contains($0.code) }
            .map { PreflightCheck.refused("efs", of: host.storage.mountPoint, $0) }
        return Self.rows.compactMap { row -> PreflightCheck? in
            if let found = objections.first(where: { row.codes.contains($0.code) }) {
                let objection = Self.named(found, host.project)
                if row.name == "efs_mounted" || row.name == "efs_answer" { isSeen = false }
                return .refused(row.name, of: host.storage.mountPoint, objection)
            }
            guard isSeen else { return nil }
            // What is bound to the mount lies on it; what is bound elsewhere is data, too.
            let risks = row.name == "data_volumes" ? host.stateAtRisk : []
            return risks.isEmpty
                ? .ok(row.name, of: host.storage.mountPoint, row.fine)
                : .warning(
                    row.name,
                    of: host.storage.mountPoint,
                    risks.joined(separator: " "),
                    hint:
                        "What becomes of it is in docs/DATA.md; see `data_not_preserved` of the plan."
                )
        } + others
    }

    private func refused(_ name: String, _ code: String, _ summary: String) -> PreflightCheck {
        .refused(
            name,
            code: code,
            summary,
            detail: "The data is on that file system.",
            hint: "aws efs describe-mount-targets shows what is there."
        )
    }
}
