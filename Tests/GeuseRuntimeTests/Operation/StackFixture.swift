import Foundation
import Testing

@testable import GeuseRuntime

/// A simulated stack with a state file, in a directory of its own, and all that a run of it needs.
final class StackFixture {
    let name = StackName(unchecked: "my-dev-stack")
    /// Where state, journal and backups are written, not the simulated world.
    let files: LiveFileSystem
    private let disk = Disk()
    /// The errno that every write ends with; nil for none.
    var writesFail: CInt? {
        get { disk.error }
        set { disk.error = newValue }
    }
    let clock: SimulatedClock
    let cancellation = Cancellation()
    let directory: StateDirectory
    let sandbox: Sandbox
    let store: FileStateStore
    let observer = EventRecorder()
    var approver: any Approver = FailingApprover()
    var settings = SessionSettings()

    /// The stack as it is in a directory, such as a copy of another's, which goes with the fixture.
    init(in root: String, _ clock: SimulatedClock) {
        self.clock = clock
        directory = StateDirectory(root: root)
        files = disk.files
        sandbox = Sandbox(
            root: root,
            files: LiveFileSystem(),
            clock: clock,
            cancellation: cancellation
        )
        store = FileStateStore(directory, files, clock)
        settings.settleSeconds = 0
    }

    convenience init(_ options: SandboxOptions = SandboxOptions()) throws {
        var template = Array("/tmp/geuse-stack-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else {
            throw Diagnostic("no_directory", "mkdtemp failed: \(errno)")
        }
        self.init(in: String(cString: path), SimulatedClock())
        let stack = try sandbox.create(name, options)
        try directory.prepare(name, files)
        let lock = try takeLock()
        try store.save(stack.deploymentState(now: clock.now()), replacing: nil, under: lock)
        lock.release()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.root) }

    func takeLock() throws -> DeploymentLock {
        try DeploymentLock.acquire(
            name,
            in: directory,
            files,
            owner: LockOwner.current(run: nil, command: "test", since: clock.now())
        )
    }

    func loaded() throws -> LoadedState { try store.load(name) }

    var backups: Backups { Backups(directory, files, clock) }

    /// Plans a script, runs it and ends the run.
    @discardableResult
    func run(_ script: (any Primitives) throws -> Void) throws -> UpdateResult {
        let session = try session(plan(script))
        try script(session)
        return try session.finish()
    }

    func target() throws -> StackTarget { try StackTarget(loaded().state, directory: directory) }

    func facts() throws -> LiveFacts {
        let target = try target()
        return try FactsReader(
            cloud: sandbox.cloud(name),
            host: sandbox.host(name),
            mountPoint: target.mountPoint
        ).read(target.instance, fileSystem: target.fileSystem)
    }

    /// Makes the sandbox go wrong, as `geusemaker sandbox fault` does.
    func fault(_ text: String) throws { try sandbox.inject(SandboxFault(text), into: name) }

    /// The stack is what it was, runs, is well, and its state file says so.
    func expectOld(_ before: LiveFacts) throws {
        let after = try facts()
        #expect(after.instance.type == before.instance.type)
        #expect(after.instance.state == .running)
        #expect(after.host?.project.sha256 == before.host?.project.sha256)
        // Not as an expectation of the bytes: its message would be all of them.
        #expect((after.host?.project.bytes == before.host?.project.bytes) as Bool)
        #expect(after.host?.services.count == before.host?.services.count)
        for service in before.host?.services ?? [] {
            #expect(after.host?.service(service.name)?.imageID == service.imageID)
            #expect(after.host?.service(service.name)?.isWell == true)
        }
        let state = try loaded().state
        #expect(state.status == .running)
        #expect(state.config.instanceType.text == before.instance.type)
        #expect(state.publicIP == after.instance.publicIP)
    }

    /// What a script asks for, rehearsed and checked.
    func plan(_ script: (any Primitives) throws -> Void) throws -> Plan {
        let lookups = CloudLookups(sandbox.cloud(name))
        let rehearsal = Rehearsal(
            target: try target(),
            lookups: lookups,
            tagLists: TagLists(sandbox.host(name)),
            earlier: EarlierStates(try loaded().state, backups),
            started: clock.now(),
            clock: clock,
            cancellation: cancellation,
            read: facts
        )
        try script(rehearsal)
        if var facts = rehearsal.facts, !rehearsal.plan.isEmpty {
            try ImageLookups.complete(&facts, for: rehearsal.plan, over: sandbox.host(name))
            rehearsal.plan.images = facts.host?.registry ?? []
            let checks = try Preflight(try target(), lookups).checks(rehearsal.plan, facts)
            if let refusal = PreflightReport(checks, allowing: settings.allowed).refusal {
                throw refusal
            }
        }
        return rehearsal.plan
    }

    /// A session for a plan, the lock held.
    func session(_ plan: Plan, on other: Sandbox? = nil, tagLists: TagLists? = nil) throws
        -> Session
    {
        let sandbox = other ?? sandbox
        let lock = try takeLock()
        let loaded = try loaded()
        let run = RunID.make(at: clock.now())
        let owner = LockOwner.current(run: run, command: "test", since: clock.now())
        let record = try StackRecord.start(
            plan,
            of: run,
            by: owner,
            scriptHash: nil,
            version: "0",
            from: loaded,
            in: store,
            directory,
            files,
            clock,
            under: lock
        )
        return Session(
            target: try target(),
            edges: SessionEdges(
                cloud: sandbox.cloud(name),
                host: sandbox.host(name),
                clock: clock,
                cancellation: cancellation,
                observer: observer,
                approver: approver,
                record: record,
                owner: owner
            ),
            settings: settings,
            plan: plan,
            facts: try facts(),
            run: run,
            started: clock.now(),
            tagLists: tagLists
        )
    }

    /// Ends the newest unfinished run as `recover` does, with a process of its own.
    func recover(_ way: Recovery.Way = .byRule) throws -> Recovery.Outcome {
        let lock = try takeLock()
        defer { lock.release() }
        let archive = JournalArchive(directory, files)
        guard let run = try archive.unfinished(name)?.run else {
            throw Diagnostic("nothing_unfinished", "There is no unfinished run.")
        }
        let (journal, reading) = try Journal.resume(
            run,
            of: name,
            in: directory,
            files,
            clock,
            under: lock
        )
        let backups = Backups(directory, files, clock)
        let recovery = Recovery(reading, backups)
        let origin = try way == .accept ? nil : recovery.origin(of: name, present: loaded())
        let target = try target()
        let session = Session(
            target: target,
            edges: SessionEdges(
                cloud: sandbox.cloud(name),
                host: sandbox.host(name),
                clock: clock,
                cancellation: cancellation,
                observer: observer,
                approver: approver,
                record: StackRecord(
                    store: store,
                    backups: backups,
                    journals: archive,
                    clock: clock,
                    lock: lock,
                    journal: journal,
                    loaded: try loaded(),
                    original: origin?.state
                ),
                owner: .current(run: run, command: "recover", since: clock.now())
            ),
            settings: settings,
            plan: try Plan(journaled: reading, of: name),
            facts: try FactsReader(
                cloud: sandbox.cloud(name),
                host: sandbox.host(name),
                mountPoint: target.mountPoint
            ).read(target.instance, fileSystem: target.fileSystem, cloudOnly: true),
            run: run,
            started: clock.now(),
            continuing: reading
        )
        return try recovery.end(from: origin, with: session, way)
    }

    /// How the journal says that the newest run ended.
    func lastOutcome() throws -> RunOutcome? {
        let archive = JournalArchive(directory, files)
        return try archive.runs(of: name).last.map { try archive.read($0, of: name) }?.outcome
    }

    /// The names of the requests that the simulated world has seen, in order.
    func requests() throws -> [String] { try sandbox.world(name).log.map(\.operation) }
}

