import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The command update")
struct UpdateCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
    }

    private func type() throws -> String? {
        try program.run("describe", "s", "--json").json?["data"]?["instance"]?["type"]?.stringValue
    }

    @Test("changes type and image, and prints GeuseMaker's envelope")
    func both() throws {
        let result = try program.run(
            "update",
            "s",
            "--instance-type",
            "t3.large",
            "--image",
            "n8n=n8nio/n8n:1.20.0",
            "--force",
            "--json"
        )
        #expect(result.status == 0, "\(result.talk)")
        let json = try #require(result.json)
        #expect(json["status"] == "ok")
        #expect(json["timestamp"]?.stringValue != nil)
        let data = try #require(json["data"])
        #expect(data["success"] == true)
        #expect(data["changes_applied"] == ["instance_type:t3.large", "n8n -> n8nio/n8n:1.20.0"])
        #expect(data["previous_state"]?["config"]?["instance_type"] == "t3.medium")
        #expect(data["new_state"]?["config"]?["instance_type"] == "t3.large")
        #expect((data["duration_seconds"]?.doubleValue ?? 0) > 0)
        #expect(data["warnings"] == [])
        let again = try program.run(
            "update",
            "s",
            "--instance-type",
            "t3.large",
            "--image",
            "n8n=n8nio/n8n:1.20.0"
        )
        #expect(again.status == 0)
        #expect(again.out.contains("Nothing to do"))
        let history = try program.run("history", "s", "--json")
        #expect(history.json?["data"]?["runs"]?.arrayValue?.count == 1)
    }

    @Test("without a terminal and without --force names the flag and touches nothing")
    func noTerminal() throws {
        let before = try program.stateFile()
        let result = try program.run("update", "s", "--instance-type", "t3.large")
        #expect(result.status == 64)
        #expect(result.talk.contains("--force"))
        #expect(try program.stateFile() == before)
        #expect(try type() == "t3.medium")
    }

    @Test("--dry-run shows the plan, and --detailed-exitcode tells of changes")
    func dryRun() throws {
        let before = try program.stateFile()
        let result = try program.run(
            "update",
            "s",
            "--instance-type",
            "t3.large",
            "--dry-run",
            "--detailed-exitcode"
        )
        #expect(result.status == 2)
        #expect(result.out.contains("t3.medium") && result.out.contains("t3.large"))
        #expect(try program.stateFile() == before)
        let none = try program.run(
            "update",
            "s",
            "--instance-type",
            "t3.medium",
            "--dry-run",
            "--detailed-exitcode"
        )
        #expect(none.status == 0)
    }

    @Test(
        "refuses before anything is touched",
        arguments: [
            (["--instance-type", "t9.huge"], 4, "unknown_instance_type"),
            (["--instance-type", "m7g.large"], 4, "wrong_architecture"),
            (["--instance-type", "T3;large"], 64, "invalid_instance_type"),
            (["--image", "n9n=n8nio/n8n:1.20.0"], 1, "unknown_service"),
            (["--image", "n8n"], 64, "invalid_image_option"),
            (["--image", "n8n=--help"], 64, "invalid_image_reference"),
            (["--image", "n8n=n8nio/n8n:1.1'; id > PWNED; echo '"], 64, "invalid_image_reference"),
            (["--image", "n8n=a:1", "--image", "n8n=a:2"], 64, "service_given_twice"),
            (["--image", "n8n=n8nio/n8n:9.9.9"], 4, "image_not_found"),
            (["--image", "n8n=n8nio/n8n:1.20.0-arm64"], 4, "image_wrong_architecture"),
            (
                ["--security-patch", "--instance-type", "t3.large"], 64,
                "options_exclude_each_other"
            ),
            (["--service", "n8n"], 64, "option_without_effect"),
            (
                ["--fallback-type", "m5.large", "--rotate-credentials"], 64, "option_without_effect"
            ),
            (
                ["--fallback-type", "m5.large", "--image", "n8n=n8nio/n8n:1.20.0"], 64,
                "option_without_effect"
            ),
            (
                ["--reserve-capacity", "--image", "n8n=n8nio/n8n:1.20.0"], 64,
                "option_without_effect"
            ),
            (["--security-patch", "--reserve-capacity"], 64, "option_without_effect"),
            ([], 64, "nothing_asked"),
        ]
    )
    func refusals(_ words: [String], _ status: Int, _ code: String) throws {
        let before = try program.stateFile()
        let result = try program.start(["update", "s", "--force", "--json"] + words)()
        #expect(result.json?["error_code"]?.stringValue == code, "\(result.out)\(result.talk)")
        #expect(result.status == Int32(status))
        #expect(try program.stateFile() == before)
        let status = try program.run("list", "--json").json?["data"]?["deployments"]
        #expect(status?.arrayValue?.first?["status"] == "running")
        #expect(try type() == "t3.medium")
    }

    @Test("--rotate-credentials comes behind the rest, or alone")
    func rotation() throws {
        let both = try program.run(
            "update",
            "s",
            "--image",
            "n8n=n8nio/n8n:1.20.0",
            "--rotate-credentials",
            "--force",
            "--json"
        )
        #expect(both.status == 0, "\(both.out)\(both.talk)")
        #expect(
            both.json?["data"]?["changes_applied"]
                == ["n8n -> n8nio/n8n:1.20.0", "credentials of n8n rotated"]
        )
        let alone = try program.run("update", "s", "--rotate-credentials", "--dry-run", "--json")
        let steps = alone.json?["data"]?["steps"]?.arrayValue?.map { $0["step"]?.stringValue }
        #expect(steps == ["backup", "rotate_credentials"], "\(alone.out)")
    }

    @Test("--security-patch brings newer patches, and the plan shows what their tags are now")
    func securityPatch() throws {
        let plan = try program.run(
            "update",
            "s",
            "--security-patch",
            "--service",
            "n8n",
            "--dry-run"
        )
        #expect(plan.status == 0, "\(plan.talk)")
        #expect(plan.out.contains("n8nio/n8n:1.19.5 is sha256:"))
        let result = try program.run("update", "s", "--security-patch", "--force", "--json")
        #expect(result.status == 0, "\(result.talk)")
        let services = try program.run("describe", "s", "--json").json?["data"]?["services"]
        #expect(services?["n8n"]?["image"] == "n8nio/n8n:1.19.5")
        #expect(services?["postgres"]?["image"] == "postgres:15.8")
        #expect(try program.run("update", "s", "--security-patch").out.contains("Nothing to do"))
    }

    @Test(
        "does not say that there is nothing to do where the services could not be looked at",
        arguments: [
            ["update", "s", "--security-patch"], ["update", "s", "--security-patch", "--dry-run"],
            ["update", "s", "--security-patch", "--service", "n8n"],
            ["update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "--dry-run"],
            ["run", "rotate_images", "s", "--", "--image", "n8n=n8nio/n8n:1.20.0"],
            ["run", "maintenance", "s"], ["run", "rotate_credentials", "s"],
            ["backup", "create", "s"],
        ]
    )
    func stopped(_ words: [String]) throws {
        try program.stopInstance()
        let place = words.firstIndex(of: "--") ?? words.endIndex
        let options = words[0] == "backup" ? ["--json"] : ["--force", "--json"]
        let asked = Array(words[..<place]) + options + Array(words[place...])
        let result = try program.start(asked)()
        #expect(result.status == 4, "\(result.out)\(result.talk)")
        #expect(result.json?["error_code"] == "host_unreachable", "\(result.out)")
    }

    @Test("of a stopped instance what can be looked at is shown, and its services are not known")
    func stoppedType() throws {
        try program.stopInstance()
        let words = ["update", "s", "--instance-type", "t3.large", "--dry-run", "--json"]
        let result = try program.start(words)()
        #expect(result.status == 4)
        #expect(result.json?["error_code"] == "instance_not_running", "\(result.out)")
        #expect(result.json?["data"]?["checks"]?.arrayValue?.isEmpty == false)
        let seen = try program.run("describe", "s", "--json").json?["data"]
        #expect(seen?["services"] == .null && seen?["service_names"] == .null)
        #expect(seen?["instance"]?["state"] == "stopped")
    }

    @Test("an agent that does not answer hides no other reason")
    func agentGone() throws {
        try program.run("sandbox", "fault", "s", "agent=InvalidInstanceId")
        let words = [
            "update", "s", "--instance-type", "t3.large", "--fallback-type", "t9.huge", "--dry-run",
            "--json",
        ]
        let result = try program.start(words)()
        #expect(result.status == 4, "\(result.out)\(result.talk)")
        let checks = result.json?["data"]?["checks"]?.arrayValue ?? []
        let refused = checks.filter { $0["result"] == "refused" }.map { $0["name"] }
        #expect(refused == ["type_exists", "host"])
        #expect(checks.first { $0["name"] == "host" }?["code"] == "InvalidInstanceId")
        let image = try program.run("update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "--json")
        #expect(image.status == 4)
        #expect(image.json?["error_code"] == "InvalidInstanceId")
    }

    @Test("a type to fall back to may be the present one")
    func presentFallback() throws {
        let words = [
            "--instance-type", "t3.large", "--fallback-type", "t3.medium", "--yes", "--json",
        ]
        let result = try program.start(["update", "s"] + words)()
        #expect(result.status == 0, "\(result.out)\(result.talk)")
        #expect(result.json?["data"]?["changes_applied"] == ["instance_type:t3.large"])
    }

    @Test("what the registry says is asked with the first look: no host command more")
    func lookUps() throws {
        try program.run("sandbox", "fault", "s", "registry=toomanyrequests*1")
        let words = ["update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "--force", "--json"]
        let refused = try program.start(words)()
        #expect(refused.status == 4)
        #expect(refused.json?["error_code"] == "image_rate_limited")
        #expect(try program.start(words)().status == 0)
        let world = try JSONParser.parse(
            Array(Data(contentsOf: URL(fileURLWithPath: program.state + "/sandbox/s.json")))
        )
        let log = world["log"]?.arrayValue?.compactMap { $0["operation"]?.stringValue } ?? []
        #expect(log.contains("host.inspect") && !log.contains("host.registry"))
    }

    @Test(
        "A rotation whose program is killed is undone by recover",
        arguments: ["host.rotate", "host.apply"]
    )
    func killedRotation(_ call: String) throws {
        func secrets() throws -> String {
            let world = program.state + "/sandbox/s.json"
            let text = try String(contentsOfFile: world, encoding: .utf8)
            let json = try JSONParser.parse(text)
            return json["machine"]?["files"]?["/opt/geusemaker/runtime.env"]?.stringValue ?? ""
        }
        let before = try secrets()
        #expect(before.contains("POSTGRES_PASSWORD="))
        try program.run("sandbox", "fault", "s", "kill=\(call)*1")
        #expect(try program.run("update", "s", "--rotate-credentials", "--force").status != 0)
        #expect(try secrets() != before)
        let recovered = try program.run("recover", "s", "--json")
        #expect(recovered.status == 0, "\(recovered.out)\(recovered.talk)")
        #expect(recovered.json?["data"]?["outcome"] == "restored")
        #expect(try secrets() == before)
        #expect(try program.run("update", "s", "--rotate-credentials", "--force").status == 0)
    }

    @Test("an unknown stack is an error that names what to do")
    func unknownStack() throws {
        let result = try program.run("update", "t", "--instance-type", "t3.large", "--json")
        #expect(result.json?["error_code"] == "unknown_deployment")
        #expect(result.status == 4 || result.status == 1)
        #expect(try program.run("update", "../x", "--instance-type", "t3.large").status == 64)
    }

    @Test("an image that never becomes healthy is undone, with exit code 6")
    func rollback() throws {
        let result = try program.run(
            "update",
            "s",
            "--image",
            "n8n=n8nio/n8n:1.99.0-crash",
            "--force",
            "--json",
            "--health-timeout",
            "5"
        )
        #expect(result.status == 6, "\(result.talk)")
        #expect(result.json?["error_code"] == "not_healthy")
        let services = try program.run("describe", "s", "--json").json?["data"]?["services"]
        #expect(services?["n8n"]?["image"] == "n8nio/n8n:1.19.0")
        #expect(services?["n8n"]?["well"] == true)
        let listed = try program.run("list", "--json").json?["data"]?["deployments"]
        #expect(listed?.arrayValue?.first?["status"] == "running")
    }

    @Test("of two at once one wins and the other is told who")
    func race() throws {
        let words = ["update", "s", "--instance-type", "t3.large", "--force", "--json"]
        let first = try program.start(words)
        let second = try program.start(words)
        let results = [try first(), try second()]
        let statuses = results.map(\.status).sorted()
        // The loser is locked out, or came after the winner and found nothing to do.
        #expect(statuses == [0, 5] || statuses == [0, 0], "\(results)")
        if let loser = results.first(where: { $0.status == 5 }) {
            #expect(loser.json?["error_code"] == "locked")
        }
        #expect(try type() == "t3.large")
    }

    @Test("a killed run is found by the next command, and recover brings the stack back")
    func recover() throws {
        try program.run("sandbox", "fault", "s", "kill=ModifyInstanceAttribute")
        let killed = try program.run("update", "s", "--instance-type", "t3.large", "--force")
        #expect(killed.status != 0)
        let refused = try program.run("update", "s", "--instance-type", "t3.large", "--json", "-f")
        #expect(refused.json?["error_code"] == "unfinished_run")
        #expect(refused.status == 7)
        try program.run("sandbox", "fault", "s", "clear")
        let recovered = try program.run("recover", "s")
        #expect(recovered.status == 0, "\(recovered.talk)")
        #expect(try type() == "t3.medium")
        #expect(try program.run("verify", "s").status == 0)
        #expect(try program.run("recover", "s").out.contains("nothing to recover"))
    }
}
