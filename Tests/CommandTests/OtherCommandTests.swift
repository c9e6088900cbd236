import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The other commands")
struct OtherCommandTests {
    let program: Program

    init() throws { program = try Program() }

    @Test("help, version and a misspelt command")
    func help() throws {
        #expect(try program.run("--help").out.contains("update"))
        #expect(try program.run("--version").status == 0)
        #expect(try program.run("updat").status == 64)
        #expect(try program.run("update").status == 64)
    }

    @Test("list says what to do when there is nothing, and shows broken files")
    func list() throws {
        #expect(try program.run("list").out.contains("sandbox create"))
        try program.run("sandbox", "create", "good")
        let path = program.state + "/deployments/bad.json"
        _ = FileManager.default.createFile(
            atPath: path,
            contents: Data("{".utf8),
            attributes: [.posixPermissions: 0o600]
        )
        let rows = try program.run("list", "--json").json?["data"]?["deployments"]?.arrayValue
        #expect(rows?.count == 2)
        #expect(rows?.first { $0["name"] == "bad" }?["error_code"] == "state_corrupt")
        let update = try program.run("update", "bad", "--instance-type", "t3.large", "--json", "-f")
        #expect(update.json?["error_code"] == "state_corrupt")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{")
    }

    @Test("describe prints the same as data and as YAML")
    func describe() throws {
        try program.run("sandbox", "create", "s")
        let json = try program.run("inspect", "s", "--json").json
        #expect(json?["data"]?["services"]?["postgres"]?["well"] == true)
        #expect(json?["data"]?["storage"]?["mounted"] == true)
        let yaml = try program.run("describe", "s", "--output", "yaml").out
        #expect(yaml.contains("status: ok"))
        #expect(yaml.contains("n8n:"))
    }

    @Test("sandbox stacks are made once, listed, and removed")
    func sandbox() throws {
        #expect(try program.run("sandbox", "create", "s").status == 0)
        #expect(try program.run("sandbox", "create", "s").status == 4)
        #expect(try program.run("sandbox", "create", "1s").status == 64)
        let fault = "start=InsufficientInstanceCapacity"
        #expect(try program.run("sandbox", "fault", "s", fault).out.contains(fault))
        let unknown = try program.run("sandbox", "fault", "s", "coffee=empty")
        #expect(unknown.status != 0)
        #expect(try program.run("sandbox", "list").out.contains("s"))
        #expect(try program.run("sandbox", "remove", "s").status == 0)
        #expect(try program.run("describe", "s").status != 0)
    }

    @Test("backups are listed and shown")
    func backups() throws {
        try program.run("sandbox", "create", "s")
        #expect(try program.run("backup", "list", "s").out.contains("No backups"))
        try program.run("update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "--force")
        let listed = try program.run("backup", "list", "s", "--json")
        #expect(listed.json?["data"]?["backups"]?.arrayValue?.count == 1)
        let shown = try program.run("backup", "show", "s", "--json")
        #expect(shown.json?["data"]?["container_images"]?["n8n"] == "n8nio/n8n:1.19.0")
    }

    @Test("the stock scripts are part of the program")
    func scripts() throws {
        #expect(try program.run("script", "list").out.contains("update.lua"))
        #expect(try program.run("script", "show", "update").out.contains("geuse.window"))
        #expect(try program.run("script", "show", "nothing").status == 64)
    }

    @Test("verify tells where the state file and what is there differ, and finds a backup's mark")
    func drift() throws {
        try program.run("sandbox", "create", "s")
        let clean = try program.run("verify", "s", "--json", "--detailed-exitcode")
        #expect(clean.status == 0)
        #expect(clean.json?["data"]?["drift"] == .array([]))
        #expect(clean.json?["data"]?["backup_mark_found"] == .null)
        try program.run("backup", "create", "s")
        #expect(
            try program.run("verify", "s", "--json").json?["data"]?["backup_mark_found"] == true
        )
        let path = program.state + "/deployments/s.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "n8nio/n8n:1.19.0", with: "n8nio/n8n:1.18.0")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let found = try program.run("verify", "s", "--detailed-exitcode")
        #expect(found.status == 2)
        #expect(found.out.contains("n8n: recorded n8nio/n8n:1.18.0, is n8nio/n8n:1.19.0"))
        #expect(try program.run("verify", "s").status == 0)
    }

    @Test("verify proves EFS and health")
    func verify() throws {
        try program.run("sandbox", "create", "s")
        #expect(try program.run("verify", "s").status == 0)
        try program.run("sandbox", "fault", "s", "efs=read-only")
        let result = try program.run("verify", "s", "--json")
        #expect(result.status == 4)
        #expect(result.json?["error_code"] == "efs_read_only")
    }
}

@Suite("The config file of a state directory")
struct ConfigCommandTests {
    @Test("has its settings used, and its mistakes end a command before anything is touched")
    func used() throws {
        let program = try Program()
        try program.run("sandbox", "create", "s")
        let path = program.state + "/config.yaml"
        try "stacks:\n  s:\n    services:\n      n9n: { health-timeout: 5 }\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let words = ["update", "s", "--instance-type", "t3.large", "-f", "--json"]
        let refused = try program.start(words)()
        #expect(refused.status == 4)
        #expect(refused.json?["error_code"] == "unknown_service")
        try "helth-timeout: 5\n".write(toFile: path, atomically: true, encoding: .utf8)
        let mistake = try program.start(words)()
        #expect(mistake.status == 64)
        #expect(mistake.out.contains("Did you mean health-timeout?"))
        try "health-timeout: soon\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try program.start(words)().json?["error_code"] == "invalid_setting")
        try "health-timeout: 100\nlock-wait: 1\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try program.start(words)().status == 0)
    }
}
