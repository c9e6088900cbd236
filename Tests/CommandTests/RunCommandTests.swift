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

    @Test("a script that fails after a change is undone")
    func undone() throws {
        let path = try program.script(
            "late.lua",
            """
            geuse.set_image("n8n", "n8nio/n8n:1.20.0")
            if geuse.describe().services.n8n.image == "n8nio/n8n:1.20.0" then
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
        #expect(stock.talk.contains("--instance-type"))
        #expect(try program.run("run", "no-such.lua", "s").status == 64)
    }
}
