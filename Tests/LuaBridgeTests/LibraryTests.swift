import GeuseRuntime
import Testing

@testable import LuaBridge

/// The libraries as scripts see them: each file of Tests/lua/library asserts in Lua.
@Suite struct LibraryTests {
    private static let files = LuaFile.all(in: "library")

    @Test func thereAreFiles() { #expect(!Self.files.isEmpty) }

    @Test(arguments: files)
    func itsAssertionsHold(_ file: LuaFile) throws {
        try TestModule.run(file.text, name: file.name)
    }

    @Test func theSameSeedGivesTheSameNumbers() throws {
        let text = """
            local t = {}
            for i = 1, 5 do t[i] = math.random(1, 1000000) end
            math.randomseed()
            for i = 1, 5 do assert(math.random(1, 1000000) == t[i]) end
            geuse.change(table.concat(t, " "))
            """
        let recorder = Recorder()
        for seed: (Int64, Int64) in [(1, 2), (1, 2), (1, 3), (.min, .max)] {
            try TestModule.run(text, seed: seed, recorder: recorder)
        }
        #expect(recorder.changes[0] == recorder.changes[1])
        #expect(Set(recorder.changes).count == 3)
    }

    @Test func theSameScriptSaysTheSameTwice() throws {
        let text = """
            local t = {}
            for i = 1, 300 do t["key" .. i * 7919 % 1000] = {i, function() end, {}} end
            local out = {}
            for k, v in pairs(t) do out[#out + 1] = k .. tostring(v) .. tostring(v[2]) end
            for k in next, t do out[#out + 1] = k end
            table.sort(out, function(a, b) return #a < #b end)
            out[#out + 1] = select(2, pcall(error, {}, 0)) and ("%s"):format(out)
            geuse.change(table.concat(out))
            """
        let recorder = Recorder()
        for _ in 0..<5 { try TestModule.run(text, recorder: recorder) }
        #expect(Set(recorder.changes).count == 1)
    }
}
