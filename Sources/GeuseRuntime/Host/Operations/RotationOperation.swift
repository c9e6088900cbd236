/// Changing the password of a service's role in the database.
struct RotationOperation {
    let request: RotationRequest
    let run: RunID

    var script: HostOperationScript {
        HostOperationScript(
            parts: [
                StackValues.script, HostScript.compose, HostScript.profiles, HostScript.storage,
                HostScript.mask,
                HostScript.data,
                HostScript.databaseClient, HostScript.environmentEdit, HostScript.rotation,
            ],
            values: StackValues.values(
                of: request.storage,
                request.project,
                networkTypes: request.networkTypes
            ) + [
                ("G_MODE", .text(request.phase.rawValue)),
                ("G_RUN", .text(run.text)),
                ("G_SERVICE", .text(request.target.service.text)),
                ("G_DATABASE", .text(request.target.database.text)),
                ("G_VARIABLES", .text(request.target.variables.joined(separator: " "))),
                ("G_FILES", .words(request.target.files.map { [$0] })),
                ("G_LIMIT", .text(String(Int(request.timeout.rounded(.up))))),
            ]
        )
    }

    /// The evidence in a payload.
    func read(_ payload: HostPayload) throws -> RotationEvidence {
        guard
            let standing = payload.word("standing").flatMap(RotationEvidence.Standing.init)
        else { throw HostFailure.incomplete("rotate") }
        return RotationEvidence(
            standing,
            role: payload.text("role"),
            provenBefore: payload.word("probe") == "yes"
        )
    }
}
