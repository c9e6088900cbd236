import Testing

@testable import GeuseRuntime

@Suite("A run that never ended is ended by recover")
struct RecoveryTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let large = InstanceType(unchecked: "t3.large")
    private let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")

    /// The calls of an update of type and image, one by one.
    private var calls: [(any Primitives) throws -> Void] {
        [
            { _ = try $0.backup(label: nil) }, { [n8n, image] in _ = try $0.pull(n8n, image) },
            { try $0.openWindow("update") }, { [large] in try $0.resize(large, fallback: []) },
            { [n8n, image] in try $0.setImage(n8n, image) },
            { try $0.closeWindow("update", failed: false) },
        ]
    }

    /// Does the first calls of an update, then is gone, as after a kill.
    private func interrupt(
        _ fixture: StackFixture,
        after count: Int,
        finishing: Bool = false
    ) throws {
        let plan = try fixture.plan { stack in for call in calls { try call(stack) } }
        let session = try fixture.session(plan)
        for call in calls.prefix(count) { try call(session) }
        if finishing {
            try session.edges.record.result(changes: session.changes, downtime: 1, verified: true)
        }
    }

    private func expect(_ fixture: StackFixture, old before: LiveFacts, isNew: Bool) throws {
        let after = try fixture.facts()
        #expect(after.instance.type == (isNew ? large.text : before.instance.type))
        #expect(after.instance.state == .running)
        let wanted = isNew ? image.text : before.host?.service(n8n)?.image
        #expect(after.host?.service(n8n)?.image == wanted)
        if !isNew { #expect(after.host?.project.sha256 == before.host?.project.sha256) }
        #expect(after.host?.services.allSatisfy(\.isWell) == true)
        #expect(after.host?.lease.holder == nil)
        let state = try fixture.loaded().state
        #expect(state.status == .running)
        #expect(state.config.instanceType.text == after.instance.type)
        #expect(
            try JournalArchive(fixture.directory, fixture.files).unfinished(fixture.name) == nil
        )
    }

    @Test("Undone by default, wherever it was killed", arguments: 0...6)
    func undone(_ count: Int) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: count)
        let outcome = try fixture.recover()
        #expect(outcome == (count == 0 ? .nothingChanged : .restored))
        try expect(fixture, old: before, isNew: false)
        let history = try fixture.loaded().state.rollbackHistory
        #expect(history.count == (count == 0 ? 0 : 1))
        #expect(refusal { try fixture.recover() } == "nothing_unfinished")
    }

    @Test("Done to the end when asked, wherever it was killed", arguments: 1...6)
    func resumed(_ count: Int) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let old = try fixture.loaded().state.snapshot()
        try interrupt(fixture, after: count)
        guard case .finished(let changes) = try fixture.recover(.resume) else {
            Issue.record("not finished")
            return
        }
        #expect(changes == ["instance_type:t3.large", "n8n -> n8nio/n8n:1.20.0"])
        try expect(fixture, old: before, isNew: true)
        let state = try fixture.loaded().state
        // What is gone back to is the state before the run, not that of a half-finished one.
        #expect(state.previousStates.first == old)
        #expect(state.previousStates.count == 1)
        #expect(try fixture.lastOutcome() == .recoveredNew)
        // Neither the stop nor the change of the type happened twice.
        #expect(try fixture.requests().count { $0 == "StopInstances" } == 1)
        #expect(try fixture.requests().count { $0 == "ModifyInstanceAttribute" } == 1)
    }

    @Test("A run whose every change was verified is kept")
    func kept() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: 6, finishing: true)
        guard case .finished = try fixture.recover() else {
            Issue.record("not finished")
            return
        }
        try expect(fixture, old: before, isNew: true)
        #expect(try fixture.loaded().state.lastHealthyState != nil)
    }

    @Test("A verified run is undone all the same when that is asked for")
    func notKept() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: 6, finishing: true)
        #expect(try fixture.recover(.abort) == .restored)
        try expect(fixture, old: before, isNew: false)
    }

    @Test("A verified run that is not what is there any more is undone")
    func moved() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: 6, finishing: true)
        let cloud = fixture.sandbox.cloud(fixture.name)
        let id = try fixture.target().instance
        try cloud.stop(id)
        fixture.clock.advance(60)
        try cloud.setType(id, to: InstanceType(unchecked: "t3.xlarge"))
        #expect(try fixture.recover() == .restored)
        try expect(fixture, old: before, isNew: false)
    }

    @Test("A resume that fails is undone")
    func resumeFails() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: 1)
        try fixture.fault("modify=InvalidInstanceAttributeValue*1")
        guard case .fellBack(let error) = try fixture.recover(.resume) else {
            Issue.record("the resumed run has not failed")
            return
        }
        #expect(error.code == "InvalidInstanceAttributeValue")
        try expect(fixture, old: before, isNew: false)
        #expect(try fixture.lastOutcome() == .rolledBack)
        #expect(refusal { try fixture.recover() } == "nothing_unfinished")
    }

    @Test("What another run has done since is not undone")
    func changedSince() throws {
        let fixture = try StackFixture()
        try interrupt(fixture, after: 4)
        // The other one works from another machine, after the lease was given back by force.
        let host = fixture.sandbox.host(fixture.name)
        let lease = try fixture.facts().host?.lease
        let dead = try #require(lease?.holder?.run)
        let other = RunID(unchecked: "other")
        let owner = LockOwner.current(run: other, command: "update", since: fixture.clock.now())
        try host.lease(
            HostStep(
                StepID(run: other, step: "1-x"),
                lease: HostLease(owner, run: other, fence: 2),
                replaces: dead,
                endsLease: true
            )
        )
        let before = try fixture.facts()
        #expect(refusal { try fixture.recover() } == "host_changed_since")
        #expect(try fixture.facts() == before)
    }

    @Test("A step that a killed run left at work on the host is waited for")
    func waitsForStep() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: 5)
        // The last call's apply is under way and nobody waits for it any more.
        let facts = try fixture.facts()
        let project = try #require(facts.host?.project)
        let run = try #require(facts.host?.lease.holder?.run)
        let owner = LockOwner.current(run: run, command: "update", since: fixture.clock.now())
        var request = ApplyRequest(
            project: project,
            storage: HostInspection(fileSystem: try fixture.target().fileSystem)
        )
        request.settleSeconds = 20
        let step = HostStep(
            StepID(run: run, step: "left"),
            lease: HostLease(owner, run: run, fence: 1)
        )
        let gone = Cancellation()
        gone.cancel()
        let dead = Sandbox(
            root: fixture.directory.root,
            files: fixture.files,
            clock: fixture.clock,
            cancellation: gone
        )
        #expect(refusal { try dead.host(fixture.name).apply(step, request) } == "interrupted")
        #expect(try fixture.recover() == .restored)
        try expect(fixture, old: before, isNew: false)
    }

    @Test("A journal that lost its last lines still leads back, and no boot starts a service")
    func lostLines() throws {
        // Without its first line the plan is lost, and --abort is for that.
        var kept = 1
        while true {
            let fixture = try StackFixture()
            let before = try fixture.facts()
            try interrupt(fixture, after: 5)
            let archive = JournalArchive(fixture.directory, fixture.files)
            let run = try #require(try archive.runs(of: fixture.name).last)
            let path = fixture.directory.journal(fixture.name, run)
            let lines = try fixture.files.read(path).split(separator: 0x0A)
            guard kept < lines.count else { break }
            try fixture.files.replace(path, with: lines[..<kept].flatMap { $0 + [0x0A] })
            #expect(try fixture.recover() == .restored, "\(kept) lines")
            try expect(fixture, old: before, isNew: false)
            #expect(try fixture.sandbox.world(fixture.name).machine.startedByBoot == 0)
            kept += 1
        }
    }

    /// Flips a bit in the second line of the newest journal.
    private func damage(_ fixture: StackFixture) throws {
        let archive = JournalArchive(fixture.directory, fixture.files)
        let run = try #require(try archive.runs(of: fixture.name).last)
        let path = fixture.directory.journal(fixture.name, run)
        var bytes = try fixture.files.read(path)
        let end = try #require(bytes.firstIndex(of: 0x0A))
        bytes[end + 20] ^= 1
        try fixture.files.replace(path, with: bytes)
    }

    @Test("A damaged journal of a run that ended well does not undo it, nor block the stack")
    func damagedAtRest() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try update(fixture)
        try damage(fixture)
        let state = try fixture.loaded().state
        #expect(try fixture.recover() == .atRest)
        try expect(fixture, old: before, isNew: true)
        #expect(try fixture.loaded().state == state)
    }

    @Test("A damaged journal of a run in mid-change leads back all the same", arguments: 4...6)
    func damagedBetween(_ count: Int) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        try interrupt(fixture, after: count)
        try damage(fixture)
        #expect(try fixture.recover() == .restored)
        try expect(fixture, old: before, isNew: false)
    }

    /// An update that does what it should.
    private func update(_ fixture: StackFixture) throws {
        let plan = try fixture.plan { stack in for call in calls { try call(stack) } }
        let session = try fixture.session(plan)
        for call in calls { try call(session) }
        _ = try session.finish()
    }

    @Test("A run in mid-change whose backup is gone is never said to have changed nothing")
    func backupGone() throws {
        let fixture = try StackFixture()
        try interrupt(fixture, after: 4)
        let archive = JournalArchive(fixture.directory, fixture.files)
        let run = try #require(try archive.runs(of: fixture.name).last)
        let path = fixture.directory.journal(fixture.name, run)
        let first = try #require(try fixture.files.read(path).split(separator: 0x0A).first)
        try fixture.files.replace(path, with: first + [0x0A])
        let folder = fixture.directory.backups(fixture.name)
        for file in try fixture.files.list(folder) where file.hasSuffix("z") {
            try fixture.files.remove("\(folder)/\(file)")
        }
        let before = try fixture.facts()
        let error = try #require(throws: Diagnostic.self) { try fixture.recover() }
        #expect(error.kind == .needsAttention)
        #expect(error.detail?.contains("its backup is not there") == true)
        #expect(try fixture.facts() == before)
        #expect(try archive.unfinished(fixture.name)?.run == run)
    }

    @Test("A run that undid itself and was killed before it could say so is told of once")
    func toldOnce() throws {
        let fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
        try failAndUndo(fixture)
        let history = try fixture.loaded().state.rollbackHistory
        #expect(history.count == 1)
        // The last line, which says that the run ended, is lost.
        let archive = JournalArchive(fixture.directory, fixture.files)
        let run = try #require(try archive.runs(of: fixture.name).last)
        let path = fixture.directory.journal(fixture.name, run)
        let lines = try fixture.files.read(path).split(separator: 0x0A)
        try fixture.files.replace(path, with: lines.dropLast().flatMap { $0 + [0x0A] })
        #expect(try fixture.recover() == .restored)
        #expect(try fixture.loaded().state.rollbackHistory == history)
    }

    /// A run with an image that crashes; its lock is let go with it.
    private func failAndUndo(_ fixture: StackFixture) throws {
        let image = ImageReference(unchecked: "n8nio/n8n:1.99.0-crash")
        let session = try fixture.session(try fixture.plan { try $0.setImage(n8n, image) })
        let error = try #require(throws: Diagnostic.self) { try session.setImage(n8n, image) }
        #expect(session.compensate(because: error) == .restored)
    }
}
