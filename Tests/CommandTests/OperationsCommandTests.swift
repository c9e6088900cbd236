import Foundation
import Testing

@testable import GeuseRuntime

/// Commands, questions and steps that were not planned, through the program itself.
@Suite("What a script asks for besides a configuration")
struct OperationsCommandTests {
    private let program: Program
    /// A rehearsal runs no command, so that this asks for something else when it runs for real.
    private static let diverging = """
        local said = geuse.exec("n8n", {"echo", "qdrant"}, {undo = {"true"}}).output
        geuse.restart(said == "" and "n8n" or "qdrant")
        """

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s", "--speed", "1000").status == 0)
    }

    @Test("A command needs --allow exec, and is refused before anything is touched")
    func allow() throws {
        let path = try program.script("x.lua", "geuse.exec_on_host({'echo', 'hi'})")
        let before = try program.stateFile()
        let refused = try program.run("run", path, "s", "--force")
        #expect(refused.status == 4)
        #expect(refused.talk.contains("exec_not_allowed"))
        #expect(refused.talk.contains("--allow exec"))
        #expect(try program.stateFile() == before)
        let misspelt = try program.run("run", path, "s", "--force", "--allow", "exce")
        #expect(misspelt.status == 64 && misspelt.talk.contains("--allow exec"))
        let done = try program.run("run", path, "s", "--force", "--allow", "exec", "--json")
        #expect(done.status == 0, "\(done.talk)")
        #expect(done.json?["data"]?["changes_applied"] == ["run `echo hi` on the host"])
    }

    @Test("A one-way command is shown as one, and told when the run is undone")
    func oneWay() throws {
        let path = try program.script(
            "x.lua",
            "geuse.exec_on_host({'echo', 'hi'}) geuse.restart('n8n')"
        )
        let planned = try program.run("run", path, "s", "--dry-run", "--allow", "exec")
        #expect(planned.out.contains("one-way"))
        #expect(planned.out.contains("undone, but for what is one-way"))
        #expect(try program.run("sandbox", "fault", "s", "health=unhealthy:n8n*1").status == 0)
        let failed = try program.run(
            "run",
            path,
            "s",
            "--force",
            "--allow",
            "exec",
            "--health-timeout",
            "20"
        )
        #expect(failed.status == 6, "\(failed.talk)")
        #expect(failed.talk.contains("cannot be undone: run `echo hi` on the host"))
    }

    @Test("A step that was not planned fails before it is done where nobody can be asked")
    func diverged() throws {
        let path = try program.script("x.lua", Self.diverging)
        let plan = program.directory + "/plan.json"
        let out = try program.run("run", path, "s", "--out", plan, "--allow", "exec")
        #expect(out.status == 0, "\(out.talk)")
        // Without --force there is nobody who could confirm the plan either.
        #expect(try program.run("run", path, "s", "--allow", "exec").status == 64)
        let described = try program.run("describe", "s", "--json").json?["data"]?["services"]
        #expect(described?["qdrant"]?["well"] == true)
    }

    @Test("With --force it is done, and said so")
    func forced() throws {
        let path = try program.script("x.lua", Self.diverging)
        let done = try program.run("run", path, "s", "--force", "--allow", "exec", "--json")
        #expect(done.status == 0, "\(done.talk)")
        let data = done.json?["data"]
        #expect(
            data?["changes_applied"] == ["run `echo qdrant` in n8n", "qdrant restarted"]
        )
        let warnings = data?["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(warnings.contains { $0.contains("Not in the plan, and allowed: restart qdrant") })
        #expect(warnings.contains { $0.contains("Left out of the plan: restart n8n") })
    }

    @Test("--force says yes to a question of the script")
    func confirm() throws {
        let path = try program.script(
            "x.lua",
            "if geuse.confirm('Really?') then geuse.restart('n8n') end"
        )
        let done = try program.run("run", path, "s", "--force")
        #expect(done.status == 0, "\(done.talk)")
        #expect(done.out.contains("n8n restarted"))
        #expect(done.talk.contains("ask \"Really?\""))
    }

    @Test("update --scale sets the capacity of a group, and a single instance refuses it")
    func scale() throws {
        let single = try program.run("update", "s", "--force", "--scale", "2")
        #expect(single.status == 4 && single.talk.contains("not_scalable"))
        #expect(
            try program.run(
                "sandbox",
                "create",
                "g",
                "--auto-scaling-group",
                "asg",
                "--speed",
                "1000"
            )
            .status == 0
        )
        let done = try program.run("update", "g", "--force", "--scale", "3", "--json")
        #expect(done.status == 0, "\(done.talk)")
        #expect(done.json?["data"]?["changes_applied"] == ["desired_capacity:3"])
        let over = try program.run("update", "g", "--force", "--scale", "9")
        #expect(over.status == 4 && over.talk.contains("capacity_out_of_range"))
    }
}
