import Testing

@testable import GeuseRuntime

/// EC2 has no room for the type: asked again, then the next type, then the old one, for a bounded time.
@Suite("A lack of capacity")
struct CapacityTests {
    static let codes = [
        "InsufficientInstanceCapacity", "ReservationCapacityExceeded",
        "Server.InsufficientInstanceCapacity",
    ]

    @Test("that is over soon is waited out", arguments: codes)
    func short(_ code: String) throws {
        let update = try FaultedUpdate(["start=\(code)@t3.large*2"])
        try update.expectDone()
        #expect(update.count("StartInstances") == 3)
        #expect(update.count("ModifyInstanceAttribute") == 1)
    }

    @Test(
        "that stays is asked about for two minutes, then the old type runs again",
        arguments: codes
    )
    func lasting(_ code: String) throws {
        let update = try FaultedUpdate(["start=\(code)@t3.large"])
        try update.expectUndone(code)
        let starts = update.requests.filter { $0.operation == "StartInstances" }
        let asked = starts.dropLast()
        let first = try #require(asked.first)
        let last = try #require(asked.last)
        #expect(asked.count >= 5)
        #expect((80...120).contains(last.time.seconds - first.time.seconds))
        #expect(update.count("ModifyInstanceAttribute") == 2)
    }

    @Test("leads to the next fallback type, and the state says which")
    func fallback() throws {
        let update = try FaultedUpdate(
            [
                "start=InsufficientInstanceCapacity@t3.large",
                "start=Server.InsufficientInstanceCapacity@t3.xlarge",
            ],
            fallback: ["t3.xlarge", "t3.2xlarge"]
        )
        try update.expectDone(type: "t3.2xlarge")
        #expect(
            update.warnings == [
                "There was no capacity for t3.large; t3.2xlarge was taken instead."
            ]
        )
    }

    @Test("of every fallback type brings the old type back, and no warning claims another")
    func noFallback() throws {
        let update = try FaultedUpdate(
            [
                "start=InsufficientInstanceCapacity@t3.large",
                "start=InsufficientInstanceCapacity@t3.xlarge",
            ],
            fallback: ["t3.xlarge"]
        )
        try update.expectUndone("InsufficientInstanceCapacity")
        #expect(update.warnings.isEmpty)
        #expect(update.count("ModifyInstanceAttribute") == 3)
    }

    @Test("of the old type too is asked about until the rollback's limit, then left to recover")
    func nothing() throws {
        let update = try FaultedUpdate(["start=InsufficientInstanceCapacity"])
        let left = try update.expectLeft("InsufficientInstanceCapacity")
        #expect(left.detail?.contains("InsufficientInstanceCapacity") == true)
        let limit = update.fixture.settings.rollbackTimeout
        #expect((limit...(limit + 200)).contains(update.seconds))
        #expect(update.person.decisions == [.keepAsking(type: "t3.medium", after: limit)])
        // It is the old type that is left stopped, with the services not to start by themselves.
        let instance = try update.fixture.facts().instance
        #expect(instance.type == "t3.medium" && instance.state == .stopped)
        try update.expectServicesDown()
        try update.expectRecoverable()
    }

    @Test("of the old type too is asked about for longer if a person wants that")
    func longer() throws {
        let update = try FaultedUpdate(
            ["start=InsufficientInstanceCapacity*90"],
            answers: [true, true]
        )
        try update.expectUndone("InsufficientInstanceCapacity")
        let limit = update.fixture.settings.rollbackTimeout
        #expect(update.person.decisions.count == 2)
        #expect(update.seconds > 2 * limit)
    }

    @Test("A start that falls back to stopped fails at once, whatever the reason")
    func blindSpot() throws {
        let update = try FaultedUpdate(["start=Server.InternalError@t3.large*1"])
        try update.expectUndone("Server.InternalError")
        // Ten minutes is what a waiter without this would have taken.
        #expect(update.seconds < 60)
        #expect(update.count("StartInstances") == 2)
    }
}
