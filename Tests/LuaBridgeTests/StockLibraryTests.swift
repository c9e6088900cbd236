import GeuseRuntime
import Testing

@testable import LuaBridge

/// The stock scripts, tested in Lua by the files of Tests/lua/stock.
@Suite struct StockLibraryTests {
    private static let files = LuaFile.all(in: "stock")

    @Test func eachScriptOfTheLibraryHasOne() {
        let names = Set(Self.files.map(\.name))
        for script in StockScripts.all {
            #expect(names.contains(script.name.dropLast(".lua".count) + "_test.lua"))
        }
    }

    @Test(arguments: files)
    func itsTestsPass(_ file: LuaFile) throws {
        let files = MemoryFiles([file.name: Array(file.text.utf8)])
        let result = try ScriptTests(files: files, version: "0").run(file.name)
        #expect(result.error == nil)
        #expect(!result.tests.isEmpty)
        for test in result.tests {
            let why = test.error.map {
                "\($0.summary) \($0.detail ?? "") line \(test.place?.line ?? 0)"
            }
            #expect(test.error == nil, "\(test.name): \(why ?? "")")
        }
    }

    @Test(arguments: StockScripts.all.map(\.name))
    func nothingIsMisspeltInIt(_ name: String) throws {
        let files = MemoryFiles()
        let script = ScriptFile(try StockScripts.script(name), files: files)
        let check = ScriptCheck([GeuseModule.module.signature])
        #expect(try check.findings(script, shown: name).isEmpty)
    }
}
