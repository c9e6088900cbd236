// What bench/bridge measures inside one process: the way between the core and a script's worker.
//
//   bridge-bench start COUNT    milliseconds from nothing to the first call of a script, one a line
//   bridge-bench call COUNT     microseconds of one call with a table in and a table out
//   bridge-bench fib N          milliseconds of the script's own work between two calls

import GeuseRuntime
import LuaBridge

/// When the script called.
final class Marks {
    var times: [Double] = []
}

let clock = SystemClock()

let module = Module<Marks>(
    "geuse",
    summary: "What the benchmark needs.",
    functions: [
        FunctionDeclaration("mark", since: "0.1", summary: "Notes the time.") { marks, _ in
            marks.times.append(SystemClock().monotonic())
            return .nil
        },
        FunctionDeclaration(
            "echo",
            since: "0.1",
            summary: "Gives a table back.",
            parameters: [Parameter("value", .map(of: .any))],
            returns: .value(.map(of: .any))
        ) { _, arguments in arguments["value"] ?? .nil },
    ]
)
let dispatcher = Dispatcher([module])

func times(of text: String) throws -> [Double] {
    let marks = Marks()
    var limits = ScriptLimits(ownTime: 120)
    limits.calls = .max
    let worker = try ScriptWorker(limits: limits)
    try worker.run(ScriptSource(name: "bench.lua", text: text), with: dispatcher, in: marks)
    return marks.times
}

let words = CommandLine.arguments.dropFirst()
let count = words.last.flatMap { Int($0) } ?? 0
guard words.count == 2, count > 0, let what = words.first else {
    throw Diagnostic("usage", "bridge-bench start|call COUNT, or fib N", kind: .usage)
}
switch what {
case "start":
    for _ in 0..<count {
        let began = clock.monotonic()
        let first = try times(of: "geuse.mark()").first ?? began
        print((first - began) * 1000)
    }
case "call":
    let marks = try times(
        of: """
            local given = { service = "n8n", image = "n8nio/n8n:1.20.0", tries = 3, wait = true }
            for _ = 1, 200 do geuse.echo(given) end
            geuse.mark()
            for _ = 1, \(count) do geuse.echo(given) end
            geuse.mark()
            """
    )
    print((marks[1] - marks[0]) / Double(count) * 1_000_000)
default:
    let marks = try times(
        of: """
            local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
            geuse.mark()
            fib(\(count))
            geuse.mark()
            """
    )
    print((marks[1] - marks[0]) * 1000)
}
