import Testing

@testable import GeuseRuntime

@Suite("Sandbox: the instance")
struct SandboxInstanceTests {
    @Test("stop, change of type and start take their time and go through every state")
    func lifeCycle() throws {
        let bench = try SandboxBench()
        let before = try #require(try bench.cloud.instance(bench.id))
        #expect(before.state == .running && before.publicIP != nil)
        try bench.cloud.stop(bench.id)
        #expect(try bench.state() == .stopping)
        bench.clock.advance(1.4)
        #expect(try bench.state() == .stopping)
        bench.clock.advance(0.2)
        let stopped = try #require(try bench.cloud.instance(bench.id))
        #expect(stopped.state == .stopped && stopped.publicIP == nil)
        #expect(stopped.stateReason == "Client.UserInitiatedShutdown")
        try bench.cloud.setType(bench.id, to: InstanceType("t3.large"))
        try bench.cloud.start(bench.id)
        #expect(try bench.state() == .pending)
        bench.clock.advance(2)
        let after = try #require(try bench.cloud.instance(bench.id))
        #expect(after.state == .running && after.type == "t3.large" && after.stateReason == nil)
        #expect(after.publicIP != nil && after.publicIP != before.publicIP)
        #expect(after.privateIP == before.privateIP)
        #expect(after.launchTime != before.launchTime)
    }

    @Test("an elastic address stays")
    func elasticIP() throws {
        var options = SandboxOptions()
        options.hasElasticIP = true
        let bench = try SandboxBench(options)
        let before = bench.stack.instance.publicIP
        try bench.restart()
        #expect(before != nil)
        #expect(try bench.cloud.instance(bench.id)?.publicIP == before)
    }

    @Test("what is asked for already is no error; what can't be is IncorrectInstanceState")
    func wrongStates() throws {
        let bench = try SandboxBench()
        try bench.cloud.start(bench.id)
        #expect(try bench.state() == .running)
        let large = try InstanceType("t3.large")
        let modify = { try bench.cloud.setType(bench.id, to: large) }
        #expect(refusal(modify) == "IncorrectInstanceState")
        try bench.cloud.stop(bench.id)
        #expect(refusal(modify) == "IncorrectInstanceState")
        #expect(refusal { try bench.cloud.start(bench.id) } == "IncorrectInstanceState")
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        try bench.cloud.stop(bench.id)
        #expect(try bench.state() == .stopped)
        try bench.cloud.start(bench.id)
        #expect(refusal { try bench.cloud.stop(bench.id) } == "IncorrectInstanceState")
        #expect(refusal(modify) == "IncorrectInstanceState")
        try bench.cloud.start(bench.id)
        #expect(try bench.sandbox.stack(bench.name).instance.type == "t3.medium")
    }

    @Test("types that don't exist, of another architecture or without ENA are refused")
    func wrongTypes() throws {
        let bench = try SandboxBench()
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        for type in ["t3.huge", "z9.large", "t4g.medium", "m7g.large"] {
            let code = refusal { try bench.cloud.setType(bench.id, to: InstanceType(type)) }
            #expect(code == "InvalidInstanceAttributeValue", "\(type)")
        }
        #expect(try bench.cloud.instance(bench.id)?.type == "t3.medium")
        var options = SandboxOptions()
        options.instanceType = try InstanceType("t2.medium")
        let old = try SandboxBench(options)
        #expect(old.stack.instance.enaSupport == false)
        try old.cloud.stop(old.id)
        old.clock.advance(2)
        let code = refusal { try old.cloud.setType(old.id, to: InstanceType("m5.large")) }
        #expect(code == "InvalidParameterCombination")
        try old.cloud.setType(old.id, to: InstanceType("t2.large"))
    }

    @Test("spot, stop protection and Auto Scaling behave as their owners know them")
    func specialInstances() throws {
        var options = SandboxOptions()
        options.purchase = .oneTimeSpot
        let spot = try SandboxBench(options)
        #expect(spot.stack.instance.lifecycle == "spot" && spot.stack.instance.spotRequestID != nil)
        #expect(refusal { try spot.cloud.stop(spot.id) } == "UnsupportedOperation")
        options.purchase = .persistentSpot
        let persistent = try SandboxBench(options)
        try persistent.cloud.stop(persistent.id)
        options = SandboxOptions()
        options.isStopProtected = true
        let protected = try SandboxBench(options)
        #expect(try protected.cloud.isStopProtected(protected.id) == true)
        #expect(refusal { try protected.cloud.stop(protected.id) } == "OperationNotPermitted")
        #expect(try protected.facts().services.allSatisfy(\.isWell))
        options = SandboxOptions()
        options.autoScalingGroup = "my-asg"
        let member = try SandboxBench(options)
        #expect(member.stack.instance.autoScalingGroup == "my-asg")
        try member.cloud.stop(member.id)
        member.clock.advance(10)
        #expect(try member.state() == .terminated)
        #expect(refusal { try member.cloud.start(member.id) } == "IncorrectInstanceState")
    }

