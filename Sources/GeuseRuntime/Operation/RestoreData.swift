// Putting a service's data back from a dump: asked for, done, undone.

extension Rehearsal {
    /// Finds the dumps, and records that they are put back.
    public func restoreData(_ service: ServiceName, from backup: String) throws {
        try refuseAfterFailure()
        guard let earlier else {
            throw Diagnostic("internal_error", "A rehearsal was begun without the earlier states.")
        }
        guard !plan.steps.contains(where: \.isChange), window == nil else {
            throw Self.restoreAlone()
        }
        let host = try look().seenHost()
        let restore = try DataRestore(service, try earlier.find(.backup(backup)), host)
        try secureFirst()
        plan.warnings += restore.warnings(host)
        try record(.restoreData(restore))
        predictStart()
        hasEnded = Self.restoreAlone()
    }

    static func restoreAlone() -> Diagnostic {
        Diagnostic(
            "restore_alone",
            "Data is put back in a run of its own.",
            detail: "Nothing was touched.",
            hint: "Make the other changes in a run before or after it.",
            kind: .refused
        )
    }
}

extension DataRestore {
    /// What the user should know before answering.
    func warnings(_ host: HostFacts) -> [String] {
        let stopped = stops.map(\.text).joined(separator: ", ")
        return [
            "What \(data) has taken in since the backup is not in the dump; the present data is dumped "
                + "first, and kept beside the restored."
        ] + (stops.isEmpty ? [] : ["\(stopped) is stopped meanwhile."])
    }
}

extension Session {
    /// Puts the data back, then brings everything up through the proof and the health gate.
    public func restoreData(_ service: ServiceName, from backup: String) throws {
        try refuseAfterFailure()
        let planned = plan.steps.dropFirst(cursor).compactMap { step -> DataRestore? in
            if case .restoreData(let found) = step { found } else { nil }
        }.first
        guard let restore = planned, restore.service == service else {
            throw fail(
                Diagnostic(
                    "plan_diverged",
                    "The script asked for a restore that is not in its plan.",
                    hint: "A script must ask for the same changes each time it runs."
                )
            )
        }
        try requireClosedWindow("Data cannot be put back inside a window.")
        try requireBackup()
        try begin(.restoreData(restore))
        try markUpdating()
        hasChanged = true
        servicesDownSince = edges.clock.monotonic()
        let kept = try effect(
            "restore",
            title: "check the dump, stop \(restore.stops.map(\.text).joined(separator: ", ")), "
                + "put the data back",
            inverse: "put the present data back in its place"
        ) { step in
            try whenReachable {
                try edges.host.restoreData(leased(step), request(restore, undoes: false))
            }
        }
        for data in kept {
            warnings.append(
                "The data of \(data.service) as it was is kept: \(VisibleText.filtered(data.place))."
            )
        }
        servicesNeedStart = true
        try bringUp()
        changes.append("\(restore.data) data <- \(restore.backup)")
    }

    /// Takes back what the run has put back, if it has; the host knows.
    func undoRestoredData() throws {
        for step in plan.steps {
            guard case .restoreData(let restore) = step else { continue }
            _ = try effect("unrestore", title: "put the data back that was there", inverse: nil) {
                step in
                try whenReachable {
                    try edges.host.restoreData(leased(step), request(restore, undoes: true))
                }
            }
        }
    }

    private func request(_ restore: DataRestore, undoes: Bool) throws -> DataRestoreRequest {
        guard let project = (facts.host ?? before.host)?.project else {
            throw Rehearsal.unreachable()
        }
        return DataRestoreRequest(
            project: project,
            storage: HostInspection(
                fileSystem: target.fileSystem,
                mountPoint: target.mountPoint,
                nonce: nonce
            ),
            networkTypes: target.networkTypes,
            dumps: undoes ? [] : restore.dumps,
            stops: restore.stops,
            undoes: undoes
        )
    }
}
