import GeuseRuntime
import Testing

@testable import LuaBridge

/// What the check finds, and that it finds nothing in what is right.
@Suite struct ScriptCheckTests {
    private func findings(_ text: String, modules: [String: String] = [:]) throws -> [ScriptFinding]
    {
        let files = MemoryFiles(["t.lua": Array(text.utf8)])
        for (name, source) in modules { try files.replace(name, with: Array(source.utf8)) }
        return try ScriptCheck().findings(ScriptFile("t.lua", files: files), shown: "t.lua")
    }

    /// A script, and `line code` with what the hint has to name.
    static let mistakes: [(script: String, finding: String, hint: String?)] = [
        ("x = = 1", "1 script_syntax", nil),
        ("local a = 1\nreturn 'x", "2 script_syntax", nil),
        ("helpr()\nfunction helper() end", "1 undefined_global", "helper"),
        ("local t = {}\nt.x = tosting(1)", "2 undefined_global", "tostring"),
        ("return _G.tostrin", "1 undefined_global", "tostring"),
        ("return (function() return undefined end)", "1 undefined_global", nil),
        ("do local x = 1 end\nreturn x", "2 undefined_global", nil),
        ("for i = 1, 2 do end\nreturn i", "2 undefined_global", nil),
        ("print('x')", "1 not_available", "geuse.log"),
        ("os.execute('id')", "1 not_available", "geuse.now"),
        ("geuse.resise('t3.large')", "1 unknown_member", "resize"),
        ("local g = geuse\ng.resise('t3.large')", "2 unknown_member", "resize"),
        ("local g = require 'geuse'\ng.resise('t3.large')", "2 unknown_member", "resize"),
        ("geuse['resise']('t3.large')", "1 unknown_member", "resize"),
        ("return string.formt('x')", "1 unknown_member", "format"),
        ("string = 1", "1 read_only", nil),
        ("geuse.mine = 1", "1 read_only", nil),
        ("function geuse.mine() end", "1 read_only", nil),
        ("geuse:backup()", "1 method_call", "dot"),
        ("geuse.set_image('n8n')", "1 missing_argument", "image reference"),
        ("geuse.describe(1)", "1 too_many_arguments", nil),
        ("geuse.resize('t3.large', {falback = {'a'}})", "1 unknown_key", "fallback"),
        ("geuse.resize('t3.large', {falback = f})\nf = 1", "1 unknown_key", "fallback"),
        ("geuse.resize('t3.large', {fallback = 'm5.large'})", "1 wrong_type", nil),
        ("geuse.resize('t3.large', {fallback = {x, 'no type'}})\nx = 1", "1", nil),
        ("geuse.sleep('soon')", "1 wrong_type", nil),
        ("geuse.sleep(function() end)", "1 wrong_type", nil),
        ("geuse.sleep(99999)", "1 invalid_argument", nil),
        ("geuse.sleep(-1)", "1 invalid_argument", nil),
        ("geuse.wait_healthy{timeout = -5}", "1 invalid_argument", nil),
        ("geuse.wait_healthy{timeout = 3601}", "1 invalid_argument", nil),
        (
            "geuse.exec('n8n', {'a'}, {undo = x, timeout = 0})\nx = {'b'}", "1 invalid_argument",
            nil
        ),
        ("local t = -1.5\ngeuse.log(t)", "2 wrong_type", nil),
        ("local r = geuse.resize\nr(1)", "2 wrong_type", nil),
        ("geuse.window('w')", "1 wrong_type", nil),
        ("geuse.window('w', {})", "1 wrong_type", nil),
        ("geuse.fail('Bad Code', 'x')", "1 invalid_error_code", nil),
        ("geuse.options{tag = {'TAG', dok = 'x'}}", "1 invalid_options", "doc"),
        ("geuse.options{tag = {'TAG', dok = x}}\nx = 1", "1 invalid_options", "doc"),
        ("geuse.options{a = {'X', list = true, map = true}}", "1 invalid_options", "KEY=VALUE"),
        ("geuse.options{a = {'X', doc = x, list = true, map = true}}\nx = 1", "1 invalid", nil),
        ("local o = geuse.options{tag = 'T'}\nreturn o.tga", "2 undeclared_option", "tag"),
        ("return geuse.options{tag = 'T'}.tga", "1 undeclared_option", "tag"),
        ("return geuse.describe().servics", "1 unknown_member", "services"),
        ("local d = geuse.describe()\nreturn d.services.n8n.imge", "2 unknown_member", "image"),
        (
            "local s = geuse.describe().services\nreturn s[_VERSION].imge", "2 unknown_member",
            "image"
        ),
        ("local i = geuse.describe().instance\nreturn i.tpye", "2 unknown_member", "type"),
        ("return geuse.request()['froce']", "1 unknown_member", "force"),
        ("return ('x'):lenn()", "1 unknown_member", "len"),
        ("geuse.exec('n8n', {})", "1 invalid_command", "list of words"),
        ("geuse.exec_on_host({''})", "1 invalid_command", "list of words"),
        ("geuse.exec('n8n', {'a', 'b\\0c'})", "1 invalid_command", "list of words"),
        ("geuse.exec('n8n', {'a'}, {undo = {}})", "1 invalid_command", "list of words"),
        ("require 'missing'", "1 module_not_found", nil),
        ("require 'geuze'", "1 module_not_found", "geuse"),
        ("require 'tabel'", "1 module_not_found", "table"),
        ("require '../x'", "1 invalid_module_name", nil),
        ("require 'socket'", "1 not_available", "network"),
        ("local x = [==[\n]]\n]==] .. undefined", "3 undefined_global", nil),
        ("--[[ a\nb ]] -- c\nundefined()", "3 undefined_global", nil),
        ("local s = 'a\\z\n  b\\\nc' .. undefined", "3 undefined_global", nil),
    ]

