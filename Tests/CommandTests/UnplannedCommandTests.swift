import Foundation
import Testing

@Suite("Changes that are not in the plan")
struct UnplannedCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        try program.run("sandbox", "create", "s")
    }

    @Test("What the window itself has stopped stands in the way of none")
    func inTheOwnWindow() throws {
        // Only the real run has a backup's id.
        let path = try program.script(
            "unplanned.lua",
            """
            local backup = geuse.backup()
            geuse.window("night", function()
                geuse.resize("t3.large")
                if backup.id then geuse.set_image("ollama", "ollama/ollama:0.1.32") end
            end)
            """
        )
        let result = try program.run("run", path, "s", "--force", "--json")
        #expect(result.status == 0, "\(result.talk)")
        let changes = result.json?["data"]?["changes_applied"]?.arrayValue?.compactMap(
            \.stringValue
        )
        #expect(changes?.count == 2, "\(result.out)")
    }

    @Test("Times beyond all calendars are refused before anything is touched")
    func endlessTimes() throws {
        for (call, code) in [
            ("geuse.sleep(1e300)", "invalid_argument"),
            ("geuse.wait_healthy({timeout = 1e300})", "invalid_argument"),
            ("geuse.wait_until(1e300)", "wait_too_long"),
        ] {
            let path = try program.script("times.lua", "geuse.backup()\n" + call + "\n")
            let result = try program.run("run", path, "s", "--force", "--json")
            #expect(result.status == 64, "\(call): \(result.talk)")
            #expect(result.json?["error_code"]?.stringValue == code, "\(call)")
        }
        #expect(try program.run("history", "s", "--json").json?["data"]?["runs"] == [])
    }
}
