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
        let earlier = try PlanFile(SealedJSON.seal(old, after: "").line + [0x0A])
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
        let read = try PlanFile(SealedJSON.seal(old, after: "").line + [0x0A])
        #expect(read.options == PlanFile.Options())
        try read.check(plan, facts)
    }

    @Test("one that was cut off or edited anywhere is refused")
    func damage() throws {
        let bytes = file.bytes
        for end in bytes.indices {
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

    @Test(
        "of a host that was not seen nothing is said to have moved, but why it could not be seen is"
    )
    func unseen() throws {
        var later = facts
        later.host = nil
        later.hostError = Diagnostic("InvalidInstanceId", "The agent is not there.")
        try file.check(plan, later)
        try file.check(later)
        later.instance.state = .stopped
        let error = try #require(refusal { try file.check(later) })
        #expect(error.code == "plan_outdated" && error.kind == .refused)
        #expect(
            error.detail == "instance state: was running, is stopped\nNothing was touched."
        )
    }

    @Test("a plan without steps is written and read, too, also one for which nothing was looked at")
    func empty() throws {
        let none = Plan(stack: fixture.name)
        for seen in [facts, nil] {
            let written = PlanFile(
                none,
                seen,
                command: "update",
                script: "update.lua",
                scriptHash: "abc",
                arguments: [],
                made: fixture.clock.now()
            )
            let read = try PlanFile(written.bytes)
            #expect(read == written)
            if seen != nil { try read.check(none, facts) }
            #expect(refusal { try read.check(plan, facts) }?.code == "plan_outdated")
        }
    }

    @Test("an Elastic IP that was dropped meanwhile makes the plan another one")
    func address() throws {
        var options = SandboxOptions()
        options.hasElasticIP = true
        let fixture = try StackFixture(options)
        let script = { (stack: any Primitives) in
            try stack.resize(InstanceType("t3.large"), fallback: [])
        }
        let kept = try fixture.plan(script)
        let facts = try fixture.facts()
        #expect(!kept.changesAddress)
        let written = PlanFile(
            kept,
            facts,
            command: "update",
            script: "update.lua",
            scriptHash: "abc",
            arguments: [],
            made: fixture.clock.now()
        )
        let read = try PlanFile(written.bytes)
        try read.check(kept, facts)
        var lost = kept
        lost.changesAddress = true
        let error = try #require(refusal { try read.check(lost, facts) })
        #expect(error.code == "plan_outdated")
        #expect(error.detail?.contains("public address kept: was yes, is no") == true)
        // The other way round the plan is not what was looked at, either.
        #expect(refusal { try file.check(plan, self.facts) } == nil)
        var better = plan
        better.changesAddress = false
        #expect(refusal { try file.check(better, self.facts) }?.code == "plan_outdated")
        // A file of an earlier version says nothing of it, and a plan without a stop does not hang on it.
        try PlanFile(Self.earlier(written)).check(lost, facts)
        #expect(PlanFingerprint(facts, Plan(stack: fixture.name)) == PlanFingerprint(facts))
    }

    /// A file without the facts that earlier versions did not write.
    private static func earlier(_ file: PlanFile) throws -> [UInt8] {
        let sealed = try #require(SealedJSON.open(Array(file.bytes.dropLast()), after: ""))
        var object = sealed.object
        let facts = object["fingerprint"]?.objectValue?.members ?? []
        object["fingerprint"] = .object(
            JSONObject(
                facts.filter { $0.name != "public address kept" }.map { ($0.name, $0.value) }
            )
        )
        return SealedJSON.seal(object, after: "").line + [0x0A]
    }

    @Test("a file system that is not answered for is no difference")
    func fileSystem() throws {
        var silent = facts
        silent.fileSystem = nil
        silent.fileSystemError = Diagnostic("AccessDeniedException", "No.")
        try file.check(plan, silent)
        let other = PlanFile(
            plan,
            silent,
            command: "update",
            script: "update.lua",
            scriptHash: "abc",
            arguments: [],
            made: fixture.clock.now()
        )
        try other.check(plan, facts)
        // One that is gone is one.
        var gone = facts
        gone.fileSystem = nil
        let error = try #require(refusal { try file.check(plan, gone) })
        #expect(error.code == "plan_outdated")
        #expect(error.detail?.contains(", is none") == true)
    }

    @Test("a step of a later version, and one that holds what no step has, are the file's fault")
    func steps() throws {
        let sealed = try #require(SealedJSON.open(Array(file.bytes.dropLast()), after: ""))
        func code(_ step: JSONValue, stack: JSONValue? = nil) -> String? {
            var object = sealed.object
            object["steps"] = .array((sealed.object["steps"]?.arrayValue ?? []) + [step])
            if let stack { object["stack"] = stack }
            let bytes = SealedJSON.seal(object, after: "").line + [0x0A]
            let error = refusal { _ = try PlanFile(bytes) }
            #expect(error?.kind == .refused)
            #expect(error?.hint?.contains("--out FILE") == true)
            #expect(error?.hint?.contains("recover") == false)
            return error?.code
        }
        #expect(code(["step": "dance"]) == "plan_file_newer")
        for step in [
            [:], ["step": 1], ["step": "restart"], ["step": "scale", "group": "g"],
            ["step": "resize", "from": "t3.medium", "to": "no type", "fallback": []],
            ["step": "pull", "service": "n8n"], ["step": "rollback"],
        ] as [JSONValue] {
            #expect(code(step) == "plan_file_damaged")
        }
        #expect(code(["step": "prune"], stack: "../x") == "plan_file_damaged")
    }

    @Test("a time limit that is none is no plan's", arguments: ["1e300", "-1", "1e999"])
    func limits(_ number: String) throws {
        let sealed = try #require(SealedJSON.open(Array(file.bytes.dropLast()), after: ""))
        var object = sealed.object
        object["health_timeout"] = .number(number)
        let bytes = SealedJSON.seal(object, after: "").line + [0x0A]
        #expect(refusal { _ = try PlanFile(bytes) }?.code == "plan_file_damaged")
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
