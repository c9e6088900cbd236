import ArgumentParser
import GeuseRuntime
import LuaBridge

/// What `update`, `rollback`, `backup` and `run` have in common, which is all but their arguments.
struct ScriptCommandRunner {
    let change: ChangeOptions
    let connection: ConnectionOptions
    let global: GlobalOptions
    /// What the result says was done.
    var wording = ResultWording.update
    /// Whether the plan is shown and the question asked; not for what only adds.
    var asks = true

    /// What is to be run.
    struct Job {
        let stack: StackName
        /// The command, for lock and journal.
        let command: String
        /// The script's name or path, as a plan file names it.
        let script: String
        let file: ScriptFile
        let arguments: [String]
        /// The plan that it must come to.
        var expected: PlanFile?
    }

    /// Runs a stock script on a stack to its end and prints the result.
    ///
    /// - Parameters:
    ///   - script: its name.
    ///   - stack: the stack's name.
    ///   - command: the command, for lock and journal.
    ///   - arguments: the script's own; checked before anything else is done.
    /// - Throws: `ExitCode` once the result or the error was printed.
    func run(
        stock script: String,
        stack: String,
        command: String,
        arguments: () throws -> [String]
    ) throws {
        try run { frame in
            let words = try arguments()
            return Job(
                stack: try StackName(stack),
                command: command,
                script: script,
                file: ScriptFile(try StockScripts.script(script), files: frame.files),
                arguments: words
            )
        }
    }

    /// Runs a script, a file or a stock script's name, on a stack to its end and prints the result.
    func run(script: String, stack: String, command: String, arguments: [String]) throws {
        try run { frame in
            let file = try ScriptFile(script, files: frame.files)
            return Job(
                stack: try StackName(stack),
                command: command,
                // A plan file may be applied from another directory.
                script: file.isStock ? script : WorkingDirectory.absolute(script),
                file: file,
                arguments: arguments
            )
        }
    }

    /// Runs a job to its end and prints the result.
    func run(_ find: (CommandFrame) throws -> Job) throws {
        // The workers are copies of this process as it is now: before any credential is read.
        let limits = ScriptLimits(ownTime: change.scriptTimeout)
        let workers = Result {
            (rehearsal: try ScriptWorker(limits: limits), real: try ScriptWorker(limits: limits))
        }
        let frame = CommandFrame(global)
        try frame.report { frame in
            let job = try find(frame)
            let name = job.stack
            let command = job.command
            _ = try frame.store.load(name)
            let run = RunID.make(at: frame.clock.now())
            let wait = try frame.seconds(change.lockWait, "lock-wait", of: name, standard: 0)
            let lock = try frame.lock(name, command: command, run: run, waiting: wait)
            defer { lock.release() }
            try endUnfinished(name, lock, frame)
            let connection = try frame.openStack(name, connection)
            try StatusRefusal.check(connection.loaded.state, in: frame.directory)
            let view = view(frame)
            defer { view.close() }
            var settings = settings(connection)
            // What the command that made the plan file said holds, and what is said now comes on top.
            let options = change.options(over: job.expected?.options)
            settings.reservesCapacity = options.reservesCapacity
            if options.staysAfterFailure { settings.rollsBack = false }
            settings.leaseWait = wait
            settings.healthTimeout = try frame.seconds(
                options.healthTimeout,
                "health-timeout",
                of: name,
                standard: settings.healthTimeout
            )
            if let seconds = options.settleTime {
                settings.take(
                    settleTime: try frame.seconds(seconds, "settle-time", of: name, standard: 0)
                )
            }
            let inputs = ScriptRun.Inputs(
                target: connection.target,
                cloud: connection.cloud,
                host: connection.host,
                clock: frame.clock,
                cancellation: Interruption.flag,
                observer: view.observer,
                approver: Question(
                    force: change.isConfirmed || !asks,
                    showsPlan: asks && frame.global.format == .text,
                    frame.terminal,
                    Interruption.flag,
                    unplanned: job.expected != nil ? .refused : change.force ? .done : .asked,
                    before: view.pause
                ),
                settings: settings,
                request: request(command, name, job.arguments),
                arguments: job.arguments,
                earlier: EarlierStates(
                    connection.loaded.state,
                    Backups(frame.directory, frame.files, frame.clock)
                ),
                downtime: DowntimeEstimate(
                    learnedFrom: JournalArchive(frame.directory, frame.files)
                        .newest(20, of: name).map(RunSummary.init)
                ),
                dryRun: change.dryRun || change.out != nil,
                owner: .current(run: run, command: command, since: frame.clock.now()),
                hasEnded: frame.hasEnded(name),
                checks: { plan in
                    [frame.stateDirectoryCheck(name)]
                        + (try connection.credentialChecks(
                            plan,
                            rollback: settings.rollbackTimeout,
                            now: frame.clock.now()
                        )) + (try connection.addressChecks(plan))
                },
                allowed: try change.allowed(),
                expected: job.expected,
                images: job.expected?.images ?? ImagePairs.named(in: job.arguments),
                types: InstanceTypes.named(in: job.arguments)
            )
            let ending: ScriptRun.Ending
            do {
                ending = try ScriptRun(job.file, inputs, workers: try workers.get()).execute(
                    run: run
                ) { plan in
                    try frame.record(plan, connection.loaded, run, lock, command, job.file)
                }
            } catch let error as Diagnostic where error.kind == .interrupted && error.detail == nil
            {
                // What is thrown comes from before the first change; later it is an ending.
                throw error.adding(detail: "Nothing was touched.")
            }
            if !ending.leavesRunOpen { Interruption.runHasEnded() }
            view.close()
            return try report(ending, job, connection, frame)
        }
    }