    @Test(arguments: mistakes.map(\.script))
    func aMistakeIsFound(_ script: String) throws {
        let expected = try #require(Self.mistakes.first { $0.script == script })
        let found = try findings(script)
        #expect(found.count == 1, "\(found.map(\.text))")
        let first = try #require(found.first)
        let shown = "\(first.line ?? 0) \(first.diagnostic.code)"
        #expect(shown.hasPrefix(expected.finding), "\(first.text)")
        #expect(first.file == "t.lua")
        if let hint = expected.hint { #expect(first.diagnostic.hint?.contains(hint) == true) }
    }

    @Test(arguments: [
        "",
        "#!/usr/bin/geusemaker\nlocal a <const>, b <close> = 1, nil return a, b",
        "x = 1 function y() return x end return y()",
        "local function f(...) local a, b = ... return a or b, ... end return f(1)",
        "local geuse = {resise = function() end} geuse.resise()",
        "local print = geuse.log print('x')",
        "local function g(geuse) return geuse.anything end return g",
        "local _ENV = {a = 1} return b",
        "_ENV = {} return b",
        "goto done; do local x = 1 end ::done:: return",
        "repeat local done = true until done",
        "for i, v in ipairs({}) do local _ = i + v end",
        "local t = {x = 1, ['y z'] = 2, 3; 4} return t.x, t['y z'], t.missing, #t",
        "local s = 'a' .. \"b\\\"\" .. [[c]] return s:upper():len(), ('x'):rep(3)",
        "local n = 0x1F + 1e3 + .5 + 3. + 0xA.8p1 - -2 ~ 3 // 2 return n",
        "geuse.window('w', function() geuse.set_image('n8n', 'n8nio/n8n:1') end)",
        "geuse.window('w', body) function body() end",
        "geuse.resize(type_of(1)) function type_of() return 't3.large' end",
        "geuse.set_image(pair()) function pair() return 'a', 'b' end",
        "geuse.set_image('n8n', nil or 'x')",
        "geuse.resize('t3.large', nil) geuse.backup(nil)",
        "local t = {} t.fallback = {'m5.large'} geuse.resize('t3.large', t)",
        "local x = 'a' x = 1 geuse.sleep(x)",
        "geuse.exec('n8n', {_VERSION}) geuse.exec_on_host({'ls', _VERSION}, {undo = {'true'}})",
        "local o = geuse.options{tag = {'T', default = 1 + 1}} return o.tag",
        "local o = geuse.options(declared) declared = {} return o.tag",
        "local o = geuse.options{} o = {tag = 1} return o.tag",
        "local o = geuse.options{tag = {'T'}} o.extra = '1' return o.extra",
        "rawset(_G, 'late', 1) return late",
        "if geuse.capabilities().functions.later then return end",
        "local d = geuse.describe() d.mine = 1 return d.mine, d.services.redis, d.services[1].image",
        "local d = geuse.describe() d = {} return d.anything",
        "local b = geuse.backup() return b.id, b.label, geuse.tags('n8n')[1]",
        "return geuse.describe().stack:upper(), geuse.window('w', error).anything",
        "for i, n in ipairs({'alpha'}) do _ENV[n] = i end return alpha",
        "for i, n in ipairs({'alpha'}) do _G[n] = i end return alpha.beta",
        "local function import(t) for k, v in pairs(t) do rawset(_G, k, v) end end\n"
            + "import {one = 1} return one",
        "local g = _G g.viaalias = 1 return viaalias",
        "load('gen_x = 1')() return gen_x",
        "if rawget(_G, 'maybe') then return maybe end",
        "for _, name in ipairs({}) do require(name) end return of_one_of_them",
        "pcall(require, 'helpers') return of_that_one",
        "function _G.named() end return named()",
    ])
    func nothingIsFoundInWhatIsRight(_ script: String) throws {
        #expect(try findings(script).map(\.text) == [])
    }

    @Test func globalsThatAModuleSetsUnseenAreNotMissed() throws {
        let module = ["helpers.lua": "_G['helper_' .. 'dyn'] = 4"]
        let found = try findings("require 'helpers' return helper_dyn", modules: module)
        #expect(found.map(\.text) == [])
    }

    /// What was meant is known all the same.
    @Test func aNearMatchIsFoundThoughGlobalsAreSetUnseen() throws {
        let found = try findings("local g = _G g.x = 1 return tosting(1), os.time()")
        #expect(found.map(\.diagnostic.code) == ["undefined_global", "not_available"])
        #expect(found.first?.diagnostic.hint == "Did you mean tostring?")
        // These uses of the table hide nothing.
        let plain =
            "rawset(_G, 'one', 1) _G.two = 2 _ENV['three'] = 3 return one, two, three, undefined"
        #expect(try findings(plain).map(\.diagnostic.code) == ["undefined_global"])
    }

    @Test func aModuleOfTheScriptsOwnIsNotLookedInto() throws {
        for script in [
            "local v = require('versions') return v.n8n, v.f(), v.a.b",
            "return require('versions').anything",
            "local string = require('versions') string.mine()",
            "local v = require('versions') v.added = 1",
        ] {
            let found = try findings(script, modules: ["versions.lua": "return {}"])
            #expect(found.map(\.text) == [], "\(script)")
        }
        // Those of the program are found before any file.
        let shadowed = try findings(
            "return require('string').formt",
            modules: ["string.lua": "return {}"]
        )
        #expect(shadowed.map(\.diagnostic.code) == ["unknown_member"])
    }

    @Test func whatIsAskedForFirstMayBeMissing() throws {
        let asked = [
            "if geuse.capabilities().functions.teleport then geuse.teleport('x') end",
            "local can = geuse.capabilities().functions if can.teleport then geuse.teleport() end",
        ]
        for script in asked { #expect(try findings(script).map(\.text) == [], "\(script)") }
        let other = "if geuse.capabilities().functions.teleport then geuse.beam() end"
        #expect(try findings(other).map(\.diagnostic.code) == ["unknown_member"])
    }

    @Test func theStockScriptsHaveNoMistakes() throws {
        for script in StockScripts.all {
            let file = ScriptFile(script, files: MemoryFiles())
            #expect(try ScriptCheck().findings(file, shown: script.name).map(\.text) == [])
        }
    }

    @Test func modulesAreCheckedToo() throws {
        let modules = [
            "lib/images.lua": "shared = 1\nreturn undefined", "other.lua": "return shared, = 1",
        ]
        let found = try findings(
            "require 'lib.images'\nrequire 'other'\nrequire 'lib.images'\nreturn shared",
            modules: modules
        )
        #expect(
            found.map { "\($0.file):\($0.line ?? 0) \($0.diagnostic.code)" }.sorted()
                == ["lib/images.lua:2 undefined_global", "other.lua:1 script_syntax"]
        )
    }

    @Test func modulesThatRequireEachOtherEnd() throws {
        let modules = ["a.lua": "require 'b'", "b.lua": "require 'a'"]
        #expect(try findings("require 'a'", modules: modules).isEmpty)
    }

    @Test func noCodeRuns() throws {
        #expect(try findings("while true do end").isEmpty)
        #expect(try findings("error('never')").isEmpty)
        #expect(try findings("require 'a'", modules: ["a.lua": "while true do end"]).isEmpty)
    }

    @Test func aFindingReadsAsOneLine() throws {
        let found = try findings("local a\nreturn tosting\n")
        #expect(
            found.map(\.text) == [
                "t.lua:2: The global tosting was never defined. Did you mean tostring?"
                    + " [undefined_global]"
            ]
        )
    }

