import Testing

@testable import GeuseRuntime

@Suite("Data comes back from a dump, and what was there is kept and can come back too")
struct RestoreDataTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let rows = "/mnt/efs/postgres/base/16384/workflow_entity"
    private let fixture: StackFixture
    private let backup: String

    /// A stack whose n8n was updated, with a dump, and has changed its data since.
    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
        let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
        try fixture.run { [n8n] in try $0.setImage(n8n, image) }
        backup = try fixture.backups.show("latest", of: fixture.name).entry.id
        try write("43 rows, migrated\n")
    }

    private func write(_ text: String) throws {
        try fixture.sandbox.change(fixture.name) { [rows] in $0[file: rows] = FileBytes(text) }
    }

    private func data() throws -> String? {
        try fixture.sandbox.world(fixture.name)[file: rows]?.text
    }

    private func expectPresentData() throws {
        #expect(try data() == "43 rows, migrated\n")
        let host = try fixture.facts().host
        #expect(host?.services.allSatisfy(\.isWell) == true)
        #expect(host?.service(n8n)?.image == "n8nio/n8n:1.20.0")
    }

    /// Restores with a fault; the failure and what came of the undo.
    private func fail(_ fault: String) throws -> (code: String?, undo: Session.Compensation?) {
        let script: (any Primitives) throws -> Void = { [n8n, backup] in
            try $0.restoreData(n8n, from: backup)
        }
        let session = try fixture.session(try fixture.plan(script))
        try fixture.fault(fault)
        do {
            try script(session)
            return (nil, nil)
        } catch let error as Diagnostic {
            return (error.code, session.compensate(because: error))
        }
    }

    @Test("the dump's data is back, n8n was stopped meanwhile, and the present data is kept")
    func success() throws {
        let result = try fixture.run { [n8n, backup] in try $0.restoreData(n8n, from: backup) }
        #expect(try data() == "42 rows\n")
        #expect(result.changesApplied == ["postgres data <- \(backup)"])
        #expect(result.warnings.contains { $0.contains("as it was is kept") })
        let host = try fixture.facts().host
        #expect(host?.services.allSatisfy(\.isWell) == true)
        #expect(try fixture.loaded().state.status == .running)
        // What was there is in the dump of the backup that the run took.
        let evidence = try fixture.backups.show("latest", of: fixture.name).evidence
        let dump = try #require(evidence?.dumps.first)
        #expect(
            try fixture.sandbox.world(fixture.name)[file: dump.path]?.text.contains("migrated")
                == true
        )
        try fixture.run { [n8n] in try $0.restoreData(n8n, from: "latest") }
        try expectPresentData()
    }

    @Test("a restore that fails is undone", arguments: ["restore=fail*1", "up=fail*1"])
    func undone(_ fault: String) throws {
        let (code, undo) = try fail(fault)
        #expect(["restore_failed", "services_not_started"].contains(code))
        #expect(undo == .restored)
        try expectPresentData()
    }

    @Test("a dump that is not what it was is not put back")
    func damaged() throws {
        let evidence = try fixture.backups.show(backup, of: fixture.name).evidence
        let path = try #require(evidence?.dumps.first?.path)
        try fixture.sandbox.change(fixture.name) { $0[file: path] = FileBytes("{}") }
        let script: (any Primitives) throws -> Void = { [n8n, backup] in
            try $0.restoreData(n8n, from: backup)
        }
        let session = try fixture.session(try fixture.plan(script))
        var code: String?
        do { try script(session) } catch let error as Diagnostic {
            code = error.code
            #expect(session.compensate(because: error) == .restored)
        }
        #expect(code == "dump_damaged")
        try expectPresentData()
    }

    @Test(
        "a restore that was killed on its way is undone by recover",
        arguments: [Recovery.Way.byRule, .abort, .resume]
    )
    func killed(_ way: Recovery.Way) throws {
        try interrupt()
        #expect(try data() == "42 rows\n")
        if way == .resume {
            // What was half done cannot be gone on with: that is said before anything is touched.
            #expect(refusal { try fixture.recover(way) } == "cannot_resume")
            #expect(try data() == "42 rows\n")
        }
        #expect(try fixture.recover(way == .resume ? .abort : way) == .restored)
        try expectPresentData()
    }

    /// Fails once the data is there, and is gone before anything is undone.
    private func interrupt() throws {
        let script: (any Primitives) throws -> Void = { [n8n, backup] in
            try $0.restoreData(n8n, from: backup)
        }
        let session = try fixture.session(try fixture.plan(script))
        try fixture.fault("up=fail*1")
        #expect(refusal { try script(session) } == "services_not_started")
    }

    @Test("what cannot be put back is refused before anything is touched")
    func refused() throws {
        func code(_ service: ServiceName, _ backup: String) -> String? {
            let script: (any Primitives) throws -> Void = {
                try $0.restoreData(service, from: backup)
            }
            return refusal { try fixture.plan(script) }
        }
        let ollama = ServiceName(unchecked: "ollama")
        let qdrant = ServiceName(unchecked: "qdrant")
        #expect(code(ollama, backup) == "no_dump")
        #expect(code(n8n, "nonsense") == "unknown_backup")
        let both: (any Primitives) throws -> Void = { [n8n, backup] in
            try $0.resize(InstanceType(unchecked: "t3.large"), fallback: [])
            try $0.restoreData(n8n, from: backup)
        }
        let alone = refusal { try fixture.plan(both) }
        #expect(alone == "restore_alone")
        // The same the other way round: it is not called a rollback.
        let after: (any Primitives) throws -> Void = { [n8n, backup] in
            try $0.restoreData(n8n, from: backup)
            try $0.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        let behind = refusal { try fixture.plan(after) }
        #expect(behind == "restore_alone")
        try fixture.run { try $0.setImage(qdrant, ImageReference("qdrant/qdrant:v1.7.4")) }
        #expect(code(qdrant, "latest") == "restore_by_hand")
        try expectPresentData()
    }

    @Test("the plan survives the journal")
    func journaled() throws {
        let plan = try fixture.plan { [n8n, backup] in try $0.restoreData(n8n, from: backup) }
        #expect(plan.dumps.map(\.kind) == [.postgres])
        for step in plan.steps { #expect(try PlanStep(json: step.json) == step) }
        #expect(plan.changes.map(\.subject) == ["postgres data"])
    }

    @Test("a rollback of n8n warns, and names the command that brings the data back")
    func rollback() throws {
        let target = try fixture.target()
        let earlier = EarlierStates(try fixture.loaded().state, fixture.backups)
        let lookups = CloudLookups(fixture.sandbox.cloud(fixture.name))
        let plan = try fixture.plan { _ = try $0.rollback(to: .version(1)) }
        let checks = try Preflight(target, lookups, earlier: earlier).checks(plan, fixture.facts())
        let check = try #require(checks.first { $0.name == "n8n_downgrade" })
        #expect(check.outcome == .warning)
        let command = "geusemaker backup restore my-dev-stack \(backup) --data n8n"
        #expect(check.hint?.contains(command) == true)
        // An update to the old image finds the same backup by itself.
        let update = try Preflight(target, lookups, earlier: earlier).checks(
            Plan(
                stack: fixture.name,
                steps: [
                    .setImage(
                        service: n8n,
                        from: "n8nio/n8n:1.20.0",
                        to: ImageReference(unchecked: "n8nio/n8n:1.19.0")
                    )
                ]
            ),
            fixture.facts()
        )
        let refused = try #require(update.first { $0.name == "n8n_downgrade" })
        #expect(refused.refusal?.code == "n8n_downgrade")
        #expect(refused.hint?.contains(command) == true)
    }
}
