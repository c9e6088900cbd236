/// Saving the compose file and writing the nonce.
struct SecureOperation {
    let request: SecureRequest
    let run: RunID

    var script: HostOperationScript {
        HostOperationScript(
            parts: request.dumps.isEmpty
                ? [HostScript.storage, HostScript.secure]
                : [
                    HostScript.storage, HostScript.containers, HostScript.mask,
                    HostScript.containerParts, HostScript.dataPlaces, HostScript.database,
                    HostScript.json, HostScript.roles, HostScript.dump, HostScript.secure,
                ],
            values: [
                ("G_PROJECT", .text(request.project.name)),
                (
                    "G_DUMPS",
                    .words(
                        request.dumps.map { [$0.kind.rawValue, $0.service.text, $0.cause.text] }
                    )
                ),
                ("G_MOUNT", .text(StorageReading.mountPoint(request.mountPoint))),
                ("G_NONCE", .text(request.nonce)),
                ("G_FILE", .text(request.project.file)),
                ("G_SHA256", .text(request.project.sha256)),
                ("G_RUN", .text(run.text)),
                ("G_KEEP", .words(request.images.map { [$0] })),
            ]
        )
    }

    /// Seconds that the dumps may take on the host, as `HostScript.dump` has it.
    static let dumpLimit = 1800.0

    /// The dumps in a payload: each that was asked for has at least one file, but a Qdrant that said that it
    /// has no collections.
    private func dumps(_ payload: HostPayload) throws -> [SavedDump] {
        let dumps = try saved(payload)
        let collectionless = payload.all("collectionless").compactMap { HostPayload.text($0) }
        for asked in request.dumps {
            let isThere = dumps.contains { $0.kind == asked.kind && $0.service == asked.service }
            let isBare = asked.kind == .qdrant && collectionless.contains(asked.service.text)
            guard isThere || isBare else { throw HostFailure.incomplete("secure") }
        }
        return dumps
    }

    private func saved(_ payload: HostPayload) throws -> [SavedDump] {
        try payload.all("dump").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            let texts = words.dropFirst(3).compactMap { HostPayload.text($0) }
            guard words.count == 8, texts.count == 5, let bytes = Int(words[1]),
                let kind = DataDump.Kind(rawValue: String(words[0])),
                let service = try? ServiceName(texts[0]), let cause = try? ServiceName(texts[1])
            else { throw HostFailure.incomplete("secure") }
            return SavedDump(
                kind: kind,
                service: service,
                cause: cause,
                name: texts[2],
                path: texts[3],
                bytes: bytes,
                sha256: String(words[2]),
                note: texts[4].isEmpty ? nil : texts[4]
            )
        }
    }

    /// The evidence in a payload; the script ends with an error unless the nonce was read back.
    func read(_ payload: HostPayload) throws -> SecureEvidence {
        guard let backup = payload.text("backup"), let sha256 = payload.word("sha256"),
            let facts = StorageReading.facts(payload, mountPoint: request.mountPoint)
        else { throw HostFailure.incomplete("secure") }
        return SecureEvidence(
            composeBackup: backup,
            sha256: sha256,
            nonceRead: facts.nonceMatches == true,
            dumps: try dumps(payload)
        )
    }
}
