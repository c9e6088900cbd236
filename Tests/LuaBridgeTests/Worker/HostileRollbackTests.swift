import GeuseRuntime
import Testing

@testable import LuaBridge

/// The hostile scripts again, each behind a change of a simulated stack: whatever becomes of the script,
/// the stack is what it was.
@Suite struct HostileRollbackTests {
    /// Those that are killed and need nothing that only the other tests have.
    private static let files = LuaFile.all(in: "hostile").filter { file in
        let ends = ["script_timeout", "script_memory", "script_crashed"]
        let borrowed = ["geuse.echo", "geuse.change", "geuse.abort", "geuse.refuse", "require"]
        return file.header("expects")?.contains(where: ends.contains) == true
            && !borrowed.contains(where: file.text.contains)
    }

    @Test func thereAreEnough() { #expect(Self.files.count >= 40) }

    /// The rehearsal ends before the attack, as a script that knows of it would see to.
    private static let opening = """
        -- A backup has an id only where it is made.
        local is_real = geuse.backup("b").id ~= nil
        geuse.set_image("n8n", "n8nio/n8n:1.20.0")
        if not is_real then return end

        """

    @Test(.timeLimit(.minutes(10)), arguments: files)
    func theStackIsWhatItWas(_ file: LuaFile) throws {
        let stack = try TestStack.usual()
        let before = try stack.look(stack.files)
        var options = TestRun.Options()
        // Enough for the rehearsal on a machine that is busy.
        options.limits.ownTime = 0.3
        options.limits.memory = Int(file.number("memory") ?? 64) << 20
        let source = ScriptSource(name: file.name, text: Self.opening + file.text)
        let run = try stack.run(ScriptFile(source), [], options)
        #expect(run.status == .rolledBack, "\(run.sentence)")
        let after = try stack.look(stack.files)
        for service in ["n8n", "postgres"] {
            for fact in ["configured_image", "image", "image_id", "well"] {
                let facts = (
                    before["services"]?[service]?[fact], after["services"]?[service]?[fact]
                )
                #expect(facts.0 == facts.1, "\(service) \(fact)")
            }
        }
        #expect(after["instance"]?["type"] == before["instance"]?["type"])
    }
}
