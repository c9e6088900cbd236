import ArgumentParser
import GeuseRuntime

extension BackupCommand {
    /// `backup create NAME`: the stock script backup.lua.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract:
                "Save state, compose file, image digests and an EFS nonce, and read them back.",
            discussion: "Nothing that runs is changed, so nothing is asked."
        )

        @Argument(help: "The stack.")
        var name: String

        @Option(name: .long, help: "A word for it; a labelled backup is never pruned.")
        var label: String?

        @Option(name: .long, help: "Seconds to wait for the stack's lock.")
        var lockWait: Double = 0

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try ScriptCommandRunner(
                change: try ChangeOptions.parse(["--lock-wait", "\(lockWait)"]),
                connection: connection,
                global: global,
                wording: .backup,
                asks: false
            ).run(stock: "backup.lua", stack: name, command: "backup create") {
                try label.map { ["--label", try BackupLabel($0).text] } ?? []
            }
        }
    }
}
