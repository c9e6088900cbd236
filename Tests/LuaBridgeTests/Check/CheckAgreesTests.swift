import GeuseRuntime
import Testing

@testable import LuaBridge

/// The check and the run say the same of the same mistake.
@Suite struct CheckAgreesTests {
    static let scripts = [
        "local a = 1\nreturn undefined", "return tosting(1)", "return geuse.ecko",
        "return string.formt", "os.exit()", "string = 1", "geuse.x = 1", "require 'nothing'",
        "require 'a/b'", "require 'socket'", "geuse.change()", "geuse.change(1)",
        "geuse.change('a', 'b')", "geuse.fail('Bad', 'x')", "geuse.fail('x', 'y', {hnt = 'z'})",
        "geuse.fail('x', 'y', {hint = 1})", "geuse.window('w', 1)", "geuse.window()", "x = = 1",
        "geuse.change(geuse.echo)", "geuse:change('x')", "geuse:refuse()",
    ]

    @Test(arguments: scripts)
    func theyNameTheSameError(_ script: String) throws {
        let files = MemoryFiles(["t.lua": Array(script.utf8)])
        let check = ScriptCheck([TestModule.geuse.signature])
        let found = try check.findings(ScriptFile("t.lua", files: files), shown: "t.lua")
        let failure = try #require(try TestModule.failure(of: script))
        // A function is known not to be a value only at run time, by the worker.
        guard script != "geuse.change(geuse.echo)" else { return #expect(found.isEmpty) }
        let first = try #require(found.first?.diagnostic)
        #expect(first.code == failure.diagnostic.code)
        #expect(first.hint == failure.diagnostic.hint)
        #expect(found.first?.line == failure.line)
        guard first.code != "script_syntax" else { return }
        #expect(first.summary == failure.diagnostic.summary)
    }
}
