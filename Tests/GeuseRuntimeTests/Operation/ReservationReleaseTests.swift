import Testing

@testable import GeuseRuntime

/// What a run reserved is given back whatever EC2 lists of it, or it is told.
@Suite("Released capacity")
struct ReservationReleaseTests {
    private let fixture: StackFixture

    init() throws { fixture = try StackFixture() }

    /// Resizes in reserved room behind a cloud that a test has changed.
    private func resize(_ change: (PartialCloud) -> Void) throws -> Session {
        let type = InstanceType(unchecked: "t3.large")
        var plan = try fixture.plan { try $0.resize(type, fallback: []) }
        plan.reserveCapacity(true)
        let base = try fixture.session(plan)
        let cloud = PartialCloud(base.edges.cloud)
        change(cloud)
        return base.over(cloud: cloud)
    }

    private func run(_ session: Session) throws -> [String] {
        try session.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        return try session.finish().warnings
    }

    private var reservations: [SandboxReservation] {
        get throws { try fixture.sandbox.world(fixture.name).instance.reservations }
    }

    @Test("What EC2 does not list by its tag yet is released by its id")
    func unlisted() throws {
        let warnings = try run(resize { $0.listsReservations = false })
        #expect(try reservations.map(\.state) == ["cancelled"])
        #expect(warnings.contains { $0.contains("still names the released reservation") })
    }

    @Test("What may not be listed is released by its id, too")
    func unlistable() throws {
        let denied = Diagnostic("UnauthorizedOperation", "No.")
        let warnings = try run(resize { $0.refused["DescribeCapacityReservations"] = denied })
        #expect(try reservations.map(\.state) == ["cancelled"])
        #expect(!warnings.contains { $0.contains("could not be") })
    }

    @Test("What cannot be released is told with the command, and is not called released")
    func refused() throws {
        let denied = Diagnostic("UnauthorizedOperation", "No.")
        let warnings = try run(resize { $0.refused["CancelCapacityReservation"] = denied })
        let made = try #require(try reservations.first)
        #expect(made.state == "active")
        let command = "cancel-capacity-reservation --capacity-reservation-id \(made.id)"
        #expect(warnings.contains { $0.contains(command) && $0.contains("UnauthorizedOperation") })
        #expect(!warnings.contains { $0.contains("released reservation") })
    }

    @Test("What an undo cannot release is told, too")
    func undone() throws {
        try fixture.fault("modify=InvalidInstanceAttributeValue*1")
        let denied = Diagnostic("UnauthorizedOperation", "No.")
        let session = try resize { $0.refused["CancelCapacityReservation"] = denied }
        let error = #expect(throws: Diagnostic.self) { try run(session) }
        #expect(session.compensate(because: try #require(error)) == .restored)
        let made = try #require(try reservations.first)
        #expect(session.leftBehind.contains { $0.contains(made.id) })
    }

    @Test("Of too many requests nothing is left, unless the reply to an earlier try was lost")
    func refusedByThrottling() throws {
        for cause in [nil, Diagnostic("http_status_500", "It failed.")] {
            let refusal = Diagnostic("RequestLimitExceeded", "Too many.", cause: cause)
            let session = try resize { $0.refused["CreateCapacityReservation"] = refusal }
            let error = #expect(throws: Diagnostic.self) { try run(session) }
            #expect(session.compensate(because: try #require(error)) == .nothingChanged)
            let told = session.leftBehind.filter { $0.contains("is not known") }
            #expect(told.count == (cause == nil ? 0 : 1))
            fixture.clock.advance(5)
        }
    }

    @Test("What is pending at the end is taken back when EC2 has decided on it")
    func pending() throws {
        let session = try resize { _ in }
        session.settings.capacityTimeout = 0
        try fixture.fault("reserve=pending*1")
        let error = #expect(throws: Diagnostic.self) { try run(session) }
        #expect(error?.code == "InsufficientCapacity")
        #expect(session.compensate(because: try #require(error)) == .nothingChanged)
        #expect(try reservations.map(\.state) == ["cancelled"])
        #expect(try !fixture.requests().contains("host.stop"))
    }
}
