import Foundation
import Testing

@testable import GeuseRuntime

@Suite("The command verify")
struct VerifyCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        #expect(try program.run("sandbox", "create", "s").status == 0)
        let path = program.state + "/deployments/s.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: "n8nio/n8n:1.19.0", with: "n8nio/n8n:1.18.0")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private let row = "n8n: recorded n8nio/n8n:1.18.0, is n8nio/n8n:1.19.0"

    @Test("tells the drift and every objection beside the first")
    func driftBesideAnObjection() throws {
        try program.run("sandbox", "fault", "s", "efs=read-only")
        try program.run("sandbox", "fault", "s", "health=unhealthy:qdrant")
        let result = try program.run("verify", "s", "--json")
        #expect(result.status == 4, "\(result.out)\(result.talk)")
        #expect(result.json?["error_code"] == "efs_read_only")
        let data = result.json?["data"]
        #expect(data?["drift"] == .array([.string(row)]), "\(result.out)")
        let codes = data?["objections"]?.arrayValue?.map { $0["code"] } ?? []
        #expect(codes.first == "efs_read_only" && codes.last == "not_healthy", "\(codes)")
        let text = try program.run("verify", "s")
        #expect(text.status == 4)
        #expect(text.talk.contains(row))
        #expect(text.talk.contains("Also: Not well: qdrant."))
    }

    @Test("tells the drift where the host cannot be looked at")
    func stopped() throws {
        try program.stopInstance()
        let result = try program.run("verify", "s", "--json")
        #expect(result.status == 4)
        #expect(result.json?["error_code"] == "host_unreachable")
        #expect(
            result.json?["data"]?["drift"]?.arrayValue?.contains(
                "instance: recorded running, is stopped"
            ) == true,
            "\(result.out)"
        )
    }
}
