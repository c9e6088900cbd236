import ArgumentParser
import GeuseRuntime

/// `history NAME`: the runs of a stack, from their journals.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List a stack's runs: when, what, how long, how it ended."
    )

    @Argument(help: "The stack.")
    var name: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let stack = try StackName(name)
            _ = try frame.store.load(stack)
            frame.mentionUnfinished(stack)
            let isAtWork = frame.isAtWork(stack)
            let archive = JournalArchive(frame.directory, frame.files)
            let runs = try archive.runs(of: stack).map { try archive.read($0, of: stack) }
                .map(RunSummary.init)
            let rows = runs.map { run -> [String] in
                [
                    run.started.map { String($0.text.prefix(19)).replacing("T", with: " ") } ?? "-",
                    run.command, run.outcome == "unfinished" && isAtWork ? "at work" : run.outcome,
                    run.duration.map(durationText) ?? "-",
                    run.downtime.map(durationText) ?? "-", run.changes.joined(separator: "; "),
                ]
            }
            return CommandReport(
                isOutput: true,
                message: "\(runs.count) runs",
                data: ["runs": .array(runs.map(\.json))],
                text: Table(
                    ["STARTED (UTC)", "COMMAND", "OUTCOME", "TOOK", "DOWNTIME", "CHANGES"],
                    rows,
                    empty: "No runs yet.\n"
                ).text
            )
        }
    }
}
