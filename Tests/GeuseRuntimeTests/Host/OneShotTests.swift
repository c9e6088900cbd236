import Testing

@testable import GeuseRuntime

/// Services that do their work and end: migrations, downloads, whatever others wait for.
@Suite struct OneShotTests {
    private static func world(_ image: String) throws -> HostWorld {
        let service = "  job:\n    image: \(image)\n"
        let world = try HostWorld(compose: HostWorld.compose + service, images: [image])
        let job = "docker/containers/\(HostWorld.hex("job"))"
        try world.write("\(job)/config_files", world.file)
        try world.write("\(job)/working_dir", world.root + "/stack")
        return world
    }

    private static func job(_ world: HostWorld) throws -> ServiceFacts {
        try #require(world.host().inspect(world.inspection()).service(ServiceName("job")))
    }

    @Test(arguments: ["", "no", "on-failure"])
    func oneThatEndedWithoutAnErrorIsWell(_ policy: String) throws {
        let world = try Self.world("job:once")
        try world.write("docker/containers/\(HostWorld.hex("job"))/policy", policy)
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .done)
        #expect(evidence.services.allSatisfy { $0.isWell })
        #expect(evidence.logs.isEmpty)
        let job = try Self.job(world)
        #expect(job.state == "exited" && job.hasFinished && job.isWell)
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        ("printf always >docker/containers/JOB/policy", "job:once"), (":", "job:broken"),
    ])
    func anyOtherEndIsIll(_ change: String, _ image: String) throws {
        let world = try Self.world(image)
        try world.run(change.replacing("JOB", with: HostWorld.hex("job")))
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .health)
        #expect(evidence.error?.hasPrefix("service_exited") == true)
        #expect(try !Self.job(world).isWell)
    }

    /// A program that is stopped may end with 0, too: that it is down must be seen.
    @Test func oneThatWasStoppedHasNotFinished() throws {
        let world = try Self.world("job:once")
        #expect(try Self.job(world).isWell)
        _ = try world.host().stopServices(
            HostWorld.step("1-stop"),
            world.project(),
            recordingDataAt: nil
        )
        #expect(try world.host().inspect(world.inspection()).services.allSatisfy { !$0.isWell })
    }

    @Test(arguments: ["scale: 0", "deploy:\n      mode: replicated\n      replicas: 0"])
    func oneWithoutReplicasIsNotWaitedFor(_ lines: String) throws {
        let service = "  off:\n    image: off:none\n    \(lines)\n"
        let world = try HostWorld(compose: HostWorld.compose + service)
        for services in [[], ["n8n", "off"]] {
            let evidence = try world.host().apply(
                HostWorld.step("\(services.count)-apply"),
                ApplyTests.request(world, services: services)
            )
            #expect(evidence.stage == .done)
        }
        let facts = try world.host().inspect(world.inspection())
        let off = try #require(facts.service(ServiceName("off")))
        #expect(off.state == nil && off.isUnwanted && off.isWell)
    }
}
