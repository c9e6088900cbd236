import GeuseRuntime

/// What became of a run that had never ended.
struct RecoveredRun {
    let run: RunID
    let outcome: Recovery.Outcome
    /// The checkpoint that it was brought back to.
    let checkpoint: String?

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
        }
    }
}

extension CommandFrame {
    /// The newest run of a stack that never ended, if there is one.
    func unfinished(_ name: StackName) throws -> JournalReading? {
        try JournalArchive(directory, files).unfinished(name)
    }

    /// Tells a person who only looks at a stack that its last run never ended.
    func mentionUnfinished(_ name: StackName) {
        // While a run is at work it has not ended either; its lock tells.
        guard let open = try? unfinished(name),
            (try? DeploymentLock.status(name, in: directory, files))?.isHeld == false
        else { return }
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
        _ options: ConnectionOptions
    ) throws -> RecoveredRun {
        let (journal, reading) = try Journal.resume(
            unfinished.run,
            of: name,
            in: directory,
            files,
            clock,
            under: lock
        )
        let stack = try openStack(name, options)
        let backups = Backups(directory, files, clock)
        let recovery = Recovery(reading, backups)
        let origin = try recovery.origin(of: name)
        let plan = try plan(reading, name, way)
        let timeline = Timeline(terminal)
        timeline.animate()
        defer { timeline.close() }
        let session = Session(
            target: stack.target,
            edges: SessionEdges(
                cloud: stack.cloud,
                host: stack.host,
                clock: clock,
                cancellation: Interruption.flag,
                observer: timeline,
                approver: Question(force: false, showsPlan: false, terminal, Interruption.flag),
                record: StackRecord(
                    store: store,
                    backups: backups,
                    journals: JournalArchive(directory, files),
                    clock: clock,
                    lock: lock,
                    journal: journal,
                    loaded: stack.loaded,
                    original: origin?.state
                ),
                owner: .current(run: unfinished.run, command: "recover", since: clock.now())
            ),
            settings: stack.settings,
            plan: plan,
            // The host is looked at once it can be reached; it may be booting still.
            facts: try FactsReader(
                cloud: stack.cloud,
                host: stack.host,
                mountPoint: stack.target.mountPoint
            ).read(stack.target.instance, fileSystem: stack.target.fileSystem, cloudOnly: true),
            run: unfinished.run,
            started: clock.now(),
            continuing: reading
        )
        let outcome = try recovery.end(from: origin, with: session, way)
        return RecoveredRun(
            run: unfinished.run,
            outcome: outcome,
            checkpoint: origin?.checkpoint?.name
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
        } catch  where way != .resume {
            return Plan(stack: name)
        }
    }
}
