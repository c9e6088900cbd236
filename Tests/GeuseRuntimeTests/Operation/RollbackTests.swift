import Testing

@testable import GeuseRuntime

@Suite("A rollback brings back what ran, and only claims what it saw")
struct RollbackTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let qdrant = ServiceName(unchecked: "qdrant")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    private func update(_ type: String, _ image: String) throws {
        try fixture.run { stack in
            try stack.openWindow("update")
            try stack.resize(InstanceType(type), fallback: [])
            try stack.setImage(n8n, ImageReference(image))
            try stack.closeWindow("update", failed: false)
        }
    }

    /// Everything that a rollback has to bring back.
    private struct Shape: Equatable {
        let type: String
        let compose: String?
        let images: [ServiceName: String?]

        init(_ facts: LiveFacts) {
            type = facts.instance.type
            compose = facts.host?.project.sha256
            images = Dictionary(
                (facts.host?.services ?? []).map { ($0.name, $0.imageID) },
                uniquingKeysWith: { $1 }
            )
        }
    }

    @Test("Type, compose bytes and image ids come back, and the history says so")
    func success() throws {
        let first = Shape(try fixture.facts())
        let before = try fixture.loaded().state
        try update("t3.large", "n8nio/n8n:1.20.0")
        let second = Shape(try fixture.facts())
        var isBack = false
        let result = try fixture.run { isBack = try $0.rollback(to: .version(1)) }
        #expect(isBack)
        #expect(Shape(try fixture.facts()) == first)
        #expect(try fixture.facts().host?.services.allSatisfy(\.isWell) == true)
        #expect(
            result.changesApplied == [
                "instance_type:t3.medium", "n8n -> n8nio/n8n:1.19.0", "compose_file:restored",
            ]
        )
        let state = try fixture.loaded().state
        #expect(state.status == .running)
        #expect(state.config == before.config)
        #expect(state.image(of: n8n)?.text == "n8nio/n8n:1.19.0")
        #expect(state.previousStates.first?.config.instanceType.text == "t3.large")
        #expect(state.previousStates.count == 2)
        let record = try #require(state.rollbackHistory.last)
        #expect(record.trigger == .manual && record.success && record.version == 1)
        #expect(record.changes == result.changesApplied && record.error == nil)

        // And forward again: the state before the rollback is version 1 now.
        try fixture.run { _ = try $0.rollback(to: .version(1)) }
        #expect(Shape(try fixture.facts()) == second)
    }

    @Test("An older state is reached past the newer ones")
    func older() throws {
        let first = Shape(try fixture.facts())
        try update("t3.large", "n8nio/n8n:1.20.0")
        try update("t3.medium", "n8nio/n8n:1.21.1")
        try fixture.run { _ = try $0.rollback(to: .version(2)) }
        #expect(Shape(try fixture.facts()) == first)
        #expect(try fixture.loaded().state.rollbackHistory.last?.version == 2)
    }

    @Test("A rollback of an image alone leaves the instance alone")
    func imageOnly() throws {
        try fixture.run { try $0.setImage(n8n, ImageReference("n8nio/n8n:1.20.0")) }
        let stops = try fixture.requests().filter { $0 == "StopInstances" }.count
        try fixture.run { _ = try $0.rollback(to: .version(1)) }
        #expect(try fixture.requests().filter { $0 == "StopInstances" }.count == stops)
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.19.0")
    }

    @Test("An old image that does not work any more is undone, and the record says it failed")
    func brokenNow() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        let before = Shape(try fixture.facts())
        let previous = try fixture.loaded().state.previousStates
        let session = try fixture.session(fixture.plan { _ = try $0.rollback(to: .version(1)) })
        try fixture.fault("health=unhealthy:n8n*1")
        let error = try #require(
            #expect(throws: Diagnostic.self) { _ = try session.rollback(to: .version(1)) }
        )
        #expect(error.code == "not_healthy")
        #expect(session.compensate(because: error) == .restored)
        #expect(Shape(try fixture.facts()) == before)
        let state = try fixture.loaded().state
        #expect(state.status == .running && state.previousStates == previous)
        #expect(state.config.instanceType.text == "t3.large")
        let record = try #require(state.rollbackHistory.last)
        #expect(record.trigger == .manual && !record.success && record.version == 1)
        #expect(record.error?.contains("not_healthy") == true && record.changes.isEmpty)
    }

    @Test("A saved compose file that is damaged is told, and nothing is half done")
    func damagedFile() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        let before = Shape(try fixture.facts())
        var plan = try fixture.plan { _ = try $0.rollback(to: .version(1)) }
        // As if the saved file had been edited: its checksum is not the one on record.
        let backup = try #require(
            try fixture.backups.backup(
                of: fixture.loaded().state.previousStates[0],
                fixture.name
            )
        )
        var evidence = try #require(backup.evidence)
        evidence.composeSHA256 = String(repeating: "0", count: 64)
        let earlier = EarlierState(
            point: .version(1),
            version: 1,
            snapshot: backup.state.state.snapshot(),
            backup: backup.entry.id,
            evidence: evidence
        )
        plan.steps = [
            .backup(label: nil), .rollback(try RollbackTarget(earlier, fixture.facts())),
        ]
        let session = try fixture.session(plan)
        let error = try #require(
            #expect(throws: Diagnostic.self) { _ = try session.rollback(to: .version(1)) }
        )
        #expect(error.code == "compose_refused")
        #expect(session.compensate(because: error) == .restored)
        #expect(Shape(try fixture.facts()) == before)
    }

    @Test("A registry that does not answer is a warning: the image is on the host")
    func registryDown() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        let session = try fixture.session(fixture.plan { _ = try $0.rollback(to: .version(1)) })
        try fixture.fault("pull=toomanyrequests")
        _ = try session.rollback(to: .version(1))
        let result = try session.finish()
        #expect(result.success)
        #expect(result.warnings.contains { $0.contains("image_rate_limited") })
    }

    @Test("Without a backup that tells what ran, type and images are set and a warning says so")
    func withoutEvidence() throws {
        let first = Shape(try fixture.facts())
        try update("t3.large", "n8nio/n8n:1.20.0")
        // What GeuseMaker leaves behind: the state, and nothing of the host.
        let folder = fixture.directory.backups(fixture.name)
        for file in try fixture.files.list(folder) where file.hasSuffix(".evidence.json") {
            try fixture.files.remove(folder + "/" + file)
        }
        let plan = try fixture.plan { _ = try $0.rollback(to: .version(1)) }
        #expect(plan.warnings.contains { $0.contains("other edits of the file") })
        let result = try fixture.run { _ = try $0.rollback(to: .version(1)) }
        #expect(
            result.changesApplied == ["instance_type:t3.medium", "n8n -> n8nio/n8n:1.19.0"]
        )
        #expect(Shape(try fixture.facts()) == first)
    }

    @Test("A backup is restored by its id, or the newest by its name")
    func backups() throws {
        let first = Shape(try fixture.facts())
        try fixture.run { _ = try $0.backup(label: BackupLabel("holidays")) }
        let id = try #require(try fixture.backups.list(fixture.name).first?.id)
        try update("t3.large", "n8nio/n8n:1.20.0")
        try fixture.run { _ = try $0.rollback(to: .backup(id)) }
        #expect(Shape(try fixture.facts()) == first)
        #expect(try fixture.loaded().state.rollbackHistory.last?.version == 1)
        try fixture.run { _ = try $0.rollback(to: .backup("latest")) }
        #expect(try fixture.facts().instance.type == "t3.large")
    }

    @Test("What is as it was then is no change")
    func nothingToDo() throws {
        try fixture.run { _ = try $0.backup(label: nil) }
        var isBack = true
        let plan = try fixture.plan { isBack = try $0.rollback(to: .backup("latest")) }
        #expect(plan.isEmpty && !plan.hasChanges && !isBack)
        // And a script goes on after it.
        let script: (any Primitives) throws -> Void = { stack in
            isBack = try stack.rollback(to: .backup("latest"))
            try stack.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
        }
        #expect(try fixture.run(script).changesApplied == ["n8n -> n8nio/n8n:1.20.0"])
        #expect(!isBack)
    }

    @Test("What cannot be gone back to is refused with a code")
    func refusals() throws {
        func plan(_ point: RollbackPoint) -> String? {
            refusal { _ = try fixture.plan { _ = try $0.rollback(to: point) } }
        }
        #expect(plan(.version(1)) == "no_previous_states")
        #expect(plan(.backup("latest")) == "unknown_backup")
        try update("t3.large", "n8nio/n8n:1.20.0")
        #expect(plan(.version(2)) == "unknown_version")
        #expect(plan(.version(0)) == "unknown_version")
        #expect(plan(.version(-1)) == "unknown_version")
        #expect(plan(.backup("../../etc/passwd")) == "unknown_backup")
        let old = try fixture.backups.create(fixture.loaded())
        #expect(plan(.backup(old.entry.id)) == "backup_without_evidence")
        let inside: (any Primitives) throws -> Void = { stack in
            try stack.openWindow("w")
            _ = try stack.rollback(to: .version(1))
        }
        #expect(refusal { _ = try fixture.plan(inside) } == "inside_window")
        let after: (any Primitives) throws -> Void = { stack in
            _ = try stack.rollback(to: .version(1))
            try stack.setImage(qdrant, ImageReference("qdrant/qdrant:v1.7.4"))
        }
        #expect(refusal { _ = try fixture.plan(after) } == "after_rollback")
    }

    @Test("A backup of another instance or another compose file is refused")
    func foreign() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        var state = try fixture.loaded().state
        let backups = fixture.backups
        let id = try #require(try backups.list(fixture.name).first?.id)
        state.instanceID = try InstanceID("i-0fedcba9876543210")
        let elsewhere = EarlierStates(state, backups)
        #expect(refusal { _ = try elsewhere.find(.backup(id)) } == "backup_of_other_instance")
        #expect(try elsewhere.find(.version(1)).evidence == nil)
        var earlier = try EarlierStates(fixture.loaded().state, backups).find(.version(1))
        earlier.evidence?.composeFile = "/root/docker-compose.yml"
        #expect(
            refusal { _ = try RollbackTarget(earlier, fixture.facts()) } == "backup_of_other_file"
        )
    }

    @Test("A session rolls back to what its plan says, and to nothing else")
    func divergence() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        try update("t3.medium", "n8nio/n8n:1.21.1")
        let session = try fixture.session(fixture.plan { _ = try $0.rollback(to: .version(1)) })
        #expect(refusal { _ = try session.rollback(to: .version(2)) } == "plan_diverged")
        #expect(!session.hasChanged)
    }

    @Test("The backups of the previous states outlive the pruning")
    func pruning() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        for _ in 0..<(Backups.keptByDefault + 2) {
            try fixture.run { _ = try $0.backup(label: nil) }
        }
        let found = try EarlierStates(fixture.loaded().state, fixture.backups).find(.version(1))
        #expect(found.evidence != nil)
    }

    @Test("A tag that names another image by now is no obstacle: the image that ran runs again")
    func movedTag() throws {
        let first = Shape(try fixture.facts())
        try update("t3.large", "n8nio/n8n:1.20.0")
        let other = try #require(try fixture.facts().host?.service(n8n)?.imageID)
        try fixture.sandbox.store(fixture.name).change { world in
            let moved = RestoredImage(
                reference: ImageReference(unchecked: "n8nio/n8n:1.19.0"),
                imageID: other,
                source: nil
            )
            try world.restoreImages([moved])
        }
        try fixture.run { _ = try $0.rollback(to: .version(1)) }
        #expect(Shape(try fixture.facts()) == first)
    }

    @Test("The same name with another image behind it is a change, and the plan shows both ids")
    func sameName() throws {
        try fixture.run { _ = try $0.backup(label: nil) }
        var earlier = try EarlierStates(fixture.loaded().state, fixture.backups)
            .find(.backup("latest"))
        let facts = try fixture.facts()
        #expect(try RollbackTarget(earlier, facts).isReached)
        let index = try #require(earlier.evidence?.services.firstIndex { $0.name == n8n })
        earlier.evidence?.services[index].imageID = "sha256:" + String(repeating: "a", count: 64)
        let target = try RollbackTarget(earlier, facts)
        let row = try #require(target.changes.first)
        #expect(target.changes.count == 1)
        #expect(row.new == "n8nio/n8n:1.19.0 (aaaaaaaaaaaa)")
        #expect(row.current.hasPrefix("n8nio/n8n:1.19.0 (") && row.current != row.new)
    }

    @Test("The plan's data is complete: read back from a journal it says the same")
    func data() throws {
        try update("t3.large", "n8nio/n8n:1.20.0")
        let plan = try fixture.plan { _ = try $0.rollback(to: .version(1)) }
        let step = try #require(plan.steps.last)
        #expect(try PlanStep(json: step.json).json == step.json)
        #expect(try PlanStep(json: step.json).title == step.title)
        let broken: JSONValue = ["step": "rollback", "to": ["version": .int(1)]]
        #expect(refusal { _ = try PlanStep(json: broken) } == "plan_unreadable")
    }
}

