import Testing

@testable import GeuseRuntime

/// A script that goes on after a type was taken in place of the wanted one.
@Suite("A type to fall back to")
struct FallbackTests {
    private static let noRoom = "start=InsufficientInstanceCapacity@t3.large"
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    private func resize(_ stack: any Primitives, _ type: String, _ fallback: [String] = []) throws {
        try stack.resize(InstanceType(type), fallback: fallback.map { try InstanceType($0) })
    }

    /// The wanted type has no room, the one after it has.
    private func taken(_ script: (any Primitives) throws -> Void) throws -> UpdateResult {
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault(Self.noRoom)
        try script(session)
        return try session.finish()
    }

    @Test("that is the present one is left out, in both runs")
    func present() throws {
        let script: (any Primitives) throws -> Void = {
            try resize($0, "t3.large", ["t3.medium", "t3.xlarge"])
        }
        let plan = try fixture.plan(script)
        let step = PlanStep.resize(
            from: "t3.medium",
            to: InstanceType(unchecked: "t3.large"),
            fallback: [InstanceType(unchecked: "t3.xlarge")]
        )
        #expect(plan.steps == [.backup(label: nil), step])
        #expect(try fixture.run(script).changesApplied == ["instance_type:t3.large"])
    }

    @Test("is neither the wanted one nor named twice: no type is tried anew")
    func once() throws {
        let plan = try fixture.plan {
            try resize(
                $0,
                "t3.large",
                ["t3.large", "t3.xlarge", "t3.medium", "t3.2xlarge", "t3.xlarge", "t3.large"]
            )
        }
        let step = PlanStep.resize(
            from: "t3.medium",
            to: InstanceType(unchecked: "t3.large"),
            fallback: [
                InstanceType(unchecked: "t3.xlarge"), InstanceType(unchecked: "t3.2xlarge"),
            ]
        )
        #expect(plan.steps == [.backup(label: nil), step])
    }

    @Test("that is the present one is what the undo starts when there is room for no other")
    func undone() throws {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { try resize($0, "t3.large", ["t3.medium"]) }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault(Self.noRoom)
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
    }

    @Test(
        "that was taken is where the rest of the plan goes on from",
        arguments: ["t3.medium", "t3.2xlarge", "t3.xlarge"],
        [false, true]
    )
    func goesOn(_ type: String, _ isInWindow: Bool) throws {
        let result = try taken { stack in
            if isInWindow { try stack.openWindow("w") }
            try resize(stack, "t3.large", ["t3.xlarge"])
            try resize(stack, type)
            if isInWindow { try stack.closeWindow("w", failed: false) }
        }
        let rest = type == "t3.xlarge" ? [] : ["instance_type:\(type)"]
        #expect(result.changesApplied == ["instance_type:t3.xlarge"] + rest)
        let facts = try fixture.facts()
        #expect(facts.instance.type == type)
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        let state = try fixture.loaded().state
        #expect(state.status == .running && state.config.instanceType.text == type)
        #expect(try fixture.lastOutcome() == .done)
    }

    @Test("that was taken may be asked for again, and so may what it stands for")
    func again() throws {
        let result = try taken { stack in
            for _ in 0..<2 { try resize(stack, "t3.large", ["t3.xlarge"]) }
        }
        #expect(result.changesApplied == ["instance_type:t3.xlarge"])
        #expect(try fixture.facts().instance.type == "t3.xlarge")
    }

    @Test("that was taken is no leave for what was not planned")
    func diverged() throws {
        let script: (any Primitives) throws -> Void = {
            try resize($0, "t3.large", ["t3.xlarge"])
            try resize($0, "t3.medium")
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault(Self.noRoom)
        try resize(session, "t3.large", ["t3.xlarge"])
        #expect(refusal { try resize(session, "t3.2xlarge") } == "plan_diverged")
    }

    @Test("that was taken is undone with what follows it")
    func failsLater() throws {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = {
            try resize($0, "t3.large", ["t3.xlarge"])
            try resize($0, "t3.2xlarge")
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault(Self.noRoom)
        try fixture.fault("start=Unsupported@t3.2xlarge")
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(error.code == "Unsupported")
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
    }

    @Test("that was taken does not stay when an earlier state of the wanted type is brought back")
    func rolledBack() throws {
        try fixture.run { try resize($0, "t3.large") }
        try fixture.run { try $0.setImage(n8n, ImageReference("n8nio/n8n:1.20.0")) }
        try fixture.run { try resize($0, "t3.medium") }
        let script: (any Primitives) throws -> Void = { stack in
            try resize(stack, "t3.large", ["t3.xlarge"])
            if stack is Session { try fixture.sandbox.clearFaults(fixture.name) }
            _ = try stack.rollback(to: .version(2))
        }
        _ = try taken(script)
        let facts = try fixture.facts()
        #expect(facts.instance.type == "t3.large")
        #expect(facts.host?.service(n8n)?.image == "n8nio/n8n:1.19.0")
    }

    @Test("that was taken is not what a rollback was planned to stay at")
    func staysNoMore() throws {
        try fixture.run { try resize($0, "t3.large") }
        try fixture.run { try resize($0, "t3.medium") }
        let error = #expect(throws: Diagnostic.self) {
            try taken { stack in
                try resize(stack, "t3.large", ["t3.xlarge"])
                _ = try stack.rollback(to: .version(1))
            }
        }
        #expect(error?.code == "plan_diverged")
    }
}
