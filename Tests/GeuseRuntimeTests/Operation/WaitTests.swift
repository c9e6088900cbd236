import Testing

@testable import GeuseRuntime

@Suite("Waiting for a moment")
struct WaitTests {
    private let large = InstanceType(unchecked: "t3.large")
    private let fixture: StackFixture

    init() throws { fixture = try StackFixture() }

    private func refusal(_ body: () throws -> Void) -> Diagnostic? {
        do {
            try body()
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    @Test("takes the real time once and the script's own time in both runs")
    func time() throws {
        let start = fixture.clock.now()
        var seen: [Double] = []
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start.adding(seconds: 3600), finishBy: nil)
            seen.append(stack.now().seconds - start.seconds)
            try stack.restart(ServiceName(unchecked: "n8n"))
        }
        let plan = try fixture.plan(script)
        #expect(fixture.clock.now().seconds - start.seconds < 60)
        let session = try fixture.session(plan)
        try script(session)
        _ = try session.finish()
        #expect(fixture.clock.now().seconds - start.seconds >= 3600)
        #expect(seen.count == 2 && abs(seen[0] - seen[1]) < 1)
    }

    @Test("in a plan that leaves no room for its change is refused before anything is touched")
    func tooShort() throws {
        let start = fixture.clock.now()
        let error = refusal {
            _ = try fixture.plan { stack in
                let opens = start.adding(seconds: 60)
                try stack.wait(until: opens, finishBy: opens.adding(seconds: 100))
                try stack.resize(large, fallback: [])
            }
        }
        #expect(error?.code == "too_late" && error?.kind == .refused)
    }

    @Test("gives up before the end by the real clock, with nothing changed")
    func tooLate() throws {
        let start = fixture.clock.now()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start, finishBy: start.adding(seconds: 300))
            try stack.resize(large, fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        // The question was answered late; the script cannot know.
        try fixture.clock.sleep(200, Cancellation())
        let error = try #require(refusal { try script(session) })
        #expect(error.code == "too_late")
        #expect(session.compensate(because: error) == .nothingChanged)
        #expect(try fixture.requests().contains("StopInstances") == false)
    }

    @Test("counts a window as one interruption")
    func window() throws {
        let start = fixture.clock.now()
        func script(_ seconds: Double) -> (any Primitives) throws -> Void {
            { stack in
                try stack.wait(until: start, finishBy: start.adding(seconds: seconds))
                try stack.openWindow("w")
                try stack.resize(large, fallback: [])
                try stack.closeWindow("w", failed: false)
            }
        }
        #expect(refusal { _ = try fixture.plan(script(100)) }?.code == "too_late")
        let session = try fixture.session(fixture.plan(script(130)))
        try fixture.clock.sleep(60, Cancellation())
        #expect(refusal { try script(130)(session) }?.code == "too_late")
        #expect(try fixture.requests().contains("StopInstances") == false)
    }

    @Test("looks again after a long wait, and does not go on with another stack")
    func moved() throws {
        let start = fixture.clock.now()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start.adding(seconds: 3600), finishBy: nil)
            try stack.resize(large, fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        let cloud = fixture.sandbox.cloud(fixture.name)
        let id = try fixture.target().instance
        try cloud.stop(id)
        try fixture.clock.sleep(60, Cancellation())
        try cloud.setType(id, to: InstanceType("t3.small"))
        try cloud.start(id)
        let error = try #require(refusal { try script(session) })
        #expect(error.code == "facts_moved")
        #expect(session.compensate(because: error) == .nothingChanged)
        #expect(try fixture.facts().instance.type == "t3.small")
    }

    @Test("ends at once when the run is interrupted")
    func interrupted() throws {
        let start = fixture.clock.now()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start.adding(seconds: 3600), finishBy: nil)
            try stack.resize(large, fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        _ = fixture.cancellation.cancel()
        #expect(refusal { try script(session) }?.kind == .interrupted)
    }

    @Test("for more than a day, or to an end before it, is a mistake")
    func mistakes() throws {
        let start = fixture.clock.now()
        let far = start.adding(seconds: 86500)
        #expect(
            refusal { _ = try fixture.plan { try $0.wait(until: far, finishBy: nil) } }?.code
                == "wait_too_long"
        )
        #expect(
            refusal { _ = try fixture.plan { try $0.wait(until: start, finishBy: start) } }?.code
                == "invalid_argument"
        )
    }

    @Test("counts for how long credentials have to last")
    func credentials() throws {
        let start = fixture.clock.now()
        let plan = try fixture.plan { stack in
            let opens = start.adding(seconds: 3600)
            try stack.wait(until: opens, finishBy: opens.adding(seconds: 600))
            try stack.resize(large, fallback: [])
        }
        #expect(abs(plan.waiting(from: start) - 4200) < 1)
        #expect(Plan(stack: fixture.name).waiting(from: start) == 0)
    }
}
