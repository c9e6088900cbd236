import ArgumentParser
import GeuseRuntime
import LuaBridge

/// `script list|show|new|check|test|reference`: what there is for those who write scripts.
struct ScriptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "script",
        abstract: "Stock scripts, and tools for scripts of your own.",
        subcommands: [
            List.self, Show.self, New.self, Check.self, Test.self, Reference.self,
        ]
    )

    /// `script list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the stock scripts."
        )
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { _ in
                let rows = StockScripts.all.map { [$0.name, $0.summary] }
                return CommandReport(
                    isOutput: true,
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
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print a stock script."
        )
        @Argument(help: "The script's name.")
        var name: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { _ in
                let script = try StockScripts.script(name)
                return CommandReport(
                    isOutput: true,
                    message: script.name,
                    data: ["name": .string(script.name), "source": .string(script.source)],
                    text: script.source
                )
            }
        }
    }

    /// `script reference [FUNCTION]`.
    struct Reference: ParsableCommand {
        /// What the reference is printed for.
        enum Form: String, EnumerableFlag {
            case markdown
            case types
        }

        static let configuration = CommandConfiguration(
            commandName: "reference",
            abstract: "Print the functions that scripts can call."
        )
        @Argument(help: "One function; all of them in brief if left out.")
        var function: String?
        @Flag(help: "As Markdown, or as definitions for the Lua language server.")
        var form: Form?
        @Flag(name: .long, help: "The functions of test files instead.")
        var tests = false
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { _ in
                let text = try page()
                return CommandReport(
                    isOutput: true,
                    message: "Reference",
                    data: ["text": .string(text)],
                    text: text
                )
            }
        }

        private func page() throws -> String {
            let modules = tests ? ScriptTests.modules : [GeuseModule.module.signature]
            switch form {
            case .markdown: return MarkdownReference.text(modules)
            case .types: return TypeFile.text(modules)
            case nil: break
            }
            guard let function else { return TerminalHelp.overview(modules) }
            guard let page = TerminalHelp.page(function, in: modules) else {
                throw Diagnostic(
                    "unknown_function",
                    "There is no function \(VisibleText.quoted(function))"
                        + (tests ? " for test files." : "."),
                    hint: hint(function, in: modules),
                    kind: .usage
                )
            }
            return page
        }

        /// What was meant, here or among the functions of the other kind of files.
        private func hint(_ function: String, in modules: [ModuleSignature]) -> String {
            let others = tests ? [GeuseModule.module.signature] : ScriptTests.modules
            let (files, flag) = tests ? ("scripts", "") : ("test files", " --tests")
            if TerminalHelp.page(function, in: others) != nil {
                return "It is one for \(files): geusemaker script reference \(function)\(flag)"
            }
            if let near = TerminalHelp.nearest(function, in: modules) {
                return "Did you mean \(near)?"
            }
            return TerminalHelp.nearest(function, in: others).map {
                "Did you mean \($0)? It is one for \(files): geusemaker script reference \($0)\(flag)"
            } ?? "See all: geusemaker script reference" + (tests ? " --tests" : "")
        }
    }
}
