import GeuseRuntime
import Testing

@testable import LuaBridge

@Suite struct SecurityPatchTests {
    @Test("the stock script security_patch.lua keeps what its Lua tests say")
    func script() throws {
        let name = "security_patch_test.lua"
        let tests = try #require(LuaFile.all(in: "stock").first { $0.name == name })
        let files = MemoryFiles([name: Array(tests.text.utf8)])
        let result = try ScriptTests(files: files, version: "0").run(name)
        #expect(result.error == nil)
        #expect(result.tests.count >= 14)
        for test in result.tests {
            #expect(test.error == nil, "\(test.name): \(String(describing: test.place?.line))")
        }
    }
}
