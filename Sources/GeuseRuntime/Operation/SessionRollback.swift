extension Session {
    /// Brings back an earlier configuration: the plan's, resolved when it was rehearsed.
    public func rollback(to point: RollbackPoint) throws -> Bool {
        try refuseAfterFailure()
        try requireClosedWindow("There can be no rollback inside a window.")
        let target = try planned(point)
        guard !target.isReached else {
            // Planned to change nothing; a fallback that was taken since has made that wrong, and nobody
            // has agreed to one more interruption.
            guard target.type.text == facts.instance.type else {
                throw fail(
                    Diagnostic(
                        "plan_diverged",
                        "The stack is not at the configuration that the plan stays at.",
                        detail:
                            "The instance is a \(facts.instance.type), in place of \(target.type)."
                    )
                )
            }
            try begin(.rollback(target))
            return false
        }
        try requireBackup()
        if target.saved == nil {
            for image in target.images where pulled[image.service]?.reference != image.to {
                _ = try pull(image.service, image.to)
            }
        }
        try begin(.rollback(target))
        rollbackTarget = target
        try edges.record.mark(.rollingBack)
        isMarked = true
        // A fallback may have left another type than the one that this was planned from.
        let old = facts.instance.type
        let changesType = target.type.text != old
        if changesType {
            fetch(target)
            try stopServices()
            try stopInstance()
            try setType(target.type, from: old)
            try startInstance()
        }
        standsFor = nil
        if let saved = target.saved {
            try putBack(saved, target)
            changes += target.applied
            if changesType, !target.changesType { changes.append("instance_type:\(target.type)") }
        } else {
            if changesType { changes.append("instance_type:\(target.type)") }
            pending = target.images.map { ($0.service, $0.to) }
            try bringUp()
        }
        // The compose file's bytes are others now.
        try look()
        return true
    }

    /// The target of the next rollback in the plan; the plan says all that is needed, so nothing is
    /// looked up a second time.
    private func planned(_ point: RollbackPoint) throws -> RollbackTarget {
        for step in plan.steps.dropFirst(cursor) {
            if case .rollback(let target) = step, target.point == point { return target }
        }
        throw fail(
            Diagnostic(
                "plan_diverged",
                "The script asked for a rollback that is not in its plan.",
                detail: "The plan's next step was: "
                    + (cursor < plan.steps.count ? plan.steps[cursor].title : "none") + ".",
                hint: "A script must ask for the same changes each time it runs; "
                    + "look at what it reads."
            )
        )
    }

    /// Has the images that do not run now on the host before the instance stops; where it goes on
    /// running, restoring looks for them before anything is touched.
    ///
    /// They are most likely there still, and the registry may be unreachable: a pull that fails is
    /// a warning, and an image that really is missing is told when the services start.
    private func fetch(_ target: RollbackTarget) {
        for image in target.images where image.imageID != nil {
            guard let source = image.source, let id = image.imageID else { continue }
            do {
                let title = "have the image that \(image.service) ran"
                try effect("fetch", title: title, inverse: nil, to: source.text) { step in
                    let found = try whenReachable { try edges.host.pull(leased(step), [source]) }
                    guard found.first?.imageID == id else {
                        throw Diagnostic("wrong_image", "\(source) is another image now.")
                    }
                }
            } catch {
                // Nothing was changed by it, so the run goes on.
                failure = nil
                warnings.append(
                    "\(source) could not be pulled again (\(Self.diagnostic(error).code)); "
                        + "the image that is on the host is used."
                )
            }
        }
    }

    /// Compose file and images as they were saved, on a proven mount, and the ids looked at.
    private func putBack(_ saved: RecoveryPoint, _ target: RollbackTarget) throws {
        guard let project = facts.host?.project else { throw fail(Rehearsal.unreachable()) }
        let restored = try applySaved(
            saved,
            project,
            title: "restore the compose file, prove EFS, start, wait for health",
            last: isAtEnd,
            inverse: "restore the compose file and recreate its services"
        )
        servicesNeedStart = false
        warnings += restored.renamed.map(Self.renamed)
        if let other = saved.otherwiseResolved(restored.evidence.resolvedSHA256),
            !warnings.contains(other)
        {
            warnings.append(other)
        }
        for (service, id) in saved.imageIDs.sorted(by: { $0.key.text < $1.key.text }) {
            let running = restored.evidence.services.first { $0.name == service }?.imageID
            guard running == id else {
                throw fail(
                    Diagnostic(
                        "wrong_image_runs",
                        "\(service) does not run the image that ran then.",
                        detail: "It ran \(id) and would run \(running ?? "nothing")."
                    )
                )
            }
        }
    }
}
