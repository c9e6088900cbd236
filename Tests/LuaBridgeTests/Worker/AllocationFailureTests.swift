import GeuseRuntime
import Testing

@testable import LuaBridge

/// An allocation is refused at each point of a worker's life: it ends, and never with a wrong result.
///
/// The worker's allocator counts what it is asked for and refuses what a test tells it to (CLua's
/// memory.c); the program itself has no way to ask for that.
@Suite struct AllocationFailureTests {
    /// A script that ends by telling what it worked out, and what that has to be.
    struct Work: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let right: String
        var testDescription: String { name }
    }

    /// What every other script needs before its first line.
    static let nothing = Work(name: "nothing", text: "geuse.change('x')", right: "x")

    static let works = [
        Work(
            name: "calls",
            text: """
                local kept = {}
                for i = 1, 3 do
                  kept[i] = geuse.echo({name = "n" .. i, list = {i, i + 1}, text = ("x"):rep(200)})
                end
                local inside = geuse.window("w", function(given) return given .. "!" end)
                local sum = 0
                for _, value in pairs(kept) do sum = sum + value.list[2] end
                geuse.change(("%s %d %s"):format(inside, sum, kept[3].name))
                """,
            right: "inside w! 9 n3"
        ),
        Work(
            name: "tables",
            text: """
                local t, words = {}, {}
                for i = 1, 40 do t[i] = {key = "k" .. i, [i] = i * 2} end
                table.sort(t, function(a, b) return a.key > b.key end)
                for name, value in pairs({b = 2, a = 1, c = {3}}) do words[#words + 1] = name end
                local moved = table.move(t, 1, 5, 1, {})
                local set = setmetatable({}, {__index = function(_, k) return k .. "?" end})
                local copy = table.pack(table.unpack(words))
                geuse.change(table.concat({t[1].key, #t, table.concat(copy, ""), set.x, #moved}, " "))
                """,
            right: "k9 40 abc x? 5"
        ),
        Work(
            name: "errors",
            text: """
                local seen = {}
                local function note(ok, e)
                  seen[#seen + 1] = ok and "ok" or type(e) == "table" and e.code or tostring(e):match("(%w+)%W*$")
                end
                note(pcall(geuse.refuse))
                note(pcall(error, "plain"))
                note(pcall(error, {code = "mine"}))
                note(xpcall(function() local x <close> = setmetatable({}, {__close = function() end})
                  error("closed") end, function(e) return "handled" end))
                note(pcall(geuse.window, "w", function() error({code = "inside"}) end))
                note(pcall(string.rep))
                geuse.change(table.concat(seen, " "))
                """,
            right: "refused_here plain mine handled inside value"
        ),
        Work(
            name: "coroutines",
            text: """
                local function count(n) return coroutine.wrap(function()
                  for i = 1, n do coroutine.yield(i) end
                end) end
                local sum = 0
                for i in count(5) do sum = sum + i end
                local co = coroutine.create(function(a)
                  local b = coroutine.yield(a + 1)
                  local got = geuse.echo({b = b})
                  error({code = "in_co", message = got.b})
                end)
                local _, first = coroutine.resume(co, 1)
                local ok, e = coroutine.resume(co, "text")
                geuse.change(("%d %d %s %s %s %s"):format(sum, first, ok, e.code, e.message,
                  coroutine.status(co)))
                """,
            right: "15 2 false in_co text dead"
        ),
        Work(
            name: "require",
            text: """
                local images = require("common.images")
                local again = require("common.images")
                local missing = select(2, pcall(require, "nothing.here"))
                local broken = pcall(require, "broken")
                local f = load("return ... + 1")
                geuse.change(("%d %s %s %s %d"):format(images.twice(4), images == again,
                  type(missing) == "table" and missing.code or missing, broken, f(1)))
                """,
            right: "8 true module_not_found false 2"
        ),
    ]

    /// Runs with allocations refused; gives whether the script ended well.
    private func outcome(_ work: Work, refusing first: Int, count: Int) throws -> Bool {
        var limits = ScriptLimits(ownTime: 5)
        limits.refusedAllocation = first
        limits.refusedAllocations = count
        let recorder = Recorder()
        let failure = try TestModule.failure(of: work.text, limits: limits, recorder: recorder)
        if let failure {
            // pcall may have caught it in place of the error that the script expects.
            #expect(
                failure.cause == .memory || failure.cause == .script,
                "\(work.name) at \(first): \(failure)"
            )
        } else if recorder.changes != [work.right] {
            // A pcall of the script's own may have taken the refusal for the error that it expects; it
            // then says so, which is no wrong result. Anything else is.
            let said = recorder.changes.first ?? ""
            let isTold = recorder.changes.count == 1 && said.contains("memory")
            #expect(isTold, "\(work.name) at \(first): \(recorder.changes)")
        }
        #expect(recorder.changes.count <= 1)
        let begun = recorder.events.filter { $0.hasPrefix("begin") }.count
        #expect(begun <= 1 && recorder.events.count <= 2 * begun)
        return failure == nil
    }

    /// How many allocations a script makes: from one more on a refusal does not meet it.
    private func allocations(_ work: Work) throws -> Int {
        var low = 0
        var high = 20_000
        #expect(try outcome(work, refusing: high, count: 1_000_000))
        while high - low > 1 {
            let middle = (low + high) / 2
            if try outcome(work, refusing: middle, count: 1_000_000) {
                high = middle
            } else {
                low = middle
            }
        }
        return low
    }

    /// The worker's own beginning, allocation by allocation: one refusal, the second that follows when Lua
    /// has collected its garbage, and none granted from there on.
    @Test(.timeLimit(.minutes(10)), arguments: [1, 2, 1_000_000])
    func noRefusalBeforeTheFirstLineGoesUnnoticed(_ count: Int) throws {
        let last = try allocations(Self.nothing)
        #expect(last > 300, "the worker allocates less than it seems: \(last)")
        for point in 1...last + 3 { _ = try outcome(Self.nothing, refusing: point, count: count) }
    }

    /// The script's own part, in the same way.
    @Test(.timeLimit(.minutes(10)), arguments: works, [1, 2, 1_000_000])
    func noRefusalInAScriptGoesUnnoticed(_ work: Work, _ count: Int) throws {
        let first = try allocations(Self.nothing)
        let last = try allocations(work)
        #expect(last > first + 20, "\(work.name) allocates less than it seems: \(last - first)")
        for point in max(1, first - 20)...last + 5 {
            _ = try outcome(work, refusing: point, count: count)
        }
    }

    @Test func withoutARefusalEachSaysWhatItHasTo() throws {
        for work in Self.works + [Self.nothing] {
            let recorder = Recorder()
            try TestModule.run(work.text, recorder: recorder)
            #expect(recorder.changes == [work.right], "\(work.name)")
        }
    }
}
