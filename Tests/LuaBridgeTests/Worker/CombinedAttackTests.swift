import GeuseRuntime
import Testing

@testable import LuaBridge

/// Attacks that hide behind a callback, a metamethod, a coroutine or a protected call.
@Suite struct CombinedAttackTests {
    static let attacks = [
        "while true do end",
        "while true do pcall(error) end",
        "string.rep('', 1 << 62)",
        "string.find(('a'):rep(200), ('.-'):rep(40) .. 'b')",
        "while true do pcall(function() local t = {} while true do t[#t + 1] = {} end end) end",
        "while true do pcall(geuse.echo, {1}) end",
    ]

    static let disguises = [
        "pcall(attack)",
        "xpcall(error, attack)",
        "coroutine.wrap(attack)()",
        "coroutine.resume(coroutine.create(function() pcall(coroutine.wrap(attack)) end))",
        "do local guard <close> = setmetatable({}, {__close = attack}) end",
        "pcall(function() local guard <close> = setmetatable({}, {__close = attack}) error('x') end)",
        "local n = setmetatable({}, {__index = attack}).name",
        "local e = setmetatable({}, {__eq = attack}) == setmetatable({}, {__eq = attack})",
        "table.sort({2, 1}, attack)",
        "local s = ('x'):gsub('.', attack)",
        "load('local attack = ... attack()')(attack)",
        "load(attack)",
        "geuse.window('w', attack)",
        "for _ in attack do end",
        "tostring(setmetatable({}, {__tostring = attack}))",
        "pcall(function() error(setmetatable({}, {__tostring = attack})) end) attack()",
    ]

    @Test(.timeLimit(.minutes(10)), arguments: disguises)
    func everyAttackIsStopped(_ disguise: String) throws {
        for attack in Self.attacks {
            let recorder = Recorder()
            let failure = try TestModule.failure(
                of: "local function attack()\n\(attack)\nend\n\(disguise)\ngeuse.change('after')",
                limits: ScriptLimits(ownTime: 0.1),
                recorder: recorder
            )
            let ends = [ScriptFailure.Cause.timeout, .memory, .crash]
            #expect(failure.map { ends.contains($0.cause) } == true, "\(attack): \(failure as Any)")
            #expect(recorder.changes.isEmpty)
        }
    }
}