    private func settings(_ connection: StackConnection) -> SessionSettings {
        var settings = connection.settings
        settings.reservesCapacity = change.reserveCapacity
        settings.allowed = (try? change.allowed()) ?? []
        settings.rollsBack =
            !change.noRollback && connection.loaded.state.config.rollsBackOnFailure
        return settings
    }

    private func request(_ command: String, _ name: StackName, _ words: [String]) -> JSONValue {
        [
            "command": .string(command),
            "deployment_name": .string(name.text),
            "force": .bool(change.force),
            "dry_run": .bool(change.dryRun),
            "arguments": .array(words.map(JSONValue.string)),
        ]
    }

    /// A run that never ended has to be ended first; nothing is ever built on top of it.
    private func endUnfinished(
        _ name: StackName,
        _ lock: DeploymentLock,
        _ frame: CommandFrame
    ) throws {
        guard let open = try frame.unfinished(name) else { return }
        let error = frame.unfinishedRun(open.run, name)
        // `--force` is for the change that was asked for, not for another one.
        guard Question.canAsk, !change.dryRun else { throw error }
        let question = Question(force: false, showsPlan: false, frame.terminal, Interruption.flag)
        guard
            try question.confirm(
                "\(error.summary) The stack may be between old and new.\n",
                "Recover it first?"
            )
        else { throw error }
        let done = try frame.recover(open, of: name, .byRule, under: lock, connection)
        if case .fellBack(let error) = done.outcome { throw error }
        StandardStreams.talk(done.text(name))
    }

    private func view(_ frame: CommandFrame) -> RunView {
        global.events ? .events(EventStream(clock: frame.clock)) : .timeline(frame.terminal)
    }

