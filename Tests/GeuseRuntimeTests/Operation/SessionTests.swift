import Testing

@testable import GeuseRuntime

@Suite("A session does what its plan says")
struct SessionTests {
    private let newImage = ImageReference(unchecked: "n8nio/n8n:1.20.0")
    private let n8n = ServiceName(unchecked: "n8n")
    private let large = InstanceType(unchecked: "t3.large")

    private func update(_ stack: any Primitives) throws {
        _ = try stack.backup(label: nil)
        _ = try stack.pull(n8n, newImage)
        try stack.openWindow("update")
        try stack.resize(large, fallback: [])
        try stack.setImage(n8n, newImage)
        try stack.closeWindow("update", failed: false)
    }

    @Test("Type and image change in one interruption, and the state says what was seen")
    func both() throws {
        let fixture = try StackFixture()
        let plan = try fixture.plan(update)
        #expect(plan.changes.map(\.new) == ["t3.large", "n8nio/n8n:1.20.0"])
        let session = try fixture.session(plan)
        try update(session)
        let result = try session.finish()

        #expect(result.changesApplied == ["instance_type:t3.large", "n8n -> n8nio/n8n:1.20.0"])
        #expect(result.downtimeSeconds > 0)
        let state = try fixture.loaded().state
        #expect(state.status == .running)
        #expect(state.config.instanceType == large)
        #expect(state.image(of: n8n) == newImage)
        #expect(state.previousStates.first?.config.instanceType.text == "t3.medium")
        #expect(state.lastHealthyState?.config.instanceType == large)
        let facts = try fixture.facts()
        #expect(facts.instance.type == "t3.large")
        #expect(state.publicIP == facts.instance.publicIP)
        #expect(facts.host?.service(n8n)?.image == "n8nio/n8n:1.20.0")
        #expect(facts.host?.services.allSatisfy(\.isWell) == true)
        // One interruption: one stop and one start of the instance, services stopped once.
        let requests = try fixture.requests()
        #expect(requests.filter { $0 == "StopInstances" }.count == 1)
        #expect(requests.filter { $0 == "StartInstances" }.count == 1)
    }

    @Test("A rehearsal touches nothing")
    func rehearsal() throws {
        let fixture = try StackFixture()
        let before = try fixture.sandbox.world(fixture.name)
        _ = try fixture.plan(update)
        let changing = ["StopInstances", "StartInstances", "ModifyInstanceAttribute"]
        #expect(try fixture.requests().allSatisfy { !changing.contains($0) })
        let after = try fixture.sandbox.world(fixture.name)
        #expect(before.instance.type == after.instance.type)
        #expect(try fixture.loaded().state.status == .running)
    }

    @Test("A change that is not the plan's next step is not done")
    func divergence() throws {
        let fixture = try StackFixture()
        let plan = try fixture.plan {
            try $0.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        let session = try fixture.session(plan)
        let error = #expect(throws: Diagnostic.self) {
            try session.setImage(n8n, newImage)
        }
        #expect(error?.code == "plan_diverged")
        #expect(throws: Diagnostic.self) { try session.resize(large, fallback: []) }
        #expect(session.hasChanged == false)
    }

    @Test("A failure cannot be retried into success")
    func sticky() throws {
        let fixture = try StackFixture()
        let plan = try fixture.plan(update)
        let session = try fixture.session(plan)
        try fixture.fault("pull=manifest-unknown")
        _ = try session.backup(label: nil)
        let first = #expect(throws: Diagnostic.self) { try session.pull(n8n, newImage) }
        #expect(first?.code == "image_not_found")
        try fixture.sandbox.clearFaults(fixture.name)
        let second = #expect(throws: Diagnostic.self) { try session.pull(n8n, newImage) }
        #expect(second?.code == "session_failed")
        #expect(session.compensate(because: try #require(first)) == .nothingChanged)
        #expect(try fixture.loaded().state.status == .running)
    }

    @Test("No change happens without a backup, whatever the script forgets")
    func backupFirst() throws {
        let fixture = try StackFixture()
        let script: (any Primitives) throws -> Void = {
            try $0.setImage(n8n, newImage)
        }
        let plan = try fixture.plan(script)
        #expect(plan.steps.first == .backup(label: nil))
        let session = try fixture.session(plan)
        try script(session)
        let result = try session.finish()
        #expect(
            try Backups(fixture.directory, fixture.files, fixture.clock).list(fixture.name).count
                == 1
        )
        #expect(result.backup != nil)
    }

    @Test("Several images change in one edit, and the last word on a service counts")
    func severalImages() throws {
        let fixture = try StackFixture()
        let qdrant = ServiceName(unchecked: "qdrant")
        let script: (any Primitives) throws -> Void = { stack in
            try stack.openWindow("w")
            try stack.setImage(n8n, ImageReference("n8nio/n8n:1.19.5"))
            try stack.setImage(qdrant, ImageReference("qdrant/qdrant:v1.7.4"))
            try stack.setImage(n8n, newImage)
            try stack.closeWindow("w", failed: false)
        }
        let session = try fixture.session(try fixture.plan(script))
        try script(session)
        _ = try session.finish()
        let host = try #require(try fixture.facts().host)
        #expect(host.service(n8n)?.image == newImage.text)
        #expect(host.service(qdrant)?.image == "qdrant/qdrant:v1.7.4")
    }

    @Test("An image alone leaves the instance alone")
    func imageOnly() throws {
        let fixture = try StackFixture()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.openWindow("w")
            try stack.setImage(n8n, newImage)
            try stack.closeWindow("w", failed: false)
        }
        let session = try fixture.session(try fixture.plan(script))
        try script(session)
        _ = try session.finish()
        #expect(try !fixture.requests().contains("StopInstances"))
        #expect(try fixture.facts().host?.service(n8n)?.image == newImage.text)
    }

    @Test("A run's own backups outlive its end, however many there are")
    func ownBackups() throws {
        let fixture = try StackFixture()
        let count = Backups.keptByDefault + 2
        let result = try fixture.run { stack in
            for _ in 0..<count { _ = try stack.backup(label: nil) }
        }
        let made = try fixture.backups.list(fixture.name)
        #expect(made.count == count)
        #expect(made.last?.path == result.backup)
        try fixture.run { _ = try $0.backup(label: nil) }
        #expect(try fixture.backups.list(fixture.name).count == Backups.keptByDefault)
    }
}
