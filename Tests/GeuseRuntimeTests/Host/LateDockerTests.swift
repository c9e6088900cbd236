import Testing

@testable import GeuseRuntime

@Suite("A docker that does not answer yet")
struct LateDockerTests {
    /// What `systemctl show` says of docker; `start` makes docker answer where it may.
    private func systemd(_ world: HostWorld, _ state: String, starts: Bool = false) throws {
        let start = starts ? "rm -f '\(world.root)/docker/late'" : "exit 5"
        try world.write(
            "bin/systemctl",
            "#!/bin/sh\necho \"$@\" >>'\(world.root)/units'\n"
                + "case $1 in show) printf '\(state)\\n' ;; start) \(start) ;; esac\n"
        )
        try world.run("chmod 755 bin/systemctl")
    }

    private func apply(_ world: HostWorld) throws -> ApplyEvidence {
        try world.host().apply(HostWorld.step("1-apply"), ApplyTests.request(world, health: 3))
    }

    @Test("is waited for by what changes something")
    func awaited() throws {
        let world = try HostWorld()
        try systemd(world, #"ActiveState=activating\nJob=12"#)
        try world.write("docker/late", "3")
        try world.host().stopServices(HostWorld.step("1-stop"), try world.project())
        #expect(try world.host().inspect(world.inspection()).services.first?.state == "exited")
        try world.write("docker/late", "3")
        let evidence = try world.host().apply(
            HostWorld.step("2-apply"),
            ApplyTests.request(world, health: 3)
        )
        #expect(evidence.stage == .done)
        // One that is on its way is not started by hand.
        #expect(try !world.read("units").contains("start"))
        #expect(try world.unknownCalls() == "")
    }

    @Test("is waited for before its turn at the boot has come")
    func queued() throws {
        let world = try HostWorld()
        try systemd(world, #"ActiveState=inactive\nJob=12"#)
        try world.write("docker/late", "2")
        #expect(try apply(world).stage == .done)
    }

    @Test("and does not come is told, with nothing stopped or started")
    func gone() throws {
        let world = try HostWorld()
        try systemd(world, #"ActiveState=inactive\n\nActiveState=inactive"#)
        try world.write("docker/late", "100000")
        var error = #expect(throws: Diagnostic.self) {
            try world.host().stopServices(HostWorld.step("1-stop"), try world.project())
        }
        #expect(error?.code == "docker_unavailable")
        // A stop starts no docker: it may start services.
        #expect(try !world.read("units").contains("start"))
        error = #expect(throws: Diagnostic.self) { try apply(world) }
        #expect(error?.code == "docker_unavailable")
        #expect(try !world.read("docker/calls").contains(" up "))
    }

    @Test("and is dead is started once, on a proven mount only", arguments: [true, false])
    func dead(_ isMounted: Bool) throws {
        let world = try HostWorld()
        try systemd(world, #"ActiveState=inactive\n\nActiveState=failed"#, starts: true)
        try world.write("docker/late", "100000")
        if !isMounted { try world.run(": >proc/self/mountinfo") }
        let evidence = try apply(world)
        #expect(evidence.stage == (isMounted ? .done : .proof))
        #expect(isMounted || evidence.error?.hasPrefix("efs_not_mounted") == true)
        let started = try world.read("units").split(separator: "\n").count { $0.contains("start") }
        #expect(started == (isMounted ? 1 : 0))
    }

    @Test("and is dead since the mount did not come: both are brought up")
    func deadForTheMount() throws {
        let world = try HostWorld()
        try systemd(world, #"ActiveState=inactive\n\nActiveState=failed"#, starts: true)
        try world.write("docker/late", "100000")
        try world.mountOnRequest(isThere: false)
        #expect(try apply(world).stage == .done)
    }

    @Test("is waited for by a recovery that has started the instance")
    func recovered() throws {
        let fixture = try StackFixture()
        let session = try fixture.session(Plan(stack: fixture.name))
        let host = LostHost(
            session.edges.host,
            at: .max,
            done: false,
            error: Diagnostic("docker_unavailable", "The docker engine does not answer.")
        )
        host.failingLooks = 3
        try session.stopServices()
        try session.stopInstance()
        try session.over(host: host).bringInstanceUp()
        #expect(host.failingLooks == 0)
        #expect(try fixture.facts().instance.state == .running)
    }

    @Test("has started nothing: the undo stops the instance without it")
    func undone() throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.backup(label: nil)
            try stack.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        let base = try fixture.session(try fixture.plan(script))
        // Backup, stop, and the start of the services, whose docker is not there.
        let host = LostHost(
            base.edges.host,
            at: 3,
            done: false,
            isBack: true,
            error: Diagnostic("docker_unavailable", "The docker engine does not answer.")
        )
        let session = base.over(host: host)
        let error = #expect(throws: Diagnostic.self) {
            try script(session)
            _ = try session.finish()
        }
        #expect(error?.code == "docker_unavailable")
        #expect(session.compensate(because: try #require(error)) == .restored)
        #expect(host.stops == 1)
        try fixture.expectOld(before)
    }
}
