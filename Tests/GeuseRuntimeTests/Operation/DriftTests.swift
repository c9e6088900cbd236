import Testing

@testable import GeuseRuntime

@Suite("What the file says and what runs may differ, and no run brings that into force unseen")
struct DriftTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let newer = ImageReference(unchecked: "n8nio/n8n:1.21.1")
    private let large = InstanceType(unchecked: "t3.large")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    /// Edits the compose file by hand; nothing is brought up.
    private func write(_ image: String, for old: String) throws {
        try fixture.sandbox.change(fixture.name) { world in
            let text = world.machine.files[SandboxMachine.composeFile]?.text ?? ""
            world.machine.files[SandboxMachine.composeFile] = FileBytes(
                text.replacing(old, with: image)
            )
        }
    }

    /// Pulls an image on the host, past the program.
    private func have(_ image: String) throws {
        try fixture.sandbox.change(fixture.name) { world in
            _ = try world.pull(ImageReference(unchecked: image))
        }
    }

    /// The name under which n8n runs becomes that of another image.
    private func moveTag() throws {
        try have("n8nio/n8n:1.20.0")
        try fixture.sandbox.change(fixture.name) { world in
            let other = world.machine.images.first { $0.reference == "n8nio/n8n:1.20.0" }
            let moved = RestoredImage(
                reference: ImageReference(unchecked: "n8nio/n8n:1.19.0"),
                imageID: other?.imageID ?? "",
                source: nil
            )
            try world.restoreImages([moved])
        }
    }

    private func resize(_ stack: any Primitives) throws { try stack.resize(large, fallback: []) }

    @Test("a resize that would bring another image up is refused; without the image in any case")
    func refused() throws {
        try write(newer.text, for: "n8nio/n8n:1.19.0")
        #expect(refusal { _ = try fixture.plan(resize) } == "compose_drift")
        fixture.settings.allowed = [DriftChecks.allowName]
        #expect(refusal { _ = try fixture.plan(resize) } == "compose_drift")
        try have(newer.text)
        let plan = try fixture.plan(resize)
        #expect(plan.drifted.map(\.service) == [n8n])
        #expect(plan.changes.map(\.new) == ["t3.large", newer.text])
        fixture.settings.allowed = []
        #expect(refusal { _ = try fixture.plan(resize) } == "compose_drift")
    }

    @Test("a tag that was pulled meanwhile is a drift as well, and setting it anew mends it")
    func movedTag() throws {
        let before = try fixture.facts()
        try moveTag()
        #expect(refusal { _ = try fixture.plan(resize) } == "compose_drift")
        let same = ImageReference(unchecked: "n8nio/n8n:1.19.0")
        let result = try fixture.run { try $0.setImage(n8n, same) }
        #expect(result.changesApplied == ["n8n -> n8nio/n8n:1.19.0"])
        #expect(try fixture.facts().host?.project.sha256 == before.host?.project.sha256)
        #expect(!(try fixture.plan(resize)).hasDrift)
    }

    @Test("only what is brought up counts, with what it depends on")
    func reach() throws {
        try write("postgres:15.6", for: "postgres:15.5")
        try have("postgres:15.6")
        let ollama = ServiceName(unchecked: "ollama")
        let image = ImageReference(unchecked: "ollama/ollama:0.1.32")
        #expect(!(try fixture.plan { try $0.setImage(ollama, image) }).hasDrift)
        #expect(refusal { _ = try fixture.plan { try $0.setImage(n8n, newer) } } == "compose_drift")
        #expect(refusal { _ = try fixture.plan { try $0.restart(n8n) } } == "compose_drift")
        let postgres = ServiceName(unchecked: "postgres")
        let both = try fixture.plan {
            try $0.setImage(n8n, newer)
            try $0.setImage(postgres, ImageReference(unchecked: "postgres:15.6"))
        }
        #expect(!both.hasDrift)
    }

    @Test("an allowed drift is done, and told as a change")
    func allowed() throws {
        try write(newer.text, for: "n8nio/n8n:1.19.0")
        try have(newer.text)
        fixture.settings.allowed = [DriftChecks.allowName]
        let result = try fixture.run(resize)
        #expect(result.changesApplied == ["instance_type:t3.large", "n8n -> \(newer)"])
        #expect(try fixture.facts().host?.service(n8n)?.image == newer.text)
    }

    @Test("an allowed drift that fails is undone: what ran runs, under the file as it was")
    func undone() throws {
        let before = try fixture.facts()
        try write("n8nio/n8n:1.99.0-crash", for: "n8nio/n8n:1.19.0")
        try have("n8nio/n8n:1.99.0-crash")
        let edited = try fixture.facts().host?.project.sha256
        fixture.settings.allowed = [DriftChecks.allowName]
        let session = try fixture.session(fixture.plan(resize))
        let error = try #require(#expect(throws: Diagnostic.self) { try resize(session) })
        #expect(error.code == "not_healthy")
        #expect(session.compensate(because: error) == .restored)
        #expect(!session.leftBehind.isEmpty)
        try expectRunning(before, under: edited)
    }

    @Test("an image that changes though no step says so ends the run, and is undone")
    func unseen() throws {
        let before = try fixture.facts()
        let session = try fixture.session(fixture.plan(resize))
        try moveTag()
        let error = try #require(#expect(throws: Diagnostic.self) { try resize(session) })
        #expect(error.code == "wrong_image_runs")
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
    }

    @Test("a file that names an image that is not there does not keep what ran from starting")
    func missing() throws {
        let before = try fixture.facts()
        let plan = try fixture.plan(resize)
        try write(newer.text, for: "n8nio/n8n:1.19.0")
        let edited = try fixture.facts().host?.project.sha256
        let session = try fixture.session(plan)
        let error = try #require(#expect(throws: Diagnostic.self) { try resize(session) })
        #expect(error.code == "services_not_started")
        #expect(session.compensate(because: error) == .restored)
        try expectRunning(before, under: edited)
    }

    @Test("a backup of such a stack can be restored")
    func restored() throws {
        let before = try fixture.facts()
        try write(newer.text, for: "n8nio/n8n:1.19.0")
        let edited = try fixture.facts().host?.project.sha256
        try fixture.run { _ = try $0.backup(label: BackupLabel("drifted")) }
        try write("n8nio/n8n:1.19.0", for: newer.text)
        try fixture.run { _ = try $0.rollback(to: .backup("latest")) }
        try expectRunning(before, under: edited)
    }

    @Test("setting the image that the file has already makes the service anew, the file as it is")
    func asked() throws {
        try write(newer.text, for: "n8nio/n8n:1.19.0")
        let edited = try fixture.facts().host?.project.sha256
        let plan = try fixture.plan { try $0.setImage(n8n, newer) }
        #expect(
            plan.steps.last
                == .setImage(service: n8n, from: "n8nio/n8n:1.19.0", to: newer)
        )
        let session = try fixture.session(plan)
        try session.setImage(n8n, newer)
        let result = try session.finish()
        #expect(result.changesApplied == ["n8n -> \(newer)"])
        let host = try fixture.facts().host
        #expect(host?.service(n8n)?.image == newer.text)
        #expect(host?.project.sha256 == edited)
        #expect(try fixture.plan { try $0.setImage(n8n, newer) }.isEmpty)
    }

    /// Every service is well and runs the image that it ran, under a file of these bytes.
    private func expectRunning(_ before: LiveFacts, under sha256: String?) throws {
        let after = try fixture.facts()
        #expect(after.host?.project.sha256 == sha256)
        #expect(after.instance.type == before.instance.type)
        for service in before.host?.services ?? [] {
            #expect(after.host?.service(service.name)?.imageID == service.imageID)
            #expect(after.host?.service(service.name)?.isWell == true)
        }
    }
}

extension Plan {
    fileprivate var hasDrift: Bool { !drifted.isEmpty }
}
