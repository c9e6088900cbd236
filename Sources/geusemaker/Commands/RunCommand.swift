import ArgumentParser
import GeuseRuntime
import LuaBridge

/// `run SCRIPT NAME [-- ARGS]`: a team's own Lua script through the same guards.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a Lua script on a stack, through the same guards as update.",
        discussion: "The options of the script itself: geusemaker run SCRIPT NAME -- --help."
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
        if let options = askedOptions() { return try show(options) }
        try ScriptCommandRunner(change: change, connection: connection, global: global).run(
            script: script,
            stack: name,
            command: "run",
            arguments: arguments
        )
    }

    /// The script's options, or why they can't be told, where the words after `--` ask for help and the
    /// script has no such option of its own.
    private func askedOptions() -> Result<ScriptOptions, any Error>? {
        guard arguments.contains("--help") || arguments.contains("-h") else { return nil }
        let found = Result {
            try OptionsProbe(ScriptLimits(ownTime: change.scriptTimeout))
                .options(of: ScriptFile(script, files: CommandFrame(global).files))
        }
        let isItsOwn = (try? found.get())?.options.contains { $0.flag == "--help" } == true
        return isItsOwn ? nil : found
    }

    private func show(_ options: Result<ScriptOptions, any Error>) throws {
        try CommandFrame(global).report { _ in
            let help = try options.get().help
            let shown = VisibleText.filtered(script)
            return CommandReport(
                isOutput: true,
                message: "Options of \(shown)",
                data: ["text": .string(help)],
                text: help.isEmpty
                    ? "\(shown) has no options of its own.\n"
                    : "The options of \(shown), to be given after --:\n" + help
            )
        }
    }
}
