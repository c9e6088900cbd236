import Foundation
import GeuseRuntime
import Testing

@testable import LuaBridge

/// Every script of Tests/lua/hostile ends, with the code that it says, and nothing happens after.
@Suite struct HostileScriptTests {
    private static let files = LuaFile.all(in: "hostile").filter { $0.header("on") == nil }

    @Test func thereAreAtLeastAHundred() { #expect(Self.files.count >= 100) }

    @Test(.timeLimit(.minutes(10)), arguments: files)
    func itEndsAsExpected(_ file: LuaFile) throws {
        let expected = try #require(file.header("expects"), "it says what it expects")
        let limits = ScriptLimits(
            ownTime: file.number("ownTime") ?? Self.ownTime(expected, file),
            memory: Int(file.number("memory") ?? 64) << 20
        )
        let worker = try ScriptWorker(limits: limits)
        let recorder = Recorder()
        let id = try #require(worker.processID)
        let began = SystemClock().monotonic()
        var code = "ok"
        do {
            try worker.run(
                ScriptSource(name: file.name, text: file.text),
                with: Dispatcher([TestModule.geuse]),
                in: recorder,
                require: TestModule.source
            )
        } catch {
            code = error.diagnostic.code
            Self.checkText(error, file)
        }
        #expect(expected.contains(code), "ended with \(code)")
        let took = SystemClock().monotonic() - began
        if let changes = file.number("changes") { #expect(recorder.changes.count == Int(changes)) }
        #expect(kill(id, 0) != 0 && errno == ESRCH, "the process is gone and reaped")
        // These two are what the product promises, so they are asserted here and not only measured.
        #expect(took <= limits.ownTime + 1, "it ended \(took) s after it began")
        let peak = try #require(worker.peakMemory) - #require(Self.baseline)
        #expect(peak <= limits.memory, "it grew by \(peak) bytes")
    }

    /// The most that a worker holds whose script does nothing, in bytes.
    ///
    /// What one holds just after its start is less by what it has not yet touched, which depends on the machine.
    private static let baseline: Int? = {
        guard let worker = try? ScriptWorker(limits: ScriptLimits()) else { return nil }
        let script = ScriptSource(name: "nothing.lua", text: "return")
        try? worker.run(
            script,
            with: Dispatcher([TestModule.geuse]),
            in: Recorder(),
            require: TestModule.source
        )
        return worker.peakMemory
    }()

    /// Little for those that loop, but enough to get to what they do before.
    private static func ownTime(_ expected: [String], _ file: LuaFile) -> Double {
        guard expected == ["script_timeout"] else { return 5 }
        return file.header("changes") == nil ? 0.3 : 1.5
    }

    /// What is shown of it can't steer a terminal, whatever the script put in.
    private static func checkText(_ failure: ScriptFailure, _ file: LuaFile) {
        let shown = "\(failure.diagnostic)"
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" })
        #expect(!shown.unicodeScalars.contains { $0.value == 0x202E })
    }
}
