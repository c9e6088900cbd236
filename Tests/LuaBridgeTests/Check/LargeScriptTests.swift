import GeuseRuntime
import Testing

@testable import LuaBridge

/// The check of a script that no person writes ends, and says nothing that is not so.
@Suite struct LargeScriptTests {
    private func findings(
        _ text: String,
        limits: ScriptLimits = ScriptLimits(),
        cancellation: Cancellation = Cancellation()
    ) throws -> [ScriptFinding] {
        let files = MemoryFiles(["t.lua": Array(text.utf8)])
        let check = ScriptCheck(limits: limits, cancellation: cancellation)
        return try check.findings(ScriptFile("t.lua", files: files), shown: "t.lua")
    }

    /// None of these may be walked, or freed, as deeply as it is long.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [
            ":x()", "('x')", ".x", "[1]", "['x']", "()", "{}", "+1", "..''", "-#a", " or a",
        ]
    )
    func aChainOfAnyLengthIsChecked(_ link: String) throws {
        let chain = String(repeating: link, count: 20_000)
        let found = try findings("local a = {}\nlocal b = a\(chain)\nreturn b")
        // Lua itself refuses what it would have to nest.
        #expect(found.allSatisfy { $0.diagnostic.code == "script_syntax" }, "\(found.map(\.text))")
    }

    /// A function has 200 variables at most, but functions are inside each other.
    @Test(arguments: ["{x}", "x.y", "x[1]", "x()"])
    func aChainFromVariableToVariableIsChecked(_ value: String) throws {
        let variables = String(repeating: "local x = \(value) ", count: 190)
        let opening = String(repeating: "return function() \(variables)", count: 50)
        let closing = String(repeating: " end", count: 50)
        let found = try findings("local x = {} \(opening)\(closing)")
        #expect(found.map(\.text) == [])
    }

    @Test func callsBehindALongChainMayStandForSeveralValues() throws {
        let chain = String(repeating: ".x()", count: 200)
        #expect(try findings("local a = {} geuse.set_image(a\(chain))").map(\.text) == [])
    }

    @Test func thousandsOfUndefinedNamesAreFound() throws {
        let names = (1...5000).map { "undefined\($0)()\n" }.joined()
        let found = try findings("tosting(1)\n" + names)
        #expect(found.count == 5001)
        #expect(found.allSatisfy { $0.diagnostic.code == "undefined_global" })
        #expect(found.first?.diagnostic.hint == "Did you mean tostring?")
    }

    @Test func aLimitOfTheCheckIsNotToldAsTheScripts() throws {
        let strings = (1...55_000).map { "'string \($0)'," }.joined()
        let error = #expect(throws: Diagnostic.self) {
            _ = try findings("return {\(strings)}", limits: ScriptLimits(memory: 4 << 20))
        }
        #expect(error?.code == "check_unfinished")
        #expect(error?.detail == "The script was not run.")
    }

    @Test func aCheckIsEndedByASignal() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let error = #expect(throws: Diagnostic.self) {
            _ = try findings("return 1", cancellation: cancellation)
        }
        #expect(error?.kind == .interrupted)
    }
}
