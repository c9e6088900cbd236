import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The command apply")
struct ApplyCommandTests {
    let program: Program
    private var file: String { program.directory + "/plan.json" }

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
        let made = try program.run(
            "update",
            "s",
            "--instance-type",
            "t3.large",
            "--image",
            "n8n=n8nio/n8n:1.20.0",
            "--out",
            file
        )
        #expect(made.status == 0, "\(made.talk)")
        #expect(made.out.contains("To do exactly this: "))
    }

    @Test("does what the plan says, once")
    func applies() throws {
        let before = try program.stateFile()
        #expect(try program.run("apply", file, "--dry-run").status == 0)
        #expect(try program.stateFile() == before)
        #expect(try program.run("apply", file).status == 64, "nobody to ask")
        let done = try program.run("apply", file, "--force", "--json")
        #expect(done.status == 0, "\(done.talk)")
        #expect(done.json?["data"]?["success"] == true)
        let facts = try program.run("describe", "s", "--json").json?["data"]
        #expect(facts?["instance"]?["type"] == "t3.large")
        #expect(facts?["services"]?["n8n"]?["image"] == "n8nio/n8n:1.20.0")
        // The stack is not what the plan was made from any more.
        let again = try program.run("apply", file, "--force", "--json")
        #expect(again.status == 4)
        #expect(again.json?["error_code"] == "plan_outdated")
    }

    @Test("does it as the command said that made the plan")
    func options() throws {
        let made = try program.run(
            "update",
            "s",
            "--instance-type",
            "t3.large",
            "--reserve-capacity",
            "--out",
            file
        )
        #expect(made.status == 0, "\(made.talk)")
        let shown = try program.run("apply", file, "--dry-run", "--json")
        #expect(shown.json?["data"]?["reserves_capacity"] == true)
    }

    @Test("finds the script of a relative path from another directory, and says where it looked")
    func elsewhere() throws {
        _ = try program.script("own.lua", "geuse.set_image('n8n', 'n8nio/n8n:1.20.0')")
        let made = try program.run("run", "own.lua", "s", "--out", file)
        #expect(made.status == 0, "\(made.talk)")
        let applied = try program.shell("cd / && geusemaker apply '\(file)' --dry-run")
        #expect(applied.status == 0, "\(applied.talk)")
        try FileManager.default.removeItem(atPath: program.directory + "/own.lua")
        let missing = try program.shell("cd / && geusemaker apply '\(file)' --json")
        #expect(missing.json?["error_code"] == "script_not_found")
        #expect(missing.status == 4)
        #expect(missing.talk.contains("/own.lua") || missing.out.contains("/own.lua"))
    }

    @Test("holds a stock script's plan to that script, whatever file of its name is about")
    func stock() throws {
        _ = try program.script("update.lua", "geuse.log('another')")
        let done = try program.run("apply", file, "--dry-run")
        #expect(done.status == 0, "\(done.talk)")
    }

    @Test("tells the calls that hold room, in text and as data")
    func reservation() throws {
        let words = [
            "update", "s", "--instance-type", "t3.large", "--reserve-capacity", "--dry-run",
        ]
        let shown = try program.start(words)()
        #expect((shown.talk + shown.out).contains("CreateCapacityReservation; host: compose stop"))
        #expect((shown.talk + shown.out).contains("at the end: CancelCapacityReservation"))
        let data = try program.start(words + ["--json"])()
        #expect(data.out.contains("ModifyInstanceCapacityReservationAttributes"))
    }

    @Test("says which public address became which")
    func address() throws {
        let before = try program.run("describe", "s", "--json").json?["data"]?["instance"]
        let done = try program.run("apply", file, "--force", "--json")
        let change = done.json?["data"]?["public_ip"]
        let after = try program.run("describe", "s", "--json").json?["data"]?["instance"]
        #expect(change?["before"] != nil && change?["before"] == before?["public_ip"])
        #expect(change?["after"] == after?["public_ip"])
        #expect(change?["before"] != change?["after"])
    }

    @Test("refuses, with what differs, when something moved meanwhile")
    func moved() throws {
        let other = try program.run("update", "s", "--instance-type", "t3.xlarge", "--force")
        #expect(other.status == 0, "\(other.talk)")
        let result = try program.run("apply", file, "--force")
        #expect(result.status == 4)
        #expect(result.talk.contains("instance type: was t3.medium, is t3.xlarge"))
    }

    @Test("refuses with what differs where the script itself cannot be rehearsed any more")
    func stopped() throws {
        try program.stopInstance()
        for words in [["apply", file, "--yes", "--json"], ["apply", file, "--dry-run", "--json"]] {
            let result = try program.start(words)()
            #expect(result.status == 4, "\(result.out)\(result.talk)")
            #expect(result.json?["error_code"] == "plan_outdated")
            #expect(result.out.contains("instance state: was running, is stopped"))
        }
    }

    @Test(
        "a plan with nothing to do takes the place of an older one, and applying it changes nothing"
    )
    func nothing() throws {
        let words = ["update", "s", "--instance-type", "t3.medium", "--out", file]
        let made = try program.start(words + ["--detailed-exitcode"])()
        #expect(made.status == 0, "\(made.talk)")
        #expect(made.out.contains("Nothing to do") && made.out.contains("has no steps"))
        let before = try program.stateFile()
        let done = try program.run("apply", file, "--yes")
        #expect(done.status == 0, "\(done.talk)")
        #expect(done.out.contains("Nothing to do"))
        #expect(try program.stateFile() == before)
        let other = try program.run("update", "s", "--instance-type", "t3.xlarge", "--force")
        #expect(other.status == 0, "\(other.talk)")
        #expect(
            try program.run("apply", file, "--yes", "--json").json?["error_code"] == "plan_outdated"
        )
    }

    @Test("refuses when a module of the script is not what it was, and applies when it is again")
    func modules() throws {
        let module = "return 'n8nio/n8n:1.20.0'"
        _ = try program.script("names.lua", module)
        let path = try program.script("own.lua", "geuse.set_image('n8n', require 'names')")
        let made = try program.run("run", path, "s", "--out", file)
        #expect(made.status == 0, "\(made.talk)")
        // What it asks for is the same: who looked at the plan looked at another text all the same.
        _ = try program.script("names.lua", module + " -- and more")
        let refused = try program.run("apply", file, "--force", "--json")
        #expect(refused.status == 4, "\(refused.talk)")
        #expect(refused.json?["error_code"] == "script_changed")
        _ = try program.script("names.lua", module)
        let done = try program.run("apply", file, "--force", "--json")
        #expect(done.status == 0, "\(done.talk)")
    }

    @Test("refuses an edited file, one that is none, and one that is not there")
    func edited() throws {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try text.replacing("t3.large", with: "t3.small")
            .write(toFile: file, atomically: false, encoding: .utf8)
        #expect(try program.run("apply", file, "--json").json?["error_code"] == "plan_file_damaged")
        let missing = try program.run("apply", file + ".none", "--json")
        #expect(missing.json?["error_code"] == "file_not_found")
        #expect(missing.status != 0)
    }
}
