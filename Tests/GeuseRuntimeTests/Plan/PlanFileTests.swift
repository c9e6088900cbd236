import Testing

@testable import GeuseRuntime

@Suite("A plan in a file is applied as it is or not at all")
struct PlanFileTests {
    private let fixture: StackFixture
    private let plan: Plan
    private let facts: LiveFacts
    private let file: PlanFile

    init() throws {
        fixture = try StackFixture()
        plan = try fixture.plan { stack in
            try stack.resize(InstanceType("t3.large"), fallback: [InstanceType("m6i.large")])
            try stack.setImage(
                ServiceName(unchecked: "n8n"),
                ImageReference(unchecked: "n8nio/n8n:1.20.0")
            )
        }
        facts = try fixture.facts()
        file = PlanFile(
            plan,
            facts,
            command: "update",
            script: "update.lua",
            scriptHash: "abc",
            arguments: ["--instance-type", "t3.large"],
            made: fixture.clock.now()
        )
    }

    private func refusal(_ body: () throws -> Void) -> Diagnostic? {
        do {
            try body()
            return nil
        } catch { return error as? Diagnostic }
    }

    @Test("what was written is read")
    func roundTrip() throws {
        let read = try PlanFile(file.bytes)
        #expect(read == file)
        try read.check(plan, facts)
        try read.checkScript("abc") { _ in nil }
        #expect(refusal { try read.checkScript("abd") { _ in nil } }?.code == "script_changed")
    }

    @Test("a script whose modules are not what they were is refused; earlier files name none")
    func modules() throws {
        let written = PlanFile(
            plan,
            facts,
            command: "run",
            script: "own.lua",
            scriptHash: "abc",
            modules: [ModuleHash(name: "a.b", sha256: "1"), ModuleHash(name: "c", sha256: nil)],
            arguments: [],
            made: fixture.clock.now()
        )
        let read = try PlanFile(written.bytes)
        #expect(read == written)
        try read.checkScript("abc") { ["a.b": "1"][$0] }
        for now in [["a.b": "2"], [:], ["a.b": "1", "c": "3"]] {
            let error = refusal { try read.checkScript("abc") { now[$0] } }
            #expect(error?.code == "script_changed" && error?.kind == .refused)
        }
        let sealed = try #require(SealedJSON.open(Array(written.bytes.dropLast()), after: ""))
        let old = JSONObject(
            sealed.object.members.filter { $0.name != "modules" }.map { ($0.name, $0.value) }
        )
        let earlier = try PlanFile(SealedJSON.seal(old, after: "").line)
        #expect(earlier.modules.isEmpty)
        try earlier.checkScript("abc") { _ in "anything" }
    }

    @Test("how it is to be done is kept, and a file of an earlier version says nothing of it")
    func options() throws {
        var options = PlanFile.Options()
        options.reservesCapacity = true
        options.staysAfterFailure = true
        options.healthTimeout = 900
        let written = PlanFile(
            plan,
            facts,
            command: "update",
            script: "update.lua",
            scriptHash: "abc",
            arguments: [],
            options: options,
            made: fixture.clock.now()
        )
        #expect(try PlanFile(written.bytes).options == options)
        #expect(try PlanFile(file.bytes).options == PlanFile.Options())
        let sealed = try #require(SealedJSON.open(Array(written.bytes.dropLast()), after: ""))
        let names = ["reserve_capacity", "no_rollback", "health_timeout"]
        let old = JSONObject(
            sealed.object.members.filter { !names.contains($0.name) }.map { ($0.name, $0.value) }
        )
        let read = try PlanFile(SealedJSON.seal(old, after: "").line)
        #expect(read.options == PlanFile.Options())
        try read.check(plan, facts)
    }

    @Test("one that was cut off or edited anywhere is refused")
    func damage() throws {
        let bytes = file.bytes
        for end in 0..<bytes.count - 1 {
            #expect(refusal { _ = try PlanFile(Array(bytes[..<end])) }?.kind == .refused)
        }
        for place in 0..<bytes.count - 1 {
            var flipped = bytes
            flipped[place] ^= 1
            #expect(refusal { _ = try PlanFile(flipped) }?.code == "plan_file_damaged", "\(place)")
        }
        #expect(refusal { _ = try PlanFile([]) }?.code == "plan_file_damaged")
    }

    @Test("each fact that moved is told")
    func moved() throws {
        var later = facts
        later.instance.type = "t3.xlarge"
        later.host?.project.sha256 = "other"
        later.host?.services.removeLast()
        let error = try #require(refusal { try file.check(plan, later) })
        #expect(error.code == "plan_outdated" && error.kind == .refused)
        let detail = try #require(error.detail)
        #expect(detail.contains("instance type: was t3.medium, is t3.xlarge"))
        #expect(detail.contains("compose file's SHA-256: was "))
        #expect(detail.contains(", is not there"))
        #expect(detail.contains("Nothing was touched"))
    }

    @Test("a script that asks for something else is refused")
    func otherSteps() throws {
        var other = plan
        other.steps.removeLast()
        let error = try #require(refusal { try file.check(other, facts) })
        #expect(error.code == "plan_outdated")
        // Nothing of the stack has moved, and it is not said to have.
        #expect(error.summary.hasPrefix("The script asks for something else than in the plan of "))
        #expect(error.detail?.contains("is nothing more") == true)
    }
}
