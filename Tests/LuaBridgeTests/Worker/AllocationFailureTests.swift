import GeuseRuntime
import Testing

@testable import LuaBridge

/// An allocation is refused at each point of a worker's life: it ends, and never with a wrong result.
@Suite struct AllocationFailureTests {
    private static let script = """
        local kept = {}
        for i = 1, 3 do
          kept[i] = geuse.echo({name = "n" .. i, list = {i, i + 1}, text = ("x"):rep(200)})
        end
        local inside = geuse.window("w", function(given) return given .. "!" end)
        local ok, e = pcall(geuse.refuse)
        local images = require("common.images")
        local sum = 0
        for _, value in pairs(kept) do sum = sum + value.list[2] end
        table.sort(kept, function(a, b) return a.name > b.name end)
        geuse.change(("%s %d %s %s %d"):format(inside, sum, e.code, kept[1].name, images.twice(4)))
        """
    private static let right = "inside w! 9 refused_here n3 8"

    /// Runs with allocations refused; gives whether the script ended well.
    private func outcome(refusing first: Int, count: Int) throws -> Bool {
        var limits = ScriptLimits(ownTime: 5)
        limits.refusedAllocation = first
        limits.refusedAllocations = count
        let recorder = Recorder()
        let failure = try TestModule.failure(of: Self.script, limits: limits, recorder: recorder)
        if let failure {
            // pcall may have caught it in place of the error that the script expects.
            #expect(failure.cause == .memory || failure.cause == .script, "at \(first): \(failure)")
        } else {
            #expect(recorder.changes == [Self.right], "at \(first)")
        }
        #expect(recorder.changes.count <= 1)
        let begun = recorder.events.filter { $0.hasPrefix("begin") }.count
        #expect(begun <= 1 && recorder.events.count <= 2 * begun)
        return failure == nil
    }

    /// One refusal, and the second that follows when Lua has collected its garbage.
    @Test(.timeLimit(.minutes(10))) func anyOneRefusalIsSurvivedOrReported() throws {
        #expect(try outcome(refusing: 1_000_000, count: 2))
        var point = 1
        var wellInARow = 0
        // Past the last allocation everything ends well.
        while wellInARow < 40 {
            wellInARow = try outcome(refusing: point, count: 2) ? wellInARow + 1 : 0
            point += point < 600 ? 7 : 1
        }
        #expect(point > 1000, "the script allocates less than it seems: \(point)")
    }

    /// No memory from some point on.
    @Test(.timeLimit(.minutes(10))) func aDroughtIsReported() throws {
        for point in stride(from: 1, through: 1500, by: 13) {
            _ = try outcome(refusing: point, count: 1_000_000)
        }
    }
}
