import ArgumentParser
import GeuseRuntime
import LuaBridge

extension ScriptCommand {
    /// `script test [FILE…]`.
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Run Lua tests of scripts on simulated stacks, in simulated time.",
            discussion: """
                Each test has a stack of its own; nothing on this machine or in AWS is touched. The
                functions of test files: geusemaker script reference --tests. Exits with 1 when a test
                fails.
                """
        )
        @Argument(help: "Test files or folders; without any, the *_test.lua of this folder.")
        var paths: [String] = []
        @Option(name: .long, help: "Write the results as JUnit XML to this file.")
        var junit: String?
        @Option(name: .long, help: "Seconds of its own time that a test file may use.")
        var scriptTimeout: Double = 10
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let tests = ScriptTests(
                    files: frame.files,
                    version: Version.text,
                    limits: ScriptLimits(ownTime: scriptTimeout),
                    cancellation: Interruption.flag
                )
                var results: [ScriptTests.FileResult] = []
                for path in try tests.find(paths) {
                    let result = try tests.run(path)
                    if frame.global.format == .text {
                        StandardStreams.out(TestResultView.text(result, frame.terminal))
                    }
                    results.append(result)
                }
                if let junit {
                    try frame.files.replace(junit, with: Array(JUnitReport.text(results).utf8))
                }
                let summary = TestResultView.summary(results)
                let data = TestResultView.json(results)
                guard results.allSatisfy(\.passed) else {
                    let error = Diagnostic("tests_failed", summary + ".")
                    try frame.end(error, data: data, status: ExitStatus.failed)
                }
                return CommandReport(message: summary, data: data, text: summary + "\n")
            }
        }
    }
}
