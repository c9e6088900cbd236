import GeuseRuntime
import Testing

@testable import LuaBridge

/// Names that a script got wrong are errors, and what it can ask for is there to be asked.
@Suite struct DeclaredNamesTests {
    private func run(_ text: String, _ words: [String] = []) throws -> TestRun {
        let stack = try TestStack.usual()
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

    @Test(arguments: ["--imge", "--imge=x", "-image", "image"])
    func aMisspeltWordNamesTheNearOption(_ word: String) throws {
        let run = try run("geuse.options{image = {'IMAGE'}, instance_type = 'TYPE'}", [word, "x"])
        #expect(run.error?.code == "unknown_option")
        #expect(run.error?.hint == "Did you mean --image?")
        #expect(run.error?.detail?.contains("--instance-type TYPE") == true)
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

    @Test(
        "a member that a result does not have is an error",
        arguments: [
            ("geuse.describe().servics", "geuse.describe() has no member servics.", "services"),
            (
                "geuse.describe().instance.tpye", "geuse.describe().instance has no member tpye.",
                "type"
            ),
            (
                "geuse.describe().services.n8n.imge",
                "geuse.describe().services[…] has no member imge.", "image"
            ),
            ("geuse.health().n8n.wel", "geuse.health()[…] has no member wel.", "well"),
            ("geuse.verify_efs().mountd", "geuse.verify_efs() has no member mountd.", "mounted"),
            ("geuse.backup().ids", "geuse.backup() has no member ids.", "id"),
            ("geuse.request().froce", "geuse.request() has no member froce.", "force"),
            (
                "geuse.capabilities().function", "geuse.capabilities() has no member function.",
                "functions"
            ),
        ]
    )
    func aMemberThatAResultDoesNotHave(_ read: String, _ message: String, _ near: String) throws {
        let run = try run(
            "local x = \(read.replacingOccurrences(of: ".function", with: "['function']"))"
        )
        #expect(run.error?.code == "unknown_member")
        #expect(run.error?.summary == message)
        #expect(run.error?.hint == "Did you mean \(near)?")
    }

    @Test func aResultIsATableLikeAnyOther() throws {
        let text = """
            local d = geuse.describe()
            assert(d.services.redis == nil and rawget(d, 'mine') == nil)
            d.mine = 1
            assert(d.mine == 1)
            local names = {}
            for name in pairs(d.services) do names[#names + 1] = name end
            assert(#names == #d.service_names)
            -- Not known, which is no error.
            assert(geuse.backup().id == nil or geuse.describe().instance.id)
            assert(d[1] == nil)
            for _ in ipairs(d) do error('none') end
            local ok, e = pcall(geuse.set_image, 'n8n', 'no such image!')
            assert(not ok and e.code and e.step == nil and e.detail ~= 1)
            for _ in ipairs(e) do error('none') end
            local ok, worse = pcall(function() return e.mesage end)
            assert(not ok and worse.code == 'unknown_member' and worse.hint:find('message'), worse.message)
            """
        let run = try run(text)
        #expect(run.error == nil, "\(run.sentence)")
    }

    @Test(arguments: [
        "for name in pairs(d.services) do geuse.log(name) end",
        "for _, name in ipairs(d.service_names) do geuse.log(name) end",
        "if d.services.n8n then geuse.log('n8n') end",
    ])
    func servicesThatNobodySawAreAnErrorAndNotNone(_ text: String) throws {
        let stack = try TestStack.usual()
        try stack.inject(SandboxFault("agent=InvalidInstanceId"))
        let script = "local d = geuse.describe()\nassert(d.instance.type == 't3.medium')\n" + text
        let run = try stack.run(
            ScriptFile(ScriptSource(name: "t.lua", text: script)),
            [],
            TestRun.Options()
        )
        #expect(run.error?.code == "InvalidInstanceId")
        #expect(run.error?.kind == .refused)
        #expect(run.error?.detail?.contains("is not known") == true)
        #expect(run.error?.detail?.contains("t.lua:3") == true)
    }

    @Test func tablesThatBorrowMembersAreRefused() throws {
        for metatable in ["{ __index = { fallback = { 'm5.large' } } }", "{ __pairs = pairs }"] {
            let run = try run("geuse.resize('t3.large', setmetatable({}, \(metatable)))")
            #expect(run.error?.code == "invalid_value", "\(run.sentence)")
            #expect(run.error?.summary.contains("metatable that adds members") == true)
        }
        // Results and options are tables that can be handed on.
        #expect(
            try run("local o = geuse.options{tag = {'T', list = true}}\ngeuse.exec('n8n', o.tag)")
                .error?.code != "invalid_value"
        )
    }

    @Test func errorsOfReplacedFunctionsHaveTheLineOfTheScript() throws {
        for text in ["setmetatable(1, {})", "setmetatable({}, 1)", "rawset(1, 2, 3)", "load({})"] {
            let run = try run("\n\n\(text)")
            let said = [run.error?.summary, run.error?.detail].compactMap(\.self).joined(
                separator: " "
            )
            #expect(said.contains("t.lua:3") && !said.contains("geuse:"), "\(text): \(said)")
            #expect(said.contains("bad argument #"), "\(text): \(said)")
        }
    }
}
