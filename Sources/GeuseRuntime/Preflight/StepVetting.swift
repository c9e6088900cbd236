/// The preflight of a single step that a script asks for without having planned it.
public struct StepVetting {
    private let preflight: Preflight
    private let stack: StackName
    private let host: any Host
    private let allowed: Set<String>
    private let dumps: [DataDump]
    private let reserves: Bool

    /// Bundles what a step is held to.
    ///
    /// - Parameters:
    ///   - preflight: the checks.
    ///   - plan: the plan that was confirmed; its backup has the dumps that this one names.
    ///   - host: asks registries.
    ///   - allowed: the refusals that a person has overruled.
    public init(
        _ preflight: Preflight,
        _ plan: Plan,
        _ host: any Host,
        allowing allowed: Set<String>
    ) {
        self.preflight = preflight
        self.host = host
        self.allowed = allowed
        stack = plan.stack
        dumps = plan.dumps
        reserves = plan.reservesCapacity
    }

    /// Refuses the step where a plan with it would have been refused.
    ///
    /// - Throws: `Diagnostic`; `dump_not_taken` where the backup lacks a dump that the step needs.
    public func check(_ step: PlanStep, _ facts: LiveFacts) throws {
        guard !step.onlyAdds else { return }
        var plan = Plan(stack: stack, steps: [step])
        plan.reserveCapacity(reserves)
        var facts = facts
        try ImageLookups.complete(&facts, for: plan, over: host)
        plan.images = facts.host?.registry ?? []
        if let host = facts.host { plan.dumps = DataDump.all(plan.steps, host) }
        let report = PreflightReport(try preflight.checks(plan, facts), allowing: allowed)
        if let refusal = report.refusal { throw refusal }
        let lacking = plan.dumps.filter { !dumps.contains($0) }
        guard lacking.isEmpty || allowed.contains("no-dump") else {
            throw Diagnostic(
                "dump_not_taken",
                "It needs a dump that the run's backup does not have.",
                kind: .refused
            )
        }
    }
}

extension PlanStep {
    /// Whether it changes nothing that runs and nothing that is kept.
    var onlyAdds: Bool {
        switch self {
        case .backup, .pull, .openWindow, .closeWindow, .checkpoint, .operation(.confirm): true
        default: false
        }
    }
}
