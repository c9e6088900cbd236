extension Session {
    /// Sets the group's desired capacity and waits until all of its instances are in service.
    public func scale(to count: Int) throws -> Bool {
        try refuseAfterFailure()
        let group = try scalable(count)
        let step = PlanStep.operation(.scale(group: group.name, from: group.desired, to: count))
        // As many as asked for need not be there yet.
        guard group.desired != count else { return try awaitPlanned(step, group, count) }
        try requireNoWindow()
        try requireBackup()
        try begin(step)
        try markUpdating()
        hasChanged = true
        if scaledFrom == nil { scaledFrom = group.desired }
        try effect(
            "scale",
            title: "set the desired capacity of \(VisibleText.filtered(group.name)) to \(count)",
            inverse: "set it to \(group.desired)",
            from: String(group.desired),
            to: String(count)
        ) { _ in try setCapacity(group.name, count) }
        changes.append("desired_capacity:\(count)")
        return true
    }

    /// Waits for what the group is to have already.
    ///
    /// - Returns: whether the plan has a wait for it; one that it turns out to take is no other plan.
    private func awaitPlanned(
        _ step: PlanStep,
        _ group: AutoScalingGroup,
        _ count: Int
    ) throws -> Bool {
        // The backup that comes before it may not be taken yet.
        let isPlanned = plan.steps.dropFirst(cursor).contains(step)
        if isPlanned {
            try requireNoWindow()
            try requireBackup()
            try begin(step)
        }
        guard !group.isSettled(at: count) else { return isPlanned }
        try effect(
            "await-capacity",
            title: "wait for \(count) instances of \(VisibleText.filtered(group.name))",
            inverse: nil
        ) { _ in try awaitCapacity(group.name, count) }
        return isPlanned
    }

    private func scalable(_ count: Int) throws -> AutoScalingGroup {
        do {
            guard let name = facts.instance.autoScalingGroup else {
                throw ScaleRefusal.singleInstance(target.instance)
            }
            guard let group = try edges.cloud.autoScalingGroup(name) else {
                throw ScaleRefusal.noGroup(name)
            }
            try ScaleRefusal.check(group, count, own: target.instance)
            return group
        } catch {
            throw fail(error)
        }
    }

    /// Asks for the capacity, again while another activity of the group is in the way, and waits for it.
    private func setCapacity(_ group: String, _ count: Int) throws {
        let end = edges.clock.monotonic() + settings.capacityTimeout
        while true {
            do {
                try edges.cloud.setDesiredCapacity(group, to: count)
                break
            } catch let error as Diagnostic
                where ["ScalingActivityInProgress", "ResourceContention"].contains(error.code)
            {
                guard edges.clock.monotonic() + 5 < end else { throw error }
                edges.observer.observe(.stepProgress("\(error.code); asking again"))
                try edges.clock.sleep(5, edges.cancellation)
            }
        }
        try awaitCapacity(group, count)
    }

    /// Waits until a group has as many instances as it is to have, all in service.
    private func awaitCapacity(_ group: String, _ count: Int) throws {
        do {
            _ = try Waiter(
                expected: nil,
                limit: settings.scaleTimeout,
                clock: edges.clock,
                cancellation: edges.cancellation
            ).wait(
                for: "\(count) instances in service",
                read: { try edges.cloud.autoScalingGroup(group) },
                judge: { found in
                    guard let found else { return .unreachable(ScaleRefusal.noGroup(group)) }
                    return found.isSettled(at: count) ? .reached : .waiting
                }
            )
        } catch let error as Diagnostic where error.code == "wait_timeout" {
            let why = try? edges.cloud.failedScaling(group)
            throw Diagnostic(
                "scale_not_reached",
                "\(VisibleText.filtered(group)) did not come to \(count) instances in service.",
                detail: why.map { "Its last activity failed: \(VisibleText.filtered($0))" }
                    ?? error.detail,
                cause: error
            )
        }
    }

    /// Gives the group the capacity that it had.
    func restoreCapacity() throws {
        guard let old = scaledFrom, let name = facts.instance.autoScalingGroup else { return }
        guard let group = try edges.cloud.autoScalingGroup(name) else {
            throw ScaleRefusal.noGroup(name)
        }
        if !group.isSettled(at: old) {
            try effect(
                "unscale",
                title: "set the desired capacity of \(VisibleText.filtered(name)) back to \(old)",
                inverse: nil,
                from: String(group.desired),
                to: String(old)
            ) { _ in try setCapacity(name, old) }
        }
        scaledFrom = nil
    }
}
