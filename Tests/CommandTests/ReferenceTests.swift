import Foundation
import LuaBridge
import Testing

@Suite("The reference is printed from the declarations")
struct ReferenceTests {
    private func file(_ path: String) throws -> String {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
    }

    @Test("docs/SCRIPTING.md is what `make docs` would write")
    func markdown() throws {
        let reference = MarkdownReference.text([GeuseModule.module.signature])
        let intro = try file("docs/SCRIPTING.intro.md")
        let tests = MarkdownReference.text(ScriptTests.modules)
        #expect(try file("docs/SCRIPTING.md") == intro + reference + "\n" + tests)
    }

    @Test("docs/types/geuse.lua is what `make docs` would write")
    func types() throws {
        #expect(try file("docs/types/geuse.lua") == TypeFile.text([GeuseModule.module.signature]))
    }

    @Test("docs/types/geuse_test.lua is what `make docs` would write")
    func testTypes() throws {
        #expect(try file("docs/types/geuse_test.lua") == TypeFile.text(ScriptTests.modules))
    }

    @Test("the terminal shows one function, and the near match of a misspelt one")
    func terminal() throws {
        let program = try Program()
        #expect(try program.run("script", "reference").out.contains("geuse.set_image"))
        #expect(try program.run("script", "reference", "resize").out.contains("fallback"))
        #expect(try program.run("script", "reference", "resise").talk.contains("resize"))
        for (words, hint) in [
            (["geuse.resiz"], "Did you mean geuse.resize?"),
            (["expect.done"], "geusemaker script reference expect.done --tests"),
            (["expect.doen"], "Did you mean expect.done?"),
            (["geuse.resize", "--tests"], "geusemaker script reference geuse.resize"),
            (["expect.doen", "--tests"], "Did you mean expect.done?"),
        ] {
            let result = try program.start(["script", "reference"] + words)()
            #expect(result.status == 64)
            #expect(result.talk.contains(hint), "\(words): \(result.talk)")
        }
    }
}
