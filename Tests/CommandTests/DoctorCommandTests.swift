import Foundation
import Testing

@testable import GeuseRuntime

@Suite("doctor")
struct DoctorCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        try program.run("sandbox", "create", "s")
    }

    private func outcomes(_ words: String...) throws -> (status: Int32, checks: [String: String]) {
        let done = try program.start(["doctor"] + words + ["--json"])()
        let checks = done.json?["data"]?["checks"]?.arrayValue ?? []
        let pairs = checks.compactMap { check -> (String, String)? in
            guard let name = check["name"]?.stringValue, let result = check["result"]?.stringValue
            else { return nil }
            return (name, result)
        }
        return (done.status, Dictionary(pairs, uniquingKeysWith: { $0 == "ok" ? $1 : $0 }))
    }

    @Test("It looks at this machine, and at a stack and its host")
    func sound() throws {
        let here = try outcomes()
        #expect(here.status == 0)
        #expect(here.checks == ["script_engine": "ok", "state_files": "ok"])
        let stack = try outcomes("s")
        #expect(stack.status == 0)
        for name in [
            "state_directory", "unfinished_run", "efs_mounted", "docker_version", "service_health",
            "stop_protection", "efs_at_boot",
        ] {
            #expect(stack.checks[name] == "ok", "\(name)")
        }
        let text = try program.run("doctor", "s")
        #expect(text.out.hasPrefix("A change could be begun"))
    }

    @Test("What would refuse a change of type alone is a warning")
    func spot() throws {
        try program.run("sandbox", "create", "spot", "--spot")
        let found = try outcomes("spot")
        #expect(found.status == 0)
        #expect(found.checks["spot"] == "warning")
    }

    @Test("A run that never ended, a damaged state file and a stack that there is not are told")
    func ill() throws {
        try program.run("sandbox", "fault", "s", "kill=StopInstances*1")
        let words = ["update", "s", "--instance-type", "t3.large", "--force"]
        #expect(try program.start(words)().status == -1)
        let torn = program.state + "/deployments/torn.json"
        try "{".write(toFile: torn, atomically: false, encoding: .utf8)
        let found = try outcomes("s")
        #expect(found.status == 4)
        #expect(found.checks["unfinished_run"] == "refused")
        #expect(found.checks["state_files"] == "warning")
        let text = try program.run("doctor", "s").out
        #expect(text.contains("recover s"))
        #expect(try program.run("doctor", "nope").status == 1)
        #expect(try program.run("doctor", "no/name").status == 64)
    }

    @Test("It changes nothing")
    func harmless() throws {
        let path = program.state + "/deployments/s.json"
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        _ = try outcomes("s")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try program.run("history", "s", "--json").json?["data"]?["runs"] == [])
    }
}
