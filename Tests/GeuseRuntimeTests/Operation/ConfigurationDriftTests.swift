import Testing

@testable import GeuseRuntime

@Suite("What the compose file says besides images comes into force seen, or not at all")
struct ConfigurationDriftTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let postgres = ServiceName(unchecked: "postgres")
    private let newer = ImageReference(unchecked: "n8nio/n8n:1.21.1")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    /// Edits a file of the host by hand; nothing is brought up.
    private func edit(_ old: String, _ new: String, in file: String = SandboxMachine.composeFile)
        throws
    {
        try fixture.sandbox.change(fixture.name) { world in
            let text = world.machine.files[file]?.text ?? ""
            #expect(text.contains(old))
            world.machine.files[file] = FileBytes(text.replacing(old, with: new))
        }
    }

    private func update(_ stack: any Primitives) throws { try stack.setImage(n8n, newer) }

    @Test("a mount of a dependency that was moved by hand is refused, with its name")
    func moved() throws {
        try edit("/mnt/efs/postgres:", "/mnt/efs/postgres-new:")
        let error = #expect(throws: Diagnostic.self) { _ = try fixture.plan(update) }
        #expect(error?.code == "compose_drift")
        #expect(error?.summary.contains("postgres") == true)
        #expect(error?.summary.contains("mount /var/lib/postgresql/data") == true)
        // What does not start it is free to go.
        let ollama = ServiceName(unchecked: "ollama")
        let image = ImageReference(unchecked: "ollama/ollama:0.1.32")
        #expect(try fixture.plan { try $0.setImage(ollama, image) }.reconfigured.isEmpty)
    }

    @Test(
        "a variable that the environment lost, and one that was added, are named; values are not"
    )
    func variables() throws {
        try edit("DB_TYPE=postgresdb\n", "DB_TYPE=postgresdb\n      - EXTRA=hunter2\n")
        try edit("N8N_PORT=5678\n", "", in: SandboxMachine.environmentFile)
        try edit("${N8N_PORT:-5678}\n", "${N8N_PORT}\n")
        let error = #expect(throws: Diagnostic.self) { _ = try fixture.plan(update) }
        #expect(error?.code == "compose_drift")
        #expect(error?.summary.contains("environment EXTRA, environment N8N_PORT") == true)
        #expect("\(error.map { "\($0)" } ?? "")".contains("hunter2") == false)
    }

    @Test("an allowed one is a change of the plan, and is done")
    func allowed() throws {
        try edit("DB_TYPE=postgresdb\n", "DB_TYPE=postgresdb\n      - EXTRA=1\n")
        fixture.settings.allowed = [DriftChecks.allowName]
        let plan = try fixture.plan(update)
        #expect(plan.reconfigured.map(\.service) == [n8n])
        #expect(plan.changes.map(\.subject) == ["n8n image", "n8n configuration"])
        let session = try fixture.session(plan)
        try update(session)
        _ = try session.finish()
        #expect(try fixture.facts().host?.services.allSatisfy(\.differences.isEmpty) == true)
    }

    @Test("one that was allowed cannot be undone, which is told; a flag wins over the file")
    func allowedAndUndone() throws {
        try edit("DB_TYPE=postgresdb\n", "DB_TYPE=postgresdb\n      - EXTRA=1\n")
        fixture.settings.allowed = [DriftChecks.allowName]
        let session = try fixture.session(fixture.plan(update))
        try fixture.fault("health=unhealthy:n8n*1")
        let error = try #require(#expect(throws: Diagnostic.self) { try update(session) })
        #expect(session.compensate(because: error) == .restored)
        #expect(session.leftBehind.contains { $0.contains("n8n was made anew") })
        #expect(session.leftBehind.contains { $0.contains("environment EXTRA") })
        var settings = SessionSettings()
        settings.take(settleTime: 0)
        settings.take(settleTime: 30)
        #expect(settings.quietSeconds == 30 && settings.settleSeconds == 3)
    }

    @Test("an undo that leaves a service on other data says so")
    func undoneElsewhere() throws {
        let session = try fixture.session(fixture.plan(update))
        let earlier = try #require(session.facts.host?.services)
        var moved = earlier
        moved[0].mounts["/data"] = "/elsewhere"
        #expect(throws: Never.self) { try session.compareConfiguration(earlier) }
        let error = #expect(throws: Diagnostic.self) { try session.compareConfiguration(moved) }
        #expect(error?.code == "wrong_mounts")
    }

    @Test("a mount that moves after the plan was made ends the run")
    func unseen() throws {
        let session = try fixture.session(fixture.plan(update))
        try edit("/mnt/efs/n8n:", "/mnt/efs/n8n-new:")
        let error = try #require(#expect(throws: Diagnostic.self) { try update(session) })
        #expect(["compose_changed", "compose_refused", "wrong_mounts"].contains(error.code))
    }

    @Test("another mount than before is told, unless the plan showed it")
    func mounts() throws {
        let session = try fixture.session(fixture.plan(update))
        let earlier = try #require(session.facts.host?.services)
        let after = earlier.map { service in
            var service = service
            if service.name == postgres {
                service.mounts["/var/lib/postgresql/data"] = "/elsewhere"
            }
            return service
        }
        let project = try #require(session.facts.host?.project)
        let storage = try #require(session.facts.host?.storage)
        let evidence = ApplyEvidence(stage: .done, storage: storage, services: after, sha256: "")
        let request = session.applyRequest(project)
        let error = #expect(throws: Diagnostic.self) {
            try session.requireSameMounts(evidence, request, earlier)
        }
        #expect(error?.code == "wrong_mounts")
        #expect(error?.detail?.contains("is /elsewhere") == true)
    }

    @Test("an image whose name alone was lost is no drift, and has its name back")
    func nameless() throws {
        try fixture.sandbox.change(fixture.name) { world in
            for index in world.machine.images.indices
            where world.machine.images[index].reference == "postgres:15.5" {
                world.machine.images[index].reference = "<none>"
            }
        }
        #expect(try fixture.facts().host?.service(postgres)?.local == .missing)
        #expect(try fixture.plan(update).drifted.isEmpty)
        try fixture.run(update)
        #expect(try fixture.facts().host?.service(postgres)?.isWell == true)
        #expect(try fixture.facts().host?.service(postgres)?.local != .missing)
    }

    @Test("a service that the file has no more is told as drift, and forgotten at the next change")
    func gone() throws {
        var recorded = try fixture.target().recorded
        recorded.images["redis"] = "redis:7"
        #expect(
            StackDescription.drift(recorded, try fixture.facts())
                == ["redis: recorded redis:7, is not in the compose file any more"]
        )
        var state = try fixture.loaded().state
        state.setImage(ServiceName(unchecked: "redis"), ImageReference(unchecked: "redis:7"))
        state.take(try fixture.facts())
        #expect(state.image(of: ServiceName(unchecked: "redis")) == nil)
        #expect(state.image(of: n8n) != nil)
        recorded.take(try fixture.facts())
        #expect(recorded.images["redis"] == nil)
    }
}
