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

    /// An image such as alpine does nothing and ends with 0: it must not pass for a server.
    @Test func oneThatRanBeforeHasToLast() throws {
        let world = try Self.world("job:once")
        var request = try ApplyTests.request(world)
        request.lasting = [try ServiceName("job"), try ServiceName("n8n")]
        let evidence = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(evidence.stage == .health)
        #expect(evidence.error?.hasPrefix("service_exited") == true)
        #expect(evidence.services.filter { !$0.isWell }.map(\.name.text) == ["job"])
        #expect(evidence.logs["job"] != nil)
        #expect(try Self.job(world).hasEndedUnasked)
        #expect(try world.unknownCalls() == "")
    }

    @Test func oneThatAnotherWaitsForMayEnd() throws {
        let world = try Self.world("job:once")
        let waiting = """
              other:
                image: other:1
                depends_on:
                  job:
                    condition: service_completed_successfully
                    required: true

            """
        try world.publish("other:1")
        try world.run(
            "cp docker/registry/* docker/images/; cat >>stack/docker-compose.yml",
            input: waiting
        )
        var request = try ApplyTests.request(world)
        request.lasting = [try ServiceName("job")]
        let evidence = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(evidence.stage == .done)
        #expect(evidence.services.allSatisfy { $0.isWell })
        let job = try Self.job(world)
        #expect(job.isAwaited && job.isWell && !job.hasEndedUnasked)
        #expect(try world.unknownCalls() == "")
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
