// When the host is not reached: how long that is worth waiting for, and what it means.

extension Session {
    /// The codes of a host that cannot take a script now; nothing ran.
    static let unreachable: Set<String> = [
        "InvalidInstanceId", "ssh_unreachable", "host_unreachable",
    ]

    private static let throttled = "AWS has too many requests; asking again"
    /// Seconds for docker after a boot, as long as a step of a change waits for it on the host.
    private static let dockerTimeout = 120.0

    /// Waits for the agent of an instance that has just been started.
    func awaitAgent() throws {
        guard settings.usesAgent else { return }
        do {
            try awaitAgent(settings.agentTimeout)
        } catch let error as Diagnostic where error.code == "wait_timeout" {
            if settings.hasOtherWay {
                // The transport takes it with the next script; it is what knows whether it works.
                edges.observer.observe(.stepProgress("no SSM agent; trying SSH"))
                return
            }
            guard let checks = failingChecks() else { throw agentMissing(error) }
            edges.observer.observe(.stepProgress("EC2's status checks: \(checks)"))
            do {
                try awaitAgent(max(0, settings.statusTimeout - settings.agentTimeout))
            } catch let error as Diagnostic where error.code == "wait_timeout" {
                throw failingChecks().map { checksFailed($0, error) } ?? agentMissing(error)
            }
        }
    }

    private func awaitAgent(_ limit: Double) throws {
        let began = edges.clock.monotonic()
        _ = try Waiter(
            expected: nil,
            limit: limit,
            clock: edges.clock,
            cancellation: edges.cancellation
        ).wait(
            for: "the SSM agent of \(target.instance)",
            read: { try edges.cloud.agent(target.instance) },
            judge: { $0?.pingStatus == "Online" ? .reached : .waiting }
        )
        // Told apart from the start itself: an agent that is slow is another trouble than EC2.
        let seconds = Int((edges.clock.monotonic() - began).rounded())
        edges.observer.observe(.stepProgress("the SSM agent is online, \(seconds) s later"))
    }

    /// Calls until the host can take a script; only errors that prove nothing ran are tried again.
    ///
    /// With `afterBoot` docker may still be on its way, too: a step of a change waits for it on the host
    /// itself, a look does not.
    func whenReachable<Value>(
        afterBoot: Bool = false,
        _ body: () throws -> Value
    ) throws -> Value {
        try waitingOut({ patience($0, afterBoot: afterBoot) }, body)
    }

    /// Asks again where AWS has too many requests; for what changes nothing, or is done once however often it
    /// is asked for.
    func whenNotThrottled<Value>(_ body: () throws -> Value) throws -> Value {
        try waitingOut({ ErrorClass.isThrottle($0.code) ? patience($0) : nil }, body)
    }

    private func waitingOut<Value>(
        _ patience: (Diagnostic) -> (seconds: Double, reason: String)?,
        _ body: () throws -> Value
    ) throws -> Value {
        var spent: [String: Double] = [:]
        var last: (reason: String, at: Double)?
        let started = edges.clock.monotonic()
        var checks: StatusChecks?
        while true {
            do {
                return try body()
            } catch let error as Diagnostic {
                guard let wait = patience(error) else { throw error }
                let now = edges.clock.monotonic()
                // Each reason has a time of its own: the minutes of a boot leave none for throttling.
                if let last {
                    spent[last.reason, default: 0] += now - last.at
                } else if Self.unreachable.contains(error.code) {
                    spent[wait.reason] = now - started
                }
                last = (wait.reason, now)
                let waited = spent[wait.reason] ?? 0
                if waited >= wait.seconds {
                    guard Self.unreachable.contains(error.code) else { throw error }
                    // Whether it is the machine or only the way to it, EC2's own checks tell.
                    if checks == nil || waited >= settings.statusTimeout {
                        checks = failingChecks()
                    }
                    guard let checks else { throw error }
                    if waited >= settings.statusTimeout { throw checksFailed(checks, error) }
                }
                edges.observer.observe(.stepProgress(wait.reason))
                try edges.clock.sleep(Self.pause(error.code, after: waited), edges.cancellation)
            }
        }
    }

    /// Often while it may be booting, seldom when something is wrong, and ever more seldom where it is
    /// asking that is too much.
    private static func pause(_ code: String, after waited: Double) -> Double {
        if ErrorClass.isThrottle(code) { return min(1 + waited / 4, 15) * .random(in: 0.75...1) }
        return waited < 60 ? 1 : 5
    }

    /// How long an error that proves that nothing ran is worth waiting out.
    ///
    /// A throttle's code is that of the request that was to begin something, which was not carried out; of
    /// a look at what had begun before, the host makes `host_outcome_unknown`.
    func patience(
        _ error: Diagnostic,
        afterBoot: Bool = false
    ) -> (seconds: Double, reason: String)? {
        switch error.code {
        case "docker_unavailable" where afterBoot:
            (Self.dockerTimeout, "waiting for docker")
        case let code where Self.unreachable.contains(code):
            (settings.agentTimeout, "waiting for the host to answer")
        case "instance_not_found":
            // A look that finds nothing just after a change proves nothing.
            (settings.consistencyTimeout, "waiting for EC2 to show the instance")
        case let code where ErrorClass.isThrottle(code):
            (settings.throttleTimeout, Self.throttled)
        case "host_locked":
            // A step of a run that was killed goes on by itself; its own limits end it.
            (settings.busyTimeout, "waiting for an earlier step to end on the host")
        default: nil
        }
    }

    /// EC2's checks when they are not passed; nil when they are, or cannot be read.
    private func failingChecks() -> StatusChecks? {
        guard let checks = try? edges.cloud.statusChecks(target.instance) else { return nil }
        return checks.arePassed ? nil : checks
    }

    private func checksFailed(_ checks: StatusChecks, _ cause: Diagnostic) -> Diagnostic {
        Diagnostic(
            "status_checks_failed",
            "\(target.instance) does not pass EC2's status checks and does not answer.",
            detail: "After \(Int(settings.statusTimeout / 60)) minutes: \(checks).",
            hint:
                "aws ec2 get-console-output --instance-id \(target.instance) shows how it booted.",
            cause: cause
        )
    }

    private func agentMissing(_ cause: Diagnostic) -> Diagnostic {
        Diagnostic(
            "agent_not_online",
            "The instance runs, but its SSM agent does not come online.",
            detail: cause.detail,
            hint: "Look at the agent on the host, or reach it with --transport ssh.",
            cause: cause
        )
    }
}
