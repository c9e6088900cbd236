import Testing

@testable import GeuseRuntime

@Suite("What docker would start at boot by itself is put off at a stop and given back at a start")
struct RestartPolicyTests {
    private static let policies = ["n8n": "always", "postgres": "on-failure:3"]

    private func world() throws -> HostWorld {
        let world = try HostWorld()
        for (name, policy) in Self.policies {
            try world.write("docker/containers/\(HostWorld.hex(name))/policy", policy)
        }
        return world
    }

    private func policies(_ world: HostWorld) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in Self.policies.keys {
            found[name] = try world.read("docker/containers/\(HostWorld.hex(name))/policy")
        }
        return found
    }

    @discardableResult
    private func stop(_ world: HostWorld, _ step: String = "1-stop") throws -> DataFacts? {
        try world.host().stopServices(
            HostWorld.step(step),
            try world.project(),
            recordingDataAt: world.mount
        )
    }

    @Test("Put off at the stop, and back once the mount is proven")
    func held() throws {
        let world = try world()
        try stop(world)
        #expect(try policies(world) == ["n8n": "no", "postgres": "no"])
        let off = try world.host().inspect(world.inspection())
        #expect(Set(off.heldPolicies) == ["n8n", "postgres"])
        // Nothing is given back where nothing may be started.
        let listed = try world.read("proc/self/mountinfo")
        try world.write("proc/self/mountinfo", "")
        let request = try ApplyTests.request(world)
        #expect(try world.host().apply(HostWorld.step("2-apply"), request).stage == .proof)
        #expect(try policies(world) == ["n8n": "no", "postgres": "no"])
        try world.write("proc/self/mountinfo", listed)
        let evidence = try world.host().apply(HostWorld.step("3-apply"), request)
        #expect(evidence.stage == .done)
        #expect(evidence.held == [])
        #expect(evidence.data?.verdict == .same)
        #expect(try policies(world) == Self.policies)
        #expect(try world.host().inspect(world.inspection()).heldPolicies == [])
        #expect(try world.unknownCalls() == "")
    }

    @Test("One that was cut short in between forgets none")
    func cutShort() throws {
        let world = try world()
        try world.write("docker/update_dies", "")
        #expect(throws: Diagnostic.self) { try stop(world) }
        try world.run("rm docker/update_dies")
        try stop(world, "2-stop")
        #expect(try policies(world) == ["n8n": "no", "postgres": "no"])
        _ = try world.host().apply(HostWorld.step("3-apply"), ApplyTests.request(world))
        #expect(try policies(world) == Self.policies)
    }

    @Test("One that somebody has set meanwhile stays")
    func setMeanwhile() throws {
        let world = try world()
        try stop(world)
        let n8n = "docker/containers/\(HostWorld.hex("n8n"))/policy"
        try world.write(n8n, "unless-stopped")
        _ = try world.host().apply(HostWorld.step("2-apply"), ApplyTests.request(world))
        #expect(try world.read(n8n) == "unless-stopped")
        #expect(try policies(world)["postgres"] == "on-failure:3")
    }

    @Test("`unless-stopped` is left alone")
    func unlessStopped() throws {
        let world = try HostWorld()
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/policy", "unless-stopped")
        try stop(world)
        #expect(try !world.read("docker/calls").contains("update "))
    }

    @Test("A service that asks for longer to end is given it, and one that is killed is told")
    func grace() throws {
        let world = try world()
        try world.write("docker/containers/\(HostWorld.hex("postgres"))/grace", "120")
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/exit", "137")
        try world.write("docker/grace", "120")
        let project = try world.host().inspect(world.inspection()).project
        #expect(project.stopGrace == 120)
        let data = try world.host().stopServices(
            HostWorld.step("1-stop"),
            project,
            recordingDataAt: world.mount
        )
        #expect(data?.killed == ["n8n"])
        #expect(try world.unknownCalls() == "")
    }
}
