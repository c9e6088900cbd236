import ArgumentParser
import GeuseRuntime
import LuaBridge

extension ScriptCommand {
    /// `script check FILE…`.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Find mistakes in scripts without running them.",
            discussion: """
                Finds errors of syntax, globals that are never defined, functions and keys that do not
                exist, and calls with wrong arguments, in a script and the modules that it requires.
                Exits with 0 if nothing was found and with 4 otherwise.
                """
        )
        @Argument(help: "The scripts' files, or names of stock scripts.")
        var scripts: [String]
        @OptionGroup var global: GlobalOptions

        func run() throws {
            let frame = CommandFrame(global)
            try frame.report { frame in
                var findings: [ScriptFinding] = []
                for name in scripts {
                    let script = try ScriptFile(name, files: frame.files)
                    let check =
                        name.hasSuffix("_test.lua")
                        ? ScriptCheck(ScriptTests.modules, cancellation: Interruption.flag)
                        : ScriptCheck(cancellation: Interruption.flag)
                    findings += try check.findings(script, shown: name)
                }
                let data: JSONValue = ["findings": .array(findings.map(\.json))]
                guard !findings.isEmpty else {
                    return CommandReport(message: "Nothing found", data: data, text: "")
                }
                if frame.global.format == .text {
                    StandardStreams.out(findings.map { $0.text + "\n" }.joined())
                }
                let mistakes = findings.count == 1 ? "1 mistake" : "\(findings.count) mistakes"
                let error = Diagnostic(
                    "script_mistakes",
                    "\(mistakes) found.",
                    detail: "The scripts were not run.",
                    kind: .refused
                )
                try frame.end(error, data: data, status: ExitStatus.refused)
            }
        }
    }
}
