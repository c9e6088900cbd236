import ArgumentParser
import GeuseRuntime

/// `verify NAME`: the EFS proof and the health, any time.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Prove a stack's EFS mount, look at its services' health and for drift; changes nothing."
    )

    @Argument(help: "The stack.")
    var name: String

    @Flag(name: .long, help: "Exit with 2 when the state file differs from what is there.")
    var detailedExitcode = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let stack = try frame.openStack(StackName(name), connection)
            frame.mentionUnfinished(stack.target.name)
            let lookups = CloudLookups(stack.cloud)
            let facts = try stack.readFacts(lookups)
            let drift = StackDescription.drift(stack.target.recorded, facts)
            let compared = StackDescription.compared(stack.target.recorded, facts)
            let objections = Preflight(stack.target, lookups).objections(
                facts,
                describe: frame.directory.command("describe \(name)")
            )
            if let first = objections.first {
                try objected(first, objections, drift, compared, frame)
            }
            let seen = StackDescription.json(
                stack: stack.target.name,
                recorded: stack.target.recorded,
                facts: facts
            )
            let mark = try mark(of: stack, frame)
            let warnings = try ended(facts, stack, frame) + (facts.host?.stateAtRisk ?? [])
            return CommandReport(
                message: drift.isEmpty ? "\(name) is verified" : "\(name) is verified, with drift",
                data: [
                    "storage": seen["storage"] ?? .null, "services": seen["services"] ?? .null,
                    "drift": .array(drift.map(JSONValue.string)),
                    "compared": .array(compared.map(JSONValue.string)),
                    "backup_mark_found": mark.map(JSONValue.bool) ?? .null,
                    "warnings": .array(warnings.map(JSONValue.string)),
                ],
                text: text(drift, compared, mark, warnings),
                status: detailedExitcode && !drift.isEmpty ? ExitStatus.pending : ExitStatus.done
            )
        }
    }

    /// Ends with what speaks against the stack; where it differs from the state file may be the cause of that,
    /// and is told beside it.
    private func objected(
        _ first: Diagnostic,
        _ objections: [Diagnostic],
        _ drift: [String],
        _ compared: [String],
        _ frame: CommandFrame
    ) throws -> Never {
        var lines = objections.dropFirst().map { "Also: " + $0.summary }
        if !drift.isEmpty {
            lines.append("The state file differs from what is there:")
            lines += drift.map { "  - " + VisibleText.filtered($0) }
        }
        let error = lines.isEmpty ? first : first.adding(detail: lines.joined(separator: "\n"))
        try frame.end(
            error,
            data: [
                "objections": .array(
                    objections.map {
                        ["code": .string($0.code), "message": .string($0.summary)]
                    }
                ),
                "drift": .array(drift.map(JSONValue.string)),
                "compared": .array(compared.map(JSONValue.string)),
            ],
            status: ExitStatus.of(error)
        )
    }

    /// Services that ended with 0 though nothing says that this is their way: nobody waits for their end, and
    /// no backup knows them as done, or one saw them run.
    private func ended(
        _ facts: LiveFacts,
        _ stack: StackConnection,
        _ frame: CommandFrame
    ) throws -> [String] {
        let unasked = (facts.host?.services ?? []).filter(\.hasEndedUnasked)
        guard !unasked.isEmpty else { return [] }
        let backups = Backups(frame.directory, frame.files, frame.clock)
        let name = stack.target.name
        let seen = try backups.list(name).compactMap { entry in
            try? backups.show(entry.id, of: name).evidence
        }
        return unasked.filter { !BackupEvidence.knowsAsFinished($0.name, seen) }
            .map(\.endedSentence)
    }

    /// Whether the mark of the newest backup made from here is on the mount; nil where there is none.
    private func mark(of stack: StackConnection, _ frame: CommandFrame) throws -> Bool? {
        let name = stack.target.name
        let backups = Backups(frame.directory, frame.files, frame.clock)
        guard let newest = try backups.list(name).max(by: { $0.id < $1.id }),
            let nonce = try? backups.show(newest.id, of: name).evidence?.nonce
        else { return nil }
        let seen = try stack.host.inspect(
            HostInspection(
                fileSystem: stack.target.fileSystem,
                mountPoint: stack.target.mountPoint,
                nonce: nonce
            )
        )
        return seen.storage.nonceMatches
    }

    private func text(
        _ drift: [String],
        _ compared: [String],
        _ mark: Bool?,
        _ warnings: [String]
    ) -> String {
        var lines = [
            "EFS is mounted, the right one, writable and answering; all services are well."
        ]
        if mark == true { lines.append("The mark of the last backup is on it.") }
        if mark == false {
            lines.append(
                "Note: the mark of the last backup made from here is not on it. Somebody else may have "
                    + "made a newer one; if not, look at what is mounted."
            )
        }
        lines += warnings.map { "Warning: " + VisibleText.filtered($0) }
        if drift.isEmpty {
            lines.append(
                "The state file says what is there; compared were: "
                    + compared.joined(separator: ", ") + "."
            )
        } else {
            lines.append("The state file differs from what is there:")
            lines += drift.map { "  - " + VisibleText.filtered($0) }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
