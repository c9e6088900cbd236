/// The verdict on a data mount: pure, from what the host showed.
///
/// The host's `apply` script holds the same rules (`objection` in StorageScript.swift) before it
/// edits or starts anything; a test runs both on the same facts.
public enum StorageProof {
    /// What makes containers anew, in a hint of one that does not know which files a project has.
    static let recreation = "docker compose up -d --force-recreate"

    /// The reasons why no container may be started, in the order in which they are found.
    ///
    /// - Parameters:
    ///   - facts: what the host showed.
    ///   - fileSystem: the file system that has to be mounted; nil where none is on record.
    ///   - networkTypes: file system types that count as a network file system.
    ///   - isNonceRequired: whether the nonce of the backup has to be there.
    /// - Returns: nothing when the mount is proven; else the first reason found comes first.
    public static func objections(
        _ facts: StorageFacts,
        expecting fileSystem: FileSystemID?,
        networkTypes: [String] = ["nfs4", "nfs"],
        isNonceRequired: Bool = true
    ) -> [Diagnostic] {
        guard facts.isMounted else { return [diagnostic("efs_not_mounted", facts, fileSystem)] }
        var codes: [String] = []
        if !networkTypes.contains(facts.type ?? "") { codes.append("efs_not_network") }
        if let fileSystem, !isSource(facts, of: fileSystem) {
            codes.append("efs_wrong_file_system")
        }
        if !facts.isReadWrite { codes.append("efs_read_only") }
        switch facts.answer {
        case .hung: codes.append("efs_hung")
        case .failed:
            codes.append(
                isStale(facts) ? "efs_stale" : isDenied(facts) ? "efs_denied" : "efs_failed"
            )
        case .answered:
            if isNonceRequired, facts.nonceMatches == false { codes.append("efs_nonce_missing") }
            if facts.volumes.values.contains(false) { codes.append("efs_volume_outside") }
            if !facts.strays.isEmpty { codes.append("efs_container_outside") }
        }
        return codes.map { diagnostic($0, facts, fileSystem) }
    }

    /// Fails with the first reason.
    ///
    /// - Throws: `Diagnostic` of kind refused.
    public static func check(
        _ facts: StorageFacts,
        expecting fileSystem: FileSystemID?,
        networkTypes: [String] = ["nfs4", "nfs"]
    ) throws {
        let found = objections(facts, expecting: fileSystem, networkTypes: networkTypes)
        if let first = found.first { throw first }
    }

    /// Whether the source is this file system: `FS`, `FS.efs.REGION.amazonaws.com` or with its zone in
    /// front (EFS user guide, "Mounting with DNS names"), or an address that leads to it.
    private static func isSource(_ facts: StorageFacts, of fileSystem: FileSystemID) -> Bool {
        let host = (facts.source ?? "").prefix { $0 != ":" }
        let id = fileSystem.text
        return host == id || host.hasPrefix(id + ".") || host.contains("." + id + ".")
            || facts.tunnelFileSystem == id
    }

    /// The tools of the host give no code, only the C library's text for ESTALE (errno(3)); before
    /// glibc 2.16 it said "Stale NFS file handle".
    private static func isStale(_ facts: StorageFacts) -> Bool {
        ["Stale file handle", "Stale NFS file handle"].contains {
            facts.error?.contains($0) == true
        }
    }

    /// Root is denied only by the server: an NFS server answers EACCES or EPERM where the policy of the
    /// file system does not let the client read, write, or be root.
    private static func isDenied(_ facts: StorageFacts) -> Bool {
        ["Permission denied", "Operation not permitted"].contains {
            facts.error?.contains($0) == true
        }
    }

    /// Whether the file system is mounted, and the path leads to another one all the same.
    private static func isHidden(_ facts: StorageFacts) -> Bool {
        facts.error?.hasPrefix("The kernel lists ") == true
    }

    /// EFS User Guide, "Using IAM to control access to file systems": the actions for clients.
    private static let permissions =
        "elasticfilesystem:ClientMount, ClientWrite and ClientRootAccess"

    /// The message for a code of the proof.
    static func diagnostic(
        _ code: String,
        _ facts: StorageFacts,
        _ fileSystem: FileSystemID?
    ) -> Diagnostic {
        let mount = facts.mountPoint
        let shown = VisibleText.quoted(facts.source ?? "nothing")
        let (summary, detail, hint): (String, String?, String?) =
            switch code {
            case "efs_not_mounted":
                (
                    "Nothing is mounted at \(mount).",
                    facts.error.map {
                        (isHidden(facts) ? "" : "The mount helper's log: ")
                            + VisibleText.filtered($0)
                    },
                    isHidden(facts)
                        ? "See what lies over it: findmnt -T \(mount)"
                        : "Mount the file system (`mount \(mount)`) and see why it was not at boot; "
                            + "where it is mounted with IAM the role needs \(Self.permissions)."
                )
            case "efs_not_network":
                (
                    "What is mounted at \(mount) is not a network file system.",
                    "Type \(facts.type ?? "unknown"), source \(shown).", nil
                )
            case "efs_wrong_file_system":
                (
                    "Another file system than \(fileSystem?.text ?? "expected") is at \(mount).",
                    "Source \(shown)\(facts.tunnelFileSystem.map { ", which is \($0)" } ?? "").",
                    "Correct the mount; do not start the services on it."
                )
            case "efs_read_only":
                ("\(mount) is mounted read-only.", "Source \(shown).", "Remount it read-write.")
            case "efs_hung":
                (
                    "\(mount) does not answer within its time limit.", "Source \(shown).",
                    "Look at the mount target, its security group, and the network."
                )
            case "efs_stale":
                (
                    "\(mount) has a stale file handle: what was mounted is not there any more.",
                    "Source \(shown).",
                    "Stop the services (docker compose stop), then: umount -l \(mount) && mount "
                        + "\(mount)"
                )
            case "efs_denied":
                (
                    "The file system at \(mount) denies the host what it needs.",
                    facts.error.map { VisibleText.filtered($0) },
                    "The file system's policy, or the instance's role, has to allow "
                        + "\(Self.permissions); with an access point its user has to own the data."
                )
            case "efs_nonce_missing":
                (
                    "The mark that the backup wrote on \(mount) is not there.",
                    "Source \(shown). The mount may be another directory or an empty file system.",
                    "Compare the mount with the one before the update."
                )
            case "efs_volume_outside":
                (
                    "Data of a service does not lie on \(mount).",
                    "Outside: "
                        + facts.volumes.filter { !$0.value }.keys.sorted()
                        .map(VisibleText.quoted).joined(separator: ", ") + ".",
                    "Look for links and for other mounts in these paths."
                        + (facts.volumes.contains { !$0.value && !$0.key.hasPrefix(mount + "/") }
                            ? " What led there at an earlier stop and is no longer to do so is forgotten "
                                + "with, on the host: rm /var/lib/geusemaker/aliases-*" : "")
                )
            case "efs_container_outside":
                (
                    "A running container does not have the file system at \(mount).",
                    "It was started before the mount was there and writes to the root disk: "
                        + facts.strays.map(VisibleText.quoted).joined(separator: ", ") + ".",
                    "Save what it wrote there, then make it anew: \(recreation)"
                )
            default:
                (
                    "\(mount) can't be read or written.",
                    facts.error.map { VisibleText.filtered($0) },
                    "Look at the mount from the host: df -h \(mount)"
                )
            }
        return Diagnostic(code, summary, detail: detail, hint: hint, kind: .refused)
    }
}
