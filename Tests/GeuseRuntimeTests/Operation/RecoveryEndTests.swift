import Testing

@testable import GeuseRuntime

/// What a recovery does where undoing is wrong or cannot be, and where its next command leads.
@Suite("A recovery that cannot undo says what leads on")
struct RecoveryEndTests {
    private let fixture: StackFixture
    private let large = InstanceType(unchecked: "t3.large")

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    /// A run that is cut off with the instance stopped.
    private func cutOff() throws {
        let script: (any Primitives) throws -> Void = { [large] in
            try $0.resize(large, fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("start=VcpuLimitExceeded*1")
        #expect(refusal { try script(session) } == "VcpuLimitExceeded")
    }

    private func writeState(_ change: (inout DeploymentState) throws -> Void) throws {
        let lock = try fixture.takeLock()
        defer { lock.release() }
        let present = try fixture.loaded()
        var state = present.state
        try change(&state)
        _ = try fixture.store.save(state, replacing: present, under: lock)
    }

    /// The command that ends a hint, with the state directory.
    private func command(_ words: String) -> String { fixture.directory.command(words) }

    @Test("Another instance than the one that the run changed is left alone, whatever is asked")
    func otherInstance() throws {
        try cutOff()
        // The old one is gone; `adopt --force` has put a new one, which runs, in its place.
        let other = try InstanceID("i-0fedcba9876543210")
        try fixture.sandbox.change(fixture.name) { $0.instance.id = other }
        try fixture.sandbox.cloud(fixture.name).start(other)
        fixture.clock.advance(300)
        try writeState { state in
            state.instanceID = other
            state.status = .running
        }
        let before = try fixture.requests()
        for way in [Recovery.Way.byRule, .abort, .resume] {
            let error = #expect(throws: Diagnostic.self) { try fixture.recover(way) }
            #expect(error?.code == "recovery_of_other_instance")
            #expect(error?.kind == .needsAttention)
            #expect(error?.hint?.hasSuffix(command("recover my-dev-stack --accept")) == true)
        }
        #expect(try fixture.requests() == before)
        #expect(try fixture.recover(.accept) == .accepted)
        #expect(try fixture.loaded().state.instanceID == other)
        #expect(refusal { try fixture.recover() } == "nothing_unfinished")
    }

    @Test(
        "A recovery of a half-changed stack that was killed itself goes on",
        arguments: [Recovery.Way.byRule, .resume, .abort, .accept]
    )
    func killedRecovery(_ way: Recovery.Way) throws {
        try fixture.sandbox.cloud(fixture.name).stop(fixture.target().instance)
        fixture.clock.advance(300)
        try writeState { $0.status = .updating }
        let lock = try fixture.takeLock()
        let run = RunID.make(at: fixture.clock.now())
        _ = try StackRecord.start(
            Plan(stack: fixture.name),
            of: run,
            by: .current(run: run, command: "recover", since: fixture.clock.now()),
            scriptHash: nil,
            version: "0",
            from: fixture.loaded(),
            in: fixture.store,
            fixture.directory,
            fixture.files,
            fixture.clock,
            under: lock
        )
        lock.release()
        #expect(try fixture.recover(way) == .accepted)
        let facts = try fixture.facts()
        #expect(facts.instance.state == .running)
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        #expect(facts.host?.lease.holder == nil)
        #expect(try fixture.loaded().state.status == .running)
        #expect(refusal { try fixture.recover() } == "nothing_unfinished")
    }

    @Test(
        "Of an instance that is gone the hint names what to do first",
        arguments: [Recovery.Way.byRule, .accept]
    )
    func goneInstance(_ way: Recovery.Way) throws {
        try cutOff()
        try fixture.sandbox.change(fixture.name) { $0.instance.state = .terminated }
        let error = #expect(throws: Diagnostic.self) { try fixture.recover(way) }
        #expect(error?.code == "not_recovered")
        let hint = error?.hint ?? ""
        #expect(hint.contains(command("adopt my-dev-stack --instance-id i-... --force")), "\(hint)")
        #expect(hint.hasSuffix("then: " + command("recover my-dev-stack --accept")), "\(hint)")
    }

    @Test("Where another run has had the host, taking it as it is is named, and works")
    func changedSince() throws {
        try cutOff()
        try fixture.sandbox.cloud(fixture.name).start(fixture.target().instance)
        fixture.clock.advance(300)
        let dead = try #require(try fixture.facts().host?.lease.holder?.run)
        let other = RunID(unchecked: "other")
        let owner = LockOwner.current(run: other, command: "update", since: fixture.clock.now())
        try fixture.sandbox.host(fixture.name).lease(
            HostStep(
                StepID(run: other, step: "1-x"),
                lease: HostLease(owner, run: other, fence: 2),
                replaces: dead,
                endsLease: true
            )
        )
        let error = #expect(throws: Diagnostic.self) { try fixture.recover() }
        #expect(error?.code == "host_changed_since")
        #expect(error?.hint?.hasSuffix(command("recover my-dev-stack --accept")) == true)
        #expect(try fixture.recover(.accept) == .accepted)
    }

    @Test("A recovery that was interrupted with the run open needs attention")
    func interrupted() throws {
        try cutOff()
        fixture.observer.whenever = { [cancellation = fixture.cancellation] event in
            if case .stepStarted = event { cancellation.cancel() }
        }
        let error = #expect(throws: Diagnostic.self) { try fixture.recover(.accept) }
        #expect(error?.code == "interrupted")
        #expect(error?.kind == .needsAttention)
        #expect(error?.hint == command("recover my-dev-stack --accept"))
    }

    @Test("What stopped an undo is mended before the same command is given again")
    func next() {
        let again = "geusemaker recover s"
        func next(_ hint: String?) -> String {
            Diagnostic("x", "X.", hint: hint).next(then: again)
        }
        #expect(next(nil) == again)
        #expect(next("Free some space.") == "Free some space; then: geusemaker recover s")
        #expect(
            next("Run `geusemaker recover` once it answers.")
                == "Run `geusemaker recover s` once it answers."
        )
        #expect(
            next("Look: geusemaker recover s --accept") == "Look: geusemaker recover s --accept"
        )
    }
}
