/// A point of a run that a later failure goes back to, instead of the run's beginning.
public struct Checkpoint: Sendable, Equatable {
    /// What the script calls it.
    public var name: String
    /// The changes before it, which are kept.
    public var changes: [String]
    /// The state file that says so.
    public var state: JSONValue
}

extension Session {
    /// Proves that what was done so far holds, writes it into the state file and saves it: from here
    /// on a failure, or `recover`, goes back to this point.
    ///
    /// - Parameter name: what the script calls it.
    /// - Throws: `Diagnostic`; the run then goes back to where it would have gone before.
    public func checkpoint(_ name: String) throws {
        try refuseAfterFailure()
        try requireNoWindow("There can be no checkpoint inside a window.")
        try requireBackup()
        try begin(.checkpoint(name: name))
        let saved: Backup? = try effect(
            "checkpoint",
            title: "checkpoint \"\(name)\": verify, save the state, back up",
            inverse: nil
        ) { step in
            try look()
            try checkStanding()
            // Without a change since the last point that one is as good.
            guard hasChanged else { return nil }
            let evidence = try secure(step)
            try edges.record.reach(facts, rollback: rollbackTarget, changes: changes)
            return try edges.record.checkpoint(name, changes: changes, evidence)
        }
        if saved != nil, isAtEnd { leaseEnded() }
        if saved != nil { endRotation() }
        if let evidence = saved?.evidence {
            recovery = try RecoveryPoint(evidence)
            recorded = edges.record.recorded
            before = facts
            hasChanged = false
            isBeyondUndo = false
            isMarked = false
            rollbackTarget = nil
            begun = []
            scaledFrom = nil
            leftBehind = []
        }
        if !changes.isEmpty {
            reached = Checkpoint(name: name, changes: changes, state: edges.record.document)
        }
    }

    /// EFS proven with the run's nonce, every service well, every image the one that was pulled.
    private func checkStanding() throws {
        try Rehearsal.proveStorage(target, facts)
        let services = facts.host?.services ?? []
        let ill = services.filter { !$0.isWell }
        guard ill.isEmpty else {
            throw Diagnostic(
                "not_healthy",
                "Not well at the checkpoint: " + ill.map(\.name.text).joined(separator: ", ") + "."
            )
        }
        for service in services {
            guard let image = pulled[service.name],
                image.reference.text == service.configuredImage, image.imageID != service.imageID
            else { continue }
            throw Diagnostic(
                "wrong_image_runs",
                "\(service.name) does not run the image that was pulled as \(image.reference).",
                detail: "It runs \(service.imageID ?? "nothing")."
            )
        }
    }

    /// Ends a run that has changed nothing since it began, or since its last checkpoint.
    func endUnchanged(because cause: Diagnostic) -> Compensation {
        releaseHost()
        releaseCapacity(undoing: true)
        guard let reached else {
            try? edges.record.stopped(because: cause)
            return .nothingChanged
        }
        changes = reached.changes
        try? edges.record.result(changes: changes, downtime: downtime, verified: false)
        try? edges.record.stopped(because: cause, as: .keptCheckpoint)
        return kept(at: reached)
    }

    /// The checkpoint, with the state file as it is at the run's end.
    func kept(at checkpoint: Checkpoint) -> Compensation {
        var checkpoint = checkpoint
        checkpoint.state = edges.record.document
        return .restoredTo(checkpoint)
    }
}
