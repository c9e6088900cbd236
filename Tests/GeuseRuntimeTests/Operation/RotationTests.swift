import Testing

@testable import GeuseRuntime

@Suite("A rotation of the database password is whole or undone, and its value stays on the host")
struct RotationTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let first = "sandbox-only-password"
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    private func script(_ stack: any Primitives) throws { try stack.rotateCredentials(of: n8n) }

    private func world() throws -> SandboxWorld { try fixture.sandbox.world(fixture.name) }

    private func environment() throws -> String {
        try world().machine.files[SandboxMachine.environmentFile]?.text ?? ""
    }

    /// File, role and n8n have one and the same password.
    private func password() throws -> String {
        let world = try world()
        let written = world.environment["POSTGRES_PASSWORD"] ?? ""
        #expect(world.rolePassword == written)
        #expect(world.machine.container(n8n)?.databasePassword == written)
        return written
    }

    private func kept() throws -> [String] {
        try world().machine.files.keys.filter { $0.contains("/rotations/") }.sorted()
    }

    private func expectOld(_ before: LiveFacts, _ file: String) throws {
        try fixture.expectOld(before)
        #expect(try password() == first)
        #expect(try environment() == file)
        #expect(try kept() == [])
    }

    @Test("Role, file and service get one new password, and the old one is forgotten")
    func rotated() throws {
        let file = try environment()
        let postgres = try world().machine.container(ServiceName(unchecked: "postgres"))?.id
        let result = try fixture.run(script)
        #expect(result.changesApplied == ["credentials of n8n rotated"])
        let new = try password()
        #expect(new != first && new.utf8.count == 32)
        // Every other byte of the file stays, n8n's encryption key above all.
        #expect(try environment() == file.replacing(first, with: new))
        // The database itself was not made anew.
        #expect(try world().machine.container(ServiceName(unchecked: "postgres"))?.id == postgres)
        #expect(try kept().map { $0.suffix(6) } == ["/ended"])
        #expect(try fixture.facts().host?.lease.holder == nil)
        // Once more, from there.
        try fixture.run(script)
        #expect(try password() != new)
    }

    @Test("No file of the state directory has either password")
    func secret() throws {
        let session = try fixture.session(fixture.plan(script))
        try script(session)
        let new = try password()
        _ = try session.finish()
        var seen = 0
        for path in try fixture.allFiles() where !path.contains("/sandbox") {
            let text = String(decoding: try fixture.files.read(path), as: UTF8.self)
            #expect(!text.contains(new) && !text.contains(first), "\(path)")
            seen += 1
        }
        #expect(seen > 1)
    }

    @Test(
        "A failure at any point puts the old one back",
        arguments: [
            // This one the host refuses before anything is touched.
            ("rotate=unproven*1", "credentials_unproven"),
            ("rotate=refused*1", "rotation_refused"), ("rotate=unused*1", "rotation_unused"),
            ("health=unhealthy:n8n*1", "not_healthy"), ("up=fail*1", "rotation_up_failed"),
        ]
    )
    func undone(_ fault: String, _ code: String) throws {
        let before = try fixture.facts()
        let file = try environment()
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault(fault)
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(error.code == code)
        let undo = session.compensate(because: error)
        #expect(undo == (code == "credentials_unproven" ? .nothingChanged : .restored))
        try expectOld(before, file)
    }

    @Test("A later step's failure puts the old one back")
    func later() throws {
        let before = try fixture.facts()
        let file = try environment()
        let script: (any Primitives) throws -> Void = { [n8n] stack in
            try stack.rotateCredentials(of: n8n)
            try stack.resize(InstanceType("t3.large"), fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("modify=InvalidInstanceAttributeValue*1")
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(session.compensate(because: error) == .restored)
        try expectOld(before, file)
    }

    @Test("What was rotated before a checkpoint stays")
    func checkpoint() throws {
        let script: (any Primitives) throws -> Void = { [n8n] stack in
            try stack.rotateCredentials(of: n8n)
            try stack.checkpoint("new password")
            try stack.resize(InstanceType("t3.large"), fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("modify=InvalidInstanceAttributeValue*1")
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        guard case .restoredTo(let checkpoint) = session.compensate(because: error) else {
            Issue.record("not brought back to the checkpoint")
            return
        }
        #expect(checkpoint.changes == ["credentials of n8n rotated"])
        #expect(try password() != first)
    }

    /// Everything of the script is done, and then the program is gone.
    private func interrupt(verified: Bool = false) throws {
        let session = try fixture.session(fixture.plan(script))
        try script(session)
        if verified {
            try session.edges.record.result(changes: session.changes, downtime: 1, verified: true)
        }
    }

    @Test("Killed with the password set: undone by recover")
    func recovered() throws {
        let before = try fixture.facts()
        let file = try environment()
        try interrupt()
        #expect(try password() != first)
        #expect(try fixture.recover() == .restored)
        try expectOld(before, file)
    }

    @Test("Killed with all of it verified: finished by recover, and the old one forgotten")
    func finished() throws {
        try interrupt(verified: true)
        guard case .finished = try fixture.recover() else {
            Issue.record("not finished")
            return
        }
        #expect(try password() != first)
        #expect(try kept().map { $0.suffix(6) } == ["/ended"])
        #expect(try fixture.facts().host?.lease.holder == nil)
    }

    @Test("Resumed, it goes on with the password that it had made")
    func resumed() throws {
        try interrupt()
        let new = try password()
        guard case .finished(let changes) = try fixture.recover(.resume) else {
            Issue.record("not finished")
            return
        }
        #expect(changes == ["credentials of n8n rotated"])
        #expect(try password() == new)
        #expect(try kept().map { $0.suffix(6) } == ["/ended"])
    }

    @Test("Resumed behind its checkpoint, nothing is rotated twice", arguments: [true, false])
    func behindCheckpoint(_ isResumed: Bool) throws {
        let script: (any Primitives) throws -> Void = { [n8n] stack in
            try stack.rotateCredentials(of: n8n)
            try stack.checkpoint("new password")
            try stack.resize(InstanceType("t3.large"), fallback: [])
        }
        func cut() throws {
            let session = try fixture.session(fixture.plan(script))
            try session.rotateCredentials(of: n8n)
            try session.checkpoint("new password")
        }
        try cut()
        let new = try password()
        #expect(new != first)
        let outcome = try fixture.recover(isResumed ? .resume : .byRule)
        if isResumed {
            guard case .finished(let changes) = outcome else {
                Issue.record("not finished: \(outcome)")
                return
            }
            #expect(changes.contains("credentials of n8n rotated"))
        } else {
            #expect(outcome == .restored)
        }
        #expect(try password() == new)
        #expect(try fixture.facts().instance.type == (isResumed ? "t3.large" : "t3.medium"))
        #expect(try kept().map { $0.suffix(6) } == ["/ended"])
    }

    @Test("Not inside a window, and only where it is known what to rotate")
    func refusals() throws {
        let inWindow = refusal {
            try fixture.plan { [n8n] stack in
                try stack.openWindow("w")
                try stack.rotateCredentials(of: n8n)
            }
        }
        #expect(inWindow == "inside_window")
        for (name, code) in [("qdrant", "credentials_unknown"), ("nope", "unknown_service")] {
            let service = try ServiceName(name)
            let found = refusal { try fixture.plan { try $0.rotateCredentials(of: service) } }
            #expect(found == code)
        }
        try fixture.fault("health=unhealthy:n8n")
        let ill = refusal { try fixture.plan(script) }
        #expect(ill == "credentials_service_down")
    }

    @Test("The step survives being written down, and says what it does")
    func step() throws {
        let plan = try fixture.plan(script)
        let step = try #require(plan.steps.last)
        #expect(try PlanStep(json: step.json) == step)
        #expect(
            step.title == "rotate the database password of n8n "
                + "(POSTGRES_PASSWORD in /opt/geusemaker/runtime.env)"
        )
        #expect(step.isChange && step.reversibility == .reversible)
        #expect(plan.warnings.count == 2)
        #expect(plan.changes.map(\.subject) == ["n8n database password"])
        let broken = JSONValue.object(JSONObject([("step", .string("rotate_credentials"))]))
        #expect(throws: Diagnostic.self) { try PlanStep(json: broken) }
    }
}

extension StackFixture {
    /// Every file below the state directory.
    func allFiles() throws -> [String] {
        func below(_ folder: String) throws -> [String] {
            try files.list(folder).flatMap { name -> [String] in
                let path = folder + "/" + name
                if let inner = try? below(path) { return inner }
                return [path]
            }
        }
        return try below(directory.root)
    }
}
