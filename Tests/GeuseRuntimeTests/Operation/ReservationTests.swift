import Testing

@testable import GeuseRuntime

/// Room for the new type, held before anything stops.
@Suite("Reserved capacity")
struct ReservationTests {
    private static func large(_ fallback: [String] = []) -> (any Primitives) throws -> Void {
        { stack in
            try stack.resize(
                InstanceType(unchecked: "t3.large"),
                fallback: fallback.map { InstanceType(unchecked: $0) }
            )
        }
    }

    private struct Run {
        let fixture: StackFixture
        var result: UpdateResult?
        var error: Diagnostic?
        var compensation: Session.Compensation?
        var requests: [SandboxRequest] = []

        func count(_ operation: String) -> Int { requests.count { $0.operation == operation } }
        var reservations: [SandboxReservation] {
            get throws { try fixture.sandbox.world(fixture.name).instance.reservations }
        }
    }

    private func run(
        _ faults: [String],
        fallback: [String] = [],
        changing change: (inout SandboxWorld) throws -> Void = { _ in }
    ) throws -> Run {
        let fixture = try StackFixture()
        try fixture.sandbox.change(fixture.name, change)
        let script = Self.large(fallback)
        var plan = try fixture.plan(script)
        plan.reserveCapacity(true)
        #expect(plan.reservesCapacity)
        let session = try fixture.session(plan)
        for fault in faults {
            try fixture.fault(fault)
        }
        var run = Run(fixture: fixture)
        do {
            try script(session)
            run.result = try session.finish()
        } catch let error as Diagnostic {
            run.error = error
            run.compensation = session.compensate(because: error)
        }
        run.requests = try fixture.sandbox.world(fixture.name).log
        return run
    }

