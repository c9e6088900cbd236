import Testing

@testable import GeuseRuntime

@Suite("A rehearsal predicts and refuses")
struct RehearsalTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")

    private func rehearse(_ fixture: StackFixture) throws -> Rehearsal {
        Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(fixture.sandbox.cloud(fixture.name)),
            tagLists: TagLists(fixture.sandbox.host(fixture.name)),
            started: fixture.clock.now(),
            read: fixture.facts
        )
    }

    @Test("later reads show the predicted state")
    func predicts() throws {
        let rehearsal = try rehearse(StackFixture())
        try rehearsal.resize(InstanceType("t3.large"), fallback: [])
        try rehearsal.setImage(n8n, image)
        let seen = try rehearsal.describe()
        #expect(seen["instance"]?["type"] == "t3.large")
        #expect(seen["services"]?["n8n"]?["configured_image"] == "n8nio/n8n:1.20.0")
        #expect(rehearsal.facts?.instance.type == "t3.medium")
        #expect(rehearsal.plan.changesAddress)
    }

    @Test("asking for what is there is no change")
    func nothing() throws {
        let rehearsal = try rehearse(StackFixture())
        try rehearsal.resize(InstanceType("t3.medium"), fallback: [])
        try rehearsal.setImage(n8n, ImageReference("n8nio/n8n:1.19.0"))
        #expect(rehearsal.plan.isEmpty)
        #expect(rehearsal.plan.steps.isEmpty)
    }

    @Test("what cannot be done is refused with a code")
    func refuses() throws {
        let rehearsal = try rehearse(StackFixture())
        #expect(refusal { try rehearsal.setImage(ServiceName("n9n"), image) } == "unknown_service")
        #expect(refusal { _ = try rehearsal.pull(ServiceName("n9n"), image) } == "unknown_service")
        try rehearsal.openWindow("a")
        #expect(refusal { try rehearsal.openWindow("b") } == "window_nested")
    }

    @Test("a mount that is not proven is told when asked, and refused before the question")
    func storage() throws {
        let fixture = try StackFixture()
        try fixture.fault("efs=read-only")
        let rehearsal = try rehearse(fixture)
        #expect(refusal { _ = try rehearsal.verifyStorage() } == "efs_read_only")
        #expect(refusal { _ = try fixture.plan { try $0.setImage(n8n, image) } } == "efs_read_only")
        #expect(
            refusal { _ = try fixture.plan { _ = try $0.backup(label: BackupLabel("a")) } }
                == "efs_read_only"
        )
    }

    @Test("time is the run's own and is not spent")
    func time() throws {
        let fixture = try StackFixture()
        let rehearsal = try rehearse(fixture)
        let before = fixture.clock.now()
        try rehearsal.sleep(600)
        #expect(fixture.clock.now() == before)
        #expect(rehearsal.now() == before.adding(seconds: 600))
    }

    @Test("changes in one window overlap in the estimate, others add up")
    func estimate() {
        let resize = PlanStep.resize(from: "a.b", to: InstanceType(unchecked: "c.d"), fallback: [])
        let set = PlanStep.setImage(service: n8n, from: "x", to: image)
        let open = PlanStep.openWindow(name: "w")
        let close = PlanStep.closeWindow(name: "w")
        let together = DowntimeEstimate.stated.seconds(for: [open, resize, set, close])
        #expect(together == DowntimeEstimate.stated.resize.seconds)
        let apart = DowntimeEstimate.stated.seconds(for: [resize, set])
        #expect(apart == together + DowntimeEstimate.stated.recreate.seconds)
    }
}
