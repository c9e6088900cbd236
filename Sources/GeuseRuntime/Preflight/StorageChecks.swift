/// The control plane's half of the EFS proof.
public enum StorageChecks {
    /// Checks that the file system and the mount target in the instance's zone are available.
    ///
    /// - Parameters:
    ///   - facts: the live facts.
    ///   - expected: the stack's file system; nil when it has none on record.
    /// - Throws: `Diagnostic` of kind refused: `efs_not_found`, `efs_not_available`,
    ///   `efs_no_mount_target` or `efs_mount_target_not_available`.
    public static func checkControlPlane(_ facts: LiveFacts, expected: FileSystemID?) throws {
        guard let expected else { return }
        guard let fileSystem = facts.fileSystem else {
            throw refuse("efs_not_found", "The file system \(expected) does not exist.")
        }
        guard ["available", "updating"].contains(fileSystem.lifeCycleState) else {
            throw refuse(
                "efs_not_available",
                "The file system \(expected) is \(fileSystem.lifeCycleState), not available."
            )
        }
        // A target in another zone would work until the zone's route is cut, and costs transfer;
        // where the service does not tell the zone, the subnet decides.
        let near = facts.mountTargets.filter {
            $0.zone.map { $0 == facts.instance.zone } ?? ($0.subnetID == facts.instance.subnetID)
        }
        guard !near.isEmpty else {
            throw refuse(
                "efs_no_mount_target",
                "\(expected) has no mount target in \(facts.instance.zone)."
            )
        }
        guard near.contains(where: { $0.lifeCycleState == "available" }) else {
            throw refuse(
                "efs_mount_target_not_available",
                "The mount target of \(expected) in \(facts.instance.zone) is "
                    + "\(near.map(\.lifeCycleState).joined(separator: ", "))."
            )
        }
    }

    private static func refuse(_ code: String, _ summary: String) -> Diagnostic {
        Diagnostic(
            code,
            summary,
            detail: "Nothing was touched; the data is on that file system.",
            hint: "aws efs describe-mount-targets shows what is there.",
            kind: .refused
        )
    }
}
