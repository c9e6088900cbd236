/// What has to hold of the mount before the simulated host edits a file or starts a container.
enum SandboxProof {
    /// Why the mount is not the one that is wanted; nil when everything holds.
    static func problem(_ facts: StorageFacts, _ request: ApplyRequest) -> String? {
        guard facts.isMounted else { return "nothing is mounted at \(facts.mountPoint)" }
        guard let type = facts.type, request.networkTypes.contains(type) else {
            return "\(facts.type ?? "no type") is not a network file system"
        }
        if let wanted = request.storage.fileSystem,
            facts.source?.hasPrefix(wanted.text + ".") != true,
            facts.tunnelFileSystem != wanted.text
        {
            return "\(facts.source ?? "no source") is not \(wanted)"
        }
        guard facts.isReadWrite else { return "the mount is read-only" }
        guard facts.answer == .answered else {
            return "the mount does not answer: \(facts.error ?? facts.answer.rawValue)"
        }
        guard facts.nonceMatches != false else { return "the nonce of the backup is not there" }
        let strays = facts.volumes.filter { !$0.value }.keys.sorted()
        guard strays.isEmpty else { return "not on the mount: \(strays.joined(separator: ", "))" }
        return nil
    }
}