    /// Whatever it is given, the walk ends; deep nesting never gets past Lua's own compiler.
    @Test func nestingIsLimitedByTheCompiler() throws {
        for script in [
            String(repeating: "(", count: 100_000), String(repeating: "do ", count: 50_000),
            "return " + String(repeating: "{", count: 50_000),
            "return " + String(repeating: "f(", count: 50_000),
            "return " + String(repeating: "function() return ", count: 50_000),
        ] {
            let code = try findings(script).first?.diagnostic.code
            #expect(["script_syntax", "script_failed"].contains(code), "\(code ?? "none")")
        }
    }

    @Test func damagedParametersEndTheWalk() {
        #expect(LuaParser.parse("local function f(a = b) end").uses.isEmpty)
    }

    @Test func damagedSourcesEndTheWalk() throws {
        var generator = SeededGenerator(5)
        let sources = StockScripts.all.map { Array($0.source.utf8) }
        for round in 0..<300 {
            var bytes = sources[round % sources.count]
            for _ in 0..<4 {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) {
                    bytes.removeSubrange(place..<min(place + 7, bytes.count))
                } else {
                    bytes[place] = UInt8.random(in: 9...126, using: &generator)
                }
            }
            _ = LuaParser.parse(String(decoding: bytes, as: UTF8.self)).uses.count
        }
    }
}
