import ArgumentParser
import GeuseRuntime

extension BackupCommand {
    /// `backup restore NAME ID`: the stock script rollback.lua, restore.lua for data, or the state file
    /// alone.
    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore",
            abstract: "Bring a stack back to what a backup holds: type, compose file, images.",
            discussion: """
                With --state-only nothing but the state file is put back; that works when the present \
                one cannot be read, too.
                With --data SERVICE the service's data is put back from the dump that the backup took, \
                and type, compose file and images stay as they are.
                """
        )

        @Argument(help: "The stack.")
        var name: String

        @Argument(help: "The backup's id, or latest.")
        var id: String

        @Flag(name: .long, help: "Put back the state file alone; nothing on the host is touched.")
        var stateOnly = false

        @Option(
            name: .long,
            help: "Put back the data of this service from the backup's dump, and nothing else."
        )
        var data: String?

        @OptionGroup var change: ChangeOptions
        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var global: GlobalOptions

        func run() throws {
            if stateOnly { return try restoreState() }
            if let data { return try restore(data) }
            try ScriptCommandRunner(
                change: change,
                connection: connection,
                global: global,
                wording: .rollback
            ).run(stock: "rollback.lua", stack: name, command: "backup restore") {
                // A script takes digits for one of the previous states.
                guard Int(id) == nil, !id.hasPrefix("-") else {
                    throw Diagnostic(
                        "unknown_backup",
                        "\(VisibleText.quoted(id)) is no backup's id.",
                        hint: "See all: geusemaker backup list \(name)",
                        kind: .usage
                    )
                }
                return ["--to", id]
            }
        }

        func validate() throws {
            guard !stateOnly || data == nil else {
                throw ValidationError("--state-only and --data exclude each other.")
            }
        }

        private func restore(_ service: String) throws {
            try ScriptCommandRunner(
                change: change,
                connection: connection,
                global: global,
                wording: .data
            ).run(stock: "restore.lua", stack: name, command: "backup restore") {
                ["--service", try ServiceName(service).text, "--from", id]
            }
        }

        private func restoreState() throws {
            try CommandFrame(global).report { frame in
                let stack = try StackName(name)
                let lock = try frame.lock(
                    stack,
                    command: "backup restore",
                    waiting: try frame.seconds(change.lockWait, "lock-wait", of: stack, standard: 0)
                )
                defer { lock.release() }
                let backups = Backups(frame.directory, frame.files, frame.clock)
                let backup = try backups.show(id, of: stack)
                let present = Result { try frame.store.load(stack) }
                let open = try frame.unfinished(stack)
                if let open, case .success = present { throw frame.unfinishedRun(open.run, stack) }
                guard try confirm(backup, stack, present, frame) else {
                    throw Diagnostic(
                        "declined",
                        "Not confirmed; nothing was touched.",
                        kind: .declined
                    )
                }
                let restored = try backups.restore(backup.entry.id, of: stack, under: lock)
                let next = open == nil ? "describe \(stack)" : "recover \(stack)"
                return CommandReport(
                    message: "State of \(stack) restored",
                    data: [
                        "backup": .string(backup.entry.id), "state_only": true,
                        "state": .object(restored.state.document),
                    ],
                    text: "The state file of \(stack) says again what it said then. Nothing on the "
                        + "host was touched.\n"
                        + (open == nil
                            ? "Where the two differ: " : "A run of it never ended. Next: ")
                        + frame.directory.command(next) + "\n"
                )
            }
        }

        private func confirm(
            _ backup: Backup,
            _ stack: StackName,
            _ present: Result<LoadedState, any Error>,
            _ frame: CommandFrame
        ) throws -> Bool {
            let state = backup.state.state
            var lines = [
                "", "Backup \(backup.entry.id) of \(backup.entry.createdAt):",
                "  \(state.status), \(state.config.instanceType)",
            ]
            lines += state.containerImages.map { "  \($0.service): \($0.image)" }
            switch present {
            case .success: lines.append("The present state file is kept as a backup.")
            case .failure: lines.append("The present state file cannot be used; it is kept beside.")
            }
            return try Question(
                force: change.isConfirmed,
                showsPlan: false,
                frame.terminal,
                Interruption.flag
            ).confirm(
                lines.map { VisibleText.filtered($0) }.joined(separator: "\n") + "\n",
                "Put the state file of \(stack) back to it?"
            )
        }
    }
}
