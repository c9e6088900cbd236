extension Session {
    /// Lets a start or a stop that is under way come to its end, whoever began it.
    func settleInstance() throws {
        facts.instance = try awaitInstance(
            "\(target.instance) to come to rest",
            expected: nil,
            limit: max(settings.stopTimeout, settings.startTimeout)
        ) { instance in
            switch instance.state {
            case .running, .stopped: .reached
            case .pending, .stopping: .waiting
            default:
                .unreachable(
                    Diagnostic(
                        "wrong_state",
                        "The instance is \(instance.state.rawValue).",
                        hint: "It cannot be brought back; make a new one and adopt it: "
                            + target.command("adopt \(target.name) --instance-id i-... --force"),
                        kind: .needsAttention
                    )
                )
            }
        }
    }

    /// Brings the instance up for a run that goes on after a kill, and looks at it.
    func bringInstanceUp() throws {
        try settleInstance()
        if facts.instance.state != .running {
            servicesAreStopped()
            try startInstance()
        }
        try whenReachable(afterBoot: true) { try look() }
        try refuseIfSuperseded()
    }

    /// Brings up what is configured now, whoever configured it: instance, proof, services, health.
    ///
    /// - Throws: `Diagnostic`; what runs is left as it is then.
    public func standAsConfigured() throws {
        try bringInstanceUp()
        let services = facts.host?.services ?? []
        servicesNeedStart =
            servicesNeedStart
            || services.isEmpty
            || services.contains { !$0.isWell || $0.image != $0.configuredImage }
        try bringUp()
        try look()
        try Rehearsal.proveStorage(target, facts)
        releaseHost()
        let ill = (facts.host?.services ?? []).filter { !$0.isWell }
        guard ill.isEmpty else {
            throw Diagnostic(
                "not_healthy",
                "Not well: " + ill.map(\.name.text).joined(separator: ", ") + ".",
                hint: target.command("describe \(target.name)"),
                kind: .needsAttention
            )
        }
    }

    /// The same as a run of its own, with its end on record, whichever it is.
    ///
    /// - Throws: `Diagnostic` with code `not_recovered`.
    public func endAsConfigured() throws {
        do {
            try standAsConfigured()
            try edges.record.keep(facts, rollback: nil, changes: [])
        } catch {
            let cause = Self.diagnostic(error)
            // `failed` in the file, which `recover` takes up again.
            try? edges.record.stopped(because: cause, isWell: false)
            throw Diagnostic(
                "not_recovered",
                "\(target.name) could not be brought up as it is configured.",
                detail: "It stopped at: \(cause.place(else: "looking"))",
                hint: cause.next(then: target.command("recover \(target.name)")),
                // Even when it was interrupted: nothing is undone, and the state file says `failed`.
                kind: .needsAttention,
                cause: cause
            )
        }
    }
}
