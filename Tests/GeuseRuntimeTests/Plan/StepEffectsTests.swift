import Testing

@testable import GeuseRuntime

/// What a plan says that each of its steps does, held to what a run then does.
@Suite("The effects of a step")
struct StepEffectsTests {
    @Test("name the calls that a run makes")
    func calls() throws {
        let fixture = try StackFixture()
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.backup(label: nil)
            try stack.openWindow("update")
            try stack.resize(InstanceType(unchecked: "t3.large"), fallback: [])
            try stack.setImage(FaultedUpdate.n8n, ImageReference(unchecked: FaultedUpdate.newImage))
            try stack.closeWindow("update", failed: false)
        }
        let plan = try fixture.plan(script)
        let planned = plan.stepsInWindows.flatMap { $0.actions(inWindow: $1) }
            .filter { !$0.hasPrefix("host: ") }
        let seen = try fixture.requests().count
        let session = try fixture.session(plan)
        try script(session)
        _ = try session.finish()
        let made = try fixture.requests().dropFirst(seen)
            .filter { ["StopInstances", "ModifyInstanceAttribute", "StartInstances"].contains($0) }
        #expect(planned == Array(made))
    }

    @Test("name the calls that hold room for the type, too")
    func reserved() throws {
        let fixture = try StackFixture()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        var plan = try fixture.plan(script)
        plan.reserveCapacity(true)
        let calls = [
            "CreateCapacityReservation", "StopInstances", "ModifyInstanceAttribute",
            "ModifyInstanceCapacityReservationAttributes", "StartInstances",
        ]
        let actions = plan.json["steps"]?.arrayValue?.last?["actions"]?.arrayValue?
            .compactMap(\.stringValue).filter { !$0.hasPrefix("host: ") }
        #expect(actions == calls + ["at the end: CancelCapacityReservation"])
        let seen = try fixture.requests().count
        let session = try fixture.session(plan)
        try script(session)
        _ = try session.finish()
        let made = try fixture.requests().dropFirst(seen)
            .filter { (calls + ["CancelCapacityReservation"]).contains($0) }
        #expect(Array(made) == calls + ["CancelCapacityReservation"])
    }

    @Test("share the end of an interruption")
    func window() throws {
        let resize = PlanStep.resize(
            from: "t3.medium",
            to: InstanceType(unchecked: "t3.large"),
            fallback: []
        )
        #expect(resize.actions(inWindow: false).last?.contains("compose up") == true)
        #expect(resize.actions(inWindow: true).last == "StartInstances")
        #expect(resize.reversibility == .reversible)
        #expect(PlanStep.backup(label: nil).reversibility == .harmless)
    }

    @Test("are in the plan's data, from which it can be read back")
    func data() throws {
        let fixture = try StackFixture()
        let plan = try fixture.plan {
            try $0.setImage(FaultedUpdate.n8n, ImageReference(unchecked: FaultedUpdate.newImage))
        }
        let steps = try #require(plan.json["steps"]?.arrayValue)
        #expect(steps.last?["reversibility"] == "restore-only")
        #expect(steps.last?["actions"]?.arrayValue?.count == 1)
        #expect(try steps.map(PlanStep.init(json:)) == plan.steps)
    }
}
