import GeuseRuntime
import Testing

@testable import LuaBridge

/// Mistakes in calls of the functions for operations are found, with the name that was meant.
@Suite struct OperationFunctionsTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let call: String
        let code: String
        let words: String
        var testDescription: String { call }
    }

    static let mistakes = [
        Mistake(call: "geuse.restrat('n8n')", code: "unknown_member", words: "restart"),
        Mistake(call: "geuse.exec_on_hots({'a'})", code: "unknown_member", words: "exec_on_host"),
        Mistake(call: "geuse.wait_untl(1)", code: "unknown_member", words: "wait_until"),
        Mistake(call: "geuse.restart()", code: "missing_argument", words: "service"),
        Mistake(call: "geuse.restart('a b')", code: "invalid_service_name", words: "service"),
        Mistake(call: "geuse.scale('two')", code: "wrong_type", words: "integer"),
        Mistake(call: "geuse.scale(1.5)", code: "wrong_type", words: "integer"),
        Mistake(call: "geuse.exec('n8n', 'ls -l')", code: "wrong_type", words: "list"),
        Mistake(call: "geuse.exec({'ls'})", code: "wrong_type", words: "service"),
        Mistake(call: "geuse.exec('n8n', {1})", code: "wrong_type", words: "command[1]"),
        Mistake(
            call: "geuse.exec('n8n', {'a'}, {udno = {'b'}})",
            code: "unknown_key",
            words: "undo"
        ),
        Mistake(
            call: "geuse.exec_on_host({'a'}, {timeuot = 1})",
            code: "unknown_key",
            words: "timeout"
        ),
        Mistake(
            call: "geuse.exec_on_host({'a'}, {undo = 'b'})",
            code: "wrong_type",
            words: "options.undo"
        ),
        Mistake(
            call: "geuse.exec('n8n', {'a'}, {timeout = 0})",
            code: "invalid_argument",
            words: "from 1 to 1800"
        ),
        Mistake(
            call: "geuse.wait_healthy{timeout = 1e300}",
            code: "invalid_argument",
            words: "from 0 to 3600"
        ),
        Mistake(
            call: "geuse.options{a = {'X', list = true, map = true}}",
            code: "invalid_options",
            words: "a list and a map"
        ),
        Mistake(call: "require 'geuze'", code: "module_not_found", words: "Did you mean geuse?"),
        Mistake(call: "geuse.prune('n8n')", code: "too_many_arguments", words: "no arguments"),
        Mistake(call: "geuse.confirm(true)", code: "wrong_type", words: "question"),
        Mistake(
            call: "geuse.wait_until(1, {finish = 2})",
            code: "unknown_key",
            words: "finish_by"
        ),
    ]

    @Test(arguments: mistakes)
    func areFoundWithoutRunning(_ mistake: Mistake) throws {
        let files = MemoryFiles(["t.lua": Array(mistake.call.utf8)])
        let check = ScriptCheck([GeuseModule.module.signature])
        let found = try check.findings(ScriptFile("t.lua", files: files), shown: "t.lua")
        let first = try #require(found.first?.diagnostic)
        #expect(first.code == mistake.code)
        #expect("\(first.summary) \(first.hint ?? "")".contains(mistake.words))
    }

    @Test(arguments: mistakes)
    func areRefusedInTheRehearsal(_ mistake: Mistake) throws {
        let files = MemoryFiles([
            "s.lua": Array(mistake.call.utf8),
            "x_test.lua": Array("test('m', function() run('s.lua') end) ".utf8)
                + Array(
                    "test('n', function() run('s.lua') expect.refused('\(mistake.code)') end)".utf8
                ),
        ])
        let result = try ScriptTests(files: files, version: "0").run("x_test.lua")
        #expect(result.tests.map { $0.error?.summary } == [nil, nil])
    }

    @Test(arguments: ["{}", "{''}", "{'a\\0b'}"])
    func aCommandHasAProgram(_ words: String) throws {
        let files = MemoryFiles([
            "s.lua": Array("geuse.exec('n8n', \(words))".utf8),
            "x_test.lua": Array(
                "test('m', function() run('s.lua') expect.refused('invalid_command') end)".utf8
            ),
        ])
        let result = try ScriptTests(files: files, version: "0").run("x_test.lua")
        #expect(result.tests.map { $0.error?.summary } == [nil])
    }

    @Test func capabilitiesNameThem() throws {
        let files = MemoryFiles([
            "s.lua": Array(
                """
                local functions = geuse.capabilities().functions
                for _, name in ipairs {
                    "restart", "scale", "exec", "exec_on_host", "prune", "confirm", "wait_until",
                } do
                    assert(functions[name] == "0.1", name)
                end
                assert(functions.teleport == nil)
                """.utf8
            ),
            "x_test.lua": Array(
                "test('m', function() run('s.lua') expect.nothing_to_do() end)".utf8
            ),
        ])
        let result = try ScriptTests(files: files, version: "0").run("x_test.lua")
        #expect(result.tests.map { $0.error?.summary } == [nil])
    }
}
