import Testing

@testable import GeuseRuntime

/// A failed change cannot be asked for until it is said to be done.
@Suite("After a failed change")
struct FailedSessionTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let old = ImageReference(unchecked: "n8nio/n8n:1.19.0")
    private let new = ImageReference(unchecked: "n8nio/n8n:1.20.0")
    private let fixture: StackFixture

    init() throws {
        var options = SandboxOptions()
        options.autoScalingGroup = "asg-1"
        fixture = try StackFixture(options)
        fixture.settings.healthTimeout = 20
        fixture.settings.allowsExec = true
    }

    /// Every changing call, with what was there and with what was to be.
    private func calls() throws -> [(name: String, call: (any Primitives) throws -> Void)] {
        let command = try HostCommand(service: n8n, words: ["true"], undo: nil)
        let later = fixture.clock.now().adding(seconds: 60)
        return [
            ("backup", { _ = try $0.backup(label: nil) }),
            ("pull old", { [n8n, old] in _ = try $0.pull(n8n, old) }),
            ("pull new", { [n8n, new] in _ = try $0.pull(n8n, new) }),
            ("image old", { [n8n, old] in try $0.setImage(n8n, old) }),
            ("image new", { [n8n, new] in try $0.setImage(n8n, new) }),
            ("type old", { try $0.resize(InstanceType("t3.medium"), fallback: []) }),
            ("type new", { try $0.resize(InstanceType("t3.large"), fallback: []) }),
            ("window", { try $0.openWindow("w") }),
            ("window's end", { try $0.closeWindow("w", failed: false) }),
            ("rollback", { _ = try $0.rollback(to: .version(1)) }),
            ("restore", { [n8n] in try $0.restoreData(n8n, from: "latest") }),
            ("checkpoint", { try $0.checkpoint("c") }),
            ("restart", { [n8n] in try $0.restart(n8n) }),
            ("exec", { _ = try $0.exec(command) }), ("prune", { _ = try $0.prune() }),
            ("scale old", { _ = try $0.scale(to: 1) }), ("scale new", { _ = try $0.scale(to: 2) }),
            ("confirm", { _ = try $0.confirm("sure?") }),
            ("wait", { try $0.wait(until: later, finishBy: nil) }),
            ("rotation", { [n8n] in try $0.rotateCredentials(of: n8n) }),
        ]
    }

    @Test("every further one is refused, also one with nothing to do")
    func refused() throws {
        let before = try fixture.facts()
        let session = try fixture.session(fixture.plan { try $0.setImage(n8n, new) })
        try fixture.fault("health=unhealthy:n8n*1")
        let first = #expect(throws: Diagnostic.self) { try session.setImage(n8n, new) }
        #expect(first?.code == "not_healthy")
        for (name, call) in try calls() {
            #expect(refusal { try call(session) } == "session_failed", "\(name)")
        }
        #expect(session.failure == first)
        #expect(session.compensate(because: try #require(first)) == .restored)
        try fixture.expectOld(before)
    }

    @Test("one that was not in the plan counts as one")
    func diverged() throws {
        let session = try fixture.session(fixture.plan { try $0.restart(n8n) })
        #expect(refusal { try session.setImage(n8n, new) } == "plan_diverged")
        #expect(refusal { try session.setImage(n8n, old) } == "session_failed")
    }

    @Test("inside a window that was rehearsed, nothing more is planned")
    func rehearsed() throws {
        let cause = Diagnostic("script_failed", "boom")
        let rehearsal = Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(fixture.sandbox.cloud(fixture.name)),
            tagLists: TagLists(fixture.sandbox.host(fixture.name)),
            earlier: EarlierStates(try fixture.loaded().state, fixture.backups),
            started: fixture.clock.now(),
            read: fixture.facts
        )
        try rehearsal.openWindow("w")
        try rehearsal.closeWindow("w", failed: true, because: cause)
        let steps = rehearsal.plan.steps
        for (name, call) in try calls() {
            #expect(refusal { try call(rehearsal) } == "window_failed", "\(name)")
        }
        #expect(rehearsal.plan.steps == steps)
        #expect(rehearsal.broken?.causes == [cause])
    }

    @Test("inside a window, what it failed of is kept")
    func window() throws {
        let session = try fixture.session(
            fixture.plan { stack in
                try stack.openWindow("w")
                try stack.closeWindow("w", failed: false)
            }
        )
        let cause = Diagnostic("script_failed", "boom", detail: "At s.lua:3.")
        try session.openWindow("w")
        try session.closeWindow("w", failed: true, because: cause)
        #expect(session.failure?.code == "window_failed")
        #expect(session.failure?.causes == [cause])
        #expect(session.failure?.detail == "At s.lua:3.")
    }
}