    @Test("another instance's id is not found")
    func unknownInstance() throws {
        let bench = try SandboxBench()
        let other = try InstanceID("i-0a1b2c3d4e5f60718")
        #expect(try bench.cloud.instance(other) == nil)
        #expect(try bench.cloud.agent(other) == nil)
        #expect(refusal { try bench.cloud.stop(other) } == "InvalidInstanceID.NotFound")
        #expect(refusal { try bench.cloud.start(other) } == "InvalidInstanceID.NotFound")
        let file = try FileSystemID("fs-0a1b2c3d4e5f60718")
        #expect(try bench.cloud.fileSystem(file) == nil)
        #expect(refusal { try bench.cloud.mountTargets(file) } == "FileSystemNotFound")
    }

    @Test("the agent is offline from the stop until boot is done")
    func agent() throws {
        let bench = try SandboxBench()
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "Online")
        try bench.cloud.stop(bench.id)
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "ConnectionLost")
        #expect(refusal { try bench.facts() } == "InvalidInstanceId")
        bench.clock.advance(2)
        try bench.cloud.start(bench.id)
        bench.clock.advance(2.1)
        #expect(try bench.state() == .running)
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "ConnectionLost")
        #expect(refusal { try bench.facts() } == "InvalidInstanceId")
        bench.clock.advance(0.3)
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "Online")
        #expect(try bench.facts().services.count == 5)
    }

    @Test(
        "the catalogue states what AWS states",
        arguments: [
            ("t3.medium", 2, 4096, 0, 3, "x86_64", "required", true),
            ("t2.large", 2, 8192, 0, 3, "x86_64", "unsupported", true),
            ("t4g.2xlarge", 8, 32768, 0, 4, "arm64", "required", true),
            ("m5.24xlarge", 96, 393_216, 0, 15, "x86_64", "required", false),
            ("m7g.medium", 1, 4096, 0, 2, "arm64", "required", false),
            ("c6i.large", 2, 4096, 0, 3, "x86_64", "required", false),
            ("r6i.32xlarge", 128, 1_048_576, 0, 15, "x86_64", "required", false),
            ("g4dn.12xlarge", 48, 196_608, 4, 8, "x86_64", "required", false),
            ("g5.48xlarge", 192, 786_432, 8, 7, "x86_64", "required", false),
        ]
    )
    func catalogue(
        _ name: String,
        _ cpus: Int,
        _ memory: Int,
        _ gpus: Int,
        _ interfaces: Int,
        _ architecture: String,
        _ ena: String,
        _ isBurstable: Bool
    ) throws {
        let facts = try #require(InstanceTypeCatalogue.facts(try InstanceType(name)))
        #expect(facts.vcpus == cpus && facts.memoryMiB == memory && facts.gpus == gpus)
        #expect(facts.maximumNetworkInterfaces == interfaces)
        #expect(facts.architectures == [architecture] && facts.ena == ena)
        #expect(facts.isBurstable == isBurstable)
    }

    @Test("what a family does not have is not made up")
    func missingTypes() throws {
        for name in ["m5.medium", "m5.32xlarge", "m7g.24xlarge", "t3.4xlarge", "g5.metal"] {
            #expect(InstanceTypeCatalogue.facts(try InstanceType(name)) == nil, "\(name)")
        }
        let bench = try SandboxBench()
        let large = try InstanceType("m5.large")
        #expect(try bench.cloud.isOffered(large, zone: "us-east-1a"))
        #expect(try !bench.cloud.isOffered(large, zone: "us-east-1e"))
        #expect(try !bench.cloud.isOffered(InstanceType("m5.huge"), zone: "us-east-1a"))
        #expect(try bench.cloud.instanceType(InstanceType("m5.huge")) == nil)
    }
}
