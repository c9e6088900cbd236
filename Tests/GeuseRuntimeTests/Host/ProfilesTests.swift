import Testing

@testable import GeuseRuntime

/// Services in profiles, containers that no service knows, and what older releases of compose lack.
@Suite struct ProfilesTests {
    /// `llm` runs by a profile that was named when it was started, `cfg` by one of the environment file.
    private static func world() throws -> HostWorld {
        let services = """
              llm:
                image: llm:1
                profiles: [all, gpu]
              web:
                image: web:1
                profiles: [all]
              cfg:
                image: cfg:1
                profiles: [dot]

            """
        let world = try HostWorld(
            compose: HostWorld.compose + services,
            images: ["llm:1", "web:1", "cfg:1"]
        )
        try world.write("docker/env/COMPOSE_PROFILES", "dot")
        try world.run(
            "DOCKER_WORLD=$PWD/docker; COMPOSE_PROFILES=gpu,dot; "
                + "export DOCKER_WORLD COMPOSE_PROFILES; bin/docker compose -f "
                + "stack/docker-compose.yml up -d --no-build --pull never"
        )
        for id in ["llm", "cfg"].map(HostWorld.hex) {
            try world.write("docker/containers/\(id)/config_files", world.file)
            try world.write("docker/containers/\(id)/working_dir", world.root + "/stack")
        }
        try world.run("rm docker/calls docker/ups")
        return world
    }

    private static let running = ["n8n", "postgres", "llm", "cfg"]

    @Test(arguments: [["/bin/dash"], ["/bin/bash", "--posix"], ["/bin/busybox", "sh"]])
    func whatRunsInAProfileIsSeenStoppedAndStarted(_ shell: [String]) throws {
        let world = try Self.world()
        guard try world.run("command -v \(shell[0]) || :") != "" else { return }
        world.shell = shell
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.services.map(\.name.text).sorted() == Self.running.sorted())
        #expect(facts.orphans == [])
        _ = try world.host().stopServices(
            HostWorld.step("1-stop"),
            world.project(),
            recordingDataAt: nil
        )
        for name in Self.running {
            let state = try world.read("docker/containers/\(HostWorld.hex(name))/state")
            #expect(state == "exited", "\(name)")
        }
        // Nothing runs now, and still it is known.
        let stopped = try world.host().inspect(world.inspection())
        #expect(stopped.services.count == Self.running.count)
        let evidence = try world.host().apply(
            HostWorld.step("2-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .done)
        let ups = try world.read("docker/ups").split(separator: "\n").map {
            $0.prefix { $0 != " " }
        }
        #expect(ups.map(String.init).sorted() == Self.running.sorted())
        #expect(try world.run("ls var/lib/geusemaker") == "lease\nlock\nruns\n")
        #expect(try world.unknownCalls() == "")
    }

    @Test func aContainerThatNoServiceKnowsIsTold() throws {
        let world = try HostWorld()
        let old = HostWorld.hex("old")
        try world.run(
            "cp -r docker/containers/\(HostWorld.hex("postgres")) docker/containers/\(old)"
        )
        try world.write("docker/containers/\(old)/service", "old")
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.orphans == ["old"])
        #expect(facts.services.count == 2)
        // One that does not run is in nobody's way.
        try world.write("docker/containers/\(old)/state", "exited")
        #expect(try world.host().inspect(world.inspection()).orphans == [])
    }

    @Test func anOlderComposeIsAskedForNoOptionThatItLacks() throws {
        let world = try HostWorld()
        try world.write("docker/no_pull_option", "")
        try world.write("docker/compose_version", "2.5.1\n")
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .done)
        #expect(try !world.read("docker/calls").contains("--pull"))
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        ("2.16.0", false), ("v2.9.1", false), ("1.29.2", false), ("2.17.0", true), ("v5.0.1", true),
    ])
    func severalEnvironmentFilesTakeAComposeThatReadsThem(_ version: String, _ isFine: Bool) throws
    {
        let world = try HostWorld()
        try world.run("echo A=1 >stack/.env; echo B=2 >stack/runtime.env")
        try world.write("docker/compose_version", version + "\n")
        if isFine {
            let facts = try world.host().inspect(world.inspection())
            #expect(facts.project.environmentFiles.count == 2)
            return
        }
        let error = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(error?.code == "compose_environment_files")
        // One alone is read by any of them.
        try world.run("rm stack/.env")
        #expect(try world.host().inspect(world.inspection()).project.environmentFiles.count == 1)
    }
}
