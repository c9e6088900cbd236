import Testing

@testable import GeuseRuntime

@Suite("Data is dumped before its program changes, and a GPU that was seen is seen again")
struct DumpTests {
    private func saved(_ fixture: StackFixture) throws -> BackupEvidence {
        try #require(try fixture.backups.show("latest", of: fixture.name).evidence)
    }

    private func setImage(_ fixture: StackFixture, _ service: String, _ image: String) throws {
        try fixture.run {
            try $0.setImage(ServiceName(unchecked: service), ImageReference(image))
        }
    }

    @Test("an update of n8n dumps its database with the backup, and the plan says so")
    func n8n() throws {
        let fixture = try StackFixture()
        let plan = try fixture.plan {
            try $0.setImage(ServiceName(unchecked: "n8n"), ImageReference("n8nio/n8n:1.20.0"))
        }
        #expect(plan.dumps.map(\.service.text) == ["postgres"])
        #expect(plan.dumps.map(\.cause.text) == ["n8n"])
        #expect(plan.dataAtRisk.first?.contains("crawl4ai") == true)
        try setImage(fixture, "n8n", "n8nio/n8n:1.20.0")
        let evidence = try saved(fixture)
        let dump = try #require(evidence.dumps.first)
        #expect(evidence.dumps.count == 1)
        #expect(dump.path == "/mnt/efs/.geusemaker/dumps/\(evidence.run?.text ?? "")/postgres.dump")
        let file = try fixture.sandbox.world(fixture.name)[file: dump.path]
        #expect(file?.sha256 == dump.sha256)
        #expect(file?.bytes.count == dump.bytes)
        #expect(file?.text.contains("42 rows") == true)
        #expect(evidence.versions == ["postgres": "15"])
        #expect(evidence.json["dumps"]?.arrayValue?.count == 1)
        #expect(try BackupEvidence(json: evidence.json) == evidence)
    }

    @Test("qdrant and postgres are dumped for their own sake, ollama and a resize not")
    func others() throws {
        let fixture = try StackFixture()
        try setImage(fixture, "qdrant", "qdrant/qdrant:v1.7.4")
        #expect(try saved(fixture).dumps.map(\.kind) == [.qdrant])
        try setImage(fixture, "postgres", "postgres:15.6")
        #expect(try saved(fixture).dumps.map(\.kind) == [.postgres])
        try setImage(fixture, "ollama", "ollama/ollama:0.1.32")
        #expect(try saved(fixture).dumps.isEmpty)
        try fixture.run { try $0.resize(InstanceType("t3.large"), fallback: []) }
        #expect(try saved(fixture).dumps.isEmpty)
    }

    @Test(
        "a dump that fails ends the run before anything is touched",
        arguments: [
            ("dump=fail", "dump_failed"), ("dump=truncated", "dump_not_whole"),
            ("dump=no-space", "dump_no_space"),
        ]
    )
    func fails(_ fault: String, _ code: String) throws {
        let update = try FaultedUpdate([fault])
        try update.expectUntouched(code)
    }

