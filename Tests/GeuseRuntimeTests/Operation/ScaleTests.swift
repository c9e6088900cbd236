import Testing

@testable import GeuseRuntime

@Suite("The desired capacity of a stack's group")
struct ScaleTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws {
        var options = SandboxOptions()
        options.autoScalingGroup = "asg-1"
        fixture = try StackFixture(options)
    }

    private func group(_ fixture: StackFixture? = nil) throws -> AutoScalingGroup {
        let fixture = fixture ?? self.fixture
        return try #require(try fixture.sandbox.cloud(fixture.name).autoScalingGroup("asg-1"))
    }

    @Test("is set, and waited for until every instance is in service")
    func up() throws {
        var changed: [Bool] = []
        let result = try fixture.run { changed.append(try $0.scale(to: 3)) }
        #expect(changed == [true, true])
        #expect(result.changesApplied == ["desired_capacity:3"])
        #expect(try group().inService == 3)
        #expect(try group().desired == 3)
        // Asking for it again is no change, and nothing to do.
        let plan = try fixture.plan { changed.append(try $0.scale(to: 3)) }
        #expect(changed.last == false)
        #expect(plan.isEmpty)
        try fixture.run { _ = try $0.scale(to: 1) }
        let own = try fixture.target().instance
        #expect(try group().members.map(\.instance) == [own])
    }

    /// The group is to have two instances, of which the second is still on its way.
    private func unsettle(seconds: Double?) throws {
        try fixture.sandbox.change(fixture.name) { world in
            world.group?.desired = 2
            world.group?.members.append(
                SandboxGroup.Member(
                    id: InstanceID(unchecked: "i-0123456789abcdef9"),
                    readyAt: seconds.map { world.time.adding(seconds: $0) }
                )
            )
        }
    }

    @Test("that the group is to have already is waited for until it has it")
    func unsettled() throws {
        try unsettle(seconds: 60)
        var changed: [Bool] = []
        let plan = try fixture.plan { changed.append(try $0.scale(to: 2)) }
        #expect(plan.steps.last?.title == "wait until asg-1 has 2 instances in service")
        #expect(plan.changes.isEmpty && !plan.isEmpty)
        let session = try fixture.session(plan)
        #expect(try session.scale(to: 2))
        let result = try session.finish()
        #expect(result.changesApplied.isEmpty)
        #expect(try group().inService == 2)
        #expect(try !fixture.requests().contains("SetDesiredCapacity"))
        let again = try fixture.plan { changed.append(try $0.scale(to: 2)) }
        #expect(again.isEmpty && changed == [true, false])
    }

    @Test("that the group does not come to is a failure, though it was to have it already")
    func neverSettled() throws {
        try unsettle(seconds: nil)
        let session = try fixture.session(fixture.plan { _ = try $0.scale(to: 2) })
        let error = try #require(#expect(throws: Diagnostic.self) { _ = try session.scale(to: 2) })
        #expect(error.code == "scale_not_reached")
        #expect(session.compensate(because: error) == .nothingChanged)
    }

    @Test("that is there by the time of the run is done as planned")
    func settledMeanwhile() throws {
        try unsettle(seconds: 60)
        let session = try fixture.session(fixture.plan { _ = try $0.scale(to: 2) })
        fixture.clock.advance(120)
        #expect(try session.scale(to: 2))
        _ = try session.finish()
    }

    @Test("of a group that is deleted is not touched; a stack's instance in Standby is told")
    func deleted() throws {
        var gone = try group()
        let own = try fixture.target().instance
        #expect(ScaleRefusal.standby(gone, own: own) == nil)
        gone.status = "Delete in progress"
        for count in [1, 2] {
            #expect(
                refusal { try ScaleRefusal.check(gone, count, own: own) } == "group_being_deleted"
            )
        }
        gone.members[0].lifecycle = "Standby"
        #expect(ScaleRefusal.standby(gone, own: own)?.contains("Standby") == true)
    }

    @Test("is predicted, and shown as a row")
    func predicted() throws {
        var changed: [Bool] = []
        let plan = try fixture.plan { stack in
            for count in [2, 2, 3] { changed.append(try stack.scale(to: count)) }
        }
        #expect(changed == [true, false, true])
        let rows = plan.changes.map { "\($0.subject) \($0.current) \($0.new)" }
        #expect(rows == ["desired capacity 1 2", "desired capacity 2 3"])
        #expect(try group().desired == 1)
    }

    @Test("of a single instance does not exist")
    func single() throws {
        let other = try StackFixture()
        #expect(refusal { _ = try other.plan { _ = try $0.scale(to: 2) } } == "not_scalable")
    }

    @Test("stays within the group's limits", arguments: [0, -1, 5])
    func limits(_ count: Int) {
        #expect(
            refusal { _ = try fixture.plan { _ = try $0.scale(to: count) } }
                == "capacity_out_of_range"
        )
    }

    @Test("is not touched where the group may choose the stack's own instance to end")
    func unprotected() throws {
        var options = SandboxOptions()
        options.autoScalingGroup = "asg-1"
        options.isProtectedFromScaleIn = false
        let other = try StackFixture(options)
        #expect(
            refusal { _ = try other.plan { _ = try $0.scale(to: 2) } } == "scale_in_unprotected"
        )
        var halted = try group()
        halted.suspended = ["AZRebalance", "Launch"]
        let own = try fixture.target().instance
        #expect(refusal { try ScaleRefusal.check(halted, 2, own: own) } == "scaling_suspended")
        // What it is to have already it cannot come to, either.
        halted.desired = 2
        #expect(refusal { try ScaleRefusal.check(halted, 2, own: own) } == "scaling_suspended")
    }

    @Test("is set back when a later step fails")
    func undone() throws {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.scale(to: 2)
            _ = try stack.scale(to: 4)
            try stack.restart(n8n)
        }
        fixture.settings.healthTimeout = 20
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("health=unhealthy:n8n*1")
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(session.compensate(because: error) == .restored)
        #expect(try group().desired == 1 && group().inService == 1)
        try fixture.expectOld(before)
    }

    @Test("that there is no capacity for is undone, with the reason that the group has")
    func noCapacity() throws {
        let session = try fixture.session(fixture.plan { _ = try $0.scale(to: 3) })
        try fixture.fault("scale=InsufficientInstanceCapacity")
        let error = try #require(#expect(throws: Diagnostic.self) { _ = try session.scale(to: 3) })
        #expect(error.code == "scale_not_reached")
        #expect(error.detail?.contains("sufficient capacity") == true)
        #expect(session.compensate(because: error) == .restored)
        #expect(try group().desired == 1 && group().inService == 1)
    }

    @Test("is asked for again while another activity of the group goes on")
    func busy() throws {
        let session = try fixture.session(fixture.plan { _ = try $0.scale(to: 2) })
        try fixture.fault("scale=ScalingActivityInProgress*2")
        #expect(try session.scale(to: 2))
        #expect(try fixture.requests().count { $0 == "SetDesiredCapacity" } == 3)
    }

    @Test(
        "is set back by recover, or kept, or gone on with",
        arguments: [Recovery.Way.byRule, .resume]
    )
    func recovered(_ way: Recovery.Way) throws {
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.scale(to: 2)
            try stack.restart(n8n)
        }
        try { _ = try fixture.session(fixture.plan(script)).scale(to: 2) }()
        let outcome = try fixture.recover(way)
        if way == .resume {
            #expect(outcome == .finished(["n8n restarted"]))
            #expect(try group().desired == 2)
        } else {
            #expect(outcome == .restored)
            #expect(try group().desired == 1 && group().inService == 1)
        }
    }
}
