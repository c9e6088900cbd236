import ArgumentParser
import GeuseRuntime

/// `rollback NAME`: the stock script rollback.lua, which brings back one of the previous states.
struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Bring back an earlier configuration: instance type, compose file, images.",
        discussion: """
            The state file keeps the last five configurations; 1 is the newest. Where a backup of this \
            program tells what ran, the compose file comes back byte for byte and the same images run \
            again. A rollback is planned, confirmed, backed up, proven and, if it fails, undone like \
            an update.
            """
    )

    @Argument(help: "The stack.")
    var name: String

    @Option(name: .long, help: "Which of the previous states, 1 being the newest.")
    var toVersion: Int = 1

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try ScriptCommandRunner(
            change: change,
            connection: connection,
            global: global,
            wording: .rollback
        ).run(stock: "rollback.lua", stack: name, command: "rollback") {
            guard toVersion >= 1 else {
                throw Diagnostic(
                    "invalid_version",
                    "--to-version is a number from 1, the newest of the previous states.",
                    kind: .usage
                )
            }
            return ["--to", "\(toVersion)"]
        }
    }
}
