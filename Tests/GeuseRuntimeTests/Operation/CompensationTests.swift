import Glibc
import Testing

@testable import GeuseRuntime

@Suite("After a failure a stack is exactly what it was")
struct CompensationTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let large = InstanceType(unchecked: "t3.large")

    /// Runs a script that is expected to fail, and undoes it.
    private func fail(
        _ fixture: StackFixture,
        image: String = "n8nio/n8n:1.20.0",
        fault: String? = nil
    ) throws -> (error: Diagnostic, compensation: Session.Compensation) {
        let image = ImageReference(unchecked: image)
        let script: (any Primitives) throws -> Void = { stack in
            try stack.openWindow("update")
            try stack.resize(large, fallback: [])
            try stack.setImage(n8n, image)
            try stack.closeWindow("update", failed: false)
        }
        let session = try fixture.session(try fixture.plan(script))
        if let fault { try fixture.fault(fault) }
        var caught: Diagnostic?
        do { try script(session) } catch let error as Diagnostic { caught = error }
        let error = try #require(caught)
        return (error, session.compensate(because: error))
    }

    @Test("An image that exits at once is undone")
    func crash() throws {
        let fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
        let before = try fixture.facts()
        let (error, compensation) = try fail(fixture, image: "n8nio/n8n:1.99.0-crash")
        #expect(error.code == "not_healthy")
        #expect(compensation == .restored)
        try fixture.expectOld(before)
        #expect(try fixture.loaded().state.rollbackHistory.last?.trigger == .healthCheckFailed)
    }

    @Test("An image that never becomes healthy is undone")
    func sick() throws {
        let fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
        let before = try fixture.facts()
        let (_, compensation) = try fail(fixture, image: "n8nio/n8n:1.98.0-sick")
        #expect(compensation == .restored)
        try fixture.expectOld(before)
    }

    @Test(
        "A fault at each step is undone",
        arguments: [
            ("start=InsufficientInstanceCapacity@t3.large", "InsufficientInstanceCapacity"),
            ("modify=InvalidInstanceAttributeValue", "InvalidInstanceAttributeValue"),
            ("stop=InternalError", "InternalError"), ("up=fail*1", "services_not_started"),
        ]
    )
    func faults(_ fault: String, _ code: String) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let (error, compensation) = try fail(fixture, fault: fault)
        #expect(error.code == code)
        #expect(compensation == .restored)
        try fixture.expectOld(before)
    }

    @Test(
        "A fault that strikes the undo too is told, and left to recover",
        arguments: [
            ("start=InsufficientInstanceCapacity", "InsufficientInstanceCapacity"),
            ("up=fail", "services_not_started"),
        ]
    )
    func lastingFaults(_ fault: String, _ code: String) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let (error, compensation) = try fail(fixture, fault: fault)
        #expect(error.code == code)
        guard case .incomplete(let left) = compensation else {
            Issue.record("the undo must not claim success: \(compensation)")
            return
        }
        #expect(left.kind == .needsAttention)
        #expect(left.causes.first?.code == code)
        #expect(try fixture.loaded().state.status == .failed)
        try fixture.sandbox.clearFaults(fixture.name)
        #expect(try fixture.recover() == .restored)
        try fixture.expectOld(before)
    }

    @Test("A first interruption during the undo does not break it off")
    func interrupted() throws {
        let fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
        let before = try fixture.facts()
        fixture.observer.whenever = { [fixture] event in
            if case .undoing = event { fixture.cancellation.cancel() }
        }
        let (error, compensation) = try fail(fixture, image: "n8nio/n8n:1.99.0-crash")
        #expect(error.code == "not_healthy")
        #expect(compensation == .restored)
        try fixture.expectOld(before)
    }

    @Test("What somebody else wrote to the state file meanwhile stays, and does not stop the undo")
    func writtenMeanwhile() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        fixture.observer.whenever = { [fixture] event in
            guard case .undoing = event else { return }
            do {
                let path = fixture.directory.state(fixture.name)
                let text = String(decoding: try fixture.files.read(path), as: UTF8.self)
                let other = text.replacing(
                    #""auto_rollback_on_failure": true"#,
                    with: #""auto_rollback_on_failure": false"#
                )
                #expect(other != text)
                try fixture.files.replace(path, with: Array(other.utf8))
            } catch { Issue.record(error) }
        }
        let (error, compensation) = try fail(fixture, fault: "start=VcpuLimitExceeded*1")
        #expect(error.code == "VcpuLimitExceeded")
        #expect(compensation == .restored)
        try fixture.expectOld(before)
        #expect(try fixture.loaded().state.config.rollsBackOnFailure == false)
    }

    @Test("A disk that is full by then does not stop the undo, and what is not on record is told")
    func diskFull() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        fixture.observer.whenever = { [fixture] event in
            if case .undoing = event { fixture.writesFail = ENOSPC }
        }
        let (_, compensation) = try fail(fixture, fault: "start=VcpuLimitExceeded*1")
        guard case .incomplete(let left) = compensation else {
            Issue.record("what could not be written was not told: \(compensation)")
            return
        }
        #expect(left.code == "undo_not_recorded")
        let after = try fixture.facts()
        #expect(after.instance.state == .running)
        #expect(after.instance.type == before.instance.type)
        #expect(after.host?.services.allSatisfy(\.isWell) == true)
        fixture.writesFail = nil
        #expect(try fixture.recover() == .restored)
        try fixture.expectOld(before)
    }

    @Test("No container starts when EFS is not there after the boot")
    func storage() throws {
        let fixture = try StackFixture()
        let (error, compensation) = try fail(fixture, fault: "efs=missing")
        #expect(error.code.hasPrefix("efs_"))
        guard case .incomplete = compensation else {
            Issue.record("the undo must not claim success without EFS: \(compensation)")
            return
        }
        #expect(try fixture.facts().host?.services.allSatisfy { $0.state != "running" } == true)
    }

    @Test(
        "Services that were brought up are stopped before the instance is, so that no boot starts them"
    )
    func servicesStopFirst() throws {
        let fixture = try StackFixture()
        let (error, compensation) = try fail(fixture, fault: "health=unhealthy:n8n@t3.large")
        #expect(error.code == "not_healthy")
        #expect(compensation == .restored)
        let changes = try fixture.requests().filter {
            ["host.stop", "StopInstances", "StartInstances", "host.apply"].contains($0)
        }
        let way = ["host.stop", "StopInstances", "StartInstances", "host.apply"]
        #expect(changes == way + way)
    }

    @Test("An undo waits for an instance that is still starting, which EC2 refuses to stop")
    func pending() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let session = try fixture.session(
            try fixture.plan { try $0.resize(large, fallback: []) }
        )
        try session.requireBackup()
        let cloud = fixture.sandbox.cloud(fixture.name)
        try cloud.stop(before.instance.id)
        fixture.clock.advance(2)
        try cloud.setType(before.instance.id, to: large)
        try cloud.start(before.instance.id)
        #expect(try fixture.facts().instance.state == .pending)
        try session.restore(try #require(session.recovery))
        try session.edges.record.recovered(session.facts, from: session.run, changes: [])
        try fixture.expectOld(before)
    }

    @Test(
        "A last step whose reply was lost gives the lease back by itself; the undo takes a new one"
    )
    func lostLease() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
        let session = try fixture.session(try fixture.plan { try $0.setImage(n8n, image) })
        try session.requireBackup()
        _ = try session.pull(n8n, image)
        try fixture.fault("reply=lost*1")
        let error = try #require(throws: Diagnostic.self) { try session.setImage(n8n, image) }
        #expect(error.code == "host_outcome_unknown")
        // Meanwhile the step comes to its end on the host.
        fixture.clock.advance(60)
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
        #expect(try fixture.facts().host?.lease.holder == nil)
    }
}
