extension Session {
    /// How an undo ended.
    public enum Compensation: Sendable, Equatable {
        /// Nothing that runs had been changed.
        case nothingChanged
        /// The stack is exactly what it was, seen and healthy.
        case restored
        /// The stack is exactly what it was at that checkpoint, seen and healthy.
        case restoredTo(Checkpoint)
        /// It could not be brought back; the diagnostic says how far it came.
        case incomplete(Diagnostic)
    }

    /// Brings the stack back to what it was when the run began, or at its last checkpoint, and looks
    /// whether it is.
    ///
    /// - Parameter cause: the failure that made it necessary.
    /// - Returns: how it ended; the state file and the journal are written accordingly.
    public func compensate(because cause: Diagnostic) -> Compensation {
        edges.cancellation.shield()
        guard !isBeyondUndo else {
            // All of it was done, seen and saved before the old password went.
            return .incomplete(
                Diagnostic(
                    "end_not_recorded",
                    "The stack is what it was to be and runs, but the run's end is not written down.",
                    detail: cause.summary,
                    hint: "Mend that, then: geusemaker recover \(target.name)",
                    kind: .needsAttention,
                    cause: cause
                )
            )
        }
        guard hasChanged, let recovery else {
            return endUnchanged(because: cause)
        }
        edges.observer.observe(.undoing(because: cause))
        let attempted = attemptedChanges
        failure = nil
        pending = []
        window = nil
        do {
            edges.record.beginUndo()
            try restore(recovery)
            try undoOperations()
        } catch {
            let diagnostic = Self.diagnostic(error)
            try? edges.record.mark(.failed)
            // It is paid for, and whoever goes on from here has it asked for anew.
            releaseCapacity(undoing: true)
            return .incomplete(
                Diagnostic(
                    "not_restored",
                    "The stack could not be brought back to what it was.",
                    detail: "It was stopped at: \(diagnostic.place(else: "undoing"))",
                    hint: diagnostic.next(then: target.command("recover \(target.name)")),
                    kind: .needsAttention,
                    cause: cause
                )
            )
        }
        releaseCapacity(undoing: true)
        changes = reached?.changes ?? []
        do {
            try edges.record.result(changes: changes, downtime: downtime, verified: false)
            try edges.record.rolledBack(
                to: facts,
                because: cause,
                changes: attempted,
                asked: rollbackTarget,
                kept: reached?.name
            )
            return reached.map(kept) ?? .restored
        } catch {
            return .incomplete(
                Diagnostic(
                    "undo_not_recorded",
                    "The stack is what it was and runs, but that could not be written down.",
                    detail: Self.diagnostic(error).summary,
                    hint: "Mend that, then: " + target.command("recover \(target.name)"),
                    kind: .needsAttention,
                    cause: cause
                )
            )
        }
    }

    /// What was done since the last checkpoint, and what was begun and failed.
    private var attemptedChanges: [String] {
        let done = Array(changes.dropFirst(reached?.changes.count ?? 0))
        let isResized = done.contains { $0.hasPrefix("instance_type:") }
        return done
            + plan.changeWords(after: reached?.name, ofFirst: cursor).filter { word in
                !done.contains(word) && !(isResized && word.hasPrefix("instance_type:"))
            }
    }

    /// Asks for the old type until there is capacity, or nobody wants to go on.
    private func startOldType() throws {
        while true {
            do {
                return try startInstance()
            } catch let error as Diagnostic where Self.isCapacity(error) {
                let decision = Decision.keepAsking(
                    type: facts.instance.type,
                    after: settings.capacityTimeout
                )
                guard try edges.approver.decide(decision) else { throw error }
                failure = nil
            }
        }
    }

    /// Instance type, compose file and images, in that order; each only if it differs.
    func restore(_ point: RecoveryPoint) throws {
        nonce = point.nonce
        // What is held is room for the other type.
        reservation = nil
        // There is no other type to fall back to: the old one is asked for until the limit.
        settings.capacityTimeout = max(settings.capacityTimeout, settings.rollbackTimeout)
        settings.throttleTimeout = max(settings.throttleTimeout, settings.rollbackTimeout)
        try settleInstance()
        // Services that may run have to be stopped by hand before the instance is: only then do they
        // stay down at the next boot, until EFS is proven.
        if facts.instance.state == .running, facts.host == nil {
            do {
                if servicesNeedStart { try look() } else { try whenReachable { try look() } }
            } catch  where servicesNeedStart {
                // They are known to be stopped: a host that cannot be reached need not be.
            }
            // Whatever the journal says of them: it may have lost its last lines.
            if facts.host?.services.contains(where: { $0.state == "running" }) == true {
                servicesNeedStart = false
            }
        }
        try refuseIfSuperseded()
        let instance = facts.instance
        if instance.type != point.instanceType {
            let old = try InstanceType(point.instanceType)
            if instance.state == .running {
                try stopServices()
                try stopInstance()
            }
            servicesAreStopped()
            try setType(old, from: instance.type)
        }
        if facts.instance.state != .running {
            servicesAreStopped()
            try startOldType()
        }
        if before.host == nil, facts.host == nil {
            try whenReachable(afterBoot: true) { try look() }
        }
        guard let project = (before.host ?? facts.host)?.project else {
            throw Rehearsal.unreachable()
        }
        if facts.host == nil, plan.restoresData {
            try whenReachable(afterBoot: true) { try look() }
        }
        try undoRestoredData()
        try undoRotation()
        let restored = try applySaved(
            point,
            project,
            // A service that a restart has left ill runs already, and `up` would leave it so.
            restarts: plan.restarted.filter { facts.host?.service($0)?.isWell == false },
            title: "restore the compose file, prove EFS, start the old images",
            last: !hasUndos,
            inverse: nil
        )
        for service in restored.evidence.services {
            if let old = point.imageIDs[service.name], service.imageID != old {
                throw Diagnostic(
                    "wrong_image_runs",
                    "\(service.name) does not run the image that ran before.",
                    detail: "It ran \(old) and runs \(service.imageID ?? "nothing")."
                )
            }
        }
        try compareConfiguration(restored.evidence.services)
        leftBehind += restored.renamed.map(Self.renamed)
        facts.host?.project.bytes = project.bytes
        servicesNeedStart = false
    }

    /// Takes back what the configuration does not show, with every service up again.
    func undoOperations() throws {
        try undoCommands()
        try restoreCapacity()
        releaseHost()
        for rest in leftBehind { edges.observer.observe(.warning("Not undone: \(rest).")) }
    }
}