    @Test("is made before anything stops, named by the instance, and released")
    func held() throws {
        let run = try run([])
        #expect(run.error == nil)
        let names = run.requests.map(\.operation)
        let made = try #require(names.firstIndex(of: "CreateCapacityReservation"))
        let stopped = try #require(names.firstIndex(of: "host.stop"))
        #expect(made < stopped)
        let reservations = try run.reservations
        #expect(reservations.map(\.isCancelled) == [true])
        #expect(try run.fixture.facts().instance.type == "t3.large")
        #expect(
            run.result?.warnings.contains { $0.contains("CapacityReservationPreference=open") }
                == true
        )
    }

    @Test("that there is none of ends the run before anything stops")
    func none() throws {
        let run = try run(["start=InsufficientInstanceCapacity@t3.large"])
        #expect(run.error?.code == "InsufficientInstanceCapacity")
        #expect(run.compensation == .nothingChanged)
        #expect(run.count("host.stop") == 0)
        #expect(run.count("StopInstances") == 0)
        #expect(try run.reservations.isEmpty)
    }

    @Test("is asked for of the fallback types too, in order")
    func fallback() throws {
        let run = try run(
            ["start=InsufficientInstanceCapacity@t3.large"],
            fallback: ["t3.xlarge"]
        )
        #expect(run.error == nil)
        #expect(try run.fixture.facts().instance.type == "t3.xlarge")
        // The type is set once: there was no start that failed.
        #expect(run.count("ModifyInstanceAttribute") == 1)
        #expect(
            run.result?.warnings.contains(
                "There was no room for t3.large; t3.xlarge was taken instead."
            ) == true
        )
    }

    @Test("that EC2 decides on later is waited for")
    func pending() throws {
        let run = try run(["reserve=pending*1"])
        #expect(run.error == nil)
        let isLook: (SandboxRequest) -> Bool = {
            $0.operation == "DescribeCapacityReservations" && $0.subject?.hasPrefix("cr-") == true
        }
        let stopped = try #require(run.requests.firstIndex { $0.operation == "host.stop" })
        #expect(run.requests[..<stopped].count(where: isLook) == SandboxInstance.pendingLooks)
        #expect(try run.reservations.map(\.state) == ["cancelled"])
        #expect(try run.fixture.facts().instance.type == "t3.large")
    }

    @Test(
        "that comes to nothing stops nothing, and the next type is asked for",
        arguments: ["failed", "pending-failed"]
    )
    func failed(_ state: String) throws {
        let alone = try run(["reserve=\(state)"])
        #expect(alone.error?.code == "InsufficientCapacity")
        #expect(alone.compensation == .nothingChanged)
        #expect(alone.count("host.stop") == 0)
        #expect(try alone.reservations.map(\.state) == ["failed"])
        let other = try run(["reserve=\(state)@t3.large"], fallback: ["t3.xlarge"])
        #expect(other.error == nil)
        #expect(try other.fixture.facts().instance.type == "t3.xlarge")
        #expect(try other.reservations.map(\.state) == ["failed", "cancelled"])
        #expect(other.result?.warnings.contains { $0.contains("could not be released") } == false)
    }

    @Test(
        "that is refused for the type leaves the fallback types",
        arguments: ["Unsupported", "InstanceLimitExceeded"]
    )
    func refusedType(_ code: String) throws {
        let run = try run(["reserve=\(code)@t3.large"], fallback: ["t3.xlarge"])
        #expect(run.error == nil)
        #expect(try run.fixture.facts().instance.type == "t3.xlarge")
        #expect(
            run.result?.warnings.contains(
                "t3.large could not be reserved (\(code)); t3.xlarge was taken instead."
            ) == true
        )
    }

    @Test(
        "that EC2 has too many requests for is asked for again; nothing is held where that goes on"
    )
    func throttled() throws {
        let run = try run(["reserve=RequestLimitExceeded*9"])
        #expect(run.error == nil)
        #expect(try run.reservations.map(\.state) == ["cancelled"])
        let never = try self.run(["reserve=RequestLimitExceeded"])
        #expect(never.error?.code == "RequestLimitExceeded")
        #expect(never.compensation == .nothingChanged)
        #expect(never.count("host.stop") == 0)
        #expect(try never.reservations.isEmpty)
        // EC2 has said that it did nothing.
        let isTold = never.fixture.observer.events.contains {
            if case .warning(let text) = $0 { text.contains("reserved room") } else { false }
        }
        #expect(!isTold)
    }

    @Test("is released when the run is undone, and the instance starts without it")
    func undone() throws {
        let run = try run(["efs=read-only:boot*1"])
        #expect(run.error?.code == "efs_read_only")
        #expect(run.compensation == .restored)
        #expect(try run.reservations.map(\.isCancelled) == [true])
        let instance = try run.fixture.facts().instance
        #expect(instance.type == "t3.medium")
        #expect(instance.capacityReservation == nil)
    }

    @Test("is released when the undo fails, too, and recover has nothing left to release")
    func undoFails() throws {
        let run = try run(["up=fail"])
        guard case .incomplete(let left) = run.compensation else {
            Issue.record("\(String(describing: run.compensation))")
            return
        }
        #expect(left.code == "not_restored")
        #expect(try run.reservations.map(\.state) == ["cancelled"])
        try run.fixture.sandbox.clearFaults(run.fixture.name)
        #expect(try run.fixture.recover(.abort) == .restored)
        #expect(try run.fixture.facts().instance.capacityReservation == nil)
        #expect(try run.fixture.facts().instance.type == "t3.medium")
    }

    @Test(
        "what the instance asked of reservations before is put back by an undo, and advised after a run"
    )
    func original() throws {
        let arn = "arn:aws:resource-groups:us-east-1:123456789012:group/g"
        for choice in [CapacityChoice(preference: "none"), CapacityChoice(group: arn)] {
            let start = { (world: inout SandboxWorld) in
                world.instance.capacityPreference = choice.preference
                world.instance.capacityGroup = choice.group
            }
            let undone = try run(["efs=read-only:boot*1"], changing: start)
            #expect(undone.compensation == .restored)
            #expect(try undone.fixture.facts().instance.capacity.isSame(as: choice))
            let done = try run([], changing: start)
            #expect(done.error == nil)
            #expect(done.result?.warnings.contains { $0.hasSuffix(choice.argument) } == true)
        }
    }

    @Test("what it asked of reservations is put back by recover after a kill, too")
    func originalAfterKill() throws {
        let fixture = try StackFixture()
        try fixture.sandbox.change(fixture.name) { $0.instance.capacityPreference = "none" }
        try kill(fixture, stopped: true)
        #expect(try fixture.facts().instance.capacity.reservation != nil)
        #expect(try fixture.recover(.abort) == .restored)
        let world = try fixture.sandbox.world(fixture.name)
        #expect(world.instance.capacityReservation == nil)
        #expect(world.instance.capacityPreference == "none")
    }

    /// Begins a resize in reserved room and is gone, as after a kill.
    private func kill(_ fixture: StackFixture, stopped: Bool) throws {
        var plan = try fixture.plan(Self.large())
        plan.reserveCapacity(true)
        let session = try fixture.session(plan)
        _ = try session.backup(label: nil)
        try session.begin(plan.steps[plan.steps.count - 1])
        _ = try session.reserveCapacity([InstanceType(unchecked: "t3.large")])
        guard stopped else { return }
        try session.markUpdating()
        try session.stopServices()
        try session.stopInstance()
        try session.setType(InstanceType(unchecked: "t3.large"), from: "t3.medium")
        try session.directCapacity()
    }

    @Test("of a run that was killed is released by recover", arguments: [false, true])
    func killed(_ stopped: Bool) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try kill(fixture, stopped: stopped)
        let named = try fixture.sandbox.cloud(fixture.name).instance(fixture.target().instance)
        #expect((named?.capacityReservation != nil) == stopped)
        #expect(try fixture.recover(.abort) == .restored)
        try fixture.expectOld(before)
        let world = try fixture.sandbox.world(fixture.name)
        #expect(world.instance.reservations.map(\.isCancelled) == [true])
        #expect(world.instance.capacityReservation == nil)
    }

    @Test(
        "of a run that was killed is used by what goes on with it, and released",
        arguments: [false, true]
    )
    func resumed(_ stopped: Bool) throws {
        let fixture = try StackFixture()
        try kill(fixture, stopped: stopped)
        // Asked for anew it would have another end, which EC2 refuses.
        fixture.clock.advance(600)
        // There is room in the reservation alone.
        try fixture.fault("start=InsufficientInstanceCapacity@t3.large")
        #expect(try fixture.recover(.resume) == .finished(["instance_type:t3.large"]))
        let world = try fixture.sandbox.world(fixture.name)
        #expect(world.instance.type.text == "t3.large")
        #expect(world.instance.reservations.map(\.isCancelled) == [true])
    }

    @Test("of a run that was killed is released by a resume that fails")
    func resumeFails() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try kill(fixture, stopped: false)
        try fixture.fault("modify=InvalidInstanceAttributeValue*1")
        guard case .fellBack = try fixture.recover(.resume) else {
            Issue.record("the resumed run has not failed")
            return
        }
        try fixture.expectOld(before)
        let world = try fixture.sandbox.world(fixture.name)
        #expect(world.instance.reservations.map(\.isCancelled) == [true])
    }

    @Test("that was given back before the kill is asked for anew")
    func anew() throws {
        let fixture = try StackFixture()
        try kill(fixture, stopped: false)
        let cloud = fixture.sandbox.cloud(fixture.name)
        let made = try #require(
            try fixture.sandbox.world(fixture.name).instance.reservations.first
        )
        try cloud.cancelCapacityReservation(made.id)
        fixture.clock.advance(600)
        #expect(try fixture.recover(.resume) == .finished(["instance_type:t3.large"]))
        let reservations = try fixture.sandbox.world(fixture.name).instance.reservations
        #expect(reservations.map(\.isCancelled) == [true, true])
    }

    @Test("is found again by its client's token, and by no other parameters")
    func token() throws {
        let fixture = try StackFixture()
        let cloud = fixture.sandbox.cloud(fixture.name)
        let instance = try #require(try cloud.instance(fixture.target().instance))
        let run = RunID.make(at: fixture.clock.now())
        func reserve(_ attempt: Int, _ seconds: Double) throws -> String {
            try cloud.reserveCapacity(
                InstanceType(unchecked: "t3.large"),
                for: instance,
                run: run,
                attempt: attempt,
                until: fixture.clock.now().adding(seconds: seconds)
            ).id
        }
        let first = try reserve(0, 60)
        #expect(try reserve(0, 60) == first)
        #expect(refusal { try reserve(0, 61) } == "IdempotentParameterMismatch")
        #expect(try reserve(1, 61) != first)
    }

    @Test("that a resize left named is set right by the next one")
    func next() throws {
        let run = try run([])
        let fixture = run.fixture
        #expect(try fixture.facts().instance.capacityReservation != nil)
        fixture.clock.advance(5)
        try fixture.run { try $0.resize(InstanceType(unchecked: "t3.medium"), fallback: []) }
        #expect(try fixture.facts().instance.capacityReservation == nil)
    }

    @Test("of somebody else's that the instance names is a refusal while it is held")
    func named() throws {
        let fixture = try PreflightFixture()
        let run = RunID.make(at: fixture.stack.clock.now())
        let cloud = fixture.stack.sandbox.cloud(fixture.stack.name)
        let instance = try #require(try cloud.instance(fixture.stack.target().instance))
        let held = try cloud.reserveCapacity(
            InstanceType(unchecked: "t3.medium"),
            for: instance,
            run: run,
            attempt: 0,
            until: fixture.stack.clock.now()
        )
        let plan = try fixture.resize("t3.large")
        let refused = try fixture.check("capacity_reservation", plan) {
            $0.instance.capacityReservation = held.id
        }
        #expect(refused.refusal?.code == "capacity_reservation_named")
        try cloud.cancelCapacityReservation(held.id)
        let released = try fixture.check("capacity_reservation", plan) {
            $0.instance.capacityReservation = held.id
        }
        #expect(released.outcome == .warning)
    }
}
