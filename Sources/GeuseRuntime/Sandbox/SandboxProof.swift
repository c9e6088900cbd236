/// What has to hold of the mount before the simulated host edits a file or starts a container.
enum SandboxProof {
    /// The first reason why the mount is not the one that is wanted; nil when everything holds.
    static func objection(_ facts: StorageFacts, _ request: ApplyRequest) -> Diagnostic? {
        StorageProof.objections(
            facts,
            expecting: request.storage.fileSystem,
            networkTypes: request.networkTypes
        ).first
    }

    /// A refusal by the host: nothing was changed.
    static func refused(_ code: String, _ summary: String) -> Diagnostic {
        Diagnostic(code, summary, kind: .refused)
    }
}
