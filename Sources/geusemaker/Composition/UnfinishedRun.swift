import GeuseRuntime

/// What became of a run that had never ended.
struct RecoveredRun {
    let run: RunID
    let outcome: Recovery.Outcome
    /// The checkpoint that it was brought back to.
    let checkpoint: String?
    /// What the user should know besides.
    var warnings: [String] = []

    /// One sentence.
    func sentence(_ name: StackName) -> String {
        switch outcome {
        case .nothingChanged: "The run \(run) had not changed anything that runs."
        case .restored:
            checkpoint.map {
                "\(name) is what it was at the checkpoint \"\($0)\" of the run \(run), and healthy."
            } ?? "\(name) is what it was before the run \(run), and healthy."
        case .atRest:
            "\(name) is as its state file says, and healthy. The journal of the run \(run) was damaged; "
                + "it is kept beside its place."
        case .accepted: "\(name) runs as it is configured now, and healthy; that is on record."
        case .fellBack(let error): error.summary
        case .finished(let changes):
            "\(name) is what the run \(run) was to make of it, and healthy: "
                + changes.joined(separator: ", ") + "."
        }
    }

    /// The outcome as a word for data.
    var word: String {
        switch outcome {
        case .nothingChanged: "nothing_changed"
        case .restored: "restored"
        case .atRest: "at_rest"
        case .finished: "finished"
        case .accepted: "accepted"
        case .fellBack: "fell_back"
        }
    }
}

extension RecoveredRun {
    /// It as data.
    var data: JSONValue {
        [
            "recovered": true, "run": .string(run.text), "outcome": .string(word),
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }

    /// It as a person reads it.
    func text(_ name: StackName) -> String {
        sentence(name) + "\n" + warnings.map { "  ! \(VisibleText.filtered($0))\n" }.joined()
    }

    /// What `recover` prints of it.
    func report(_ name: StackName) -> CommandReport {
        CommandReport(message: sentence(name), data: data, text: text(name))
    }
}

extension CommandFrame {
    /// The newest run of a stack that never ended, if there is one.
    func unfinished(_ name: StackName) throws -> JournalReading? {
        try JournalArchive(directory, files).unfinished(name)
    }

    /// Whether somebody holds the stack's lock now.
    func isAtWork(_ name: StackName) -> Bool {
        (try? DeploymentLock.status(name, in: directory, files))?.isHeld == true
    }

    /// Tells a person who only looks at a stack that its last run never ended.
    func mentionUnfinished(_ name: StackName) {
        // While a run is at work it has not ended either; its lock tells.
        guard let open = try? unfinished(name), !isAtWork(name) else { return }
        StandardStreams.talk(
            terminal.paint("Note: ", .yellow) + "the run \(open.run) of \(name) never ended; "
                + "next: \(directory.command("recover \(name)"))\n"
        )
    }

    /// The error for a run that has to be ended before anything else is done.
    func unfinishedRun(_ run: RunID, _ name: StackName) -> Diagnostic {
        Diagnostic(
            "unfinished_run",
            "The run \(run) of \(name) never ended.",
            detail: "The stack may be between old and new. Nothing was touched now.",
            hint: directory.command("recover \(name)"),
            kind: .needsAttention
        )
    }

    /// Brings a run that never ended to its end.
    func recover(
        _ unfinished: JournalReading,
        of name: StackName,
        _ way: Recovery.Way,
        under lock: DeploymentLock,
        _ options: ConnectionOptions,
        allowing allowed: Set<String> = []
    ) throws -> RecoveredRun {
        let again = directory.command("recover \(name)")
        Interruption.runIsOpen(next: again)
        do {
            let done = try end(unfinished, of: name, way, under: lock, options, allowed)
            Interruption.runHasEnded()
            return done
        } catch let error as Diagnostic where error.kind == .interrupted {
            // Before there was anything to undo for it: the run is as open as it was.
            throw error.adding(detail: "The run \(unfinished.run) is not ended yet.")
                .withHint(again).withKind(.needsAttention)
        }
    }

