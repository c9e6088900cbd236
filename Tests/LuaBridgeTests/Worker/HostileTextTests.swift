import GeuseRuntime
import Testing

@testable import LuaBridge

/// The scripts of Tests/lua/hostile that need a stack: what they make the core keep has an end, and the
/// stack is not touched.
@Suite struct HostileTextTests {
    private static let files = LuaFile.all(in: "hostile").filter { $0.header("on") == ["stack"] }

    @Test func thereAreSome() { #expect(Self.files.count >= 7) }

    @Test(.timeLimit(.minutes(5)), arguments: files)
    func itIsRefused(_ file: LuaFile) throws {
        let expected = try #require(file.header("expects"), "it says what it expects")
        let stack = try TestStack.usual()
        let before = try stack.look(stack.files)
        var options = TestRun.Options()
        options.allowed = ["exec"]
        options.limits.ownTime = file.number("ownTime") ?? options.limits.ownTime
        let began = SystemClock().monotonic()
        let source = ScriptSource(name: file.name, text: file.text)
        let run = try stack.run(ScriptFile(source), [], options)
        let took = SystemClock().monotonic() - began
        #expect(run.status == .refused, "\(run.sentence)")
        // What it has the core refuse is its own time; the rest is what the rehearsal does besides.
        #expect(took <= options.limits.ownTime + 3, "it ended \(took) s after it began")
        #expect(run.error.map { expected.contains($0.code) } == true, "\(run.sentence)")
        let after = try stack.look(stack.files)
        #expect(after["instance"]?["type"] == before["instance"]?["type"])
        #expect(after["services"]?["n8n"]?["image_id"] == before["services"]?["n8n"]?["image_id"])
    }
}
