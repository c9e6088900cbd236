import Testing

@testable import GeuseRuntime

/// Backups, journals and state files that are damaged, gone, or another's.
@Suite("A run whose record is damaged has a way out")
struct LostRecordTests {
    private let fixture: StackFixture
    private let large = InstanceType(unchecked: "t3.large")

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    /// A run that is cut off with the instance stopped; what was there before it.
    private func cutOff() throws -> LiveFacts {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { [large] in
            try $0.resize(large, fallback: [])
        }
        let session = try fixture.session(fixture.plan(script))
        try fixture.fault("start=VcpuLimitExceeded*1")
        #expect(refusal { try script(session) } == "VcpuLimitExceeded")
        return before
    }

    private func backupFile(_ suffix: String) throws -> String {
        let id = try fixture.backups.show("latest", of: fixture.name).entry.id
        return "\(fixture.directory.backups(fixture.name))/\(id)\(suffix)"
    }

    @Test("Of a damaged backup the evidence tells what ran", arguments: [true, false])
    func evidence(isGone: Bool) throws {
        let before = try cutOff()
        let path = try backupFile(BackupFile.suffix)
        if isGone {
            try fixture.files.remove(path)
        } else {
            var bytes = try fixture.files.read(path)
            bytes[bytes.count / 2] ^= 0x10
            try fixture.files.replace(path, with: bytes)
        }
        #expect(try fixture.recover() == .restored)
        try fixture.expectOld(before)
    }

    @Test("Without evidence nothing is undone; what is configured can be taken as it is")
    func accepted() throws {
        _ = try cutOff()
        try fixture.files.remove(backupFile(".evidence.json"))
        for way in [Recovery.Way.byRule, .abort, .resume] {
            #expect(refusal { try fixture.recover(way) } == "recovery_backup_unusable")
        }
        #expect(try fixture.recover(.accept) == .accepted)
        let facts = try fixture.facts()
        #expect(facts.instance.state == .running)
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        #expect(facts.host?.lease.holder == nil)
        let state = try fixture.loaded().state
        #expect(state.status == .running)
        #expect(state.config.instanceType.text == facts.instance.type)
        #expect(refusal { try fixture.recover() } == "nothing_unfinished")
    }

    @Test("Undoing what was committed takes it out of the history of configurations, too")
    func committed() throws {
        let before = try fixture.facts()
        let old = try fixture.loaded().state
        try fixture.run { [large] in try $0.resize(large, fallback: []) }
        #expect(try fixture.loaded().state.previousStates.count == old.previousStates.count + 1)
        // As if the process had been killed between the state and the journal's last line.
        let run = try #require(
            try JournalArchive(fixture.directory, fixture.files).runs(of: fixture.name).last
        )
        let path = fixture.directory.journal(fixture.name, run)
        let lines = try fixture.files.read(path).split(separator: 0x0A)
        let kept = lines.dropLast().flatMap { $0 + [0x0A] }
        try fixture.files.replace(path, with: Array(kept))
        #expect(try fixture.recover(.abort) == .restored)
        try fixture.expectOld(before)
        let state = try fixture.loaded().state
        #expect(state.previousStates == old.previousStates)
        #expect(state.lastHealthyState == old.lastHealthyState)
        #expect(state.rollbackHistory.last?.changes == ["instance_type:t3.large"])
    }

    @Test("A recovery that undoes is not cut short by a first interruption")
    func shielded() throws {
        let before = try cutOff()
        var hasCancelled = false
        fixture.observer.whenever = { [fixture] event in
            guard case .stepStarted = event, !hasCancelled else { return }
            hasCancelled = true
            fixture.cancellation.cancel()
        }
        #expect(try fixture.recover(.abort) == .restored)
        #expect(hasCancelled)
        try fixture.expectOld(before)
    }

    @Test(
        "A stack that somebody else left between is not changed",
        arguments: [
            ("creating", "status_forbids_change"), ("destroying", "status_forbids_change"),
            ("terminated", "status_forbids_change"), ("weird", "status_forbids_change"),
            ("updating", "changed_elsewhere"), ("rolling_back", "changed_elsewhere"),
            ("running", nil), ("failed", nil),
        ]
    )
    func status(_ word: String, _ code: String?) throws {
        var state = try fixture.loaded().state
        state.status = DeploymentStatus(word)
        let directory = fixture.directory
        #expect(refusal { try StatusRefusal.check(state, in: directory) } == code)
        let recovery = refusal { try StatusRefusal.checkRecovery(of: state, in: directory) }
        #expect(recovery == (code == "status_forbids_change" ? code : nil))
    }

    @Test("The trigger of an automatic rollback is the kind of its failure")
    func triggers() throws {
        _ = try cutOff()
        #expect(try fixture.loaded().state.rollbackHistory.isEmpty)
        let script: (any Primitives) throws -> Void = { [large] in
            try $0.resize(large, fallback: [])
        }
        #expect(try fixture.recover() == .restored)
        for (fault, trigger) in [
            ("modify=InvalidInstanceAttributeValue*1", RollbackRecord.Trigger.healthCheckFailed),
            ("status=impaired@t3.large*1", .timeout),
        ] {
            let session = try fixture.session(fixture.plan(script))
            try fixture.fault(fault)
            let error = try #require(#expect(throws: Diagnostic.self) { try script(session) })
            #expect(session.compensate(because: error) == .restored)
            let record = try #require(try fixture.loaded().state.rollbackHistory.last)
            #expect(record.trigger == trigger, "\(error.code)")
            #expect(record.changes == ["instance_type:t3.large"])
        }
    }
}
