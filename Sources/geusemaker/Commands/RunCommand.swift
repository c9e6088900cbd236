import ArgumentParser
import GeuseRuntime

/// `run SCRIPT NAME [-- ARGS]`: a team's own Lua script through the same guards.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a Lua script on a stack, through the same guards as update."
    )

    @Argument(help: "The script's file, or the name of a stock script such as update.lua.")
    var script: String

    @Argument(help: "The stack.")
    var name: String

    @Argument(parsing: .postTerminator, help: "The script's own options, after --.")
    var arguments: [String] = []

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try ScriptCommandRunner(change: change, connection: connection, global: global).run(
            script: script,
            stack: name,
            command: "run",
            arguments: arguments
        )
    }
}
