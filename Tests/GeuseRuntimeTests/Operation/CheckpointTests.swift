import Testing

@testable import GeuseRuntime

@Suite("What was done before a checkpoint is kept")
struct CheckpointTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let qdrant = ServiceName(unchecked: "qdrant")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    /// Image, checkpoint, type.
    private func script(_ stack: any Primitives) throws {
        try stack.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
        try stack.checkpoint("new n8n")
        try stack.resize(InstanceType("t3.large"), fallback: [])
    }

    private func fail(_ session: Session, _ fault: String) throws -> Diagnostic {
        try fixture.fault(fault)
        return try #require(#expect(throws: Diagnostic.self) { try script(session) })
    }

    @Test("A run that succeeds records each point as a state of its own")
    func success() throws {
        let result = try fixture.run(script)
        #expect(result.changesApplied == ["n8n -> n8nio/n8n:1.20.0", "instance_type:t3.large"])
        let state = try fixture.loaded().state
        #expect(state.previousStates.count == 2)
        let images = state.previousStates.map { snapshot in
            snapshot.containerImages.first { $0.service == n8n }?.image.text
        }
        #expect(images == ["n8nio/n8n:1.20.0", "n8nio/n8n:1.19.0"])
        // Both can be gone back to as they were.
        let earlier = EarlierStates(state, fixture.backups)
        for version in 1...2 { #expect(try earlier.find(.version(version)).evidence != nil) }
        try fixture.run { _ = try $0.rollback(to: .version(2)) }
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.19.0")
        #expect(try fixture.facts().instance.type == "t3.medium")
    }

    @Test("One at the end hides no new address")
    func address() throws {
        let fixture = try StackFixture()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.resize(InstanceType(unchecked: "t3.large"), fallback: [])
            try stack.checkpoint("large")
        }
        let session = try fixture.session(fixture.plan(script))
        try script(session)
        #expect(try session.finish().address != nil)
    }

    @Test("A later failure goes back to the checkpoint and not to the beginning")
    func kept() throws {
        let session = try fixture.session(fixture.plan(script))
        let error = try fail(session, "modify=InvalidInstanceAttributeValue*1")
        guard case .restoredTo(let checkpoint) = session.compensate(because: error) else {
            Issue.record("it was not brought back to the checkpoint")
            return
        }
        #expect(checkpoint.name == "new n8n")
        #expect(checkpoint.changes == ["n8n -> n8nio/n8n:1.20.0"])
        let facts = try fixture.facts()
        #expect(facts.instance.type == "t3.medium")
        #expect(facts.host?.service(n8n)?.image == "n8nio/n8n:1.20.0")
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        let state = try fixture.loaded().state
        #expect(state.status == .running)
        #expect(checkpoint.state == .object(state.document))
        #expect(state.image(of: n8n)?.text == "n8nio/n8n:1.20.0")
        #expect(state.config.instanceType.text == "t3.medium")
        let record = try #require(state.rollbackHistory.last)
        #expect(record.trigger == .healthCheckFailed && record.success)
        #expect(record.error?.contains("new n8n") == true)
        let journals = JournalArchive(fixture.directory, fixture.files)
        #expect(try journals.unfinished(fixture.name) == nil)
        let run = try journals.read(session.run, of: fixture.name)
        #expect(run.outcome == .keptCheckpoint)
        #expect(RunSummary(run).changes == ["n8n -> n8nio/n8n:1.20.0"])
    }

    @Test("A failure before the next change keeps what was done, too")
    func nothingSince() throws {
        let session = try fixture.session(fixture.plan(script))
        try session.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
        try session.checkpoint("new n8n")
        let cause = Diagnostic("changed_my_mind", "No.")
        guard case .restoredTo(let checkpoint) = session.compensate(because: cause) else {
            Issue.record("what was kept is not told")
            return
        }
        #expect(checkpoint.changes == ["n8n -> n8nio/n8n:1.20.0"])
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.20.0")
        #expect(try fixture.loaded().state.status == .running)
    }

    @Test("A checkpoint that does not hold is a failure, and the run goes back to its beginning")
    func ill() throws {
        let session = try fixture.session(fixture.plan(script))
        try session.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
        try fixture.fault("efs=read-only*1")
        let error = try #require(
            #expect(throws: Diagnostic.self) { try session.checkpoint("new n8n") }
        )
        #expect(error.code == "efs_read_only")
        try fixture.sandbox.clearFaults(fixture.name)
        #expect(session.compensate(because: error) == .restored)
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.19.0")
    }

    @Test("Without a rollback the run's end says what was kept")
    func abandoned() throws {
        let session = try fixture.session(fixture.plan(script))
        try session.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
        try session.checkpoint("new n8n")
        guard case .restoredTo = session.abandon(Diagnostic("no", "No.")) else {
            Issue.record("nothing has changed since the checkpoint")
            return
        }
    }

    /// Fails behind the checkpoint and is gone before anything is undone, as after a kill.
    private func interrupt() throws -> RunID {
        let session = try fixture.session(fixture.plan(script))
        _ = try fail(session, "modify=InvalidInstanceAttributeValue*1")
        return session.run
    }

    @Test("A killed run is recovered to its newest checkpoint")
    func recovery() throws {
        let run = try interrupt()
        #expect(try fixture.recover() == .restored)
        let facts = try fixture.facts()
        #expect(facts.instance.type == "t3.medium" && facts.instance.state == .running)
        #expect(facts.host?.service(n8n)?.image == "n8nio/n8n:1.20.0")
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        let state = try fixture.loaded().state
        #expect(state.status == .running && state.image(of: n8n)?.text == "n8nio/n8n:1.20.0")
        #expect(state.previousStates.count == 1)
        // Only what came after the checkpoint was undone.
        #expect(state.rollbackHistory.last?.changes == ["instance_type:t3.large"])
        let journals = JournalArchive(fixture.directory, fixture.files)
        let summary = RunSummary(try journals.read(run, of: fixture.name))
        #expect(summary.changes == ["n8n -> n8nio/n8n:1.20.0"])
    }

    @Test("A killed run can be resumed past its checkpoint")
    func resumption() throws {
        _ = try interrupt()
        guard case .finished(let changes) = try fixture.recover(.resume) else {
            Issue.record("not finished")
            return
        }
        #expect(changes == ["n8n -> n8nio/n8n:1.20.0", "instance_type:t3.large"])
        #expect(try fixture.facts().instance.type == "t3.large")
        #expect(try fixture.loaded().state.previousStates.count == 2)
    }

    @Test("A run is resumed once the step that its end left at work on the host has ended")
    func busyHost() throws {
        let script: (any Primitives) throws -> Void = { stack in
            try stack.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
            try stack.setImage(qdrant, ImageReference("qdrant/qdrant:v1.7.4"))
        }
        func interrupt() throws {
            let session = try fixture.session(fixture.plan(script))
            fixture.observer.whenever = { [fixture] event in
                guard case .stepStarted(let title) = event, title.hasPrefix("prove EFS") else {
                    return
                }
                // The step on the host goes on, and nobody hears of it.
                try? fixture.fault("reply=lost*1")
            }
            #expect(throws: Diagnostic.self) { try script(session) }
            fixture.observer.whenever = { _ in }
        }
        try interrupt()
        guard case .finished = try fixture.recover(.resume) else {
            Issue.record("not finished")
            return
        }
        #expect(try fixture.facts().host?.service(qdrant)?.image == "qdrant/qdrant:v1.7.4")
        let waited = "waiting for an earlier step to end on the host"
        #expect(fixture.observer.events.contains(.stepProgress(waited)))
    }

    @Test("A resumed run that fails goes back to its checkpoint, too")
    func failedResumption() throws {
        _ = try interrupt()
        let fault = "modify=InvalidInstanceAttributeValue*1"
        try fixture.fault(fault)
        guard case .fellBack(let error) = try fixture.recover(.resume) else {
            Issue.record("the resumed run has not failed")
            return
        }
        #expect(error.code == "InvalidInstanceAttributeValue")
        #expect(error.detail?.contains("new n8n") == true)
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.20.0")
        #expect(try fixture.facts().instance.type == "t3.medium")
    }

    @Test("Several backups of a run carry one nonce, so that each can be gone back to")
    func nonce() throws {
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.backup(label: nil)
            try stack.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
            _ = try stack.backup(label: BackupLabel("middle"))
            try stack.setImage(qdrant, ImageReference("qdrant/qdrant:v1.7.4"))
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("health=unhealthy:qdrant*1")
        let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
        #expect(session.compensate(because: error) == .restored)
        #expect(try fixture.facts().host?.service(n8n)?.image == "n8nio/n8n:1.19.0")
    }

    @Test("There is no checkpoint inside a window")
    func window() throws {
        let error = #expect(throws: Diagnostic.self) {
            try fixture.plan { stack in
                try stack.openWindow("w")
                try stack.checkpoint("half")
            }
        }
        #expect(error?.code == "inside_window" && error?.kind == .refused)
    }

    @Test("A checkpoint alone is nothing to do")
    func alone() throws {
        #expect(try fixture.plan { try $0.checkpoint("start") }.isEmpty)
    }
}
