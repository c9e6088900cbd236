import Testing

@testable import GeuseRuntime

/// Restart, exec, prune, confirm and waits: done, refused, failed and undone.
@Suite("What the configuration does not show")
struct OperationTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let large = InstanceType(unchecked: "t3.large")
    private let fixture: StackFixture
    private let approver = FailingApprover()

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
        fixture.settings.allowsExec = true
        fixture.approver = approver
    }

    private func command(
        _ words: String...,
        undo: [String]? = nil,
        in service: String? = "n8n"
    ) throws -> HostCommand {
        try HostCommand(
            service: service.map { ServiceName(unchecked: $0) },
            words: words,
            undo: undo
        )
    }

    private var ran: [String] {
        get throws {
            try fixture.sandbox.world(fixture.name).commands.map { $0.words.joined(separator: " ") }
        }
    }

    @Test("A restart is another start of the same container, and no earlier configuration")
    func restart() throws {
        let before = try fixture.facts()
        let state = try fixture.loaded().state
        let result = try fixture.run { try $0.restart(n8n) }
        #expect(result.changesApplied == ["n8n restarted"])
        #expect(result.downtimeSeconds > 0)
        let after = try fixture.facts()
        let (old, new) = (before.host?.service(n8n), after.host?.service(n8n))
        #expect(old?.containerID == new?.containerID)
        #expect(old?.startedAt != new?.startedAt)
        for service in after.host?.services ?? [] where service.name != n8n {
            #expect(service == before.host?.service(service.name))
        }
        try fixture.expectOld(before)
        #expect(try fixture.loaded().state.previousStates == state.previousStates)
        #expect(after.host?.lease.holder == nil)
    }

    @Test("A service that does not come back fails the run, and comes back with the undo")
    func sickRestart() throws {
        let before = try fixture.facts()
        let session = try fixture.session(fixture.plan { try $0.restart(n8n) })
        try fixture.fault("health=unhealthy:n8n*1")
        let error = try #require(#expect(throws: Diagnostic.self) { try session.restart(n8n) })
        #expect(error.code == "not_healthy")
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
    }

    @Test("No service is restarted on an unproven mount: it runs on as it was")
    func unprovenRestart() throws {
        let before = try fixture.facts()
        let session = try fixture.session(fixture.plan { try $0.restart(n8n) })
        _ = try session.backup(label: nil)
        try fixture.fault("efs=read-only")
        #expect(refusal { try session.restart(n8n) }?.hasPrefix("efs_") == true)
        try fixture.sandbox.clearFaults(fixture.name)
        let now = try fixture.facts().host?.service(n8n)
        #expect(now?.startedAt == before.host?.service(n8n)?.startedAt)
    }

    @Test("None of them is done inside a window, nor after a rollback, nor for an unknown service")
    func refusals() throws {
        let exec = try command("true")
        let calls: [(any Primitives) throws -> Void] = [
            { try $0.restart(n8n) }, { _ = try $0.exec(exec) }, { _ = try $0.prune() },
        ]
        for call in calls {
            let inside = refusal {
                _ = try fixture.plan { stack in
                    try stack.openWindow("w")
                    try call(stack)
                }
            }
            #expect(inside == "inside_window")
        }
        let unknown = ServiceName(unchecked: "n9n")
        #expect(refusal { _ = try fixture.plan { try $0.restart(unknown) } } == "unknown_service")
        let there = try command("true", in: "n9n")
        #expect(refusal { _ = try fixture.plan { _ = try $0.exec(there) } } == "unknown_service")
    }

    @Test("A command needs the permission of a person, in the rehearsal and for real")
    func permission() throws {
        let exec = try command("echo", "hello")
        let plan = try fixture.plan { _ = try $0.exec(exec) }
        fixture.settings.allowsExec = false
        #expect(refusal { _ = try fixture.plan { _ = try $0.exec(exec) } } == "exec_not_allowed")
        // What a person lets a script do besides its plan is no permission for commands either.
        approver.approvesDivergence = true
        let session = try fixture.session(Plan(stack: plan.stack, steps: [.backup(label: nil)]))
        #expect(refusal { _ = try session.exec(exec) } == "exec_not_allowed")
        #expect(try ran == [])
    }

    @Test("A script is told what a command said; a rehearsal runs none")
    func output() throws {
        let exec = try command("echo", "\u{1B}[31mhello", "a b")
        var said: [JSONValue] = []
        let result = try fixture.run { said.append(try $0.exec(exec)) }
        #expect(said.map { $0["output"] } == ["", "^[[31mhello a b"])
        #expect(said.allSatisfy { $0["code"] == 0 && $0["cut"] == false })
        #expect(try ran == ["echo \u{1B}[31mhello a b"])
        #expect(result.changesApplied.count == 1)
        #expect(try fixture.loaded().state.previousStates.isEmpty)
    }

    @Test("When the run fails later, undos run in reverse order, after everything else was undone")
    func undone() throws {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.exec(command("echo", "1", undo: ["echo", "undo", "1"]))
            _ = try stack.exec(command("echo", "2"))
            _ = try stack.exec(command("echo", "3", undo: ["echo", "undo", "3"], in: nil))
            try stack.resize(large, fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("start=Unsupported@t3.large")
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
        #expect(try ran == ["echo 1", "echo 2", "echo 3", "echo undo 3", "echo undo 1"])
        #expect(session.leftBehind == ["it was begun and cannot be undone: run `echo 2` in n8n"])
        #expect(try fixture.facts().host?.lease.holder == nil)
        let requests = try fixture.requests()
        #expect(
            requests.lastIndex(of: "host.exec") ?? 0 > requests.lastIndex(of: "host.apply") ?? 0
        )
    }

    @Test("A command that fails, or is not in time, ends the run and is undone itself")
    func failing() throws {
        for (fault, expected) in [("fail", "command_failed"), ("timeout:n8n", "exec_timed_out")] {
            let fixture = try StackFixture()
            fixture.settings.allowsExec = true
            let exec = try command("n8n", "import", undo: ["echo", "undo"])
            let session = try fixture.session(fixture.plan { _ = try $0.exec(exec) })
            try fixture.sandbox.inject(SandboxFault("exec=\(fault)*1"), into: fixture.name)
            let error = try #require(
                #expect(throws: Diagnostic.self) { _ = try session.exec(exec) }
            )
            #expect(error.code == expected)
            #expect(session.compensate(because: error) == .restored)
            let ran = try fixture.sandbox.world(fixture.name).commands.map(\.words)
            #expect(ran == [["n8n", "import"], ["echo", "undo"]])
        }
    }

    @Test("An undo that fails is said, and recover tries it again")
    func failingUndo() throws {
        let before = try fixture.facts()
        let exec = try command("n8n", "import", undo: ["n8n", "drop"])
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.exec(exec)
            try stack.restart(n8n)
        }
        // The session holds the lock for as long as it is there.
        let compensation = try {
            let session = try fixture.session(fixture.plan(script))
            _ = try session.exec(exec)
            try fixture.fault("health=unhealthy:n8n*1")
            let error = try #require(#expect(throws: Diagnostic.self) { try session.restart(n8n) })
            try fixture.fault("exec=fail*2")
            return session.compensate(because: error)
        }()
        guard case .incomplete(let left) = compensation else {
            Issue.record("an undo that failed was taken for one")
            return
        }
        #expect(left.code == "not_restored" && left.detail?.contains("n8n drop") == true)
        #expect(refusal { _ = try fixture.recover() } == "not_recovered")
        #expect(try fixture.recover() == .restored)
        #expect(try ran == ["n8n import", "n8n drop", "n8n drop", "n8n drop"])
        try fixture.expectOld(before)
    }

    @Test("A lost reply does not run a command twice")
    func lostReply() throws {
        let exec = try command("echo", "once")
        let session = try fixture.session(fixture.plan { _ = try $0.exec(exec) })
        _ = try session.backup(label: nil)
        try fixture.fault("reply=lost*1")
        let error = try #require(#expect(throws: Diagnostic.self) { _ = try session.exec(exec) })
        #expect(error.code == "host_outcome_unknown")
        #expect(session.compensate(because: error) == .restored)
        #expect(try ran == ["echo once"])
        #expect(session.leftBehind.count == 1)
    }

    @Test("A prune removes what nothing needs, and a rollback still finds what it needs")
    func prune() throws {
        for tag in ["1.19.5", "1.20.0"] {
            try fixture.run { _ = try $0.setImage(n8n, ImageReference("n8nio/n8n:\(tag)")) }
        }
        // Nothing ever ran this one.
        try fixture.run {
            _ = try $0.pull(n8n, ImageReference("n8nio/n8n:1.21.1"))
            _ = try $0.pull(n8n, ImageReference("n8nio/n8n:1.25.1"))
        }
        var removed: [JSONValue] = []
        try fixture.run { removed.append(try $0.prune()) }
        #expect(removed == [[], ["n8nio/n8n:1.21.1", "n8nio/n8n:1.25.1"]])
        try fixture.run { _ = try $0.rollback(to: .version(2)) }
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.19.0")
        #expect(try fixture.requests().last { $0 == "host.pull" } != nil)
    }

    @Test("A prune leaves what its own run has pulled")
    func prunedPull() throws {
        let image = try ImageReference("n8nio/n8n:1.20.0")
        let result = try fixture.run { stack in
            _ = try stack.pull(n8n, image)
            _ = try stack.prune()
            try stack.setImage(n8n, image)
        }
        #expect(result.success)
        #expect(try fixture.facts().host?.service(n8n)?.image == image.text)
    }

    @Test("A question is asked for real only, and its answer is written down")
    func confirm() throws {
        approver.saysYes = true
        let script: (any Primitives) throws -> Void = { stack in
            if try stack.confirm("Restart?") { try stack.restart(n8n) }
        }
        let plan = try fixture.plan(script)
        #expect(approver.questions == [])
        let session = try fixture.session(plan)
        try script(session)
        #expect(try session.finish().changesApplied == ["n8n restarted"])
        #expect(approver.questions == ["Restart?"])
        let journal = try JournalArchive(fixture.directory, fixture.files)
            .read(session.run, of: fixture.name)
        let answers = journal.records.compactMap { record -> JSONObject? in
            if case .note("confirm", let details) = record.event { details } else { nil }
        }
        #expect(answers.map { $0["answer"] } == [true])
    }

    @Test("After a no the rest of the plan may be left out, and nothing else may be done")
    func declined() throws {
        approver.saysYes = false
        let qdrant = ServiceName(unchecked: "qdrant")
        let script: (any Primitives) throws -> Void = { stack in
            if try stack.confirm("n8n too?") { try stack.restart(n8n) }
            try stack.restart(qdrant)
        }
        let result = try {
            let session = try fixture.session(fixture.plan(script))
            try script(session)
            return try session.finish()
        }()
        #expect(result.changesApplied == ["qdrant restarted"])
        // A no is no way to something that was not planned.
        let plan = try fixture.plan { stack in
            if try stack.confirm("n8n too?") { try stack.restart(n8n) }
        }
        let other = try fixture.session(plan)
        #expect(try other.confirm("n8n too?") == false)
        #expect(refusal { try other.resize(large, fallback: []) } == "plan_diverged")
    }

    @Test("Where nobody answers a question the run fails and is undone")
    func unanswered() throws {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.restart(n8n)
            _ = try stack.confirm("Go on?")
        }
        let session = try fixture.session(fixture.plan(script))
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(session.failure == error)
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
    }

    @Test("A step that was not planned is done when a person says so, and told")
    func divergence() throws {
        approver.approvesDivergence = true
        let session = try fixture.session(fixture.plan { try $0.resize(large, fallback: []) })
        try session.restart(n8n)
        let result = try session.finish()
        #expect(result.changesApplied == ["n8n restarted"])
        let allowed = "Not in the plan, and allowed: restart n8n."
        #expect(result.warnings.contains(allowed))
        #expect(result.warnings.contains { $0.contains("Left out of the plan: change the inst") })
        #expect(try fixture.facts().instance.type == "t3.medium")
    }
}
