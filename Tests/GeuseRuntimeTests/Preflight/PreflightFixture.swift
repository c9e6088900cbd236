import Testing

@testable import GeuseRuntime

/// Checks a plan on a simulated stack whose facts a test has changed.
struct PreflightFixture {
    let stack: StackFixture
    /// What stands between the checks and the simulated control plane.
    var between: (PartialCloud) -> Void = { _ in }

    init(_ options: SandboxOptions = SandboxOptions()) throws { stack = try StackFixture(options) }

    /// A plan that changes the type.
    func resize(_ type: String, _ fallback: [String] = []) throws -> Plan {
        var plan = Plan(stack: stack.name)
        plan.steps = [
            .resize(
                from: "t3.medium",
                to: try InstanceType(type),
                fallback: try fallback.map { try InstanceType($0) }
            )
        ]
        return plan
    }

    func checks(
        _ plan: Plan,
        _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> [PreflightCheck] {
        var facts = try stack.facts()
        try ImageLookups.complete(&facts, for: plan, over: stack.sandbox.host(stack.name))
        change(&facts)
        let cloud = PartialCloud(stack.sandbox.cloud(stack.name))
        between(cloud)
        return try Preflight(try stack.target(), CloudLookups(cloud)).checks(plan, facts)
    }

    /// The one check of that name and subject.
    func check(
        _ name: String,
        of subject: String? = nil,
        _ plan: Plan,
        _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> PreflightCheck {
        let found = try checks(plan, change).filter {
            $0.name == name && (subject == nil || $0.subject == subject)
        }
        #expect(found.count == 1, "\(name)")
        return try #require(found.first)
    }
}
