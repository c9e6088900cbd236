import Testing

@testable import GeuseRuntime

/// A step that was not planned and is allowed, as with `--force`: the guards of the plan hold for it.
@Suite("A step that is allowed without having been planned")
struct UnplannedStepTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
    private let large = InstanceType(unchecked: "t3.large")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.allowsExec = true
        let approver = FailingApprover()
        approver.approvesDivergence = true
        approver.saysYes = true
        fixture.approver = approver
    }

    private func isToldOf(_ text: String, _ session: Session) -> Bool {
        session.warnings.contains { $0.contains(text) }
    }

    @Test("opens no window inside of another")
    func nested() throws {
        let before = try fixture.facts()
        let session = try fixture.session(
            fixture.plan { stack in
                try stack.openWindow("a")
                try stack.resize(large, fallback: [])
                try stack.closeWindow("a", failed: false)
            }
        )
        try session.openWindow("a")
        try session.resize(large, fallback: [])
        #expect(refusal { try session.openWindow("b") } == "window_nested")
        #expect(!isToldOf("Not in the plan", session))
        let failure = try #require(session.failure)
        #expect(session.compensate(because: failure) == .restored)
        try fixture.expectOld(before)
    }

    @Test("is no checkpoint, restart, command, prune or rotation inside a window")
    func inWindow() throws {
        let command = try HostCommand(service: n8n, words: ["true"])
        let calls: [(any Primitives) throws -> Void] = [
            { try $0.checkpoint("c") }, { [n8n] in try $0.restart(n8n) },
            { _ = try $0.exec(command) }, { _ = try $0.prune() },
            { [n8n] in try $0.rotateCredentials(of: n8n) },
            { _ = try $0.rollback(to: .version(1)) },
        ]
        for call in calls {
            let fixture = try StackFixture()
            fixture.approver = self.fixture.approver
            fixture.settings.allowsExec = true
            let session = try fixture.session(fixture.plan { try $0.setImage(n8n, image) })
            try session.openWindow("w")
            #expect(refusal { try call(session) } == "inside_window")
            // Said of the window, which was opened, and of nothing else.
            #expect(session.warnings.count { $0.hasPrefix("Not in the plan") } == 1)
        }
    }

    @Test("in a window begins no interruption past the end that the script has set")
    func tooLateInWindow() throws {
        let start = fixture.clock.now()
        let session = try fixture.session(
            fixture.plan { stack in
                try stack.wait(until: start, finishBy: start.adding(seconds: 300))
                try stack.restart(n8n)
            }
        )
        try session.wait(until: start, finishBy: start.adding(seconds: 300))
        try fixture.clock.sleep(250, Cancellation())
        try session.openWindow("w")
        #expect(refusal { try session.resize(large, fallback: []) } == "too_late")
        #expect(!isToldOf("change the instance type", session))
        #expect(try fixture.requests().contains("StopInstances") == false)
    }

    @Test("in a planned window is weighed, too, also while the services are down")
    func tooLateInPlannedWindow() throws {
        let before = try fixture.facts()
        let start = fixture.clock.now()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start, finishBy: start.adding(seconds: 600))
            try stack.openWindow("w")
            try stack.resize(large, fallback: [])
            try stack.closeWindow("w", failed: false)
        }
        let session = try fixture.session(fixture.plan(script))
        try session.wait(until: start, finishBy: start.adding(seconds: 600))
        try session.openWindow("w")
        try session.resize(large, fallback: [])
        try fixture.clock.sleep(600, Cancellation())
        #expect(refusal { try session.setImage(n8n, image) } == "too_late")
        let failure = try #require(session.failure)
        #expect(session.compensate(because: failure) == .restored)
        try fixture.expectOld(before)
    }

    @Test("or was, comes too late where nothing stands still yet and the window's end is too late")
    func tooLateAtTheEnd() throws {
        let before = try fixture.facts()
        let start = fixture.clock.now()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start, finishBy: start.adding(seconds: 300))
            try stack.openWindow("w")
            try stack.setImage(n8n, image)
            if stack is Session { try fixture.clock.sleep(290, Cancellation()) }
            try stack.closeWindow("w", failed: false)
        }
        let session = try fixture.session(fixture.plan(script))
        #expect(refusal { try script(session) } == "too_late")
        let failure = try #require(session.failure)
        #expect(session.compensate(because: failure) == .nothingChanged)
        try fixture.expectOld(before)
    }

    @Test("that was planned goes on to its end once the services are down")
    func begunGoesOn() throws {
        let start = fixture.clock.now()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.wait(until: start, finishBy: start.adding(seconds: 300))
            try stack.openWindow("w")
            try stack.resize(large, fallback: [])
            if stack is Session { try fixture.clock.sleep(290, Cancellation()) }
            try stack.setImage(n8n, image)
            try stack.closeWindow("w", failed: false)
        }
        let session = try fixture.session(fixture.plan(script))
        try script(session)
        #expect(try session.finish().changesApplied.count == 2)
    }

    @Test("is told one by one up to a number, and then as one")
    func many() throws {
        let session = try fixture.session(fixture.plan { try $0.restart(n8n) })
        try session.restart(n8n)
        for number in 1...250 { _ = try session.confirm("\(number)?") }
        let told = try session.finish().warnings.filter { $0.hasPrefix("Not in the plan") }
        #expect(told.count == 101)
        #expect(told.last == "Not in the plan, and allowed: 150 more steps.")
    }
}
