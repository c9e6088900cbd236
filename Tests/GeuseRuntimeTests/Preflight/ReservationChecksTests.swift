import Testing

@testable import GeuseRuntime

@Suite("Whether room may be reserved is asked before the question")
struct ReservationChecksTests {
    private func check(_ code: String?) throws -> PreflightCheck {
        var fixture = try PreflightFixture()
        if let code {
            let refusal = Diagnostic(code, "It was refused.")
            fixture.between = { $0.refused["CreateCapacityReservation"] = refusal }
        }
        var plan = try fixture.resize("t3.large")
        plan.reserveCapacity(true)
        let check = try fixture.check("reserve_capacity", of: "t3.large", plan)
        #expect(try fixture.stack.sandbox.world(fixture.stack.name).instance.reservations.isEmpty)
        return check
    }

    @Test("a dry run that would be done is fine, and reserves nothing")
    func permitted() throws { #expect(try check(nil).outcome == .ok) }

    @Test("one that may not be done is a refusal with the actions that it takes")
    func denied() throws {
        let check = try check("UnauthorizedOperation")
        #expect(check.refusal?.code == "reserve_capacity_denied" && check.allowName == nil)
        for action in [
            "CreateCapacityReservation", "CreateTags", "DescribeCapacityReservations",
            "CancelCapacityReservation", "ModifyInstanceCapacityReservationAttributes",
        ] {
            #expect(check.hint?.contains("ec2:\(action)") == true, "\(action)")
        }
    }

    @Test(
        "any other answer leaves it unknown",
        arguments: ["UnsupportedOperation", "InvalidAction", "Unsupported"]
    )
    func unknown(_ code: String) throws { #expect(try check(code).outcome == .unknown) }

    @Test("every type that may be reserved is asked for, and none without the option")
    func types() throws {
        let fixture = try PreflightFixture()
        var plan = try fixture.resize("t3.large", ["t3.xlarge"])
        func asked() throws -> [String?] {
            try fixture.checks(plan).filter { $0.name == "reserve_capacity" }.map(\.subject)
        }
        #expect(try asked() == [])
        plan.reserveCapacity(true)
        #expect(try asked() == ["t3.large", "t3.xlarge"])
    }

    @Test("an instance for which nothing can be reserved is refused before the question")
    func unsupported() throws {
        var fixture = try PreflightFixture()
        fixture.between = { $0.strategies = ["near": "cluster", "apart": "spread"] }
        var plan = try fixture.resize("t3.large")
        plan.reserveCapacity(true)
        let host = try fixture.check("reserve_capacity", plan) { $0.instance.tenancy = "host" }
        #expect(host.refusal?.code == "reserve_capacity_unsupported" && host.allowName == nil)
        let near = try fixture.check("reserve_capacity", plan) {
            $0.instance.placementGroup = "near"
        }
        #expect(near.refusal?.code == "reserve_capacity_unsupported")
        for (group, tenancy) in [("apart", "default"), (nil, "dedicated")] as [(String?, String)] {
            let check = try fixture.check("reserve_capacity", plan) {
                $0.instance.placementGroup = group
                $0.instance.tenancy = tenancy
            }
            #expect(check.outcome == .ok)
        }
        plan.reserveCapacity(false)
        let without = try fixture.checks(plan) { $0.instance.tenancy = "host" }
        #expect(!without.contains { $0.name == "reserve_capacity" })
    }

    @Test("what confines an instance to reservations without naming one is refused, or told")
    func confined() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.large")
        let arn = "arn:aws:resource-groups:us-east-1:123456789012:group/g"
        for group in [nil, arn] {
            let checks = try fixture.checks(plan) {
                $0.instance.capacity = CapacityChoice(
                    preference: CapacityChoice.reservedOnly,
                    group: group
                )
            }
            let refusal = try #require(PreflightReport(checks).refusals.first)
            #expect(refusal.refusal?.code == "capacity_reservation_unknown")
            #expect(PreflightReport(checks, allowing: ["reservation-unknown"]).refusal == nil)
        }
        // From a group without room EC2 takes the instance elsewhere.
        let open = try fixture.check("capacity_reservation", plan) {
            $0.instance.capacity.group = arn
        }
        #expect(open.outcome == .warning && open.evidence.contains(arn))
        for preference in [nil, "open", "none"] {
            let check = try fixture.check("capacity_reservation", plan) {
                $0.instance.capacity.preference = preference
            }
            #expect(check.outcome == .ok)
        }
    }

    @Test("the simulated cloud can be told to deny it")
    func sandbox() throws {
        let fixture = try PreflightFixture()
        try fixture.stack.fault("reserve=UnauthorizedOperation")
        var plan = try fixture.resize("t3.large")
        plan.reserveCapacity(true)
        let check = try fixture.check("reserve_capacity", plan)
        #expect(check.refusal?.code == "reserve_capacity_denied")
    }
}