/// A file system whose writes can be made to fail.
private final class Disk {
    var error: CInt?
    /// It may outlive the fixture, in a session.
    var files: LiveFileSystem {
        LiveFileSystem(
            calls: FileCalls { call in call == .write ? self.error.map { .error($0) } : nil }
        )
    }
}

/// Keeps the events of a run.
final class EventRecorder: Observer {
    private(set) var events: [RunEvent] = []
    /// Called with each event, so that a test can interfere at that very moment.
    var whenever: (RunEvent) -> Void = { _ in }

    func observe(_ event: RunEvent) {
        events.append(event)
        whenever(event)
    }
}

/// Nobody answers: a question that a test did not expect fails it.
final class FailingApprover: Approver {
    /// Answers to decisions, the next one first; nobody is there when it is empty.
    var answers: [Bool] = []
    private(set) var decisions: [Decision] = []

    func approve(_ plan: Plan, facts: LiveFacts) throws -> Bool {
        throw Diagnostic("unexpected_question", "The test did not expect to be asked.")
    }

    /// What is said to a step that was not planned, and to the script's own questions.
    var approvesDivergence = false
    var saysYes: Bool?
    private(set) var questions: [String] = []

    func approveDivergence(planned: PlanStep?, asked: PlanStep) throws -> Bool {
        approvesDivergence
    }

    func answer(_ question: String) throws -> Bool {
        questions.append(question)
        guard let saysYes else { throw Diagnostic("unexpected_question", question) }
        return saysYes
    }

    func decide(_ decision: Decision) throws -> Bool {
        decisions.append(decision)
        return answers.isEmpty ? false : answers.removeFirst()
    }
}
