import GeuseRuntime
import Testing

@testable import LuaBridge

/// What a failing script tells, and what of it can be compared.
@Suite struct ScriptErrorTests {
    private func failure(_ text: String) throws -> ScriptFailure {
        try #require(try TestModule.failure(of: text))
    }

    @Test func anErrorOfLuaHasItsPlaceAndTraceback() throws {
        let failure = try failure(
            """
            local function inner(t) return t.a.b end
            local function outer() local x = inner({}) return x end
            outer()
            """
        )
        #expect(failure.cause == .script)
        #expect(failure.diagnostic.code == "script_failed")
        #expect(failure.diagnostic.summary.contains("attempt to index a nil value (field 'a')"))
        #expect(failure.file == "test.lua" && failure.line == 1)
        let levels = failure.traceback?.split(separator: "\n").map(String.init)
        #expect(
            levels == [
                "test.lua:1: in upvalue 'inner'", "test.lua:2: in local 'outer'",
                "test.lua:3: in main chunk",
            ]
        )
    }

    @Test(arguments: [
        ("error('t3.micro has not enough memory')", "test.lua:1: t3.micro has not enough memory"),
        ("error('not enough memory', 0)", "not enough memory"),
        ("error('not enough memory')", "test.lua:1: not enough memory"),
        (
            "pcall(string.rep, 'x', 1 << 30) error('t3.micro: not enough memory')",
            "test.lua:1: t3.micro: not enough memory"
        ),
    ])
    func anErrorThatSpeaksOfMemoryIsTheScriptsOwn(_ text: String, _ summary: String) throws {
        let failure = try failure(text)
        #expect(failure.cause == .script)
        #expect(failure.diagnostic.code == "script_failed")
        #expect(failure.diagnostic.summary == summary)
    }

    @Test func anErrorOfMemoryThatIsRaisedAgainIsOne() throws {
        let failure = try failure("local _, e = pcall(string.rep, 'x', 1 << 30) error(e, 0)")
        #expect(failure.cause == .memory)
        #expect(failure.diagnostic.code == "script_memory")
    }

    @Test func aDiagnosticOfTheCoreComesBackAsItWas() throws {
        let failure = try failure("\n\ngeuse.refuse()")
        #expect(failure.cause == .core)
        #expect(failure.line == 3)
        #expect(
            failure.diagnostic
                == Diagnostic(
                    "refused_here",
                    "Refused.",
                    detail: "As always.",
                    hint: "Ask another.",
                    kind: .refused
                )
        )
    }

    @Test func aCaughtErrorIsATableWithItsFields() throws {
        try TestModule.run(
            """
            local ok, e = pcall(geuse.refuse)
            assert(not ok and type(e) == "table")
            assert(e.code == "refused_here" and e.message == "Refused." and e.detail == "As always.")
            assert(e.hint == "Ask another." and e.step == nil and rawget(e, "id") == nil)
            assert(tostring(e) == "Refused. As always. Ask another.")
            assert("it said: " .. e == "it said: Refused. As always. Ask another.")
            """
        )
    }

    @Test func raisingItAgainKeepsItTheCores() throws {
        let failure = try failure("local ok, e = pcall(geuse.refuse)\nerror(e)")
        #expect(failure.cause == .core)
        #expect(failure.diagnostic.kind == .refused)
        #expect(failure.line == 2)
    }

    @Test func aChangedErrorKeepsItsKindAndCause() throws {
        let failure = try failure(
            "local ok, e = pcall(geuse.refuse) e.message = 'Mine now.' e.step = 'third' error(e)"
        )
        #expect(failure.diagnostic.summary == "Mine now.")
        #expect(failure.diagnostic.step == "third")
        #expect(failure.diagnostic.kind == .refused)
        #expect(failure.diagnostic.causes.map(\.code) == ["refused_here"])
    }

    @Test func aNumberInAMetatableIsNoRecordOfTheCores() throws {
        let failure = try failure(
            """
            pcall(geuse.refuse)
            error(setmetatable({code = 'refused_here', message = 'Refused.'}, {id = 1}))
            """
        )
        #expect(failure.cause == .script)
        #expect(failure.diagnostic.kind == .failed)
        #expect(failure.diagnostic.causes.isEmpty)
    }

    @Test func aTableOfTheScriptsOwnBecomesADiagnostic() throws {
        let failure = try failure(
            "error({code = 'too_big', message = 'Too big.', hint = 'Shrink it.', detail = '9 > 8'})"
        )
        #expect(failure.cause == .script)
        #expect(
            failure.diagnostic
                == Diagnostic("too_big", "Too big.", detail: "9 > 8", hint: "Shrink it.")
        )
    }

    @Test func failRaisesWithCodeAndHint() throws {
        let failure = try failure("geuse.fail('too_late', 'Too late.', {hint = 'Come earlier.'})")
        #expect(failure.diagnostic == Diagnostic("too_late", "Too late.", hint: "Come earlier."))
        let wrong = try self.failure("geuse.fail('Too Late', 'x')")
        #expect(wrong.diagnostic.code == "invalid_error_code")
        let unknown = try self.failure("geuse.fail('x', 'y', {hnt = 'z'})")
        #expect(unknown.diagnostic.code == "unknown_key")
        #expect(unknown.diagnostic.hint == "Did you mean hint?")
    }

    @Test(arguments: [
        "coroutine.wrap(f)()", "error(select(2, coroutine.resume(coroutine.create(f))), 0)",
        "coroutine.wrap(function() coroutine.wrap(f)() end)()",
    ])
    func anErrorInACoroutineKeepsItsPlace(_ call: String) throws {
        let failure = try failure("local function f()\n  local x = nil + 1\nend\n\n\n\(call)")
        #expect(failure.line == 2)
        #expect(failure.diagnostic.summary.hasPrefix("test.lua:2: attempt to perform arithmetic"))
        #expect(failure.traceback?.hasPrefix("test.lua:2: in function <test.lua:1>") == true)
    }

    @Test(arguments: [
        ("geuse:change('x')", "geuse.change"), ("geuse:refuse()", "geuse.refuse"),
        ("geuse:window('w', function() end)", "geuse.window"),
    ])
    func aColonIsNamed(_ text: String, _ function: String) throws {
        let failure = try failure("\n" + text)
        #expect(failure.diagnostic.code == "method_call")
        #expect(failure.diagnostic.hint == "Write \(function) with a dot.")
        #expect(failure.line == 2)
    }

    @Test func partsOfATextAreToBeJoined() throws {
        let failure = try failure("geuse.change('total: ', 1)")
        #expect(failure.diagnostic.code == "too_many_arguments")
        #expect(failure.diagnostic.hint == "Join the parts with `..`.")
    }

    @Test func aSyntaxErrorHasItsLine() throws {
        let failure = try failure("local x = 1\nlocal y = = 2")
        #expect(failure.diagnostic.code == "script_syntax")
        #expect(failure.file == "test.lua" && failure.line == 2)
    }

    @Test func nearNamesAreOffered() throws {
        #expect(try failure("geuse.ecko(1)").diagnostic.hint == "Did you mean echo?")
        #expect(try failure("string.fromat('')").diagnostic.hint == "Did you mean format?")
        let global = try failure("local function f() return tosting(1) end f()")
        #expect(global.diagnostic.code == "undefined_global")
        #expect(global.diagnostic.hint == "Did you mean tostring?")
        #expect(
            try failure("my_count = 1 return my_cuont").diagnostic.hint == "Did you mean my_count?"
        )
        #expect(try failure("return zzzzzz").diagnostic.hint == nil)
    }

    @Test(arguments: [
        ("print(1)", "geuse.log"), ("os.time()", "geuse.now"), ("io.open('x')", "require"),
        ("debug.traceback()", "traceback"), ("require 'socket'", "geuse"),
        ("collectgarbage()", "Memory"), ("unpack({})", "table.unpack"),
    ])
    func whatIsAbsentNamesWhatToUse(_ text: String, _ word: String) throws {
        let failure = try failure(text)
        #expect(failure.diagnostic.code == "not_available")
        #expect(failure.diagnostic.hint?.contains(word) == true)
    }

    @Test func aLoadedChunkHasLinesOfItsOwn() throws {
        let named = try failure("load('\\n\\nerror(\"x\")', '@made.lua')()")
        #expect(named.file == "made.lua" && named.line == 3)
        let unnamed = try failure("load('local x = nil + 1')()")
        #expect(unnamed.file == "[string \"local x = nil + 1\"]" && unnamed.line == 1)
    }

    @Test func aDeepTracebackIsCutInTheMiddle() throws {
        let failure = try failure(
            "local function f(n) if n == 0 then error('deep') end f(n - 1) return 1 end f(100)"
        )
        let levels = try #require(failure.traceback).split(separator: "\n")
        #expect(levels.count == 23)
        #expect(levels.contains { $0.hasPrefix("... ") && $0.hasSuffix(" levels") })
        #expect(levels.last == "test.lua:1: in main chunk")
    }

    @Test func controlsAreMadeVisible() throws {
        let failure = try failure("error('\\27[2J' .. '\\u{202E}' .. '\\xff', 0)")
        #expect(failure.diagnostic.summary == "^[[2J\\u{202e}\u{FFFD}")
    }

    @Test func aModulesErrorNamesTheModule() throws {
        let failure = try failure("require('failing')")
        #expect(failure.file == "failing.lua" && failure.line == 1)
        #expect(failure.diagnostic.summary == "failing.lua:1: from the module")
        #expect(failure.traceback?.contains("test.lua:1: in main chunk") == true)
    }

    @Test func anythingElseThatIsThrownEndsTheScript() throws {
        struct Odd: Error {}
        let worker = try ScriptWorker()
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: "pcall(geuse.change, 'x')"),
                modules: [TestModule.geuse.signature]
            ) { _ in throw Odd() }
        }
        #expect(failure?.diagnostic.code == "internal_error")
        #expect(failure?.cause == .aborted)
    }
}
