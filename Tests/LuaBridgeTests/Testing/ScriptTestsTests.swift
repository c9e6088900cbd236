import GeuseRuntime
import Testing

@testable import LuaBridge

/// Lua test files: what passes, what fails and where, and that a test cannot get out.
@Suite struct ScriptTestsTests {
    private static let change = """
        local o = geuse.options{image = {'IMAGE'}, type = {'TYPE'}, code = {'CODE'}}
        if o.image then geuse.set_image('n8n', o.image) end
        if o.type then geuse.resize(o.type) end
        geuse.log('said')
        if o.code then geuse.fail(o.code, 'As asked.') end
        """

    private func run(_ text: String, ownTime: Double = 5) throws -> ScriptTests.FileResult {
        let files = MemoryFiles([
            "t/x_test.lua": Array(text.utf8), "t/change.lua": Array(Self.change.utf8),
            "t/names.lua": Array("return {image = 'n8nio/n8n:1.20.0'}".utf8),
        ])
        let limits = ScriptLimits(ownTime: ownTime)
        return try ScriptTests(files: files, version: "0", limits: limits).run("t/x_test.lua")
    }

    /// The code and line of each test's failure, `ok` for those that pass.
    private func ends(_ text: String) throws -> [String] {
        let result = try run(text)
        #expect(result.error == nil)
        return result.tests.map { test in
            test.error.map { "\($0.code) \(test.place?.line ?? 0)" } ?? "ok"
        }
    }

    @Test func everyEndingHasItsExpectation() throws {
        let text = """
            local images = require 'names'
            test('done', function()
                local r = run('change.lua', {image = images.image})
                expect.done(r) expect.image('n8n', images.image) expect.healthy() expect.log('said')
                expect.equal(r.changes, {'n8n -> n8nio/n8n:1.20.0'})
                assert(r.status == 'done' and r.downtime >= 0 and r.code == nil)
                expect.done(run('change.lua', {'--type', 't3.large'}))
                expect.instance_type('t3.large')
                expect.nothing_to_do(run('change.lua'))
                expect.done(r)
            end)
            test('planned', function()
                expect.planned(run('change.lua', {image = images.image}, {dry_run = true}))
            end)
            test('refused', function()
                stack {spot = true, name = 'other', services = {n8n = 'n8nio/n8n:1.20.0'}}
                run('change.lua', {type = 't3.large'})
                expect.refused()
                expect.image('n8n', 'n8nio/n8n:1.20.0')
                run('change.lua', {code = 'of_mine'})
                expect.refused('of_mine')
            end)
            test('rolled back', function()
                fault('start', 'InsufficientInstanceCapacity', {on = 't3.large'})
                expect.rolled_back('InsufficientInstanceCapacity', run('change.lua', {type = 't3.large'}))
                expect.instance_type('t3.medium')
                clear_faults()
                expect.done(run('change.lua', {type = 't3.large'}))
            end)
            test('stock', function()
                expect.done(run('update.lua', {instance_type = 't3.large', image = {n8n = images.image}}))
            end)
            test('needs attention', function()
                fault('start', 'InternalError')
                expect.needs_attention(run('change.lua', {type = 't3.large'}))
            end)
            """
        #expect(try ends(text) == ["ok", "ok", "ok", "ok", "ok", "ok"])
    }

