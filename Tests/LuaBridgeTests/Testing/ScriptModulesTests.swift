import GeuseRuntime
import Testing

@testable import LuaBridge

/// The modules beside a script are what they were when they were first read, for all of a run.
@Suite struct ScriptModulesTests {
    private static let image = "n8nio/n8n:1.20.0"
    private static let other = "n8nio/n8n:1.21.0"

    private func files(_ script: String, module: String?) -> MemoryFiles {
        var contents = ["s.lua": Array(script.utf8)]
        contents["m.lua"] = module.map { Array($0.utf8) }
        return MemoryFiles(contents)
    }

    /// Runs `s.lua`; the files change while its plan is shown.
    private func run(_ files: MemoryFiles, _ change: @escaping () throws -> Void) throws -> TestRun
    {
        let stack = try TestStack.usual()
        var options = TestRun.Options()
        options.beforeYes = change
        return try stack.run(ScriptFile("s.lua", files: files), [], options)
    }

    @Test func whatWasRehearsedRuns() throws {
        let files = files(
            "local m = require 'm' geuse.log(m.word) geuse.set_image('n8n', m.image)",
            module: "return {word = 'old', image = '\(Self.image)'}"
        )
        let run = try run(files) {
            let text = "return {word = 'new', image = '\(Self.other)'}"
            try files.replace("m.lua", with: Array(text.utf8))
        }
        #expect(run.status == .done, "\(run.sentence)")
        #expect(run.changes == ["n8n -> \(Self.image)"])
        #expect(run.log == ["old"])
    }

    @Test func oneThatIsRemovedMeanwhileIsStillThere() throws {
        let files = files(
            "geuse.set_image('n8n', require 'm')",
            module: "return '\(Self.image)'"
        )
        let run = try run(files) { try files.remove("m.lua") }
        #expect(run.status == .done, "\(run.sentence)")
    }

    @Test func oneThatComesMeanwhileIsStillNotThere() throws {
        let files = files(
            "local ok, m = pcall(require, 'm') geuse.set_image('n8n', ok and m or '\(Self.image)')",
            module: nil
        )
        let run = try run(files) {
            try files.replace("m.lua", with: Array("return '\(Self.other)'".utf8))
        }
        #expect(run.status == .done, "\(run.sentence)")
        #expect(run.changes == ["n8n -> \(Self.image)"])
    }

    @Test func whatWasAskedForIsKnownByItsHash() throws {
        let script = try ScriptFile("s.lua", files: files("", module: "return 1"))
        #expect(script.modules.isEmpty)
        _ = try script.module("m")
        #expect(throws: Diagnostic.self) { try script.module("absent") }
        let hash = Digest.sha256Hex(Array("return 1".utf8))
        #expect(
            script.modules == [
                ModuleHash(name: "absent", sha256: nil), ModuleHash(name: "m", sha256: hash),
            ]
        )
        #expect(script.moduleHash("m") == hash)
        #expect(script.moduleHash("../s") == nil)
    }

    @Test func thereIsAnEndToThem() throws {
        let script = try ScriptFile("s.lua", files: files("", module: "return 1"))
        for number in 1...1000 { _ = try? script.module("m\(number)") }
        let error = #expect(throws: Diagnostic.self) { try script.module("m") }
        #expect(error?.code == "too_many_modules")
        #expect(script.modules.count == 1000)
    }
}
