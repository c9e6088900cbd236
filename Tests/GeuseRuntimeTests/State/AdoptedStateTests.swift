import Testing

@testable import GeuseRuntime

@Suite("adopting a stack")
struct AdoptedStateTests {
    private static func facts(_ change: (inout AdoptionFacts) -> Void = { _ in }) throws
        -> AdoptionFacts
    {
        let instance = Instance(
            id: try InstanceID("i-0a1b2c3d4e5f60718"),
            type: "t3.medium",
            state: .running,
            zone: "us-east-1b",
            architecture: "x86_64",
            publicIP: "54.1.2.3",
            privateIP: "10.0.0.10",
            lifecycle: "spot",
            tags: ["Stack": "mine"],
            vpcID: "vpc-1",
            subnetID: "subnet-b",
            securityGroupIDs: ["sg-1"],
            keyName: "key"
        )
        let targets = ["a", "b"].map {
            MountTarget(
                id: "fsmt-\($0)",
                zone: "us-east-1\($0)",
                subnetID: "subnet-\($0)",
                lifeCycleState: "available",
                ipAddress: "10.0.1.20"
            )
        }
        var facts = AdoptionFacts(
            name: try StackName("mine"),
            instance: instance,
            fileSystem: try FileSystemID("fs-0a1b2c3d4e5f60718"),
            mountTargets: targets,
            images: [.init(try ServiceName("n8n"), try ImageReference("n8nio/n8n:1.19.0"))],
            region: try Region("us-east-1"),
            isHealthy: true
        )
        change(&facts)
        return facts
    }

    private static let now = Timestamp(microseconds: 1_795_432_200_123_456)

    @Test("GeuseMaker's schema accepts the state, with all facts and with as few as there can be")
    func schema() throws {
        let full = try DeploymentState.adopted(Self.facts(), now: Self.now)
        try PythonSchema.validate(full.bytes())
        let poor = try Self.facts {
            $0.instance.publicIP = nil
            $0.instance.keyName = nil
            $0.instance.lifecycle = nil
            $0.instance.tags = ["aws:autoscaling:groupName": "mine-asg"]
            $0.images = []
            $0.isHealthy = false
        }
        let state = try DeploymentState.adopted(poor, now: Self.now)
        try PythonSchema.validate(state.bytes())
        #expect(state.n8nURL == "http://10.0.0.10:5678" && state.publicIP == nil)
        #expect(state.autoScalingGroup == "mine-asg" && state.config.tier == "automation")
        #expect(state.status == .failed && state.lastHealthyState == nil)
        #expect(!state.config.usesSpot)
    }

    @Test("it says what was seen")
    func content() throws {
        let state = try DeploymentState.adopted(Self.facts(), now: Self.now)
        #expect(state.status == .running && state.lastHealthyState == state.snapshot())
        #expect(state.document["efs_mount_target_id"] == "fsmt-b")
        #expect(state.mountTargetIDs == ["fsmt-a", "fsmt-b"])
        #expect(state.config.usesSpot && state.config.instanceType.text == "t3.medium")
        #expect(state.n8nURL == "http://54.1.2.3:5678")
        #expect(state.containerImages.map(\.image.text) == ["n8nio/n8n:1.19.0"])
        // Nothing of an adopted stack may be taken for something to delete.
        let provenance = try #require(state.document["resource_provenance"]?.objectValue)
        #expect(provenance.members.allSatisfy { $0.value == "reused" })
        let order = state.document.keys.compactMap { StateLayout.fields.firstIndex(of: $0) }
        #expect(order == order.sorted() && order.count == state.document.keys.count)
        let bench = try StateBench()
        let lock = try bench.lock(state.name)
        try bench.store.save(state, replacing: nil, under: lock)
        #expect(try bench.store.load(state.name).state.config == state.config)
    }

    @Test("a fact that is missing is named, not made up")
    func missing() throws {
        let changes: [(String, (inout AdoptionFacts) -> Void)] = [
            ("VPC", { $0.instance.vpcID = nil }), ("subnet", { $0.instance.subnetID = nil }),
            ("security group", { $0.instance.securityGroupIDs = [] }),
            ("architecture", { $0.instance.architecture = nil }),
            ("private address", { $0.instance.privateIP = "" }),
            ("mount target", { $0.mountTargets.removeLast() }),
            ("mount target", { $0.mountTargets = [] }),
        ]
        for (what, change) in changes {
            let facts = try Self.facts(change)
            let error = expectDiagnostic("adopt_fact_missing", what) {
                try DeploymentState.adopted(facts, now: Self.now)
            }
            #expect(error?.summary.contains(what) == true && error?.kind == .refused)
        }
    }
}
