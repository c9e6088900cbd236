import GeuseRuntime
import Testing

@testable import LuaBridge

@Suite struct FirstCallTests {
    private static let echo = Module<Void>(
        "geuse",
        summary: "A test.",
        functions: [
            FunctionDeclaration(
                "echo",
                since: "0.1",
                summary: "Gives back what it gets.",
                parameters: [Parameter("value", .any, optional: true)]
            ) { _, arguments in arguments["value"] ?? .nil },
            .fail(since: "0.1"),
        ]
    )

    private func run(_ text: String) throws(ScriptFailure) {
        let worker: ScriptWorker
        do { worker = try ScriptWorker() } catch { preconditionFailure("\(error)") }
        try worker.run(
            ScriptSource(name: "test.lua", text: text),
            with: Dispatcher([Self.echo]),
            in: ()
        )
    }

    @Test func aScriptCallsAndGetsItsTableBack() throws {
        try run("local t = geuse.echo({a = {1, 2, 'x'}}) assert(t.a[3] == 'x' and #t.a == 3)")
    }

    @Test func anErrorCrosses() throws {
        let failure = #expect(throws: ScriptFailure.self) {
            try run("\nlocal function f() geuse.fail('too_late', 'It is too late.') end\nf()")
        }
        #expect(failure?.diagnostic.code == "too_late")
        #expect(failure?.line == 2)
        #expect(failure?.cause == .core)
    }
}
