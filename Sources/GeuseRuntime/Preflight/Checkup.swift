extension Preflight {
    /// What speaks against a stack as it is: its file system and mount first, then its services.
    ///
    /// - Parameters:
    ///   - facts: what is there.
    ///   - command: the command that shows the services.
    /// - Returns: the objections; none when the mount is proven and all services are well.
    public func objections(_ facts: LiveFacts, describe command: String) -> [Diagnostic] {
        let storage = StorageChecks(facts: facts, target: target).run().compactMap(\.refusal)
        guard let host = facts.host else { return [facts.unseen] + storage }
        let ill = host.services.filter { !$0.isWell }
        guard !ill.isEmpty else { return storage }
        return storage + [
            Diagnostic(
                "not_healthy",
                "Not well: " + ill.map(\.name.text).joined(separator: ", ") + ".",
                detail: storage.isEmpty ? "The EFS mount is proven." : nil,
                hint: command
            )
        ]
    }

    /// Checks a stack that nothing is planned for: whether a change would be begun at all.
    ///
    /// What would only refuse a change of the instance type is a warning here; an image can be changed.
    ///
    /// - Parameter facts: what is there.
    /// - Returns: the checks, those of the instance first.
    /// - Throws: `Diagnostic` when the control plane cannot be asked anything.
    public func checkup(_ facts: LiveFacts) throws -> [PreflightCheck] {
        lookups.begin(facts.instance, [])
        var forResize = try InstanceChecks(instance: facts.instance, lookups: lookups).run()
        if let host = facts.host, let type = try? InstanceType(facts.instance.type) {
            var plan = Plan(stack: target.name)
            plan.steps = [.resize(from: type.text, to: type, fallback: [])]
            forResize += BootCheck(plan: plan, host: host).run()
        }
        let resize = forResize.map { check in
            check.outcome == .refused
                ? .warning(
                    check.name,
                    of: check.subject,
                    "A change of the type would be refused: \(check.evidence)",
                    hint: check.hint
                ) : check
        }
        let drift = StackDescription.drift(target.recorded, facts).map {
            PreflightCheck.warning(
                "state_drift",
                "The state file differs from what is there: \($0)."
            )
        }
        return resize + (try checks(Plan(stack: target.name), facts)) + drift
    }
}
