extension Session {
    /// Lets a start or a stop that is under way come to its end, whoever began it.
    func settleInstance() throws {
        facts.instance = try Waiter(
            expected: nil,
            limit: max(settings.stopTimeout, settings.startTimeout),
            clock: edges.clock,
            cancellation: edges.cancellation
        ).wait(
            for: "\(target.instance) to come to rest",
            read: {
                guard let instance = try edges.cloud.instance(target.instance) else {
                    throw Diagnostic(
                        "instance_not_found",
                        "The instance \(target.instance) is gone.",
                        kind: .needsAttention
                    )
                }
                return instance
            },
            judge: { instance in
                switch instance.state {
                case .running, .stopped: .reached
                case .pending, .stopping: .waiting
                default:
                    .unreachable(
                        Diagnostic(
                            "wrong_state",
                            "The instance is \(instance.state.rawValue).",
                            hint: "It cannot be brought back; make a new one and adopt it: "
                                + "geusemaker adopt NAME --instance-id i-...",
                            kind: .needsAttention
                        )
                    )
                }
            }
        )
    }

    /// Brings the instance up for a run that goes on after a kill, and looks at it.
    func bringInstanceUp() throws {
        try settleInstance()
        if facts.instance.state != .running {
            servicesNeedStart = true
            try startInstance()
        }
        try whenReachable { try look() }
    }
}