    private func end(
        _ unfinished: JournalReading,
        of name: StackName,
        _ way: Recovery.Way,
        under lock: DeploymentLock,
        _ options: ConnectionOptions,
        _ allowed: Set<String>
    ) throws -> RecoveredRun {
        let stack = try openStack(name, options)
        try StatusRefusal.checkRecovery(of: stack.loaded.state, in: directory)
        let (journal, reading) = try Journal.resume(
            unfinished.run,
            of: name,
            in: directory,
            files,
            clock,
            under: lock
        )
        let backups = Backups(directory, files, clock)
        let recovery = Recovery(reading, backups)
        let origin = try way == .accept ? nil : recovery.origin(of: name, present: stack.loaded)
        let plan = try plan(reading, name, way)
        let timeline = Timeline(terminal)
        timeline.animate()
        defer { timeline.close() }
        let session = try session(
            stack,
            plan,
            StackRecord(
                store: store,
                backups: backups,
                journals: JournalArchive(directory, files),
                clock: clock,
                lock: lock,
                journal: journal,
                loaded: stack.loaded,
                original: origin?.state
            ),
            unfinished.run,
            timeline,
            continuing: reading,
            allowing: allowed
        )
        let outcome = try recovery.end(from: origin, with: session, way)
        return RecoveredRun(
            run: unfinished.run,
            outcome: outcome,
            checkpoint: origin?.checkpoint?.name,
            // Those of the plan were told when it was confirmed.
            warnings: session.warnings.filter { !plan.warnings.contains($0) }
        )
    }

    /// Brings up a stack that its state file calls half-changed, by whom nobody here knows.
    func standAsConfigured(
        _ name: StackName,
        under lock: DeploymentLock,
        _ options: ConnectionOptions
    ) throws -> CommandReport {
        let stack = try openStack(name, options)
        let plan = Plan(stack: name)
        let run = RunID.make(at: clock.now())
        let timeline = Timeline(terminal)
        timeline.animate()
        defer { timeline.close() }
        Interruption.runIsOpen(next: directory.command("recover \(name)"))
        defer { Interruption.runHasEnded() }
        let record = try StackRecord.start(
            plan,
            of: run,
            by: .current(run: run, command: "recover", since: clock.now()),
            scriptHash: nil,
            version: Version.text,
            from: stack.loaded,
            in: store,
            directory,
            files,
            clock,
            under: lock
        )
        let session = try session(stack, plan, record, run, timeline)
        try session.endAsConfigured()
        let done = RecoveredRun(
            run: run,
            outcome: .accepted,
            checkpoint: nil,
            warnings: session.warnings
        )
        return done.report(name)
    }

    /// A session that finds out for itself how things stand: the host may be booting still.
    private func session(
        _ stack: StackConnection,
        _ plan: Plan,
        _ record: StackRecord,
        _ run: RunID,
        _ timeline: Timeline,
        continuing reading: JournalReading? = nil,
        allowing allowed: Set<String> = []
    ) throws -> Session {
        var settings = stack.settings
        settings.allowed = allowed
        return Session(
            target: stack.target,
            edges: SessionEdges(
                cloud: stack.cloud,
                host: stack.host,
                clock: clock,
                cancellation: Interruption.flag,
                observer: timeline,
                approver: Question(force: false, showsPlan: false, terminal, Interruption.flag),
                record: record,
                owner: .current(run: run, command: "recover", since: clock.now())
            ),
            settings: settings,
            plan: plan,
            facts: try FactsReader(
                cloud: stack.cloud,
                host: stack.host,
                mountPoint: stack.target.mountPoint
            ).read(stack.target.instance, fileSystem: stack.target.fileSystem, cloudOnly: true),
            run: run,
            started: clock.now(),
            continuing: reading
        )
    }

    /// An undo needs no plan; one that cannot be read must not stand in its way.
    private func plan(
        _ reading: JournalReading,
        _ name: StackName,
        _ way: Recovery.Way
    ) throws -> Plan {
        do {
            return try Plan(journaled: reading, of: name)
        } catch let error as Diagnostic {
            guard way == .resume else { return Plan(stack: name) }
            throw error.withHint(
                "Undo the run instead: " + directory.command("recover \(name) --abort")
            )
        }
    }
}
