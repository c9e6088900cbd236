import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The command run")
struct RunCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
    }

    @Test("runs the stock script as update does")
    func stock() throws {
        let result = try program.run(
            "run",
            "update.lua",
            "s",
            "--force",
            "--json",
            "--",
            "--image",
            "n8n=n8nio/n8n:1.20.0"
        )
        #expect(result.status == 0, "\(result.talk)\(result.out)")
        #expect(result.json?["data"]?["changes_applied"] == ["n8n -> n8nio/n8n:1.20.0"])
    }

    @Test("runs a team's own script with a module beside it")
    func own() throws {
        _ = try program.script("names.lua", "return { n8n = 'n8nio/n8n:1.20.0' }")
        let path = try program.script(
            "nightly.lua",
            """
            local names = require "names"
            geuse.log("tonight: " .. names.n8n)
            geuse.set_image("n8n", names.n8n)
            """
        )
        let result = try program.run("run", path, "s", "--force")
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.talk.contains("tonight: n8nio/n8n:1.20.0"))
        #expect(result.out.contains("n8n -> n8nio/n8n:1.20.0"))
    }

    @Test("a failing script shows its file, line and traceback")
    func failing() throws {
        let path = try program.script(
            "bad.lua",
            """
            local function inner()
                error("out of cheese")
            end
            inner()
            """
        )
        let result = try program.run("run", path, "s", "--force")
        #expect(result.status == 1)
        #expect(result.talk.contains("out of cheese"))
        #expect(result.talk.contains("bad.lua:2"))
        #expect(result.talk.contains("inner"))
    }

    @Test(
        "what a script said before its rehearsal failed, or was refused, is told once",
        arguments: [
            "error('no')", "geuse.resize('m7g.large')", "pcall(geuse.window, 'w', error)",
        ]
    )
    func saidBefore(_ end: String) throws {
        let path = try program.script("talks.lua", "geuse.log('look here')\n" + end)
        for words in [["--force"], ["--dry-run"], ["--force", "--json"]] {
            let result = try program.start(["run", path, "s"] + words)()
            #expect(result.status != 0)
            let heard = result.talk.components(separatedBy: "look here").count - 1
            #expect(heard == 1, "\(words): \(result.talk)")
        }
    }

    @Test("request().force is the flag of that name, which --yes is not")
    func force() throws {
        let path = try program.script(
            "force.lua",
            "geuse.log('force: ' .. tostring(geuse.request().force))"
        )
        for (flag, isSet) in [("--force", true), ("--yes", false)] {
            let result = try program.run("run", path, "s", flag)
            #expect(result.talk.contains("force: \(isSet)"), "\(result.talk)")
        }
    }

    @Test("a script that fails after a change is undone")
    func undone() throws {
        let path = try program.script(
            "late.lua",
            """
            geuse.set_image("n8n", "n8nio/n8n:1.20.0")
            -- A backup has an id only where it is made.
            if geuse.backup("b").id then
                geuse.fail("changed_my_mind", "No, rather not.")
            end
            """
        )
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.status == 6, "\(result.out)\(result.talk)")
        #expect(result.json?["error_code"] == "changed_my_mind")
        let services = try program.run("describe", "s", "--json").json?["data"]?["services"]
        #expect(services?["n8n"]?["image"] == "n8nio/n8n:1.19.0")
    }

    @Test("a hint reads as text, that of a caught refusal and one of several lines")
    func hints() throws {
        let caught = try program.script("caught.lua", "pcall(geuse.set_image, 'n9n', 'a:1')")
        let refused = try program.run("run", caught, "s", "--force")
        #expect(refused.talk.contains("A script asks geuse.describe() first"), "\(refused.talk)")
        #expect(!refused.talk.contains("^J"))
        let own = try program.script(
            "own.lua",
            "geuse.fail('of_mine', 'No.', {hint = 'Do this.\\nThen that.'})"
        )
        let failed = try program.run("run", own, "s", "--force")
        #expect(failed.talk.contains("  Next: Do this.\n        Then that.\n"), "\(failed.talk)")
    }

    @Test(
        "a script cannot get round a guard",
        arguments: [
            // A refusal cannot be caught and retried into success.
            """
            for _ = 1, 3 do pcall(geuse.resize, "m7g.large") end
            geuse.resize("m7g.large")
            """,
            // A change that was not planned is not done.
            """
            local seen = geuse.request().dry_run
            if geuse.describe().status == "running" then geuse.backup() end
            geuse.resize("t9.huge")
            """,
            "geuse.resize = function() end",
            "rawset(geuse, 'resize', nil)",
            "geuse.set_image('n8n', 'n8nio/n8n:1.1; id > PWNED')",
            "geuse.set_image('--help', 'n8nio/n8n:1.20.0')",
            "geuse.window('a', function() geuse.window('b', function() end) end)",
            "while true do pcall(function() while true do end end) end",
            "local t = {} while true do t[#t + 1] = string.rep('x', 1 << 20) end",
            "return os.execute('id')",
        ]
    )
    func guards(_ source: String) throws {
        let path = try program.script("hostile.lua", source)
        let before = try program.stateFile()
        let result = try program.run("run", path, "s", "--force", "--script-timeout", "1")
        #expect(result.status != 0)
        #expect(result.talk.contains("Error:"))
        #expect(try program.stateFile() == before)
        let type = try program.run("describe", "s", "--json").json?["data"]?["instance"]?["type"]
        #expect(type == "t3.medium")
    }

    @Test("options that a script does not declare are refused")
    func options() throws {
        let path = try program.script("none.lua", "geuse.log('hello')")
        let result = try program.run("run", path, "s", "--", "--image", "x")
        #expect(result.status == 64)
        let stock = try program.run("run", "update.lua", "s", "--", "--instnce-type", "x")
        #expect(stock.status == 64)
        #expect(stock.talk.contains("Did you mean --instance-type?"))
        let window = try program.script("window.lua", "geuse.window('w')")
        #expect(try program.run("run", window, "s", "--force").status == 64)
        #expect(try program.run("run", "no-such.lua", "s").status == 64)
    }

    /// A script that does something else for real than in its rehearsal.
    private func changing(_ planned: String, _ real: String) throws -> String {
        try program.script(
            "changing.lua",
            """
            -- A backup has an id only where it is made.
            local is_real = geuse.backup("b").id ~= nil
            \(planned)
            if is_real then \(real) end
            """
        )
    }

    private func image(_ service: String) throws -> JSONValue? {
        let described = try program.run("describe", "s", "--json").json?["data"]
        return described?["services"]?[service]?["image"]
    }

    @Test(
        "What was not planned is held to the guards, whatever --force says",
        arguments: [
            #"geuse.set_image("qdrant", "qdrant/qdrant:v1.9.7")"#,
            #"geuse.set_image("n8n", "n8nio/n8n:1.20.0")"#,
            #"geuse.resize("t4g.large")"#, #"geuse.resize("zz9.large")"#,
        ]
    )
    func unplannedRefused(_ step: String) throws {
        let before = try image("n8n")
        let stops = try program.run("history", "s", "--json").json?["data"]?["runs"]?.arrayValue
        #expect(stops?.isEmpty == true)
        let path = try changing(#"geuse.restart("ollama")"#, step)
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.status == 6, "\(result.out)")
        #expect(result.json?["error_code"] == "plan_diverged")
        // Nor is what it brings with it, such as a pull.
        #expect(!(result.out + result.talk).contains("Not in the plan, and allowed"))
        #expect(try image("n8n") == before)
        #expect(try program.run("verify", "s").status == 0)
    }

    @Test("A downgrade that was not planned is refused as one that was")
    func unplannedDowngrade() throws {
        let path = try changing(
            #"geuse.set_image("n8n", "n8nio/n8n:1.20.0")"#,
            #"geuse.set_image("n8n", "n8nio/n8n:1.19.0")"#
        )
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.status == 6, "\(result.out)")
        #expect(result.json?["error_code"] == "plan_diverged")
    }

    @Test("What was not planned and is harmless is done with --force, and not with --yes")
    func unplanned() throws {
        let path = try changing(#"geuse.restart("ollama")"#, #"geuse.restart("n8n")"#)
        let held = try program.run("run", path, "s", "--yes", "--json")
        #expect(held.status == 6)
        #expect(held.json?["error_code"] == "plan_diverged")
        let done = try program.run("run", path, "s", "--force", "--json")
        #expect(done.status == 0, "\(done.out)")
        let changes = done.json?["data"]?["changes_applied"]
        #expect(changes == ["ollama restarted", "n8n restarted"])
    }

    @Test("What was added does not let the rest of the plan be left out")
    func leftOut() throws {
        let path = try program.script(
            "less.lua",
            """
            if geuse.backup("b").id then
                geuse.confirm("hm?")
            else
                geuse.restart("ollama")
            end
            """
        )
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.json?["error_code"] == "plan_not_finished", "\(result.out)")
    }

    @Test("apply does what its file says and nothing else")
    func applied() throws {
        let path = try changing(#"geuse.restart("ollama")"#, #"geuse.restart("n8n")"#)
        let plan = program.directory + "/plan.json"
        #expect(try program.run("run", path, "s", "--out", plan).status == 0)
        let result = try program.run("apply", plan, "--force", "--json")
        #expect(result.status == 6)
        #expect(result.json?["error_code"] == "plan_diverged")
    }

    @Test(
        "A window that fails inside fails the run, in the rehearsal and for real",
        arguments: [true, false]
    )
    func brokenWindow(isRehearsed: Bool) throws {
        let path = try program.script(
            "window.lua",
            """
            local fails = \(isRehearsed) or geuse.backup("b").id ~= nil
            pcall(geuse.window, "w", function()
                geuse.set_image("n8n", "n8nio/n8n:1.20.0")
                if fails then error("body failed") end
            end)
            """
        )
        let before = try image("n8n")
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.status == 1, "\(result.out)")
        #expect(result.json?["error_code"] == "window_failed")
        #expect(result.out.contains("body failed"))
        #expect(try image("n8n") == before)
    }

    @Test(
        "The error that a window failed of is told with its line, also where the script goes on",
        arguments: [true, false]
    )
    func caughtInWindow(isRehearsed: Bool) throws {
        let path = try program.script(
            "window.lua",
            """
            local fails = \(isRehearsed) or geuse.backup("b").id ~= nil
            pcall(geuse.window, "w", function()
                geuse.resize("t3.large")
                if fails then error("boom") end
            end)
            geuse.restart("n8n")
            """
        )
        let result = try program.run("run", path, "s", "--force")
        #expect(result.status == (isRehearsed ? 1 : 6), "\(result.talk)")
        #expect(result.talk.contains("[window_failed]"), "\(result.talk)")
        #expect(result.talk.contains("boom") && result.talk.contains("window.lua:4"))
    }

    @Test("A script that only waits for health fails where it does not come")
    func sick() throws {
        let path = try program.script("wait.lua", "geuse.wait_healthy { timeout = 1 }")
        #expect(try program.run("run", path, "s", "--force").status == 0)
        #expect(try program.run("sandbox", "fault", "s", "health=unhealthy:n8n").status == 0)
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.status == 1, "\(result.out)")
        #expect(result.json?["error_code"] == "not_healthy")
    }

    @Test(
        "A script that floods the core is stopped or refused",
        arguments: [
            ("while true do geuse.now() end", "too_many_calls"),
            ("while true do pcall(geuse.fail, 'x', 'y') end", "too_many_calls"),
            ("local s = ('x'):rep(16000) while true do geuse.log(s) end", "script_output"),
            ("geuse.log(('x'):rep(1 << 20))", "text_too_long"),
            ("geuse.confirm(('x'):rep(4001))", "text_too_long"),
            ("geuse.confirm(('\\u{202e}'):rep(4000))", "text_too_long"),
            ("geuse.checkpoint(('x'):rep(101))", "text_too_long"),
            ("geuse.window(('x'):rep(101), function() end)", "text_too_long"),
            (
                "local o = {} for i = 1, 101 do o['o' .. i] = {} end geuse.options(o)",
                "invalid_options"
            ),
            ("for i = 1, 99 do geuse.tags('n8n', {prefix = 'z' .. i}) end", "too_many_questions"),
        ]
    )
    func flooded(_ script: String, _ code: String) throws {
        let path = try program.script("flood.lua", script)
        let result = try program.run("run", path, "s", "--yes", "--json")
        #expect(result.json?["error_code"]?.stringValue == code, "\(result.out.prefix(500))")
    }

    @Test("A limit of time is a number above 0", arguments: ["0", "-1", "nan", "inf"])
    func noLimit(_ limit: String) throws {
        let path = try program.script("empty.lua", "")
        #expect(try program.run("run", path, "s", "--script-timeout=\(limit)").status == 64)
    }
}
