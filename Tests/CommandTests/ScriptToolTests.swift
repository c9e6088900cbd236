import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The commands script new, check and test")
struct ScriptToolTests {
    let program: Program

    init() throws { program = try Program() }

    @Test("what new writes passes check and test, and is never written over")
    func template() throws {
        #expect(try program.run("script", "new", "nightly").status == 0)
        let check = try program.run("script", "check", "nightly.lua", "nightly_test.lua")
        #expect(check.status == 0 && check.out.isEmpty, "\(check.out)\(check.talk)")
        let test = try program.run("script", "test", "--junit", "out.xml")
        #expect(test.status == 0, "\(test.out)\(test.talk)")
        #expect(test.out.contains("4 passed"))
        let report = try String(contentsOfFile: program.directory + "/out.xml", encoding: .utf8)
        #expect(report.contains("tests=\"4\" failures=\"0\""))
        let path = try program.script("other_test.lua", "-- mine")
        #expect(try program.run("script", "new", "other").status == 4)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "-- mine")
        #expect(!FileManager.default.fileExists(atPath: program.directory + "/other.lua"))
        for name in ["", "a b", "../", "x_test", "a.b", "-x"] {
            #expect(try program.run("script", "new", "--", name).status == 64, "\(name)")
        }
    }

    @Test("what new writes is source that others may read, as far as the umask lets them")
    func mode() throws {
        let line =
            "umask 022; geusemaker script new a && umask 077 && geusemaker script new b"
            + " && stat -c %a a.lua a_test.lua b.lua b_test.lua"
        let result = try program.shell(line)
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.out.hasSuffix("644\n644\n600\n600\n"), "\(result.out)")
    }

    @Test("output that cannot be written is no success where it is all that was asked for")
    func output() throws {
        for words in ["script show update", "script list --json", "script reference"] {
            let result = try program.shell("geusemaker \(words) >/dev/full")
            #expect(result.status == 1, "\(words): \(result.talk)")
            #expect(result.talk.contains("the output could not be written"), "\(words)")
        }
        // Who has read enough is no failure, and what was done stays done.
        let read = try program.shell(
            "{ geusemaker script show update; echo $? >status; } | head -n 1"
        )
        #expect(read.status == 0)
        let status = try String(contentsOfFile: program.directory + "/status", encoding: .utf8)
        #expect(status == "0\n")
        #expect(try program.shell("geusemaker script new c >/dev/full").status == 0)
    }

    @Test("check exits with 4 and names file and line")
    func check() throws {
        _ = try program.script("bad.lua", "geuse.log('x')\ngeuse.resise('t3.large')\n")
        let text = try program.run("script", "check", "bad.lua")
        #expect(text.status == 4)
        #expect(text.out.hasPrefix("bad.lua:2: geuse.resise does not exist."))
        let json = try program.run("script", "check", "bad.lua", "update.lua", "--json")
        #expect(json.status == 4)
        let finding = json.json?["data"]?["findings"]?.arrayValue?.first
        #expect(finding?["line"] == 2 && finding?["code"] == "unknown_member")
        #expect(try program.run("script", "check", "nothing.lua").status == 64)
    }

    @Test("run SCRIPT NAME -- --help tells the script's options and runs nothing")
    func help() throws {
        _ = try program.script(
            "mine.lua",
            "local asked = geuse.options{ tag = {'TAG', required = true, doc = 'which'}, "
                + "days = {'N', default = 3} }\ngeuse.log(asked.tag)\n"
        )
        let text = try program.run("run", "mine.lua", "no-such-stack", "--", "--help")
        #expect(text.status == 0, "\(text.talk)")
        for part in ["--tag TAG", "which (required)", "--days N", "(default: 3)"] {
            #expect(text.out.contains(part), "\(text.out)")
        }
        let stock = try program.run("run", "update.lua", "no-such-stack", "--", "-h")
        #expect(stock.status == 0 && stock.out.contains("--instance-type TYPE"))
        _ = try program.script("late.lua", "geuse.describe()\ngeuse.options{}\n")
        let late = try program.run("run", "--json", "late.lua", "no-such-stack", "--", "--help")
        #expect(late.json?["error_code"] == "options_unknown" && late.status == 64)
        _ = try program.script("own.lua", "geuse.options{ help = {doc = 'of its own'} }\n")
        let own = try program.run("run", "--json", "own.lua", "no-such-stack", "--", "--help")
        #expect(own.json?["error_code"] == "unknown_deployment", "\(own.out)")
    }

    @Test("test exits with 1 when a test fails, and JSON says which")
    func failing() throws {
        _ = try program.script(
            "x_test.lua",
            "test('good', function() end)\ntest('bad', function()\n  expect.instance_type('t9.x') end)"
        )
        let text = try program.run("script", "test", "x_test.lua")
        #expect(text.status == 1)
        #expect(text.out.contains("x_test.lua:3: Expected the instance type t9.x"))
        let json = try program.run("script", "test", "--json")
        #expect(json.status == 1 && json.json?["error_code"] == "tests_failed")
        let tests = json.json?["data"]?["files"]?.arrayValue?.first?["tests"]?.arrayValue
        #expect(tests?.map { $0["passed"] ?? .null } == [true, false])
        #expect(tests?.last?["error"]?["line"] == 3)
        #expect(try program.run("script", "test", "nowhere").status == 64)
    }

    @Test("tests leave nothing behind, neither stacks nor processes' files")
    func traces() throws {
        _ = try program.script("x_test.lua", "test('x', function() run('update.lua') end)")
        #expect(try program.run("script", "test", "x_test.lua").status == 0)
        #expect(!FileManager.default.fileExists(atPath: program.state))
    }

    @Test("the examples of the manual pass check and test")
    func manual() throws {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let intro = try String(
            contentsOf: package.appendingPathComponent("docs/SCRIPTING.intro.md"),
            encoding: .utf8
        )
        let examples = intro.components(separatedBy: "```lua\n-- ").dropFirst()
        #expect(examples.count == 2)
        for example in examples {
            let name = try #require(example.split(separator: "\n").first)
            let body = try #require(example.components(separatedBy: "```").first)
            _ = try program.script(String(name), "-- " + body)
        }
        #expect(try program.run("script", "check", "nightly.lua", "nightly_test.lua").status == 0)
        let result = try program.run("script", "test")
        #expect(result.status == 0, "\(result.out)")
    }
}
