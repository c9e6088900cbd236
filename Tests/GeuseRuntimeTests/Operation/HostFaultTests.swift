import Testing

@testable import GeuseRuntime

/// The agent, the mount, docker and the registry fail in the middle of an update.
@Suite("A failure on the host")
struct HostFaultTests {
    // MARK: the agent

    @Test(
        "An agent that is not there yet is waited for",
        arguments: ["agent=InvalidInstanceId*6", "agent=offline*6"]
    )
    func agent(_ fault: String) throws { try FaultedUpdate([fault]).expectDone() }

    @Test("An agent that is gone before anything changed leaves everything as it is")
    func noAgent() throws {
        let update = try FaultedUpdate(["agent=InvalidInstanceId"])
        #expect(update.error?.code == "InvalidInstanceId")
        #expect(update.compensation == .nothingChanged)
        #expect((290...320).contains(update.seconds))
        #expect(update.count("StopInstances") == 0)
    }

    @Test("An agent that does not come back after the start is waited for, then left to recover")
    func lostAgent() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        guard case .incomplete(let left) = try loseAgent(fixture) else {
            Issue.record("the undo needs the host, too")
            return
        }
        #expect(left.kind == .needsAttention)
        try fixture.sandbox.clearFaults(fixture.name)
        #expect(try fixture.recover() == .restored)
        let after = try fixture.facts()
        #expect(after.host?.services.allSatisfy(\.isWell) == true)
        #expect(after.host?.project.bytes == before.host?.project.bytes)
    }

    private func loseAgent(_ fixture: StackFixture) throws -> Session.Compensation {
        let session = try fixture.session(
            try fixture.plan { try $0.resize(InstanceType(unchecked: "t3.large"), fallback: []) }
        )
        try session.requireBackup()
        try session.stopServices()
        try session.stopInstance()
        try fixture.fault("agent=InvalidInstanceId")
        let start = fixture.clock.monotonic()
        let error = #expect(throws: Diagnostic.self) { try session.startInstance() }
        #expect(error?.code == "agent_not_online")
        #expect(error?.hint?.contains("--transport ssh") == true)
        #expect((300...320).contains(fixture.clock.monotonic() - start))
        return session.compensate(because: try #require(error))
    }

    @Test("An agent that does not come back is no matter where the host can be reached over SSH")
    func otherWay() throws {
        let fixture = try StackFixture()
        fixture.settings.hasOtherWay = true
        let session = try fixture.session(
            try fixture.plan { try $0.resize(InstanceType(unchecked: "t3.large"), fallback: []) }
        )
        // The simulated host itself answers; only EC2's view of the agent does not.
        try session.requireBackup()
        try session.stopServices()
        try session.stopInstance()
        try fixture.fault("agent=offline")
        let start = fixture.clock.monotonic()
        try session.startInstance()
        #expect((300...320).contains(fixture.clock.monotonic() - start))
        #expect(fixture.observer.events.contains(.stepProgress("no SSM agent; trying SSH")))
    }

    @Test("How long the agent took is told apart from how long the start took")
    func agentTime() throws {
        let update = try FaultedUpdate([])
        try update.expectDone()
        let said = update.progress.drop { $0 != "the instance runs" }
        #expect(said.dropFirst().first?.hasPrefix("the SSM agent is online, ") == true)
    }

    // MARK: too many commands

    @Test(
        "A command that is refused because there are too many is sent again, and the update goes on"
    )
    func throttledSend() throws {
        try FaultedUpdate(["agent=ThrottlingException*9"]).expectDone()
        let fixture = try StackFixture()
        let script: (any Primitives) throws -> Void = {
            try $0.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        let session = try fixture.session(try fixture.plan(script))
        // In mid-run, with the services down.
        var isSet = false
        fixture.observer.whenever = { event in
            guard event == .stepProgress("the instance runs"), !isSet else { return }
            isSet = true
            do {
                try fixture.fault("agent=ThrottlingException*9")
            } catch {
                Issue.record(error)
            }
        }
        try script(session)
        #expect(try session.finish().changesApplied == ["instance_type:t3.large"])
        #expect(isSet)
        #expect(try fixture.facts().host?.services.allSatisfy(\.isWell) == true)
    }

    @Test("A look that is refused because there are too many is made again, and ends no run")
    func throttledLook() throws {
        let fixture = try StackFixture()
        let session = try fixture.session(Plan(stack: fixture.name))
        try fixture.fault("agent=ThrottlingException*9")
        let start = fixture.clock.monotonic()
        _ = try session.health()
        #expect(fixture.clock.monotonic() > start)
    }

    @Test("Too many commands for more than a minute end the update, and the undo goes on asking")
    func throttledUndo() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let session = try fixture.session(
            try fixture.plan { try $0.resize(InstanceType(unchecked: "t3.large"), fallback: []) }
        )
        try session.requireBackup()
        try session.stopServices()
        try session.stopInstance()
        try session.startInstance()
        try fixture.fault("agent=ThrottlingException*60")
        let start = fixture.clock.monotonic()
        let error = #expect(throws: Diagnostic.self) { try session.bringUp() }
        #expect(error?.code == "ThrottlingException")
        let waited = fixture.clock.monotonic() - start
        #expect((60...80).contains(waited))
        #expect(session.compensate(because: try #require(error)) == .restored)
        try fixture.expectOld(before)
        #expect(fixture.clock.monotonic() - start > 3 * waited)
    }

    // MARK: the mount

    @Test("A mount that comes late is waited for")
    func late() throws { try FaultedUpdate(["efs=late*1"]).expectDone() }

    static let mounts = [
        ("missing", "efs_not_mounted"), ("wrong", "efs_wrong_file_system"),
        ("read-only", "efs_read_only"), ("hung", "efs_hung"),
    ]

    @Test("A mount that is bad after the start is undone by the next one", arguments: mounts)
    func badMount(_ condition: String, _ code: String) throws {
        try FaultedUpdate(["efs=\(condition):boot*1"]).expectUndone(code)
    }

    @Test("A stale mount is made anew once the services are down, and the update goes on")
    func staleMount() throws { try FaultedUpdate(["efs=stale:boot*1"]).expectDone() }

    @Test(
        "No container starts on a mount that stays bad",
        arguments: mounts + [("stale", "efs_stale")]
    )
    func worseMount(_ condition: String, _ code: String) throws {
        let update = try FaultedUpdate(["efs=\(condition):boot"])
        let left = try update.expectLeft(code)
        #expect(left.detail?.contains("/mnt/efs") == true)
        try update.expectServicesDown()
        let machine = try update.fixture.sandbox.world(update.fixture.name).machine
        #expect(machine.containers.allSatisfy { $0.rootDiskVolumes.isEmpty })
        try update.expectRecoverable()
    }

    // MARK: the data

    @Test("The data is the same before and after, and the result says so")
    func sameData() throws {
        let fixture = try StackFixture()
        let result = try fixture.run {
            try $0.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        #expect(result.data?.verdict == .same)
        #expect((result.data?.files ?? 0) > 5)
        #expect(result.data?.files == result.data?.hashed)
        #expect(result.warnings.isEmpty)
    }

    @Test("Data that changed while the instance was stopped is undone, and told")
    func changedData() throws {
        let update = try FaultedUpdate(["data=changed*1"])
        try update.expectUndone("data_changed")
        #expect(update.error?.detail?.contains("changed /mnt/efs/n8n/config") == true)
    }

    @Test("No container starts on data of which some is gone")
    func lostData() throws {
        let update = try FaultedUpdate(["data=lost*1"])
        let left = try update.expectLeft("data_lost")
        #expect(left.detail?.contains("lost /mnt/efs/n8n/config") == true)
        try update.expectServicesDown()
    }

    // MARK: docker and the registry

    @Test(
        "A pull that is refused touches nothing, the compose file included",
        arguments: [
            ("toomanyrequests", "image_rate_limited"), ("manifest-unknown", "image_not_found"),
            ("unauthorized", "image_unauthorized"), ("disk-full", "host_disk_full"),
            ("no-matching-manifest", "image_wrong_architecture"), ("moved", "image_moved"),
        ]
    )
    func pull(_ fault: String, _ code: String) throws {
        try FaultedUpdate(["pull=\(fault)"]).expectUntouched(code)
    }

    @Test("A registry that goes down after the look at it touches nothing")
    func registryDown() throws {
        try FaultedUpdate(["registry=down"]).expectUntouched("image_pull_failed")
    }

    @Test("A port that is taken is undone")
    func port() throws {
        let update = try FaultedUpdate(["up=fail*1"])
        try update.expectUndone("services_not_started")
        #expect(update.error?.detail?.contains("port is already allocated") == true)
    }

    @Test("A port that stays taken is left to recover")
    func portForEver() throws {
        let update = try FaultedUpdate(["up=fail"])
        _ = try update.expectLeft("services_not_started")
        try update.expectRecoverable()
    }

    @Test("A dependency that is unhealthy is undone")
    func dependency() throws {
        let update = try FaultedUpdate(["health=unhealthy:postgres*1"])
        #expect(update.error?.detail?.contains("postgres") == true)
        try update.expectUndone("services_not_started")
    }

    @Test("A restart loop is told from a slow start, and undone")
    func restarts() throws {
        let update = try FaultedUpdate([], image: "n8nio/n8n:1.99.0-crash")
        try update.expectUndone("not_healthy")
        #expect(update.error?.detail?.contains("service_restarting") == true)
    }
}
