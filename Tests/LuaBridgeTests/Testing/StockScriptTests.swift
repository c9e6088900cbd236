import GeuseRuntime
import Testing

@testable import LuaBridge

/// The stock scripts, by the Lua tests of Tests/lua/stock.
@Suite struct StockScriptTests {
    @Test(arguments: LuaFile.all(in: "stock"))
    func everyTestPasses(_ file: LuaFile) throws {
        let files = MemoryFiles([file.name: Array(file.text.utf8)])
        let result = try ScriptTests(files: files, version: "0").run(file.name)
        #expect(result.error == nil)
        #expect(!result.tests.isEmpty)
        for test in result.tests {
            #expect(test.error == nil, "\(test.name): \(test.error.map { "\($0)" } ?? "")")
        }
    }
}
