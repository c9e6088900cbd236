import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The commands backup create and backup restore")
struct BackupCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
    }

    private var path: String { program.state + "/deployments/s.json" }

    private func newest() throws -> String {
        let listed = try program.run("backup", "list", "s", "--json").json?["data"]?["backups"]
        return try #require(listed?.arrayValue?.first?["id"]?.stringValue)
    }

    private func image() throws -> String? {
        let data = try program.run("describe", "s", "--json").json?["data"]
        return data?["services"]?["n8n"]?["image"]?.stringValue
    }

    @Test("create asks nothing, reads back, and is a run like any other")
    func create() throws {
        let before = try program.stateFile()
        let result = try program.run("backup", "create", "s", "--label", "holidays", "--json")
        #expect(result.status == 0, "\(result.talk)")
        let file = try #require(result.json?["data"]?["backup"]?.stringValue)
        #expect(FileManager.default.fileExists(atPath: file))
        #expect(try newest().contains("-holidays-"))
        #expect(try program.stateFile() == before)
        let run = try program.run("history", "s", "--json").json?["data"]?["runs"]?.arrayValue?
            .first
        #expect(run?["command"] == "backup create" && run?["outcome"] == "done")
        let bad = try program.run("backup", "create", "s", "--label", "../x", "--json")
        #expect(bad.status == 64)
    }

    @Test("create is refused on a mount that cannot be proven")
    func unproven() throws {
        try program.run("sandbox", "fault", "s", "efs=read-only")
        let result = try program.run("backup", "create", "s", "--json")
        #expect(result.status == 4)
        #expect(result.json?["error_code"] == "efs_read_only")
        #expect(try program.run("backup", "list", "s").out.contains("No backups"))
    }

    @Test("restore brings the host back to what the backup holds")
    func restore() throws {
        try program.run("backup", "create", "s", "--label", "good")
        let id = try newest()
        try program.run("update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "-f")
        #expect(try program.run("backup", "restore", "s", id).status == 64)
        let result = try program.run("backup", "restore", "s", id, "-f")
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.talk.contains("backup \(id)"))
        #expect(try image() == "n8nio/n8n:1.19.0")
        let again = try program.run("backup", "restore", "s", id, "-f")
        #expect(again.status == 0 && again.out.contains("Nothing to do"))
    }

    @Test("a backup that GeuseMaker made is refused with the command that works")
    func foreign() throws {
        try program.run("update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "-f")
        let id = try newest()
        let folder = program.state + "/backups/s"
        try FileManager.default.removeItem(atPath: folder + "/\(id).evidence.json")
        let refused = try program.run("backup", "restore", "s", id, "-f")
        #expect(refused.status == 4)
        #expect(refused.talk.contains("backup restore s \(id) --state-only"))
        #expect(try image() == "n8nio/n8n:1.20.0")
        #expect(try program.run("backup", "restore", "s", id, "--state-only", "-f").status == 0)
        #expect(try image() == "n8nio/n8n:1.20.0")
        let drift = try program.run("describe", "s", "--json").json?["data"]?["drift"]
        #expect(drift?.arrayValue?.isEmpty == false)
    }

    @Test(
        "--state-only works when the state file is corrupt, asks first, and keeps what stood there"
    )
    func corrupt() throws {
        try program.run("backup", "create", "s")
        let good = try program.stateFile()
        try Data("{torn".utf8).write(to: URL(fileURLWithPath: path))
        let broken = try program.run("backup", "restore", "s", "latest", "-f")
        #expect(broken.status == 4)
        #expect(broken.talk.contains("--state-only"))
        let unasked = try program.run("backup", "restore", "s", "latest", "--state-only")
        #expect(unasked.status == 64)
        #expect(unasked.talk.contains("--force"))
        #expect(try program.stateFile() == Data("{torn".utf8))
        let result = try program.run(
            "backup",
            "restore",
            "s",
            "latest",
            "--state-only",
            "--force",
            "--json"
        )
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.json?["data"]?["state_only"] == true)
        let before = try JSONParser.parse(String(decoding: good, as: UTF8.self))
        let after = try JSONParser.parse(String(decoding: program.stateFile(), as: UTF8.self))
        #expect(after["container_images"] == before["container_images"])
        #expect(try program.run("verify", "s").status == 0)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: program.state + "/backups/s"
        )
        #expect(files.contains { $0.hasSuffix(".damaged.gz") })
    }

    @Test("--state-only never goes between an unfinished run and its recovery, unless it has to")
    func unfinished() throws {
        try program.run("backup", "create", "s")
        let id = try newest()
        try program.run("sandbox", "fault", "s", "kill=ModifyInstanceAttribute")
        try program.run("update", "s", "--instance-type", "t3.large", "-f")
        try program.run("sandbox", "fault", "s", "clear")
        let words = ["backup", "restore", "s", id, "--state-only", "-f"]
        let refused = try program.start(words + ["--json"])()
        #expect(refused.status == 7)
        #expect(refused.json?["error_code"] == "unfinished_run")
        try Data("{torn".utf8).write(to: URL(fileURLWithPath: path))
        let result = try program.start(words)()
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.out.contains("recover s"))
        #expect(try program.run("recover", "s").status == 0)
        #expect(try program.run("verify", "s").status == 0)
    }
}
