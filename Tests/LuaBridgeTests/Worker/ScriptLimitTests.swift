import GeuseRuntime
import Glibc
import Testing

@testable import LuaBridge

@Suite struct ScriptLimitTests {
    @Test func atTheDeadlineTheLineIsKnown() throws {
        let limits = ScriptLimits(ownTime: 1)
        let failure = try TestModule.failure(
            of: "local n = 0\nlocal function spin()\n  while true do n = n + 1 end\nend\nspin()",
            limits: limits
        )
        #expect(failure?.cause == .timeout)
        #expect(failure?.line == 3)
        #expect(failure?.traceback?.contains("test.lua:5: in main chunk") == true)
        #expect(
            failure?.diagnostic.summary == "The script was stopped after 1 s of its own time."
        )
    }

    @Test func atTheDeadlineTheLineInACoroutineIsKnown() throws {
        let limits = ScriptLimits(ownTime: 1)
        let failure = try TestModule.failure(
            of: "coroutine.wrap(function()\n  coroutine.wrap(function()\n    while true do end\n"
                + "  end)()\nend)()",
            limits: limits
        )
        #expect(failure?.cause == .timeout)
        #expect(failure?.line == 3)
    }

    @Test func insideAFunctionOfCTheLastCallIsKnown() throws {
        let limits = ScriptLimits(ownTime: 1)
        let failure = try TestModule.failure(
            of: "\n\ngeuse.echo(1)\nstring.rep('', 1 << 62)",
            limits: limits
        )
        #expect(failure?.cause == .timeout)
        #expect(failure?.line == 3)
    }

    @Test func timeInsideCallsIsNotTheScripts() throws {
        // The clock jumps an hour during each call, and stands still otherwise.
        let clock = JumpingClock()
        let worker = try ScriptWorker(limits: ScriptLimits(ownTime: 1), clock: clock)
        try worker.run(
            ScriptSource(name: "t.lua", text: "for i = 1, 3 do geuse.echo(i) end"),
            modules: [TestModule.geuse.signature]
        ) { call in
            clock.time += 3600
            return call.arguments.first ?? .nil
        }
        #expect(clock.time == 3 * 3600)
    }

    @Test func timeInsideRequireIsTheScripts() throws {
        let clock = JumpingClock()
        let worker = try ScriptWorker(limits: ScriptLimits(ownTime: 10), clock: clock)
        var reads = 0
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: "while true do pcall(require, 'nothere') end"),
                modules: [TestModule.geuse.signature],
                require: { name in
                    reads += 1
                    // Where nothing else ends it.
                    guard reads < 10 else { throw AbortScript(Diagnostic("never", "Never.")) }
                    clock.time += 4
                    return try ScriptWorker.noModules(name)
                }
            ) { _ in .nil }
        }
        #expect(failure?.cause == .timeout)
        #expect(reads == 3)
    }

    @Test(arguments: ["nothere", "failing"])
    func requiresAreCounted(_ module: String) throws {
        var limits = ScriptLimits()
        limits.calls = 50
        let failure = try TestModule.failure(
            of: "for i = 1, 50 do pcall(require, '\(module)') end\nrequire 'common.images'",
            limits: limits
        )
        #expect(failure?.diagnostic.code == "too_many_calls")
        #expect(failure?.line == 2)
    }

    @Test func aCancellationIsSeenBetweenCallsThatDoNotWait() throws {
        let cancellation = Cancellation()
        let worker = try ScriptWorker()
        var calls = 0
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: "while true do geuse.echo(1) end"),
                modules: [TestModule.geuse.signature],
                cancellation: cancellation
            ) { _ in
                calls += 1
                if calls == 3 { cancellation.cancel() }
                // Long enough for nothing to be waited for.
                usleep(1000)
                return .nil
            }
        }
        #expect(failure?.cause == .interrupted)
        #expect(calls == 3)
    }

    @Test func timeBetweenCallsIsAddedUp() throws {
        // Each look at the clock takes a tenth of a second: a few frames use up a second.
        let clock = JumpingClock()
        clock.step = 0.1
        let worker = try ScriptWorker(limits: ScriptLimits(ownTime: 1), clock: clock)
        var calls = 0
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: "while true do geuse.echo(1) end"),
                modules: [TestModule.geuse.signature]
            ) { _ in
                calls += 1
                return .nil
            }
        }
        #expect(failure?.cause == .timeout)
        #expect((1..<10).contains(calls))
    }

    @Test func aCancellationEndsAScriptThatRuns() throws {
        let cancellation = Cancellation()
        let worker = try ScriptWorker()
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: "geuse.echo(1) while true do end"),
                modules: [TestModule.geuse.signature],
                cancellation: cancellation
            ) { _ in
                cancellation.cancel()
                return .nil
            }
        }
        #expect(failure?.cause == .interrupted)
        #expect(failure?.diagnostic.kind == .interrupted)
    }

    @Test func anInterruptedCallCannotBeCaught() throws {
        let worker = try ScriptWorker()
        var calls = 0
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(name: "t.lua", text: "while true do pcall(geuse.echo, 1) end"),
                modules: [TestModule.geuse.signature]
            ) { _ in
                calls += 1
                throw Diagnostic("interrupted", "Stopped.", kind: .interrupted)
            }
        }
        #expect(failure?.cause == .interrupted)
        #expect(calls == 1)
    }

    @Test(arguments: [1, 8, 64])
    func memoryIsLimitedAsAsked(_ mebibytes: Int) throws {
        let text = "local t = {} for i = 1, math.huge do t[i] = ('x'):rep(1000) .. i end"
        let limits = ScriptLimits(memory: mebibytes << 20)
        let failure = try TestModule.failure(of: "\n" + text, limits: limits)
        #expect(failure?.cause == .memory)
        #expect(failure?.line == 2)
        #expect(failure?.diagnostic.summary.contains(" \(mebibytes) MiB") == true)
    }

    @Test func aTableThatWasWalkedWithNextIsLetGoOf() throws {
        // Two of them at a time would be too much.
        let text = """
            local function fill()
                local t = {}
                for i = 1, 40000 do t[i] = ("x"):rep(900) .. i end
                return t
            end
            local function walk(t) for k in next, t do assert(t[k]) end end
            for _ = 1, 3 do walk(fill()) end
            """
        #expect(try TestModule.failure(of: text)?.diagnostic == nil)
    }

    @Test func anErrorThatNoFrameCanCarryIsCut() throws {
        let huge = String(repeating: "x", count: 9 << 20)
        let worker = try ScriptWorker()
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(
                ScriptSource(
                    name: "t.lua",
                    text:
                        "local ok, e = pcall(geuse.echo)\nassert(#e.detail < 1 << 17)\ngeuse.echo()"
                ),
                modules: [TestModule.geuse.signature]
            ) { _ in
                throw Diagnostic("of_mine", huge, detail: huge, hint: huge, kind: .usage)
            }
        }
        #expect(failure?.diagnostic.code == "of_mine")
        #expect(failure?.diagnostic.kind == .usage)
    }

    @Test func tooLittleToStartWithIsAnErrorToo() throws {
        for bytes in [0, 1, 1000, 20_000] {
            let failure = try TestModule.failure(of: "x = 1", limits: ScriptLimits(memory: bytes))
            #expect(failure?.cause == .memory, "with \(bytes) bytes")
        }
    }

    @Test func aWorkerDiesWithItsOwner() throws {
        var worker: ScriptWorker? = try ScriptWorker()
        let id = try #require(worker?.processID)
        #expect(kill(id, 0) == 0)
        worker = nil
        #expect(kill(id, 0) != 0 && errno == ESRCH)
    }

    @Test func oneKilledFromOutsideIsACrash() throws {
        let worker = try ScriptWorker()
        let id = try #require(worker.processID)
        kill(id, SIGKILL)
        let failure = #expect(throws: ScriptFailure.self) {
            try worker.run(ScriptSource(name: "t.lua", text: "x = 1")) { _ in .nil }
        }
        #expect(failure?.cause == .crash)
        #expect(failure?.diagnostic.summary.contains("SIGKILL") == true)
    }

    @Test func workersStartedAheadRunSideBySide() async throws {
        let results = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<16 {
                group.addTask {
                    let workers = try [ScriptWorker(), ScriptWorker()]
                    let recorder = Recorder()
                    for worker in workers {
                        try worker.run(
                            ScriptSource(
                                name: "t.lua",
                                text: "for i = 1, 50 do geuse.change('\(number)') end"
                            ),
                            with: Dispatcher([TestModule.geuse]),
                            in: recorder
                        )
                    }
                    return recorder.changes.filter { $0 == "\(number)" }.count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [Int](repeating: 100, count: 16))
    }

    @Test func onlyCompilingRunsNothing() throws {
        let recorder = Recorder()
        for (text, code) in [
            ("geuse.change('x') loop(", "script_syntax"), ("geuse.change('x')", nil),
        ] {
            let worker = try ScriptWorker()
            var found: String?
            do {
                try worker.run(
                    ScriptSource(name: "t.lua", text: text),
                    mode: .compile,
                    modules: [TestModule.geuse.signature]
                ) { call in
                    recorder.changes.append(call.function)
                    return .nil
                }
            } catch { found = error.diagnostic.code }
            #expect(found == code)
        }
        #expect(recorder.changes.isEmpty)
    }
}

/// Stands still, but for a step at each look.
final class JumpingClock: Clock {
    var time = 0.0
    var step = 0.0

    func now() -> Timestamp { Timestamp(microseconds: Int64(time * 1e6)) }

    func monotonic() -> Double {
        time += step
        return time
    }

    func sleep(_ seconds: Double, _ cancellation: Cancellation) throws { time += seconds }
}
