import ArgumentParser
import GeuseRuntime
import LuaBridge

/// `apply FILE`: does exactly what a plan file says, or refuses.
struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Do exactly what a plan says that was written with --out, or refuse.",
        discussion: """
            The script is rehearsed again: the stack has to be what it was, and the script has to ask \
            for the same steps in the same order. Otherwise nothing is touched, and the differences \
            are shown.
            """
    )

    @Argument(help: "The plan file.")
    var file: String

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try ScriptCommandRunner(change: change, connection: connection, global: global).run {
            frame in
            let plan = try PlanFile(frame.files.read(file))
            let script = try Self.script(of: plan, files: frame.files)
            try plan.checkScript(script.hash, module: script.moduleHash)
            return ScriptCommandRunner.Job(
                stack: plan.stack,
                command: plan.command,
                script: plan.script,
                file: script,
                arguments: plan.arguments,
                expected: plan
            )
        }
    }
}

extension ApplyCommand {
    /// The script that a plan file names; a stock script is that one whatever lies about here.
    private static func script(
        of plan: PlanFile,
        files: any FileSystem
    ) throws -> ScriptFile {
        if !plan.script.contains("/"), let stock = try? StockScripts.script(plan.script) {
            let file = ScriptFile(stock, files: files)
            if file.hash == plan.scriptHash { return file }
        }
        do {
            return try ScriptFile(plan.script, files: files)
        } catch let error as Diagnostic where error.code == "script_not_found" {
            throw Diagnostic(
                error.code,
                "The plan's script is not there: "
                    + "\(VisibleText.quoted(WorkingDirectory.absolute(plan.script))).",
                detail: "Nothing was touched.",
                hint: "Put it back, or make a new plan: the same command with --out FILE.",
                kind: .refused
            )
        }
    }
}

extension ChangeOptions {
    /// How a run is to be done: what a plan file says, and what the command line says over it.
    func options(over sealed: PlanFile.Options?) -> PlanFile.Options {
        var options = sealed ?? PlanFile.Options()
        if reserveCapacity { options.reservesCapacity = true }
        if noRollback { options.staysAfterFailure = true }
        options.healthTimeout = healthTimeout ?? options.healthTimeout
        options.settleTime = settleTime ?? options.settleTime
        return options
    }
}
