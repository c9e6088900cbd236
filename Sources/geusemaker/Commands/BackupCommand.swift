import ArgumentParser
import GeuseRuntime

/// `backup create|list|show|restore`: the backups of a stack's state.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "The backups of a stack's state and what they know of its host.",
        subcommands: [Create.self, List.self, Show.self, Restore.self]
    )

    /// `backup list NAME`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the backups of a stack, newest first."
        )
        @Argument(help: "The stack.")
        var name: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let entries = try Backups(frame.directory, frame.files, frame.clock)
                    .list(try StackName(name))
                let rows = entries.map { entry in
                    [
                        entry.id, entry.label ?? "-", "\(entry.size)",
                        entry.dumps.isEmpty
                            ? "-"
                            : Set(entry.dumps.map(\.cause.text)).sorted().joined(separator: ","),
                        entry.problem?.code ?? "good",
                    ]
                }
                return CommandReport(
                    isOutput: true,
                    message: "\(entries.count) backups",
                    data: [
                        "backups": .array(
                            entries.map {
                                [
                                    "id": .string($0.id), "path": .string($0.path),
                                    "label": $0.label.map(JSONValue.string) ?? .null,
                                    "created_at": .string($0.createdAt.text),
                                    "dumps": .array($0.dumps.map(\.json)),
                                    "problem": $0.problem.map { .string($0.code) } ?? .null,
                                ]
                            }
                        )
                    ],
                    text: Table(
                        ["ID", "LABEL", "BYTES", "DATA", "CHECK"],
                        rows,
                        empty: "No backups yet.\n"
                    )
                    .text
                )
            }
        }
    }

    /// `backup show NAME [ID]`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print the state that a backup holds."
        )
        @Argument(help: "The stack.")
        var name: String
        @Argument(help: "The backup's id, or latest.")
        var id = "latest"
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let backup = try Backups(frame.directory, frame.files, frame.clock)
                    .show(id, of: try StackName(name))
                let document = JSONValue.object(backup.state.state.document)
                return CommandReport(
                    isOutput: true,
                    message: backup.entry.id,
                    data: document,
                    text: JSONWriter.write(document, .pretty) + "\n"
                )
            }
        }
    }
}
