import GeuseRuntime

/// The simulated stack of one test, with a state directory, a world and a time of its own.
final class TestStack {
    let name: StackName
    private(set) var files = MemoryFiles()
    private let clock: SimulatedTime
    private let version: String
    private let directory = StateDirectory(root: "/state")

    /// Makes a stack as `sandbox create` does.
    init(
        _ name: StackName,
        _ options: SandboxOptions,
        at start: Timestamp,
        version: String
    ) throws {
        self.name = name
        self.version = version
        clock = SimulatedTime(start)
        try directory.prepare(name, files)
        let stack = try sandbox().create(name, options)
        let lock = try lock(LockOwner.current(run: nil, command: "test", since: clock.now()))
        defer { lock.release() }
        try store.save(
            try stack.deploymentState(now: clock.now()),
            replacing: nil,
            under: lock
        )
    }

    private var store: FileStateStore { FileStateStore(directory, files, clock) }

    private func sandbox() -> Sandbox {
        Sandbox(
            root: directory.root,
            files: files,
            clock: clock,
            cancellation: Cancellation(),
            die: {}
        )
    }

    private func lock(_ owner: LockOwner) throws -> DeploymentLock {
        try DeploymentLock.acquire(
            name,
            in: directory,
            files,
            owner: owner,
            waiting: 0,
            Cancellation()
        )
    }

    func inject(_ fault: SandboxFault) throws { try sandbox().inject(fault, into: name) }

    func clearFaults() throws { try sandbox().clearFaults(name) }

    func wait(_ seconds: Double) throws { try clock.sleep(seconds, Cancellation()) }

    /// What `describe` would say of some files of this stack.
    ///
    /// They are left as they are, the counts of faults too; a fault that hinders the look is looked past.
    func look(_ files: MemoryFiles) throws -> JSONValue {
        do {
            return try look(files.copy(), pastFaults: false)
        } catch is Diagnostic {
            return try look(files.copy(), pastFaults: true)
        }
    }

    private func look(_ files: MemoryFiles, pastFaults: Bool) throws -> JSONValue {
        let time = SimulatedTime(clock.now())
        let world = Sandbox(
            root: directory.root,
            files: files,
            clock: time,
            cancellation: Cancellation(),
            die: {}
        )
        if pastFaults { try world.clearFaults(name) }
        let target = try StackTarget(FileStateStore(directory, files, time).load(name).state)
        let reader = FactsReader(
            cloud: world.cloud(name),
            host: world.host(name),
            mountPoint: target.mountPoint
        )
        var facts = try reader.read(target.instance, fileSystem: target.fileSystem)
        facts.stopProtection = StopProtection(
            try world.cloud(name).isStopProtected(target.instance)
        )
        return StackDescription.json(stack: name, recorded: target.recorded, facts: facts)
    }

    /// The world in some files of this stack; looking leaves no trace.
    func world(_ files: MemoryFiles) throws -> SandboxWorld {
        try Sandbox(
            root: directory.root,
            files: files.copy(),
            clock: SimulatedTime(clock.now()),
            cancellation: Cancellation(),
            die: {}
        ).world(name)
    }

    /// Runs a script as `geusemaker run --yes` does.
    func run(_ script: ScriptFile, _ words: [String], _ options: TestRun.Options) throws -> TestRun
    {
        let before = files.copy()
        let workers = (
            rehearsal: try ScriptWorker(limits: options.limits),
            real: try ScriptWorker(limits: options.limits)
        )
        let heard = HeardEvents(options)
        let result = Result { try end(script, words, options, workers, heard) }
        return TestRun(script.source.name, result, before: before, log: heard.lines)
    }

    private func end(
        _ script: ScriptFile,
        _ words: [String],
        _ options: TestRun.Options,
        _ workers: (rehearsal: ScriptWorker, real: ScriptWorker),
        _ heard: HeardEvents
    ) throws -> ScriptRun.Ending {
        let run = RunID.make(at: clock.now())
        let owner = LockOwner.current(run: run, command: "run", since: clock.now())
        let lock = try lock(owner)
        defer { lock.release() }
        let loaded = try store.load(name)
        let backups = Backups(directory, files, clock)
        let journals = JournalArchive(directory, files)
        let sandbox = sandbox()
        var settings = SessionSettings()
        settings.rollsBack = options.rollsBack
        let inputs = ScriptRun.Inputs(
            target: try StackTarget(loaded.state),
            cloud: sandbox.cloud(name),
            host: sandbox.host(name),
            clock: clock,
            cancellation: Cancellation(),
            observer: heard,
            approver: heard,
            settings: settings,
            request: [
                "command": "run", "deployment_name": .string(name.text), "force": false,
                "dry_run": .bool(options.dryRun),
                "arguments": .array(words.map(JSONValue.string)),
            ],
            arguments: words,
            earlier: EarlierStates(loaded.state, backups),
            dryRun: options.dryRun,
            owner: owner,
            hasEnded: { [name] run in journals.hasEnded(run, of: name) },
            checks: { _ in [] },
            allowed: options.allowed
        )
        return try ScriptRun(script, inputs, workers: workers).execute(run: run) { plan in
            try StackRecord.start(
                plan,
                of: run,
                by: owner,
                scriptHash: script.hash,
                modules: script.modules,
                version: version,
                from: loaded,
                in: store,
                directory,
                files,
                clock,
                under: lock
            )
        }
    }
}

/// Hears what a run says and confirms its plan, as `--yes` does.
private final class HeardEvents: Observer, Approver {
    private(set) var lines: [String] = []
    private let options: TestRun.Options

    init(_ options: TestRun.Options) { self.options = options }

    func observe(_ event: RunEvent) {
        if case .scriptLog(let line) = event { lines.append(line) }
    }

    func approve(_ plan: Plan, facts: LiveFacts) throws -> Bool {
        try options.beforeYes()
        return true
    }

    // Without somebody to ask, a step that was not planned is not done.
    func approveDivergence(planned: PlanStep?, asked: PlanStep) throws -> Bool { false }

    func answer(_ question: String) throws -> Bool { options.saysYes }

    func decide(_ decision: Decision) throws -> Bool { false }
}
