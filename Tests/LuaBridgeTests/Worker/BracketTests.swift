import GeuseRuntime
import Testing

@testable import LuaBridge

/// A bracket that was begun is ended exactly once, however its function ends.
@Suite struct BracketTests {
    private func events(_ text: String) throws -> ([String], ScriptFailure?) {
        let recorder = Recorder()
        let failure = try TestModule.failure(of: text, recorder: recorder)
        return (recorder.events, failure)
    }

    @Test func itIsBegunAndEndedAroundItsFunction() throws {
        let (events, failure) = try events(
            """
            local a, b, c = geuse.window("w", function(inside)
              assert(inside == "inside w")
              return 1, nil, "three"
            end)
            assert(a == 1 and b == nil and c == "three")
            """
        )
        #expect(failure == nil)
        #expect(events == ["begin w", "end well"])
    }

    @Test func aFailureInsideEndsItAndIsRaisedAgain() throws {
        let (events, failure) = try events("geuse.window('w', function()\n  geuse.refuse()\nend)")
        #expect(events == ["begin w", "end refused_here"])
        #expect(failure?.diagnostic.code == "refused_here")
        #expect(failure?.diagnostic.kind == .refused)
        #expect(failure?.line == 2, "the line of the call, not of the bracket")
        #expect(failure?.traceback?.contains("test.lua:2: in function <test.lua:1>") == true)
    }

    @Test(arguments: ["geuse.window('w')", "geuse.window()", "geuse.window('w', 1)"])
    func withoutItsFunctionItIsAWrongCallAsAnyOther(_ call: String) throws {
        let (events, failure) = try events(call)
        #expect(events.isEmpty)
        #expect(failure?.diagnostic.code == "wrong_type")
        #expect(failure?.diagnostic.kind == .usage)
    }

    @Test func bracketsNest() throws {
        let (events, failure) = try events(
            """
            local ok = pcall(geuse.window, "a", function()
              geuse.window("b", function() error("no", 0) end)
            end)
            assert(not ok)
            geuse.window("c", function() end)
            """
        )
        #expect(failure == nil)
        #expect(events == ["begin a", "begin b", "end no", "end no", "begin c", "end well"])
    }

    @Test func oneThatCannotBeginRunsNothing() throws {
        let (events, failure) = try events(
            "geuse.window('closed', function() geuse.change('x') end)"
        )
        #expect(events == ["begin closed"])
        #expect(failure?.diagnostic.code == "window_closed")
        // And the next one is none the worse.
        let (more, second) = try self.events(
            "pcall(geuse.window, 'closed', function() end) geuse.window('w', function() end)"
        )
        #expect(more == ["begin closed", "begin w", "end well"])
        #expect(second == nil)
    }

    @Test func ofTwoFailuresTheFirstIsRaised() throws {
        let (events, failure) = try events(
            "geuse.window('w', function() error('and the end fails', 0) end)"
        )
        #expect(events == ["begin w", "end and the end fails"])
        #expect(failure?.diagnostic.summary == "and the end fails")
    }

    @Test func aCoroutineCannotLeaveItHalfWay() throws {
        let (events, failure) = try events(
            """
            local go = coroutine.wrap(function()
              geuse.window("w", function() coroutine.yield() end)
            end)
            go()
            """
        )
        #expect(events.count == 2 && events.first == "begin w")
        #expect(failure?.diagnostic.code == "script_failed")
    }

    @Test func itIsEndedWhenMemoryRunsOutInside() throws {
        let (events, failure) = try events(
            "geuse.window('w', function() local t = {} while true do t[#t + 1] = {} end end)"
        )
        #expect(events == ["begin w", "end not enough memory"])
        #expect(failure?.cause == .memory)
    }
}
