import ArgumentParser
import GeuseRuntime
import LuaBridge

/// `script list|show`: the stock scripts, which are part of the program.
struct ScriptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script",
        abstract: "The stock scripts that come with the program.",
        subcommands: [List.self, Show.self]
    )

    /// `script list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the stock scripts.")
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { _ in
                let rows = StockScripts.all.map { [$0.name, $0.summary] }
                return CommandReport(
                    message: "\(rows.count) scripts",
                    data: [
                        "scripts": .array(
                            StockScripts.all.map {
                                ["name": .string($0.name), "summary": .string($0.summary)]
                            }
                        )
                    ],
                    text: Table(["NAME", "WHAT IT DOES"], rows, empty: "").text
                )
            }
        }
    }

    /// `script show NAME`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a stock script.")
        @Argument(help: "The script's name.")
        var name: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { _ in
                let script = try StockScripts.script(name)
                return CommandReport(
                    message: script.name,
                    data: ["name": .string(script.name), "source": .string(script.source)],
                    text: script.source
                )
            }
        }
    }
}
