// How a run asks EC2 for a change and waits for it. Stopping, starting and changing the type are
// idempotent (EC2 API Reference), so that asking again never does anything twice.

extension Session {
    /// Asks for a change of the instance and sits out the refusals that pass by themselves.
    ///
    /// - Parameters:
    ///   - isDone: whether an instance is as the change would make it, or on its way there.
    ///   - change: the request.
    /// - Throws: `Diagnostic` with EC2's code when the refusal does not pass in time, or never does.
    func ask(isDone: (Instance) -> Bool, _ change: () throws -> Void) throws {
        let start = edges.clock.monotonic()
        var pause = 1.0
        var looks = 0
        while true {
            do {
                return try change()
            } catch let error as Diagnostic {
                if error.code == "IncorrectInstanceState" {
                    // Whether it is there already is looked up, not guessed from the refusal.
                    looks += 1
                    guard looks <= 3 else { throw error }
                    try settleInstance()
                    if isDone(facts.instance) { return }
                } else if let limit = patience(with: error) {
                    guard edges.clock.monotonic() + pause < start + limit else { throw error }
                } else {
                    throw error
                }
                edges.observer.observe(.stepProgress("\(error.code); asking again"))
                try edges.clock.sleep(pause * .random(in: 0.75...1), edges.cancellation)
                pause = min(pause * 2, 15)
            }
        }
    }

    /// For how many seconds a refusal is worth asking again; nil for one that will not pass.
    private func patience(with error: Diagnostic) -> Double? {
        switch error.code {
        case "InvalidInstanceID.NotFound", EC2Client.launchPlanMismatch:
            settings.consistencyTimeout
        case let code where ErrorClass.isThrottle(code): settings.throttleTimeout
        case let code where ErrorClass.isPassing(code): Waiter.outageLimit
        default: nil
        }
    }

    /// Looks at the instance until a judge is content.
    ///
    /// That EC2 does not know the instance for a while is no proof that it is gone (EC2 Developer
    /// Guide, "Eventual consistency"), and a stop that takes for ever is never
    /// forced unless a person says so.
    func awaitInstance(
        _ goal: String,
        expected: Double?,
        limit: Double,
        judge: (Instance) -> Waiter.Verdict
    ) throws -> Instance {
        var lastSeen = edges.clock.monotonic()
        var last: Instance?
        do {
            let found = try Waiter(
                expected: expected,
                limit: limit,
                clock: edges.clock,
                cancellation: edges.cancellation
            ).wait(
                for: goal,
                read: { try edges.cloud.instance(target.instance) },
                judge: { instance in
                    guard let instance else {
                        let hidden = edges.clock.monotonic() - lastSeen
                        return hidden < settings.consistencyTimeout ? .waiting : .unreachable(gone)
                    }
                    lastSeen = edges.clock.monotonic()
                    last = instance
                    return judge(instance)
                }
            )
            guard let found else { throw gone }
            return found
        } catch let error as Diagnostic where error.code == "wait_timeout" {
            throw last?.state == .stopping ? stuck(error, limit) : error
        }
    }

    private var gone: Diagnostic {
        Diagnostic(
            "instance_not_found",
            "There is no instance \(target.instance) any more.",
            detail: "EC2 has not known it for \(Int(settings.consistencyTimeout)) s.",
            kind: .needsAttention
        )
    }

    /// The code of a stop that does not come to its end.
    static let stopStuck = "stop_stuck"

    /// EC2 User Guide, "Troubleshoot Amazon EC2 instance stop issues": first wait, then force.
    private func stuck(_ timeout: Diagnostic, _ limit: Double) -> Diagnostic {
        Diagnostic(
            Self.stopStuck,
            "The instance \(target.instance) has been stopping for \(Int(limit / 60)) minutes.",
            detail: "A forced stop may lose what is not on the disks yet, so it is left to you: "
                + "aws ec2 stop-instances --force --instance-ids \(target.instance)",
            hint: "Wait or force the stop, then: geusemaker recover \(target.name)",
            kind: .needsAttention,
            cause: timeout
        )
    }
}
