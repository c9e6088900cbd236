/// What has to hold of the mount before the simulated host edits a file or starts a container.
enum SandboxProof {
    /// The first reason why the mount is not the one that is wanted; nil when everything holds.
    static func objection(_ facts: StorageFacts, _ request: ApplyRequest) -> Diagnostic? {
        let mount = facts.mountPoint
        let source = facts.source ?? "nothing"
        guard facts.isMounted else {
            return refused("efs_not_mounted", "Nothing is mounted at \(mount).")
        }
        guard let type = facts.type, request.networkTypes.contains(type) else {
            return refused("efs_not_network", "\(mount) is not on a network file system.")
        }
        if let wanted = request.storage.fileSystem, !source.hasPrefix(wanted.text + "."),
            facts.tunnelFileSystem != wanted.text
        {
            return refused("efs_wrong_file_system", "\(source) is at \(mount), not \(wanted).")
        }
        guard facts.isReadWrite else {
            return refused("efs_read_only", "\(mount) is mounted read-only.")
        }
        guard facts.answer != .hung else {
            return refused("efs_hung", "\(mount) does not answer within its time limit.")
        }
        guard facts.answer == .answered else {
            return refused("efs_failed", "\(mount) can't be read or written.")
        }
        guard facts.nonceMatches != false else {
            return refused("efs_nonce_missing", "The mark of the backup is not on \(mount).")
        }
        let strays = facts.volumes.filter { !$0.value }.keys.sorted()
        guard strays.isEmpty else {
            let list = strays.joined(separator: ", ")
            return refused("efs_volume_outside", "Data does not lie on \(mount): \(list).")
        }
        return nil
    }

    /// A refusal by the host: nothing was changed.
    static func refused(_ code: String, _ summary: String) -> Diagnostic {
        Diagnostic(code, summary, kind: .refused)
    }
}
