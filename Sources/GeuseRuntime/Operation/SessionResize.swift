extension Session {
    /// Changes the type: services down, stop, modify, start, agent; services up unless in a window.
    public func resize(_ type: InstanceType, fallback others: [InstanceType]) throws {
        try refuseAfterFailure()
        let old = facts.instance.type
        guard let change = asked(type, orElse: others) else { return }
        let fallback = change.fallback
        try requireBackup()
        try begin(change.step)
        // Planned from the type that there was no room for, and there by its fallback already.
        guard type.text != old else {
            standsFor = nil
            return
        }
        var chosen = type
        if plan.reservesCapacity { chosen = try reserveCapacity([type] + fallback) }
        try markUpdating()
        try stopServices()
        try stopInstance()
        try setType(chosen, from: old)
        do {
            try startInstance()
        } catch let error as Diagnostic
            where Self.leavesOtherTypes(error) && !fallback.isEmpty && reservation == nil
        {
            chosen = try startWithFallback(fallback, after: error, from: type)
        }
        standsFor = chosen == type ? nil : type.text
        changes.append("instance_type:\(chosen)")
        if window == nil { try bringUp() }
    }

    /// Codes that say EC2 has no room for a type now (EC2 API error codes).
    static func isCapacity(_ error: Diagnostic) -> Bool {
        [
            "InsufficientInstanceCapacity", "Server.InsufficientInstanceCapacity",
            "InsufficientHostCapacity", "ReservationCapacityExceeded", "InsufficientCapacity",
        ].contains(error.code)
    }

    func stopServices() throws {
        guard !servicesNeedStart, let project = facts.host?.project else { return }
        hasChanged = true
        servicesDownSince = servicesDownSince ?? edges.clock.monotonic()
        try effect(
            "stop-services",
            title: "stop the services",
            inverse: "start the services"
        ) { step in
            let data = try whenReachable {
                try edges.host.stopServices(
                    leased(step),
                    project,
                    recordingDataAt: target.mountPoint
                )
            }
            if let data { edges.observer.observe(.stepProgress("data: " + data.sentence)) }
            for name in data?.killed ?? [] { warnings.append(Self.killed(name, project)) }
            self.data = data
        }
        servicesAreStopped()
    }

    func stopInstance() throws {
        hasChanged = true
        servicesDownSince = servicesDownSince ?? edges.clock.monotonic()
        try effect(
            "stop-instance",
            title: "stop the instance",
            inverse: "start the instance",
            from: "running",
            to: "stopped"
        ) { _ in
            try ask(isDone: { [.stopping, .stopped].contains($0.state) }) {
                try edges.cloud.stop(target.instance)
            }
            do {
                facts.instance = try awaitStop()
            } catch let error as Diagnostic where error.code == Self.stopStuck {
                let decision = Decision.forceStop(target.instance, after: settings.stopTimeout)
                guard try edges.approver.decide(decision) else { throw error }
                edges.observer.observe(.stepProgress("forcing the stop"))
                try ask(isDone: { $0.state == .stopped }) {
                    try edges.cloud.stop(target.instance, force: true)
                }
                facts.instance = try awaitStop()
            }
        }
    }

    private func awaitStop() throws -> Instance {
        try awaitState(
            .stopped,
            from: [.running, .stopping, .pending],
            expected: settings.expectedStop,
            timeout: settings.stopTimeout
        )
    }

    func setType(_ type: InstanceType, from old: String) throws {
        try effect(
            "set-type",
            title: "change the type \(old) -> \(type)",
            inverse: "change the type to \(old)",
            from: old,
            to: type.text
        ) { _ in
            try ask(isDone: { $0.type == type.text }) {
                try edges.cloud.setType(target.instance, to: type)
            }
            facts.instance.type = type.text
        }
    }

    func startInstance() throws {
        let type = facts.instance.type
        try effect(
            "start-instance",
            title: "start the instance as \(facts.instance.type)",
            inverse: "stop the instance",
            from: "stopped",
            to: "running"
        ) { _ in
            try directCapacity()
            let deadline = edges.clock.monotonic() + settings.capacityTimeout
            var pause = 2.0
            while true {
                do {
                    try ask(isDone: { [.pending, .running].contains($0.state) }) {
                        try edges.cloud.start(target.instance)
                    }
                    facts.instance = try awaitState(
                        .running,
                        from: [.pending, .stopped],
                        expected: settings.expectedStart,
                        timeout: settings.startTimeout
                    )
                    break
                } catch let error as Diagnostic where Self.isCapacity(error) {
                    guard edges.clock.monotonic() + pause < deadline else { throw error }
                    edges.observer.observe(.stepProgress("no capacity; asking again"))
                    try edges.clock.sleep(pause * .random(in: 0.75...1), edges.cancellation)
                    pause = min(pause * 2, 30)
                }
            }
            if facts.instance.type != type { try awaitType(type) }
            edges.observer.observe(.stepProgress("the instance runs"))
            try awaitAgent()
        }
    }

    /// That EC2 took a change of the type is no proof that the instance has it.
    private func awaitType(_ type: String) throws {
        let deadline = edges.clock.monotonic() + settings.consistencyTimeout
        facts.instance = try awaitInstance(
            "\(target.instance) to be a \(type)",
            expected: nil,
            limit: settings.consistencyTimeout + 60
        ) { instance in
            if instance.type == type { return .reached }
            guard edges.clock.monotonic() >= deadline else { return .waiting }
            return .unreachable(
                Diagnostic(
                    "type_not_changed",
                    "The instance runs as \(instance.type), not as \(type).",
                    detail:
                        "EC2 had accepted the change of the type, or somebody changed it again.",
                    hint: "See who else changes \(target.instance), such as CloudTrail tells."
                )
            )
        }
    }

    private func startWithFallback(
        _ fallback: [InstanceType],
        after error: Diagnostic,
        from type: InstanceType
    ) throws -> InstanceType {
        var last = error
        var current = type.text
        for next in fallback {
            // The failed start ended the run; a fallback that the plan names goes on with it.
            failure = nil
            try setType(next, from: current)
            current = next.text
            do {
                try startInstance()
                warnings.append(
                    Self.isCapacity(error)
                        ? "There was no capacity for \(type); \(next) was taken instead."
                        : "\(type) could not be started (\(error.code)); \(next) was taken instead."
                )
                return next
            } catch let error as Diagnostic where Self.leavesOtherTypes(error) {
                last = error
            }
        }
        throw fail(last)
    }

    /// Polls until the state is there; a state that cannot lead to it ends the wait at once.
    func awaitState(
        _ goal: Instance.State,
        from passing: Set<Instance.State>,
        expected: Double,
        timeout: Double
    ) throws -> Instance {
        var sawPending = false
        return try awaitInstance(
            "\(target.instance) to be \(goal.rawValue)",
            expected: expected,
            limit: timeout
        ) { instance in
            if instance.state == goal { return .reached }
            if instance.state == .pending { sawPending = true }
            // `stopped` is where a start begins; after `pending` it is where it failed.
            let fellBack =
                goal == .running && instance.state == .stopped
                && (sawPending || instance.stateReason?.hasPrefix("Server.") == true)
            if passing.contains(instance.state), !fellBack { return .waiting }
            return .unreachable(
                Diagnostic(
                    fellBack ? instance.stateReason ?? "start_failed" : "wrong_state",
                    "The instance is \(instance.state.rawValue) and will not become "
                        + "\(goal.rawValue).",
                    detail: instance.stateReason.map { VisibleText.filtered($0) }
                )
            )
        }
    }
}
