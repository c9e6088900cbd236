extension Session {
    /// Writes `updating` before the first change, so that the file never claims a state not seen.
    func markUpdating() throws {
        guard !isMarked else { return }
        try edges.record.mark(.updating)
        isMarked = true
    }

    /// Ends a run whose script came to its end: the state is written as it was seen.
    ///
    /// - Parameter outcome: what the journal is told, if it is not `done` or `unchanged`.
    /// - Returns: the result.
    /// - Throws: `Diagnostic`; `plan_not_finished` when planned changes were not asked for, and
    ///   `not_healthy` when a service is not well at the end.
    public func finish(as outcome: RunOutcome? = nil) throws -> UpdateResult {
        if let failure { throw failure }
        if !pending.isEmpty || servicesNeedStart { try bringUp() }
        let rest = plan.steps.dropFirst(cursor).filter(\.isChange)
        if !rest.isEmpty, mayLeaveOut {
            warnings.append(
                "Left out of the plan: " + rest.map(\.title).joined(separator: "; ") + "."
            )
        }
        guard rest.isEmpty || mayLeaveOut else {
            throw fail(
                Diagnostic(
                    "plan_not_finished",
                    "The script ended before its plan did.",
                    detail: "Not done: " + rest.map(\.title).joined(separator: "; ") + "."
                )
            )
        }
        var isHealthy = false
        if hasChanged {
            let ill = (facts.host?.services ?? []).filter { !$0.isWell }
            guard ill.isEmpty else {
                throw fail(
                    Diagnostic(
                        "not_healthy",
                        "Not well at the end: " + ill.map(\.name.text).joined(separator: ", ") + "."
                    )
                )
            }
            isHealthy = true
        }
        // A run that is killed from here on is finished by `recover`.
        try edges.record.result(changes: changes, downtime: downtime, verified: true)
        let documents = try edges.record.commit(
            facts,
            changed: hasChanged,
            healthy: isHealthy,
            rollback: rollbackTarget,
            changes: changes
        )
        // Only what is on record may not be undone any more.
        endRotation()
        releaseHost()
        releaseCapacity()
        // A run that only adds, such as a backup, has done something too.
        try edges.record.end(as: outcome ?? (hasChanged || recovery != nil ? .done : .unchanged))
        if let data, data.verdict != .same { warnings.append("Data: \(data.sentence).") }
        var result = UpdateResult(
            success: true,
            changesApplied: changes,
            previousState: documents.before,
            newState: documents.after,
            durationSeconds: edges.clock.now().seconds - started.seconds,
            downtimeSeconds: downtime,
            warnings: warnings + untoldUnplanned,
            data: data,
            run: run,
            backup: backupPath
        )
        // A checkpoint at the end has nothing left to change, and the address is another one all the same.
        if hasChanged || reached != nil {
            result.address = AddressChange(from: addressAtStart, to: facts.instance.publicIP)
        }
        return result
    }
}
