import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The command backup restore --data")
struct DataRestoreCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
    }

    private func backup() throws -> JSONValue? {
        let list = try program.run("backup", "list", "s", "--json").json?["data"]?["backups"]
        return list?.arrayValue?.first { $0["dumps"]?.arrayValue?.isEmpty == false }
    }

    @Test("the plan names the dump, the list the backup, and the data comes back")
    func success() throws {
        let words = ["update", "s", "--image", "n8n=n8nio/n8n:1.20.0"]
        let plan = try program.start(words + ["--dry-run"])()
        #expect(plan.out.contains("the databases of postgres are dumped"), "\(plan.talk)")
        #expect(plan.out.contains("outlives its container: crawl4ai"))
        #expect(try program.start(words + ["--force"])().status == 0)
        let found = try #require(try backup())
        #expect(found["dumps"]?.arrayValue?.first?["for"] == "n8n")
        let id = try #require(found["id"]?.stringValue)
        let restore = ["backup", "restore", "s", id, "--data", "n8n"]
        let dry = try program.start(restore + ["--dry-run", "--json"])()
        #expect(dry.json?["data"]?["steps"]?.arrayValue?.last?["step"] == "restore_data")
        #expect(try program.start(restore)().status == 64)
        let result = try program.start(restore + ["--force", "--json"])()
        #expect(result.status == 0, "\(result.talk)")
        #expect(result.json?["message"] == "Data of s restored")
        #expect(
            result.json?["data"]?["changes_applied"]?.arrayValue == [
                .string("postgres data <- \(id)")
            ]
        )
        #expect(try program.run("verify", "s").status == 0)
    }

    @Test(
        "what is not there is refused, and the flags exclude each other",
        arguments: [
            (["latest", "--data", "n8n"], 64, "unknown_backup"),
            (["latest", "--data", "no such"], 64, "invalid_service_name"),
        ]
    )
    func refused(_ words: [String], _ status: Int, _ code: String) throws {
        let before = try program.stateFile()
        let result = try program.start(["backup", "restore", "s"] + words + ["-f", "--json"])()
        #expect(result.status == Int32(status), "\(result.out)\(result.talk)")
        #expect(result.json?["error_code"]?.stringValue == code)
        #expect(try program.stateFile() == before)
    }

    @Test("a refusal that --allow overrules is a warning then")
    func allowed() throws {
        let newer = ["update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "--force"]
        #expect(try program.start(newer)().status == 0)
        let words = ["update", "s", "--image", "n8n=n8nio/n8n:1.19.5", "--dry-run", "--json"]
        let refused = try program.start(words)()
        #expect(refused.status == 4)
        #expect(refused.json?["error_code"] == "n8n_downgrade")
        let allowed = try program.start(words + ["--allow", "n8n-downgrade"])()
        #expect(allowed.status == 0, "\(allowed.talk)")
        let none = ["update", "s", "--image", "n8n=n8nio/n8n:1.21.1", "--dry-run", "--json"]
        let without = try program.start(none + ["--allow", "no-dump"])()
        #expect(without.json?["data"]?["dumps"]?.arrayValue == [])
    }
}
