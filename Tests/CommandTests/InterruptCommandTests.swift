import Foundation
import Testing

@testable import GeuseRuntime

@Suite("Signals")
struct InterruptCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        try program.run("sandbox", "create", "s")
    }

    /// Waits until a file of the state directory has a text, for a minute at most.
    private static func await(_ text: String, in file: String) -> String {
        """
        i=0
        until grep -q '\(text)' "$GEUSEMAKER_STATE_DIR/\(file)"; do
            i=$((i + 1)); test $i -lt 600 || exit 99; sleep 0.1
        done
        """
    }

    @Test("A second one in an undo says what is left and what ends it", arguments: ["INT", "TERM"])
    func twice(_ signal: String) throws {
        // Neither the new n8n nor, in the undo, the old one becomes healthy: both waits are long.
        try program.run("sandbox", "fault", "s", "health=unhealthy:n8n")
        let result = try program.shell(
            """
            sed -i 's/"health": [0-9.]*/"health": 300/' "$GEUSEMAKER_STATE_DIR/sandbox/s.json"
            geusemaker update s --image n8n=n8nio/n8n:1.20.0 --force --json --health-timeout 400 &
            pid=$!
            \(Self.await("host.apply", in: "sandbox/s.json"))
            kill -\(signal) $pid
            \(Self.await("rolling_back", in: "deployments/s.json"))
            kill -\(signal) $pid
            wait $pid
            """
        )
        #expect(result.status == 7, "\(result.talk)")
        #expect(result.talk.hasSuffix("Next: geusemaker recover s\n"), "\(result.talk)")
        let listed = try program.run("list", "--json").json?["data"]?["deployments"]?.arrayValue
        #expect(listed?.first?["unfinished_run"]?.stringValue != nil)
    }

    @Test("One before the first change says that nothing was touched")
    func early() throws {
        let script = try program.script("loop.lua", "while true do end\n")
        let result = try program.shell(
            """
            owner="$GEUSEMAKER_STATE_DIR"/deployments/s.json.lock.owner
            rm -f "$owner"
            geusemaker run '\(script)' s --yes --script-timeout 100 &
            pid=$!
            # The script comes behind the lock.
            until test -s "$owner"; do sleep 0.1; done
            sleep 1
            kill -INT $pid
            wait $pid
            """
        )
        #expect(result.status == 130, "\(result.talk)")
        #expect(result.talk.contains("Nothing was touched."), "\(result.talk)")
        #expect(try program.run("history", "s", "--json").json?["data"]?["runs"] == [])
    }

    @Test("What a killed run reserved is released by a resume")
    func resumed() throws {
        let fault = "kill=CreateCapacityReservation*1"
        try program.run("sandbox", "fault", "s", fault)
        let words = ["update", "s", "--instance-type", "t3.large", "--reserve-capacity", "-f"]
        #expect(try program.start(words)().status == -1)
        let recovered = try program.run("recover", "s", "--resume", "--json")
        #expect(recovered.status == 0, "\(recovered.talk)")
        #expect(recovered.json?["data"]?["outcome"] == "finished")
        let world = try JSONParser.parse(
            Array(Data(contentsOf: URL(fileURLWithPath: program.state + "/sandbox/s.json")))
        )
        let made = world["instance"]?["reservations"]?.arrayValue ?? []
        #expect(made.count == 1)
        #expect(made.allSatisfy { $0["is_cancelled"] == true })
    }

    @Test("What recover could not release is told")
    func warnings() throws {
        try program.run("sandbox", "fault", "s", "kill=CancelCapacityReservation*1")
        let words = ["update", "s", "--instance-type", "t3.large", "--reserve-capacity", "-f"]
        #expect(try program.start(words)().status == -1)
        let recovered = try program.run("recover", "s", "--json")
        #expect(recovered.status == 0, "\(recovered.talk)")
        let data = recovered.json?["data"]
        #expect(data?["outcome"] == "finished")
        let warnings = data?["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(
            warnings.contains { $0.contains("CapacityReservationPreference=open") },
            "\(warnings)"
        )
    }
}
