import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The command rollback")
struct RollbackCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
    }

    private func update(_ words: String...) throws {
        let result = try program.start(["update", "s", "--force"] + words)()
        #expect(result.status == 0, "\(result.talk)")
    }

    private func image(_ service: String = "n8n") throws -> String? {
        let data = try program.run("describe", "s", "--json").json?["data"]
        return data?["services"]?[service]?["image"]?.stringValue
    }

    @Test("brings back type and image, and the history shows it")
    func success() throws {
        try update("--instance-type", "t3.large", "--image", "n8n=n8nio/n8n:1.20.0")
        let result = try program.run("rollback", "s", "--force", "--json")
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.json?["message"] == "Rolled back s")
        let data = try #require(result.json?["data"])
        #expect(data["changes_applied"]?.arrayValue?.first == "instance_type:t3.medium")
        let new = try #require(data["new_state"])
        #expect(new["config"]?["instance_type"] == "t3.medium")
        #expect(new["container_images"]?["n8n"] == "n8nio/n8n:1.19.0")
        let record = try #require(new["rollback_history"]?.arrayValue?.last)
        #expect(record["trigger"] == "manual" && record["success"] == true)
        #expect(record["previous_state_version"] == 1)
        #expect(try image() == "n8nio/n8n:1.19.0")
        #expect(try program.run("verify", "s").status == 0)
        let runs = try program.run("history", "s", "--json").json?["data"]?["runs"]?.arrayValue
        #expect(runs?.contains { $0["command"] == "rollback" && $0["outcome"] == "done" } == true)
    }

    @Test("the plan says what would come back, and touches nothing")
    func dryRun() throws {
        try update("--instance-type", "t3.large")
        let before = try program.stateFile()
        let result = try program.run("rollback", "s", "--dry-run", "--detailed-exitcode")
        #expect(result.status == 2, "\(result.talk)")
        #expect(result.out.contains("t3.large  ->  t3.medium"))
        #expect(result.out.contains("roll back to previous state 1"))
        let json = try program.run("rollback", "s", "--dry-run", "--json").json
        let steps = json?["data"]?["steps"]?.arrayValue
        #expect(steps?.last?["step"] == "rollback")
        #expect(try program.run("rollback", "s").status == 64)
        #expect(try program.stateFile() == before)
    }

    @Test("an old image that is broken now is undone, with exit code 6")
    func broken() throws {
        try update("--image", "n8n=n8nio/n8n:1.20.0")
        try program.run("sandbox", "fault", "s", "health=unhealthy:n8n*1")
        let result = try program.run("rollback", "s", "-f", "--json", "--health-timeout", "5")
        #expect(result.status == 6, "\(result.talk)")
        #expect(result.json?["error_code"] == "not_healthy")
        #expect(try image() == "n8nio/n8n:1.20.0")
        let state = try JSONParser.parse(String(decoding: program.stateFile(), as: UTF8.self))
        #expect(state["status"] == "running")
        let record = state["rollback_history"]?.arrayValue?.last
        #expect(record?["success"] == false && record?["trigger"] == "manual")
    }

    @Test("auto_rollback_on_failure: false leaves a failed run as it is, for recover")
    func withoutUndo() throws {
        var text = String(decoding: try program.stateFile(), as: UTF8.self)
        let standard = "\"auto_rollback_on_failure\": true"
        #expect(text.contains(standard))
        text = text.replacing(standard, with: standard.replacing("true", with: "false"))
        try text.write(
            toFile: program.state + "/deployments/s.json",
            atomically: false,
            encoding: .utf8
        )
        let words = ["--image", "n8n=n8nio/n8n:1.99.0-crash", "--health-timeout", "5", "--json"]
        let result = try program.start(["update", "s", "-f"] + words)()
        #expect(result.status == 7, "\(result.out)\(result.talk)")
        #expect(result.json?["error_code"] == "left_as_is")
        #expect(try program.run("recover", "s").status == 0)
        #expect(try image() == "n8nio/n8n:1.19.0")
    }

    @Test(
        "refuses before anything is touched",
        arguments: [
            (["rollback", "s"], 4, "no_previous_states"),
            (["rollback", "s", "--to-version", "0"], 64, "invalid_version"),
            (["backup", "restore", "s", "latest"], 64, "unknown_backup"),
            (["backup", "restore", "s", "3"], 64, "unknown_backup"),
        ]
    )
    func refusals(_ words: [String], _ status: Int, _ code: String) throws {
        let before = try program.stateFile()
        let result = try program.start(words + ["--force", "--json"])()
        #expect(result.json?["error_code"]?.stringValue == code, "\(result.out)\(result.talk)")
        #expect(result.status == Int32(status))
        #expect(try program.stateFile() == before)
    }

    @Test("a version that is not there is told with how many there are")
    func versions() throws {
        try update("--image", "n8n=n8nio/n8n:1.20.0")
        let result = try program.run("rollback", "s", "--to-version", "3", "-f")
        #expect(result.status == 4)
        #expect(result.talk.contains("1 previous state"))
        #expect(!result.talk.contains("rollback.lua"))
    }

    @Test("a file of the same name beside the user is not the stock script")
    func sameName() throws {
        try update("--image", "n8n=n8nio/n8n:1.20.0")
        for name in ["rollback.lua", "update.lua"] {
            _ = try program.script(name, "geuse.fail('hijacked', 'A stranger.')")
        }
        #expect(try program.run("rollback", "s", "-f").status == 0)
        try update("--image", "n8n=n8nio/n8n:1.20.0")
    }

    @Test("what was done before a checkpoint is kept, and the message names it")
    func checkpoint() throws {
        let path = try program.script(
            "two.lua",
            """
            geuse.set_image("n8n", "n8nio/n8n:1.20.0")
            geuse.checkpoint("new n8n")
            geuse.set_image("qdrant", "qdrant/qdrant:v1.7.4")
            """
        )
        let plan = try program.run("run", path, "s", "--dry-run")
        #expect(plan.out.contains("checkpoint \"new n8n\""))
        #expect(plan.out.contains("after the last checkpoint is undone"))
        try program.run("sandbox", "fault", "s", "health=unhealthy:qdrant*1")
        let result = try program.run("run", path, "s", "-f", "--json", "--health-timeout", "5")
        #expect(result.status == 6, "\(result.out)\(result.talk)")
        #expect(result.out.contains("at the checkpoint \\\"new n8n\\\""))
        let data = try #require(result.json?["data"])
        #expect(data["success"] == false)
        #expect(data["changes_applied"] == ["n8n -> n8nio/n8n:1.20.0"])
        #expect(data["new_state"]?["container_images"]?["n8n"] == "n8nio/n8n:1.20.0")
        #expect(try image() == "n8nio/n8n:1.20.0")
        #expect(try image("qdrant") == "qdrant/qdrant:v1.7.0")
    }

    @Test("a run killed after a checkpoint is recovered to it")
    func killed() throws {
        let path = try program.script(
            "two.lua",
            """
            geuse.set_image("n8n", "n8nio/n8n:1.20.0")
            geuse.checkpoint("new n8n")
            geuse.resize("t3.large")
            """
        )
        try program.run("sandbox", "fault", "s", "kill=ModifyInstanceAttribute")
        #expect(try program.run("run", path, "s", "-f").status != 0)
        try program.run("sandbox", "fault", "s", "clear")
        let recovered = try program.run("recover", "s")
        #expect(recovered.status == 0, "\(recovered.talk)")
        #expect(recovered.out.contains("checkpoint \"new n8n\""))
        #expect(try image() == "n8nio/n8n:1.20.0")
        let data = try program.run("describe", "s", "--json").json?["data"]
        #expect(data?["instance"]?["type"] == "t3.medium")
        #expect(data?["drift"] == [])
    }
}
