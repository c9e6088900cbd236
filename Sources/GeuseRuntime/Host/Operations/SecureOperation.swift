/// Saving the compose file and writing the nonce.
struct SecureOperation {
    let request: SecureRequest
    let run: RunID

    var script: HostOperationScript {
        HostOperationScript(
            parts: [HostScript.storage, HostScript.secure],
            values: [
                ("G_MOUNT", .text(StorageReading.mountPoint(request.mountPoint))),
                ("G_NONCE", .text(request.nonce)),
                ("G_FILE", .text(request.project.file)),
                ("G_SHA256", .text(request.project.sha256)),
                ("G_RUN", .text(run.text)),
                ("G_KEEP", .words(request.images.map { [$0] })),
            ]
        )
    }

    /// The evidence in a payload; the script ends with an error unless the nonce was read back.
    func read(_ payload: HostPayload) throws -> SecureEvidence {
        guard let backup = payload.text("backup"), let sha256 = payload.word("sha256"),
            let facts = StorageReading.facts(payload, mountPoint: request.mountPoint)
        else { throw HostFailure.incomplete("secure") }
        return SecureEvidence(
            composeBackup: backup,
            sha256: sha256,
            nonceRead: facts.nonceMatches == true
        )
    }
}