@Suite("A rollback that was killed is ended by recover")
struct RollbackRecoveryTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        try fixture.run { stack in
            try stack.openWindow("update")
            try stack.resize(InstanceType("t3.large"), fallback: [])
            try stack.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
            try stack.closeWindow("update", failed: false)
        }
    }

    /// A rollback that is gone in its middle, before anything is undone.
    private func interrupt(_ fault: String) throws {
        let session = try fixture.session(fixture.plan { _ = try $0.rollback(to: .version(1)) })
        try fixture.fault(fault)
        #expect(throws: Diagnostic.self) { _ = try session.rollback(to: .version(1)) }
        try fixture.sandbox.clearFaults(fixture.name)
    }

    private func expect(_ type: String, _ image: String) throws {
        let facts = try fixture.facts()
        #expect(facts.instance.type == type && facts.instance.state == .running)
        #expect(facts.host?.service(n8n)?.image == image)
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        let state = try fixture.loaded().state
        #expect(state.status == .running && state.config.instanceType.text == type)
        #expect(state.image(of: n8n)?.text == image)
    }

    @Test(
        "Undone by default",
        arguments: ["stop=OperationNotPermitted", "modify=Unsupported*1", "up=fail*2"]
    )
    func undone(_ fault: String) throws {
        try interrupt(fault)
        #expect(try fixture.recover() == .restored)
        try expect("t3.large", "n8nio/n8n:1.20.0")
        #expect(try fixture.loaded().state.previousStates.count == 1)
    }

    @Test(
        "Done to the end when asked",
        arguments: ["stop=OperationNotPermitted", "modify=Unsupported*1", "up=fail*2"]
    )
    func resumed(_ fault: String) throws {
        try interrupt(fault)
        guard case .finished = try fixture.recover(.resume) else {
            Issue.record("not finished")
            return
        }
        try expect("t3.medium", "n8nio/n8n:1.19.0")
        let state = try fixture.loaded().state
        #expect(state.previousStates.count == 2)
        let record = try #require(state.rollbackHistory.last)
        #expect(record.trigger == .manual && record.success && record.version == 1)
    }

    private func verifyAndVanish() throws {
        let session = try fixture.session(fixture.plan { _ = try $0.rollback(to: .version(1)) })
        _ = try session.rollback(to: .version(1))
        try session.edges.record.result(changes: session.changes, downtime: 1, verified: true)
    }

    @Test("One whose every change was verified is kept, with its record")
    func kept() throws {
        try verifyAndVanish()
        guard case .finished = try fixture.recover() else {
            Issue.record("not finished")
            return
        }
        try expect("t3.medium", "n8nio/n8n:1.19.0")
        let record = try #require(try fixture.loaded().state.rollbackHistory.last)
        #expect(record.trigger == .manual && record.success && record.version == 1)
    }
}
