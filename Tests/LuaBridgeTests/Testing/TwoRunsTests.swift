import GeuseRuntime
import Testing

@testable import LuaBridge

/// The rehearsal and the run for real: the same script does the same twice, or is stopped.
@Suite struct TwoRunsTests {
    private func run(_ script: String, _ test: String) throws -> [TestResult] {
        let files = MemoryFiles([
            "s.lua": Array(script.utf8), "x_test.lua": Array(test.utf8),
        ])
        let result = try ScriptTests(files: files, version: "0").run("x_test.lua")
        #expect(result.error == nil)
        return result.tests
    }

    @Test func timeRandomNumbersAndOrderAreTheSameInBoth() throws {
        // What differed between the runs would make another question than the one planned.
        let script = """
            local parts = {geuse.now(), math.random(1, 1 << 40), math.random()}
            geuse.sleep(1.5)
            geuse.wait_until(geuse.now() + 90)
            parts[#parts + 1] = geuse.now()
            local t = {}
            for i = 1, 100 do t["key" .. i * 7919 % 1000] = {i} end
            for k, v in pairs(t) do parts[#parts + 1] = k .. tostring(v) end
            for k in pairs(geuse.describe().services) do parts[#parts + 1] = k end
            for k in pairs(geuse.options{b = {'B', default = '1'}, a = {'A', default = '2'}}) do
                parts[#parts + 1] = k
            end
            geuse.confirm(table.concat(parts, " "))
            geuse.restart("n8n")
            """
        let tests = try run(script, "test('same', function() run('s.lua') expect.done() end)")
        #expect(tests.map { $0.error?.summary } == [nil])
    }

    @Test func stopProtectionIsTheSameInBoth() throws {
        let script = """
            local seen = geuse.describe().instance.stop_protection
            geuse.confirm("protected: " .. tostring(seen))
            geuse.restart("n8n")
            geuse.log("protected: " .. tostring(seen))
            """
        let tests = try run(
            script,
            """
            for _, on in ipairs {true, false} do
                test('it is ' .. tostring(on), function()
                    stack {stop_protection = on}
                    assert(look().instance.stop_protection == on)
                    run('s.lua')
                    expect.done()
                    expect.log('protected: ' .. tostring(on))
                end)
            end
            """
        )
        #expect(tests.map { $0.error?.summary } == [nil, nil])
    }

    @Test func anotherChangeThanThePlannedOneIsNotDone() throws {
        // A rehearsal runs no command, so that what a command says is not known to the plan.
        let script = """
            local said = geuse.exec("n8n", {"echo", "qdrant"}, {undo = {"true"}}).output
            if said == "" then geuse.restart("n8n") else geuse.restart("qdrant") end
            """
        let tests = try run(
            script,
            """
            test('diverged', function()
                local r = run('s.lua', {}, {allow = {'exec'}})
                expect.rolled_back('plan_diverged')
                assert(r.message:find('restart qdrant', 1, true), r.message)
                expect.ran({'echo', 'qdrant'}, 'n8n')
                expect.ran({'true'}, 'n8n')
                expect.healthy()
            end)
            test('not allowed', function()
                run('s.lua')
                expect.refused('exec_not_allowed')
                expect.not_ran({'echo', 'qdrant'}, 'n8n')
            end)
            """
        )
        #expect(tests.map { $0.error?.summary } == [nil, nil])
    }

    @Test(arguments: [
        ("pcall(geuse.scale, 2)", "not_scalable"),
        ("pcall(geuse.restart, 'worker')", "unknown_service"),
        ("pcall(geuse.rollback, 7)", "no_previous_states"),
        (
            "geuse.window('w', function() pcall(geuse.window, 'v', function() end) end)",
            "window_nested"
        ),
        ("geuse.window('w', function() pcall(geuse.prune) end)", "inside_window"),
        (
            """
            geuse.wait_until(geuse.now(), {finish_by = geuse.now() + 25})
            geuse.sleep(10)
            pcall(geuse.window, 'w', function() geuse.set_image('n8n', 'n8nio/n8n:1.21.0') end)
            """, "too_late"
        ),
    ])
    func aRefusedChangeThatIsCaughtEndsTheRehearsal(_ call: String, _ code: String) throws {
        let script = """
            geuse.set_image("n8n", "n8nio/n8n:1.20.0")
            \(call)
            """
        let tests = try run(
            script,
            """
            test('refused', function()
                local before = look().services.n8n.image
                local r = run('s.lua')
                expect.refused('\(code)')
                assert(r.hint:find('geuse.describe', 1, true), r.hint)
                expect.image('n8n', before)
            end)
            """
        )
        #expect(tests.map { $0.error?.summary } == [nil])
    }

    @Test func whatHarmsNeitherRunMayBeCaught() throws {
        let script = """
            pcall(geuse.wait_until, geuse.now() + 1000000)
            pcall(geuse.set_image, "n8n", "no such image!")
            pcall(geuse.tags, "worker")
            geuse.window("w", function()
                pcall(geuse.confirm, "sure?")
                pcall(geuse.wait_healthy)
            end)
            geuse.restart("n8n")
            """
        let tests = try run(script, "test('done', function() run('s.lua') expect.done() end)")
        #expect(tests.map { $0.error?.summary } == [nil])
    }

    @Test func theExpectationsOfOperationsCanFail() throws {
        let tests = try run(
            "geuse.restart('n8n') geuse.exec_on_host({'true'})",
            """
            test('ran', function() run('s.lua', {}, {allow = {'exec'}}) expect.ran({'true'}, 'n8n') end)
            test('often', function() run('s.lua', {}, {allow = {'exec'}}) expect.ran({'true'}, nil, 2) end)
            test('not', function() run('s.lua', {}, {allow = {'exec'}}) expect.not_ran({'true'}) end)
            test('restarted', function() run('s.lua', {}, {allow = {'exec'}}) expect.restarted('qdrant') end)
            test('capacity', function() run('s.lua', {}, {allow = {'exec'}}) expect.capacity(1) end)
            test('image', function() expect.no_image('n8nio/n8n:1.19.0') end)
            test('allow', function() run('s.lua', {}, {allow = {'exce'}}) end)
            """
        )
        #expect(
            tests.map { $0.error?.code }
                == Array(repeating: "expectation_failed", count: 6) + ["invalid_choice"]
        )
        #expect(tests.last?.error?.hint == "Did you mean \"exec\"?")
    }
}
