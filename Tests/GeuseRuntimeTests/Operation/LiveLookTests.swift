import Testing

@testable import GeuseRuntime

/// Reads are live for as long as nothing is predicted, and after a sleep they are new.
@Suite("A look after a sleep")
struct LiveLookTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let qdrant = ServiceName(unchecked: "qdrant")
    private let fixture: StackFixture
    private let well: LiveFacts
    private let sick: LiveFacts

    init() throws {
        fixture = try StackFixture()
        well = try fixture.facts()
        try fixture.fault("health=unhealthy:n8n")
        sick = try fixture.facts()
        try fixture.sandbox.clearFaults(fixture.name)
    }

    private func rehearsal(_ read: @escaping () throws -> LiveFacts) throws -> Rehearsal {
        Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(fixture.sandbox.cloud(fixture.name)),
            tagLists: TagLists(fixture.sandbox.host(fixture.name)),
            started: fixture.clock.now(),
            clock: fixture.clock,
            cancellation: fixture.cancellation,
            read: read
        )
    }

    private func isWell(_ services: JSONValue?) -> Bool { services?["n8n"]?["well"] == true }

    @Test("lets a script wait for something in its rehearsal, which takes that time")
    func polls() throws {
        var looks = 0
        let rehearsal = try rehearsal { [sick, well] in
            looks += 1
            return looks < 3 ? sick : well
        }
        let start = fixture.clock.monotonic()
        var rounds = 0
        while try !isWell(rehearsal.health()), rounds < 10 {
            try rehearsal.sleep(5)
            rounds += 1
        }
        #expect(rounds == 2 && looks == 3)
        #expect(abs(fixture.clock.monotonic() - start - 10) < 0.01)
        #expect(rehearsal.facts == well)
        // Without a sleep in between nothing is asked again.
        for _ in 0..<5 { _ = try (rehearsal.health(), rehearsal.describe()) }
        #expect(looks == 3)
    }

    @Test("takes a minute at most in a rehearsal, and none when the script had not looked before")
    func pauses() throws {
        var looks = 0
        let rehearsal = try rehearsal { [well] in
            looks += 1
            return well
        }
        let start = fixture.clock.monotonic()
        try rehearsal.sleep(3000)
        _ = try rehearsal.describe()
        #expect(fixture.clock.monotonic() == start)
        try rehearsal.sleep(3000)
        #expect(fixture.clock.monotonic() == start)
        _ = try rehearsal.describe()
        #expect(abs(fixture.clock.monotonic() - start - 60) < 0.01)
        #expect(looks == 2)
        #expect(rehearsal.now().seconds - start >= 6000)
    }

    @Test("is what the plan is made from")
    func plan() throws {
        var present = well
        let rehearsal = try rehearsal { present }
        _ = try rehearsal.describe()
        present.instance.type = "t3.large"
        try rehearsal.sleep(1)
        #expect(try rehearsal.describe()["instance"]?["type"] == "t3.large")
        try rehearsal.resize(InstanceType("t3.large"), fallback: [])
        #expect(rehearsal.plan.isEmpty)
        #expect(rehearsal.facts?.instance.type == "t3.large")
    }

    @Test("shows what is predicted once a change is planned, and takes no time")
    func predicted() throws {
        var looks = 0
        let rehearsal = try rehearsal { [sick] in
            looks += 1
            return sick
        }
        try rehearsal.restart(qdrant)
        let start = fixture.clock.monotonic()
        try rehearsal.sleep(30)
        #expect(try !isWell(rehearsal.health()))
        #expect(try isWell(rehearsal.waitHealthy(timeout: 300)))
        #expect(try isWell(rehearsal.describe()["services"]))
        #expect(looks == 1)
        #expect(fixture.clock.monotonic() == start)
    }

    @Test("A wait for health before the first change really waits, and fails, in the rehearsal")
    func waits() throws {
        let ill = try rehearsal { [sick] in sick }
        let start = fixture.clock.monotonic()
        let error = #expect(throws: Diagnostic.self) { _ = try ill.waitHealthy(timeout: 20) }
        #expect(error?.code == "not_healthy")
        #expect(error?.summary.contains("n8n") == true)
        #expect((19.9...23).contains(fixture.clock.monotonic() - start))
        var looks = 0
        let recovering = try rehearsal { [sick, well] in
            looks += 1
            return looks < 3 ? sick : well
        }
        #expect(try isWell(recovering.waitHealthy(timeout: 20)))
        var stopped = well
        stopped.instance.state = .stopped
        stopped.host = nil
        let down = try rehearsal { stopped }
        #expect(refusal { try down.waitHealthy(timeout: 300) } == "host_unreachable")
    }

    @Test("is live in the real run, of all that describe tells")
    func session() throws {
        let session = try fixture.session(fixture.plan { try $0.restart(qdrant) })
        #expect(try isWell(session.describe()["services"]))
        try fixture.fault("health=unhealthy:n8n")
        #expect(try isWell(session.describe()["services"]))
        try session.sleep(300)
        #expect(try !isWell(session.describe()["services"]))
        #expect(try !isWell(session.health()))
    }
}