    @Test func aFailureHasItsLineAndEndsOnlyItsTest() throws {
        let text = """
            local function deep() error('deep') end
            test('lua', function() assert(false) end)
            test('again', function()
                assert(false)
            end)
            test('deep', function() pcall(deep) deep() end)
            test('typo', function() expect.dnoe() end)
            test('expectation', function()
                run('change.lua')

                expect.done()
            end)
            test('caught', function() pcall(expect.done) end)
            test('caught expectation', function()
                pcall(function() expect.equal(1, 2) end) expect.equal(1, 1)
            end)
            test('coroutine', function()
                coroutine.wrap(function()
                    error({code = 'mine', message = 'x'}) end)()
            end)
            """
        #expect(
            try ends(text) == [
                "test_failed 2", "test_failed 4", "test_failed 1", "unknown_member 7",
                "expectation_failed 11", "ok", "expectation_failed 0", "mine 19",
            ]
        )
    }

    @Test(arguments: [
        ("expect.done()", "no_run"), ("expect.done({number = math.mininteger})", "no_run"),
        ("wait(1e308)", "invalid_argument"),
        ("for i = 1, 9000 do wait(3e8) end expect.done()", "no_run"),
        ("fault('start', 'Bogus')", "unknown_fault"),
        ("fault('kill', 'host.apply')", "invalid_choice"),
        ("stack{} stack{}", "stack_exists"), ("stack{time = 'noon'}", "invalid_time"),
        ("test('inner', function() end)", "nested_test"),
        ("run('nothing.lua')", "script_not_found"),
        ("stack{services = {n9n = 'x:1'}}", "unknown_service"),
        ("stack{spto = true}", "unknown_key"),
        ("stack{auto_scaling_group = ''}", "invalid_group_name"),
        ("stack{auto_scaling_group = 'a:b'}", "invalid_group_name"),
        ("run('change.lua') expect.rolled_back()", "expectation_failed"),
        ("run('change.lua', {code = 'a_b'}) expect.refused('c_d')", "expectation_failed"),
        ("expect.instance_type('t3.large')", "expectation_failed"),
        ("expect.image('n8n', 'x:1')", "expectation_failed"),
        ("expect.image('nothing', 'x:1')", "expectation_failed"),
        ("expect.equal({1, 2}, {1, 3})", "expectation_failed"),
        ("expect.equal(0/0, 0/0)", "expectation_failed"),
        ("run('change.lua') expect.log('other')", "expectation_failed"),
        ("run('change.lua', {image = {{}}})", "wrong_type"),
        ("geuse.backup()", "undefined_global"), ("os.exit(0)", "not_available"),
    ])
    func whatDoesNotHoldFails(_ body: String, _ code: String) throws {
        #expect(try ends("test('x', function() \(body) end)") == ["\(code) 1"])
    }

    @Test(arguments: [
        ("fault('health', 'unhealthy:n9n')", "Did you mean n8n?"),
        (
            "fault('start', 'InsufficientInstanceCapacity', {on = 't3.lrage'})",
            "Did you mean t3.large?"
        ),
        ("fault('start', 'InsufficientInstanceCapacity', {on = 'zz9.plural'})", nil),
    ])
    func aFaultThatCouldNeverStrikeIsRefused(_ body: String, _ hint: String?) throws {
        let test = try #require(try run("test('x', function() \(body) end)").tests.first)
        #expect(test.error?.code == "unknown_fault")
        #expect(test.error?.hint == hint)
    }

    @Test func aModuleThatUsesGeuseInATestIsTold() throws {
        let test = try #require(
            try run("test('x', function() return geuse.describe() end)").tests.first
        )
        #expect(test.error?.code == "undefined_global")
        #expect(test.error?.hint?.contains("run(), look() and expect") == true)
    }

    @Test(arguments: [
        ("error({b = 1, a = 'x', 2})", "{[1] = 2, a = \"x\", b = 1}"), ("error({})", "{}"),
        ("error(42)", "42"), ("error()", "nil"), ("error({inner = {}})", "{inner = table}"),
        ("local t = {} for i = 1, 99 do t[i] = i end error(t)", nil),
        ("error(setmetatable({}, {__tostring = function() while true do end end}))", "{}"),
    ])
    func anErrorWithoutAMessageIsShown(_ body: String, _ text: String?) throws {
        let test = try #require(try run("test('x', function() \(body) end)").tests.first)
        let summary = try #require(test.error?.summary)
        if let text {
            #expect(summary == text)
        } else {
            #expect(summary.hasPrefix("{[1] = 1, [2] = 2") && summary.hasSuffix(", ...}"))
        }
    }

    @Test func whatARefusedRunSaidIsHeard() throws {
        let text = """
            test('refused', function()
                stack {spot = true}
                run('change.lua', {type = 't3.large'})
                expect.refused() expect.log('said')
            end)
            test('rehearsal', function()
                run('change.lua', {code = 'of_mine'})
                expect.refused('of_mine') expect.log('said')
            end)
            """
        #expect(try ends(text) == ["ok", "ok"])
    }

    @Test func anIllServiceIsSeen() throws {
        let text = """
            test('x', function()
                fault('health', 'unhealthy:n8n')
                run('change.lua', {image = 'n8nio/n8n:1.20.0'}, {no_rollback = true})
                expect.healthy()
            end)
            """
        #expect(try ends(text) == ["expectation_failed 4"])
    }

    @Test func eachTestHasAStackAndATimeOfItsOwn() throws {
        let text = """
            local began = {}
            for i = 1, 2 do
                test('x' .. i, function()
                    began[i] = look().services.n8n.started_at
                    expect.instance_type('t3.medium')
                    expect.done(run('change.lua', {type = 't3.large'}))
                    wait(3600)
                end)
            end
            test('same', function() expect.equal(began[1], began[2]) end)
            """
        #expect(try ends(text) == ["ok", "ok", "ok"])
    }

    @Test func theTimeOfATestIsItsOwn() throws {
        let files = MemoryFiles([
            "x_test.lua": Array(
                """
                test('x', function()
                    stack {time = '2026-01-05T02:00:00Z'}
                    run('now.lua')
                    expect.log('1767578')
                    wait(1000)
                    run('now.lua')
                    expect.log('1767579')
                end)
                """.utf8
            ),
            "now.lua": Array("geuse.log(tostring(math.floor(geuse.now())))".utf8),
        ])
        let result = try ScriptTests(files: files, version: "0").run("x_test.lua")
        #expect(result.passed, "\(result.tests.map(\.error))")
    }

    @Test func aFileThatFailsOutsideOfItsTestsIsBroken() throws {
        let broken = try run("test('x', function() end)\nundefined()\ntest('y', function() end)")
        #expect(broken.tests.count == 1 && !broken.passed)
        #expect(broken.error?.code == "undefined_global" && broken.place?.line == 2)
        #expect(try run("test(").error?.code == "script_syntax")
        #expect(try run("local x = 1").error?.code == "no_tests")
        #expect(try run("stack{}").error?.code == "outside_test")
    }

    @Test func aTestThatHangsIsEndedAndTheOthersAreStillRun() throws {
        let hang = "function()\nwhile true do pcall(error) end end)\n"
        let text = """
            test('w', function() run('change.lua') end)
            test('x', \(hang)test('y', function() expect.equal(1, 1) end)
            test('z', \(hang)test('last', function() expect.equal(1, 2) end)
            """
        let result = try run(text, ownTime: 0.2)
        #expect(result.tests.map(\.name) == ["w", "x", "y", "z", "last"])
        #expect(
            result.tests.map(\.error?.code) == [
                nil, "script_timeout", nil, "script_timeout", "expectation_failed",
            ]
        )
        #expect(result.tests.map(\.place?.line) == [nil, 3, nil, 6, 7])
        #expect(result.error == nil)
    }

    @Test func aTestThatMeetsTheEndOfMemoryTakesNoneFromTheOthers() throws {
        let eat = "local t = {} while true do t = {t, #t} end"
        let other = "local s = ('x'):rep(1e6) expect.equal(#s, 1000000)"
        let text = """
            test('eats', function() \(eat) end)
            test('a megabyte', function() \(other) end)
            test('catches', function() pcall(function() \(eat) end) end)
            test('another', function() \(other) end)
            test('a concat', function()
                local t = {} for i = 1, 200000 do t[i] = 'x' end
                expect.equal(#table.concat(t), 200000)
            end)
            """
        #expect(try ends(text) == ["script_memory 1", "ok", "ok", "ok", "ok"])
        // What eats it outside of a test is run no more often than there are tests.
        let broken = try run("test('x', function() end)\n\(eat)\ntest('y', function() end)")
        #expect(broken.tests.map(\.name) == ["x"])
        #expect(broken.error?.code == "script_memory")
        let many =
            "for i = 1, 15 do test('t' .. i, function() pcall(function() \(eat) end) end) end"
        #expect(try ends(many) == Array(repeating: "ok", count: 15))
    }

    @Test func aFileOfNothingButHangingTestsEnds() throws {
        let text = "for i = 1, 1000 do test('t' .. i, function() while true do end end) end"
        let result = try run(text, ownTime: 0.1)
        #expect(result.tests.count == 10)
        #expect(result.tests.allSatisfy { $0.error?.code == "script_timeout" })
        #expect(result.tests.last?.error?.detail?.contains("not run") == true)
    }

    @Test func filesAreFoundInFolders() throws {
        let files = MemoryFiles([
            "a_test.lua": [], "b.lua": [], "d/c_test.lua": [], "./a_test.lua": [],
        ])
        let tests = ScriptTests(files: files, version: "0")
        #expect(try tests.find(["d", "x.lua"]) == ["d/c_test.lua", "x.lua"])
        #expect(try tests.find([]) == ["a_test.lua"])
        let error = #expect(throws: Diagnostic.self) { try tests.find(["nowhere"]) }
        #expect(error?.summary == "There is no file or folder \"nowhere\".")
    }

    @Test func aFileThatCannotBeReadIsBrokenAndTheOthersRun() throws {
        let files = MemoryFiles([
            "bad_test.lua": Array("test('".utf8) + [0xFF] + Array("', function() end)".utf8),
            "good_test.lua": Array("test('x', function() end)".utf8),
            "long_test.lua": Array(repeating: 0x20, count: ScriptFile.limit + 1),
            "torn_test.lua": Array("test(".utf8),
        ])
        let tests = ScriptTests(files: files, version: "0")
        let paths = try tests.find(["bad_test.lua", "gone_test.lua"]) + ["good_test.lua"]
        let results = try (paths + ["long_test.lua", "torn_test.lua"]).map(tests.run)
        #expect(results.map(\.passed) == [false, false, true, false, false])
        #expect(
            results.compactMap(\.error?.code)
                == ["script_unreadable", "no_test_files", "script_unreadable", "script_syntax"]
        )
        let torn = try #require(results.last)
        #expect(torn.place?.line == 1)
        #expect(torn.error?.summary.contains("torn_test.lua") == false)
        let report = JUnitReport.text(results)
        #expect(report.components(separatedBy: "<testsuite ").count == 6)
        let none = #expect(throws: Diagnostic.self) { try tests.find(["gone_test.lua"]) }
        #expect(none?.code == "no_test_files" && none?.kind == .usage)
    }
}
