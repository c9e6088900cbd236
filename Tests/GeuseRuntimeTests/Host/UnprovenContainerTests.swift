import Testing

@testable import GeuseRuntime

@Suite("A container that something else started before the mount was proven")
struct UnprovenContainerTests {
    /// n8n runs as process 77 with a file system of that type in place of its data; the mount did not come and
    /// comes when it is asked for, or is there by now.
    private func world(mounted: Bool, type: String = "ext4") throws -> HostWorld {
        let world = try HostWorld()
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/pid", "77")
        try world.run("mkdir -p proc/77")
        try world.write(
            "proc/77/mountinfo",
            "40 1 0:99 / / rw - overlay overlay rw\n41 40 0:7777 /n8n /data rw - \(type) x rw\n"
        )
        try world.write("bin/systemctl", "#!/bin/sh\necho failed\n")
        try world.mountOnRequest(isThere: mounted)
        return world
    }

    private func apply(_ world: HostWorld, afterStop: Bool) throws -> ApplyEvidence {
        var request = try ApplyTests.request(world, health: 3)
        request.isAfterStop = afterStop
        let evidence = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(try world.unknownCalls() == "")
        return evidence
    }

    private func stops(_ world: HostWorld) throws -> Int {
        try world.read("docker/calls").split(separator: "\n").count { $0.hasPrefix("stop ") }
    }

    @Test("is stopped and told, and the mount is made")
    func late() throws {
        let world = try world(mounted: false)
        let evidence = try apply(world, afterStop: true)
        #expect(evidence.stage == .done)
        #expect(evidence.startedUnproven.sorted() == ["n8n", "postgres"])
        #expect(try world.read("mounts") == "mount \(world.mount)\n")
        #expect(try stops(world) == 1)
    }

    @Test("is stopped where the mount came meanwhile")
    func stray() throws {
        let world = try world(mounted: true)
        let evidence = try apply(world, afterStop: true)
        #expect(evidence.stage == .done)
        #expect(evidence.startedUnproven.contains("n8n"))
        #expect(try world.read("mounts") == "")
    }

    @Test("is left alone where the run had not stopped the services", arguments: [true, false])
    func notStopped(_ mounted: Bool) throws {
        let world = try world(mounted: mounted)
        let evidence = try apply(world, afterStop: false)
        #expect(evidence.stage == .proof)
        #expect(evidence.startedUnproven == [])
        #expect(try stops(world) == 0)
    }

    @Test("and that has the mount all the same is left alone")
    func hasMount() throws {
        let world = try world(mounted: false, type: "nfs4")
        let evidence = try apply(world, afterStop: true)
        #expect(evidence.stage == .proof)
        #expect(!evidence.startedUnproven.contains("n8n"))
        let n8n = "docker/containers/\(HostWorld.hex("n8n"))/state"
        #expect(try world.read(n8n) == "running")
    }

    @Test("is told in the report, by name and with the place of what it wrote")
    func sentence() throws {
        let target = try StackFixture().target()
        #expect(Session.startedUnproven([], target) == nil)
        let text = try #require(Session.startedUnproven(["n8n", "postgres"], target))
        #expect(text.contains("n8n, postgres"))
        #expect(text.contains("/mnt/efs"))
    }

    @Test("A paused container does not keep an undo from starting the services")
    func paused() throws {
        let world = try HostWorld()
        let secured = try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: try world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce
            )
        )
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/state", "paused")
        let restore = ComposeChange.restore(path: secured.composeBackup, sha256: secured.sha256)
        let evidence = try world.host().apply(
            HostWorld.step("2-restore"),
            ApplyTests.request(world, restore, nonce: HostWorld.nonce)
        )
        #expect(evidence.stage == .done)
        #expect(evidence.services.first?.state == "running")
        #expect(try world.unknownCalls() == "")
    }
}
