import Testing

@testable import GeuseRuntime

/// An update of type and image with faults set after it was confirmed, taken to its end: done, or
/// failed and undone.
struct FaultedUpdate {
    let fixture: StackFixture
    let before: LiveFacts
    /// Who is asked; nobody is there when it has no answers.
    let person = FailingApprover()
    /// The failure; nil when it was done.
    private(set) var error: Diagnostic?
    private(set) var compensation: Session.Compensation?
    private(set) var warnings: [String] = []
    /// What was asked of cloud and host meanwhile, in order.
    private(set) var requests: [SandboxRequest] = []
    /// What was said of the steps under way.
    var progress: [String] {
        fixture.observer.events.compactMap {
            if case .stepProgress(let note) = $0 { note } else { nil }
        }
    }
    /// Simulated seconds that it took.
    private(set) var seconds = 0.0

    static let n8n = ServiceName(unchecked: "n8n")
    static let newImage = "n8nio/n8n:1.20.0"

    init(
        _ faults: [String],
        image: String = Self.newImage,
        fallback: [String] = [],
        usesAgent: Bool = true,
        answers: [Bool] = []
    ) throws {
        fixture = try StackFixture()
        person.answers = answers
        fixture.approver = person
        fixture.settings.usesAgent = usesAgent
        fixture.settings.healthTimeout = 20
        before = try fixture.facts()
        let image = ImageReference(unchecked: image)
        let others = fallback.map { InstanceType(unchecked: $0) }
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.backup(label: nil)
            _ = try stack.pull(Self.n8n, image)
            try stack.openWindow("update")
            try stack.resize(InstanceType(unchecked: "t3.large"), fallback: others)
            try stack.setImage(Self.n8n, image)
            try stack.closeWindow("update", failed: false)
        }
        let session = try fixture.session(try fixture.plan(script))
        for fault in faults {
            try fixture.fault(fault)
        }
        let seen = try fixture.sandbox.world(fixture.name).log.count
        let start = fixture.clock.monotonic()
        do {
            try script(session)
            _ = try session.finish()
        } catch let error as Diagnostic {
            self.error = error
            compensation = session.compensate(because: error)
        }
        warnings = session.warnings
        seconds = fixture.clock.monotonic() - start
        requests = Array(try fixture.sandbox.world(fixture.name).log.dropFirst(seen))
    }

    /// How often an operation was asked for, refusals included.
    func count(_ operation: String) -> Int { requests.count { $0.operation == operation } }

    /// The stack is what the update was to make of it.
    func expectDone(type: String = "t3.large") throws {
        #expect(error == nil)
        let after = try fixture.facts()
        #expect(after.instance.type == type)
        #expect(after.host?.service(Self.n8n)?.image == Self.newImage)
        #expect(after.host?.services.allSatisfy(\.isWell) == true)
        let state = try fixture.loaded().state
        #expect(state.status == .running)
        #expect(state.config.instanceType.text == type)
        #expect(state.publicIP == after.instance.publicIP)
    }

    /// It failed with that code and is exactly what it was.
    func expectUndone(_ code: String) throws {
        #expect(error?.code == code)
        #expect(compensation == .restored)
        try expectOld()
    }

    /// It failed with that code before anything that runs was touched.
    func expectUntouched(_ code: String) throws {
        #expect(error?.code == code)
        #expect(compensation == .nothingChanged)
        let changing = [
            "StopInstances", "StartInstances", "ModifyInstanceAttribute", "host.stop", "host.apply",
        ]
        #expect(requests.allSatisfy { !changing.contains($0.operation) })
        try expectOld()
    }

    /// It failed with that code, and so did the undo, which says so and names the way on.
    func expectLeft(_ code: String) throws -> Diagnostic {
        #expect(error?.code == code)
        guard case .incomplete(let left) = compensation else {
            Issue.record("\(String(describing: compensation))")
            throw Diagnostic("test", "The undo was to be incomplete.")
        }
        #expect(left.kind == .needsAttention)
        #expect(left.hint?.contains("geusemaker recover my-dev-stack") == true)
        #expect(try fixture.loaded().state.status == .failed)
        return left
    }

    /// Once what was wrong is over, `recover` brings it back.
    func expectRecoverable() throws {
        try fixture.sandbox.clearFaults(fixture.name)
        #expect(try fixture.recover() == .restored)
        try expectOld()
    }

    func expectOld() throws { try fixture.expectOld(before) }

    /// No container runs: nothing may write where EFS is not.
    func expectServicesDown() throws {
        let containers = try fixture.sandbox.world(fixture.name).machine.containers
        #expect(!containers.isEmpty)
        #expect(containers.allSatisfy { $0.order != .running })
    }
}