    private func report(
        _ ending: ScriptRun.Ending,
        _ job: Job,
        _ connection: StackConnection,
        _ frame: CommandFrame
    ) throws -> CommandReport {
        let name = job.stack
        switch ending {
        case .planned(let plan, let facts):
            return try planned(plan, facts, job, frame)
        case .refused(let error, let plan, let facts):
            if frame.global.format == .text {
                StandardStreams.talk(PlanView.text(plan, facts: facts, frame.terminal))
            }
            try frame.end(error, data: plan.json, status: ExitStatus.of(error))
        case .nothingToDo:
            let state = JSONValue.object(connection.loaded.state.document)
            return CommandReport(
                message: "Nothing to do",
                data: UpdateResult(success: true, previousState: state, newState: state).json,
                text: "Nothing to do: \(name) is as asked. Nothing was touched.\n"
            )
        case .done(let result):
            return CommandReport(
                message: wording.message(name),
                data: result.json,
                text: ResultView.text(name, result, wording, frame.terminal)
            )
        case .failed(let error, let compensation):
            try failed(error, compensation, name, connection, frame)
        }
    }

    private func planned(
        _ plan: Plan,
        _ facts: LiveFacts?,
        _ job: Job,
        _ frame: CommandFrame
    ) throws -> CommandReport {
        // Also one that has nothing to do: an older file there would be applied in its place.
        if let path = change.out {
            let file = PlanFile(
                plan,
                facts,
                command: job.command,
                script: job.script,
                scriptHash: job.file.hash,
                modules: job.file.modules,
                arguments: job.arguments,
                options: change.options(over: job.expected?.options),
                made: frame.clock.now()
            )
            try frame.files.replace(path, with: file.bytes)
        }
        guard !plan.isEmpty, let facts else {
            return CommandReport(
                isOutput: change.out == nil,
                message: "Nothing to do",
                data: plan.json,
                text: "Nothing to do: \(job.stack) is as asked.\n"
                    + (change.out.map {
                        "The plan in \($0) has no steps; to apply it changes nothing.\n"
                    }
                        ?? "")
            )
        }
        var closing = "Nothing was touched."
        if let path = change.out {
            closing += " To do exactly this: " + frame.directory.command("apply \(path)")
        }
        return CommandReport(
            isOutput: change.out == nil,
            message: "Planned; nothing was touched",
            data: plan.json,
            text: PlanView.text(plan, facts: facts, frame.terminal) + "\n\(closing)\n",
            status: change.detailedExitcode ? ExitStatus.pending : ExitStatus.done
        )
    }

    private func failed(
        _ error: Diagnostic,
        _ compensation: Session.Compensation,
        _ name: StackName,
        _ connection: StackConnection,
        _ frame: CommandFrame
    ) throws -> Never {
        let state = JSONValue.object(connection.loaded.state.document)
        var result = UpdateResult(success: false, previousState: state, newState: state)
        if case .restoredTo(let checkpoint) = compensation {
            result.changesApplied = checkpoint.changes
            result.newState = checkpoint.state
        }
        let data = result.json
        switch compensation {
        case .nothingChanged:
            let kind = error.kind == .refused ? Diagnostic.Kind.failed : error.kind
            try frame.end(
                error.adding(detail: "Nothing that runs was changed."),
                data: data,
                status: ExitStatus.of(error.withKind(kind))
            )
        case .restored:
            try frame.end(
                error.adding(
                    detail: "\(name) is exactly what it was before: type, compose file, images; "
                        + "EFS is proven and all services are well."
                ),
                data: data,
                status: error.kind == .interrupted
                    ? ExitStatus.interrupted : ExitStatus.rolledBack
            )
        case .restoredTo(let checkpoint):
            try frame.end(
                error.adding(
                    detail: "\(name) is exactly what it was at the checkpoint "
                        + "\"\(checkpoint.name)\"; kept: "
                        + VisibleText.filtered(checkpoint.changes.joined(separator: ", "))
                        + ". What came after it is undone; EFS is proven and all services are well."
                ),
                data: data,
                status: error.kind == .interrupted
                    ? ExitStatus.interrupted : ExitStatus.rolledBack
            )
        case .incomplete(let left):
            try frame.end(left, data: data, status: ExitStatus.needsAttention)
        }
    }
}

extension ScriptRun.Ending {
    /// Whether only `recover` ends the run.
    fileprivate var leavesRunOpen: Bool {
        if case .failed(_, .incomplete) = self { true } else { false }
    }
}
