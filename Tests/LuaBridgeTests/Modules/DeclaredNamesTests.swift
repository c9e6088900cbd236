import GeuseRuntime
import Testing

@testable import LuaBridge

/// Names that a script got wrong are errors, and what it can ask for is there to be asked.
@Suite struct DeclaredNamesTests {
    private func run(_ text: String, _ words: [String] = []) throws -> TestRun {
        let stack = try TestStack(
            StackName("s"),
            SandboxOptions(),
            at: SimulatedTime.usual,
            version: "0"
        )
        return try stack.run(
            ScriptFile(ScriptSource(name: "t.lua", text: text)),
            words,
            TestRun.Options()
        )
    }

    @Test func anUndeclaredOptionIsAnError() throws {
        let run = try run("local o = geuse.options{tag = {'TAG'}}\nlocal x = o.tga")
        #expect(run.error?.code == "undeclared_option")
        #expect(run.error?.hint == "Did you mean tag?")
        #expect(run.error?.detail?.contains("t.lua:2") == true)
    }

    @Test func aDeclaredOneThatWasNotGivenIsNil() throws {
        let text = """
            local o = geuse.options{tag = {'TAG'}, flag = {doc = 'x'}, many = {'M', list = true}}
            assert(o.tag == nil and o.flag == false and #o.many == 0)
            local names = {}
            for name in pairs(o) do names[#names + 1] = name end
            assert(table.concat(names, ' ') == 'flag many')
            o.mine = 1
            assert(o.mine == 1 and rawget(o, 'other') == nil)
            """
        let run = try run(text)
        #expect(run.status == .nothingToDo, "\(run.sentence)")
    }

    @Test func aGivenOneIsItsValue() throws {
        let text = "assert(geuse.options{tag = {'TAG'}}.tag == '1.2')"
        #expect(try run(text, ["--tag", "1.2"]).status == .nothingToDo)
    }

    @Test func capabilitiesNameEveryFunctionAndItsVersion() throws {
        let text = """
            local can = geuse.capabilities()
            assert(can.lua == '5.4' and can.functions.later == nil)
            for name, since in pairs(can.functions) do
                assert(type(geuse[name]) == 'function' and since:match('^%d+%.%d+$'), name)
            end
            for name in pairs(geuse) do assert(can.functions[name], name) end
            """
        let run = try run(text)
        #expect(run.status == .nothingToDo, "\(run.sentence)")
    }

    @Test func aNameThatIsLikeNothingHasNoHint() throws {
        #expect(try run("nothing()").error?.hint == nil)
        #expect(try run("geuse.dscribe()").error?.hint == "Did you mean describe?")
    }
}
