/// Putting data back from dumps, or taking that back.
struct RestoreOperation {
    let request: DataRestoreRequest
    let run: RunID

    var script: HostOperationScript {
        HostOperationScript(
            parts: [
                StackValues.script, HostScript.compose, HostScript.profiles, HostScript.storage,
                HostScript.containers,
                HostScript.mask,
                HostScript.containerParts, HostScript.dataPlaces, HostScript.database,
                HostScript.roles, HostScript.restore,
            ],
            values: StackValues.values(
                of: request.storage,
                request.project,
                networkTypes: request.networkTypes
            ) + [
                ("G_RUN", .text(run.text)),
                ("G_UNDO", .text(request.undoes ? "yes" : "no")),
                ("G_STOPS", .words(request.stops.map { [$0.text] })),
                (
                    "G_DUMPS",
                    .words(
                        request.dumps.map {
                            [$0.kind.rawValue, $0.service.text, $0.name, $0.path, $0.sha256]
                        }
                    )
                ),
            ]
        )
    }

    /// What was put aside.
    func read(_ payload: HostPayload) throws -> [KeptData] {
        payload.rows("kept", columns: 2).compactMap { row in
            (try? ServiceName(row[0])).map { KeptData(service: $0, place: row[1]) }
        }
    }
}
