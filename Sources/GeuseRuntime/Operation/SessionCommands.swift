/// A command that was begun, whatever became of it.
struct BegunCommand: Equatable {
    /// The step, which names its marker on the host.
    var step: String
    /// What it is, for a person.
    var title: String
    /// What undoes it.
    var undo: HostCommand?
    /// How often its undo was tried and is known to have failed.
    var failedUndos = 0
}

extension Session {
    /// Runs a command; one that fails ends the run.
    ///
    /// It is written down before it begins, so that it is never run twice and its undo is not forgotten.
    public func exec(_ command: HostCommand) throws -> JSONValue {
        try refuseAfterFailure()
        guard settings.allowsExec else { throw fail(CommandChecks.refusal(command)) }
        guard let project = facts.host?.project else { throw fail(Rehearsal.unreachable()) }
        if let service = command.service, facts.host?.service(service) == nil {
            throw fail(Diagnostic("unknown_service", "There is no service called \(service)."))
        }
        try requireNoWindow()
        try requireBackup()
        try begin(.operation(.exec(command)))
        try markUpdating()
        hasChanged = true
        let evidence = try effect(
            "exec",
            title: command.title,
            inverse: command.inverse?.title,
            undo: command.inverse
        ) { step in
            begun.append(
                BegunCommand(step: step.step, title: command.title, undo: command.inverse)
            )
            return try run(command, step, project)
        }
        // Each checkpoint writes down all of them.
        changes.append(command.briefTitle)
        return Self.json(evidence)
    }

    private func run(_ command: HostCommand, _ step: StepID, _ project: ComposeProject) throws
        -> CommandEvidence
    {
        let evidence = try whenReachable { try edges.host.exec(leased(step), project, command) }
        guard evidence.code == 0 else {
            throw Diagnostic(
                "command_failed",
                "A command ended with code \(evidence.code): \(command.title).",
                detail: evidence.output.isEmpty ? nil : "It said:\n" + evidence.output
            )
        }
        return evidence
    }

    /// What a script is told of a command.
    static func json(_ evidence: CommandEvidence) -> JSONValue {
        [
            "code": .int(evidence.code), "output": .string(evidence.output),
            "cut": .bool(evidence.isCut),
        ]
    }

    /// Undoes the commands that were begun, the last one first, and has each undo succeed; what has none
    /// is left behind.
    ///
    /// The services run again by then, since an undo may need them.
    func undoCommands() throws {
        while let last = begun.last {
            guard let undo = last.undo else {
                leftBehind.append("it was begun and cannot be undone: \(last.title)")
                begun.removeLast()
                continue
            }
            guard let project = facts.host?.project else { throw Rehearsal.unreachable() }
            let again = last.failedUndos == 0 ? "" : "-\(last.failedUndos + 1)"
            _ = try effect(
                "undo",
                title: undo.title,
                inverse: nil,
                name: "undo-\(last.step)\(again)"
            ) { step in
                try run(undo, step, project)
            }
            begun.removeLast()
        }
    }

    /// Whether an undo of a command is still to be run.
    var hasUndos: Bool { begun.contains { $0.undo != nil } }

    /// Takes over what a run that was killed had begun since its last checkpoint.
    func takeOver(_ reading: JournalReading) {
        begun = reading.begunCommands
        leftBehind += reading.begunPrunes
        if let capacity = reading.capacityBefore { scaledFrom = capacity }
    }
}

extension JournalReading {
    /// The records after the last checkpoint.
    private var recent: ArraySlice<JournalRecord> {
        let reached = records.lastIndex { record in
            if case .note(StackRecord.checkpointNote, _) = record.event { true } else { false }
        }
        return records[(reached.map { $0 + 1 } ?? records.startIndex)...]
    }

    /// The commands that were begun and not undone since; a journal's line is written before the command
    /// begins, so that one of them may not have come as far as the host.
    var begunCommands: [BegunCommand] {
        var begun: [BegunCommand] = []
        for record in recent {
            switch record.event {
            case .intent(let intent) where intent.step.hasSuffix("-exec") && !intent.isUndo:
                begun.append(
                    BegunCommand(
                        step: intent.step,
                        title: VisibleText.filtered(
                            intent.effect["title"]?.stringValue ?? "a command"
                        ),
                        undo: HostCommand(json: intent.inverse?["exec"])
                    )
                )
            case .outcome(let outcome) where outcome.step.hasPrefix("undo-"):
                guard
                    let index = begun.lastIndex(where: {
                        outcome.step == "undo-\($0.step)"
                            || outcome.step.hasPrefix("undo-\($0.step)-")
                    })
                else { continue }
                if outcome.ok { begun.remove(at: index) } else { begun[index].failedUndos += 1 }
            default: break
            }
        }
        return begun
    }

    /// The prunes that were begun, in words.
    var begunPrunes: [String] {
        recent.contains { record in
            if case .intent(let intent) = record.event {
                intent.step.hasSuffix("-prune")
            } else {
                false
            }
        } ? ["superseded images may have been removed"] : []
    }

    /// The desired capacity before the first change of it; nil when there was none.
    var capacityBefore: Int? {
        for record in recent {
            if case .intent(let intent) = record.event, intent.step.hasSuffix("-scale") {
                return intent.from?.stringValue.flatMap { Int($0) }
            }
        }
        return nil
    }
}

extension JournalIntent {
    /// Whether it is the undo of a command.
    var isUndo: Bool { step.hasPrefix("undo-") }
}
