import GeuseRuntime

@testable import LuaBridge

/// What the scripts of the tests can do, and what was done.
final class Recorder {
    var changes: [String] = []
    var events: [String] = []
}

enum TestModule {
    static let geuse = Module<Recorder>(
        "geuse",
        summary: "What tests need.",
        functions: [
            FunctionDeclaration(
                "echo",
                since: "0.1",
                summary: "Gives back what it gets.",
                parameters: [Parameter("value", .any, optional: true)]
            ) { _, arguments in arguments["value"] ?? .nil },
            FunctionDeclaration(
                "change",
                since: "0.1",
                summary: "Changes something.",
                parameters: [Parameter("what", .string)]
            ) { recorder, arguments in
                recorder.changes.append(try arguments.string("what"))
                return .nil
            },
            FunctionDeclaration("refuse", since: "0.1", summary: "Refuses.") { _, _ in
                throw Diagnostic(
                    "refused_here",
                    "Refused.",
                    detail: "As always.",
                    hint: "Ask another.",
                    kind: .refused
                )
            },
            FunctionDeclaration("abort", since: "0.1", summary: "Ends all.") { _, _ in
                throw AbortScript(Diagnostic("session_ended", "The session has ended."))
            },
            FunctionDeclaration(
                bracket: "window",
                since: "0.1",
                summary: "Runs a function inside.",
                parameters: [Parameter("name", .string), Parameter("run", .function)],
                begin: { recorder, arguments in
                    let name = try arguments.string("name")
                    recorder.events.append("begin \(name)")
                    if name == "closed" { throw Diagnostic("window_closed", "It is closed.") }
                    return .string("inside \(name)")
                },
                end: { recorder, outcome in
                    let how = outcome.succeeded ? "well" : outcome.code ?? outcome.message ?? "?"
                    recorder.events.append("end \(how)")
                    if outcome.message == "and the end fails" {
                        throw Diagnostic("end_failed", "The end failed too.")
                    }
                }
            ),
            .fail(since: "0.1"),
        ]
    )

    static let sources = [
        "loops": "while true do end",
        "cycle": "return require('cycle')",
        "broken": "x = = 1",
        "bytecode": "\u{1B}Lua",
        "common.images": "return {chunk = ..., twice = function(n) return 2 * n end}",
        "silent": "counted = (rawget(_G, 'counted') or 0) + 1",
        "failing": "error('from the module')",
    ]

    static func source(_ name: String) throws -> ScriptSource {
        guard let text = sources[name] else { return try ScriptWorker.noModules(name) }
        return ScriptSource(name: name.replacing(".", with: "/") + ".lua", text: text)
    }

    /// Runs a script and gives what it did.
    static func run(
        _ text: String,
        name: String = "test.lua",
        limits: ScriptLimits = ScriptLimits(),
        seed: (Int64, Int64) = (1, 2),
        recorder: Recorder = Recorder()
    ) throws {
        let worker = try ScriptWorker(limits: limits)
        try worker.run(
            ScriptSource(name: name, text: text),
            with: Dispatcher([geuse]),
            in: recorder,
            seed: seed,
            require: source
        )
    }

    /// Runs a script that is to fail and gives its failure.
    static func failure(
        of text: String,
        limits: ScriptLimits = ScriptLimits(),
        recorder: Recorder = Recorder()
    ) throws -> ScriptFailure? {
        do {
            try run(text, limits: limits, recorder: recorder)
            return nil
        } catch let failure as ScriptFailure {
            return failure
        }
    }
}
