/// Removing images that nothing needs any more.
struct PruneOperation {
    let request: PruneRequest

    var script: HostOperationScript {
        HostOperationScript(
            parts: [HostScript.compose, HostScript.profiles, HostScript.prune],
            values: StopOperation.values(of: request.project) + [
                ("G_SPARED", .words(request.spared.map { [$0] }))
            ]
        )
    }

    /// The names in a payload.
    func read(_ payload: HostPayload) -> [String] {
        payload.all("removed").compactMap(HostPayload.text).map { VisibleText.filtered($0) }
    }
}