    @Test("a tag that does not tell PostgreSQL's version is seen through once the image is there")
    func pulledMajor() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let postgres = ServiceName(unchecked: "postgres")
        let image = ImageReference(unchecked: "postgres:latest")
        let script: (any Primitives) throws -> Void = { try $0.setImage(postgres, image) }
        let session = try fixture.session(try fixture.plan(script))
        var failure: Diagnostic?
        do { try script(session) } catch let error as Diagnostic {
            failure = error
            #expect(session.compensate(because: error) == .nothingChanged)
        }
        #expect(failure?.code == "postgres_other_major")
        try fixture.expectOld(before)
    }

    /// The code with which a change of image ends, nothing that runs touched.
    private func ending(
        _ fixture: StackFixture,
        _ service: String,
        _ image: String,
        allowing allowed: Set<String> = []
    ) throws -> String? {
        fixture.settings.allowed = allowed
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = {
            try $0.setImage(ServiceName(unchecked: service), ImageReference(unchecked: image))
        }
        let session = try fixture.session(try fixture.plan(script))
        do { try script(session) } catch let error as Diagnostic {
            #expect(session.compensate(because: error) == .nothingChanged)
            try fixture.expectOld(before)
            return error.code
        }
        _ = try session.finish()
        return nil
    }

    @Test(
        "that the data of 18 lies elsewhere is seen after the pull, and is allowed by its own name"
    )
    func pulledPath() throws {
        let code = try ending(
            StackFixture(),
            "postgres",
            "postgres:edge",
            allowing: ["pg-major"]
        )
        #expect(code == "postgres_data_path_moved")
        // Past both guards it is PostgreSQL that refuses the data, and the change is undone.
        let fixture = try StackFixture()
        fixture.settings.allowed = ["pg-major", "pg-data-path"]
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = {
            try $0.setImage(
                ServiceName(unchecked: "postgres"),
                ImageReference(unchecked: "postgres:edge")
            )
        }
        let session = try fixture.session(try fixture.plan(script))
        let error = try #require(throws: Diagnostic.self) { try script(session) }
        #expect(!error.code.hasPrefix("postgres_"))
        _ = session.compensate(because: error)
        try fixture.expectOld(before)
    }

    @Test("Qdrant's version is looked at after the pull where the tag does not tell")
    func pulledQdrant() throws {
        let latest = "qdrant/qdrant:latest"
        #expect(try ending(StackFixture(), "qdrant", latest) == "qdrant_skips_minor")
        let allowed = try ending(
            StackFixture(),
            "qdrant",
            latest,
            allowing: [QdrantChecks.allowName]
        )
        #expect(allowed == nil)
        let host = try #require(try StackFixture().facts().host)
        let facts = try #require(host.stateful(ServiceName(unchecked: "qdrant")))
        var target = StatefulTarget(
            facts: facts,
            current: ImageReference(unchecked: "qdrant/qdrant:v1.7.0"),
            image: ImageReference(unchecked: latest)
        )
        let stack = try StackFixture().target()
        let unknown = QdrantChecks(target: target, stack: stack).refusalAfterPull
        #expect(unknown?.code == "qdrant_version_unknown")
        target.pulledVersion = "v1.8.4"
        #expect(QdrantChecks(target: target, stack: stack).refusalAfterPull == nil)
    }

    @Test("n8n's version is looked at after the pull where the tag does not tell")
    func pulledN8N() throws {
        let fixture = try StackFixture()
        try setImage(fixture, "n8n", "n8nio/n8n:1.97.1")
        #expect(try ending(fixture, "n8n", "n8nio/n8n:stable") == "n8n_downgrade")
        let allowed = try ending(
            fixture,
            "n8n",
            "n8nio/n8n:stable",
            allowing: [N8nChecks.allowName]
        )
        #expect(allowed == nil)
        #expect(try ending(fixture, "n8n", "n8nio/n8n:next") == nil)
    }

    @Test("plans in journals keep their dumps, and older ones have none")
    func journaled() throws {
        let dump = DataDump(
            kind: .postgres,
            service: ServiceName(unchecked: "postgres"),
            cause: ServiceName(unchecked: "n8n")
        )
        #expect(DataDump(json: dump.json) == dump)
        #expect(DataDump(json: ["kind": "tape", "service": "a", "for": "a"]) == nil)
    }

    private func onGPU() throws -> StackFixture {
        var options = SandboxOptions()
        options.instanceType = InstanceType(unchecked: "g4dn.xlarge")
        let fixture = try StackFixture(options)
        fixture.settings.healthTimeout = 20
        let facts = try fixture.facts()
        #expect(facts.host?.stateful(ServiceName(unchecked: "ollama"))?.seesGPU == true)
        return fixture
    }

    @Test("a silent fall-back to the CPU is a failure and is undone")
    func gpuLost() throws {
        let fixture = try onGPU()
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = {
            try $0.setImage(
                ServiceName(unchecked: "ollama"),
                ImageReference("ollama/ollama:0.1.32")
            )
        }
        let session = try fixture.session(try fixture.plan(script))
        try fixture.fault("gpu=lost")
        var failure: Diagnostic?
        do { try script(session) } catch let error as Diagnostic {
            failure = error
            try fixture.sandbox.clearFaults(fixture.name)
            #expect(session.compensate(because: error) == .restored)
        }
        #expect(failure?.code == "gpu_not_seen")
        #expect(failure?.summary.contains("ollama") == true)
        try fixture.expectOld(before)
    }

    @Test("where the GPU stays, nothing is said; on a type without one, it is not asked for")
    func gpuStays() throws {
        let fixture = try onGPU()
        try fixture.run { try $0.resize(InstanceType("g4dn.2xlarge"), fallback: []) }
        let plan = Plan(
            stack: fixture.name,
            steps: [
                .backup(label: nil),
                .resize(
                    from: "g4dn.2xlarge",
                    to: InstanceType(unchecked: "t3.large"),
                    fallback: []
                ),
            ]
        )
        let session = try fixture.session(plan)
        _ = try session.backup(label: nil)
        try session.resize(InstanceType("t3.large"), fallback: [])
        _ = try session.finish()
        #expect(try fixture.facts().instance.type == "t3.large")
    }
}
