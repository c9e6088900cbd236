import Testing

@testable import GeuseRuntime

@Suite("A question that is not answered concerns its own check")
struct UnansweredChecksTests {
    private func error(_ code: String, _ kind: Diagnostic.Kind = .failed) -> Diagnostic {
        Diagnostic(code, "It was not answered.", kind: kind)
    }

    private func fixture(
        refusing operation: String,
        _ code: String = "UnauthorizedOperation",
        _ options: SandboxOptions = SandboxOptions()
    ) throws -> PreflightFixture {
        var fixture = try PreflightFixture(options)
        let refusal = error(code)
        fixture.between = { $0.refused[operation] = refusal }
        return fixture
    }

    @Test(
        "it is unknown, or refused where it has to be known, and the others are shown",
        arguments: [
            ("DescribeInstanceTypeOfferings", "type_offered", nil),
            ("DescribeInstanceAttribute", "stop_protection", "stop_protection_unknown"),
            ("DescribeInstanceTypes", "type_exists", "type_facts_unknown"),
        ] as [(String, String, String?)],
        ["UnauthorizedOperation", "UnsupportedOperation", "http_status_501", "invalid_reply"]
    )
    func one(_ question: (String, String, String?), _ code: String) throws {
        let (operation, name, refusal) = question
        let fixture = try fixture(refusing: operation, code)
        let plan = try fixture.resize("t3.large")
        let checks = try fixture.checks(plan)
        let check = try #require(checks.first { $0.name == name })
        #expect(check.outcome == (refusal == nil ? .unknown : .refused))
        #expect(check.refusal?.code == refusal)
        #expect(check.evidence.contains("(\(code))"))
        #expect(check.hint?.contains("ec2:\(operation)") == true)
        #expect(PreflightReport(checks).refusals.map(\.name) == (refusal == nil ? [] : [name]))
        for other in ["instance_running", "spot", "root_device", "type_offered", "efs_mounted"] {
            #expect(checks.contains { $0.name == other }, "\(other)")
        }
    }

    @Test(
        "who knows the answer may say so",
        arguments: [
            ("DescribeInstanceAttribute", "protection-unknown"),
            ("DescribeInstanceTypes", "type-unknown"),
            ("DescribeCapacityReservations", "reservation-unknown"),
        ]
    )
    func allowed(_ operation: String, _ name: String) throws {
        let fixture = try fixture(refusing: operation)
        let checks = try fixture.checks(fixture.resize("t3.large")) {
            $0.instance.capacityReservation =
                operation == "DescribeCapacityReservations" ? "cr-0123456789abcdef0" : nil
        }
        #expect(PreflightReport(checks).refusals.map(\.allowName) == [name])
        #expect(Preflight.allowNames.contains(name))
        #expect(PreflightReport(checks, allowing: [name]).refusal == nil)
    }

    @Test("stop protection that is on is allowed by no name")
    func protected() throws {
        var options = SandboxOptions()
        options.isStopProtected = true
        let fixture = try PreflightFixture(options)
        let check = try fixture.check("stop_protection", fixture.resize("t3.large"))
        #expect(check.refusal?.code == "stop_protected" && check.allowName == nil)
    }

    @Test("stop protection of which the reply says nothing is unknown, not off")
    func protectionLeftOut() throws {
        var fixture = try PreflightFixture()
        fixture.between = { $0.tellsProtection = false }
        let checks = try fixture.checks(fixture.resize("t3.large"))
        #expect(checks.first { $0.name == "stop_protection" }?.outcome == .unknown)
        #expect(PreflightReport(checks).refusal == nil)
    }

    @Test("a Spot Instance is refused whatever its request is")
    func spot() throws {
        var options = SandboxOptions()
        options.purchase = .oneTimeSpot
        let fixture = try fixture(refusing: "DescribeSpotInstanceRequests", "AccessDenied", options)
        let check = try fixture.check("spot", fixture.resize("t3.large")) {
            $0.instance.spotRequestID = "sir-0123456789"
        }
        #expect(check.refusal?.code == "spot_instance")
        #expect(check.refusal?.detail?.contains("AccessDenied") == true)
    }

    @Test("a present type of which nothing is known leaves the comparisons unknown")
    func present() throws {
        let fixture = try fixture(refusing: "DescribeInstanceTypes t3.medium")
        let checks = try fixture.checks(fixture.resize("t3.large"))
        #expect(PreflightReport(checks).refusal == nil)
        let unknown = checks.filter { $0.outcome == .unknown && $0.subject == "t3.large" }
            .map(\.name)
        #expect(
            unknown == [
                "type_nvme", "gpu", "instance_store", "memory", "cpu_credits", "vcpu_quota",
            ]
        )
        let unlisted = try PreflightFixture()
        let check = try unlisted.check("memory", unlisted.resize("t3.large")) {
            $0.instance.type = "t9.huge"
        }
        #expect(check.outcome == .unknown)
    }

    @Test("an unknown type stays one")
    func unknownType() throws {
        let fixture = try fixture(refusing: "DescribeInstanceTypeOfferings")
        let checks = try fixture.checks(fixture.resize("t9.huge"))
        #expect(PreflightReport(checks).refusal?.code == "unknown_instance_type")
    }

    @Test(
        "what meets every question ends the preflight",
        arguments: [
            "ExpiredToken", "RequestExpired", "AuthFailure", "UnrecognizedClientException",
            "no_credentials", "sso_login_needed", "clock_skew",
        ]
    )
    func all(_ code: String) throws {
        let fixture = try fixture(refusing: "DescribeInstanceTypeOfferings", code)
        let plan = try fixture.resize("t3.large")
        expectDiagnostic(code) { try fixture.checks(plan) }
    }

    @Test(
        "an answer that does not come concerns its own check, EC2 having told of the instance",
        arguments: [
            HTTPFailure.timeout, HTTPFailure.connect, HTTPFailure.resolve, HTTPFailure.tls,
        ],
        [
            ("DescribeInstanceTypeOfferings", "type_offered", nil),
            ("DescribeInstanceTypes", "type_exists", "type_facts_unknown"),
            ("DescribeInstanceAttribute", "stop_protection", "stop_protection_unknown"),
            ("CreateCapacityReservation", "reserve_capacity", nil),
            ("DescribeAddresses", "public_address", nil),
        ] as [(String, String, String?)]
    )
    func hung(_ code: String, _ question: (String, String, String?)) throws {
        let (operation, name, refusal) = question
        let fixture = try fixture(refusing: operation, code)
        var plan = try fixture.resize("t3.large", ["m7g.large"])
        plan.reserveCapacity(true)
        let checks = try fixture.checks(plan) { $0.instance.addressOwner = .untold }
        let check = try #require(checks.first { $0.name == name })
        #expect(check.outcome == (refusal == nil ? .unknown : .refused))
        #expect(check.refusal?.code == refusal)
        #expect(check.evidence.contains("(\(code))"))
        // What is certain is said all the same.
        #expect(
            operation == "DescribeInstanceTypes"
                || checks.contains { $0.refusal?.code == "wrong_architecture" }
        )
        #expect(checks.contains { $0.name == "efs_mounted" })
    }

    @Test("a signal ends it, too, whatever was asked")
    func interrupted() throws {
        for operation in ["DescribeInstanceAttribute", "GetServiceQuota"] {
            var fixture = try PreflightFixture()
            let signal = error("interrupted", .interrupted)
            fixture.between = { $0.refused[operation] = signal }
            let plan = try fixture.resize("t3.xlarge")
            expectDiagnostic("interrupted", operation) { try fixture.checks(plan) }
        }
    }

    // MARK: the file system

    private func look(
        _ fixture: StackFixture,
        _ refused: [String: Diagnostic],
        isPlanning: Bool
    ) throws -> LiveFacts {
        let cloud = PartialCloud(fixture.sandbox.cloud(fixture.name))
        cloud.refused = refused
        let target = try fixture.target()
        return try FactsReader(
            cloud: cloud,
            host: fixture.sandbox.host(fixture.name),
            mountPoint: target.mountPoint
        ).read(
            target.instance,
            fileSystem: target.fileSystem,
            lookups: isPlanning ? CloudLookups(cloud) : nil
        )
    }

    @Test("a file system that may not be looked up is unknown, and the host's proof counts")
    func storage() throws {
        let stack = try StackFixture()
        let denied = error("AccessDeniedException")
        for isPlanning in [true, false] {
            let facts = try look(
                stack,
                ["DescribeFileSystems": denied, "DescribeMountTargets": denied],
                isPlanning: isPlanning
            )
            let checks = StorageChecks(facts: facts, target: try stack.target()).run()
            let unknown = checks.filter { $0.outcome == .unknown }
            #expect(unknown.map(\.name) == ["efs_file_system", "efs_mount_target"])
            #expect(
                unknown.map(\.hint) == [
                    "It takes elasticfilesystem:DescribeFileSystems.",
                    "It takes elasticfilesystem:DescribeMountTargets.",
                ]
            )
            #expect(checks.filter { $0.outcome == .ok }.count == 7)
        }
    }

    @Test(
        "a way to EFS that is closed is no reason to show nothing, EC2 having answered",
        arguments: [HTTPFailure.connect, HTTPFailure.resolve, HTTPFailure.timeout, HTTPFailure.tls]
    )
    func unreachable(_ code: String) throws {
        let stack = try StackFixture()
        let closed = error(code)
        for isPlanning in [true, false] {
            let facts = try look(
                stack,
                ["DescribeFileSystems": closed, "DescribeMountTargets": closed],
                isPlanning: isPlanning
            )
            let checks = StorageChecks(facts: facts, target: try stack.target()).run()
            let unknown = checks.filter { $0.outcome == .unknown }
            #expect(unknown.map(\.name) == ["efs_file_system", "efs_mount_target"])
            #expect(unknown.allSatisfy { $0.hint?.contains("has to be reached") == true })
            #expect(checks.filter { $0.outcome == .ok }.count == 7)
        }
    }

    @Test(
        "a host that does not answer is one row of the list, in its own words, and what needs it says the same"
    )
    func host() throws {
        let stack = try StackFixture()
        try stack.fault("agent=InvalidInstanceId")
        let facts = try look(stack, [:], isPlanning: true)
        #expect(facts.host == nil && facts.hostError?.code == "InvalidInstanceId")
        let plan = try PreflightFixture().resize("t3.large", ["t9.huge"])
        let lookups = CloudLookups(stack.sandbox.cloud(stack.name))
        let checks = try Preflight(stack.target(), lookups).checks(plan, facts)
        let report = PreflightReport(checks)
        #expect(report.refusals.map(\.name) == ["type_exists", "host"])
        #expect(report.refusals.last?.refusal?.code == "InvalidInstanceId")
        #expect(report.refusals.last?.evidence == facts.hostError?.summary)
        #expect(report.refusal?.kind == .refused)
        for other in ["instance_running", "type_offered", "efs_file_system", "efs_mount_target"] {
            #expect(checks.contains { $0.name == other }, "\(other)")
        }
        let rehearsal = Rehearsal(
            target: try stack.target(),
            lookups: lookups,
            tagLists: TagLists(stack.sandbox.host(stack.name)),
            started: stack.clock.now(),
            read: { facts }
        )
        let n8n = ServiceName(unchecked: "n8n")
        let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
        expectDiagnostic("InvalidInstanceId") { try rehearsal.setImage(n8n, image) }
        expectDiagnostic("InvalidInstanceId") { _ = try rehearsal.waitHealthy(timeout: 5) }
        // A run that has begun cannot go on without it.
        expectDiagnostic("InvalidInstanceId") { try look(stack, [:], isPlanning: false) }
    }

    @Test("a file system that is gone is that, though nobody knows its mount targets")
    func gone() throws {
        let stack = try StackFixture()
        var facts = try look(
            stack,
            ["DescribeMountTargets": error("FileSystemNotFound")],
            isPlanning: true
        )
        facts.fileSystem = nil
        let checks = StorageChecks(facts: facts, target: try stack.target()).run()
        #expect(PreflightReport(checks).refusals.map(\.refusal?.code) == ["efs_not_found"])
    }

    @Test("a run that has begun waits out what passes")
    func passing() throws {
        let stack = try StackFixture()
        let refused = ["DescribeMountTargets": error("ThrottlingException")]
        #expect(
            try look(stack, refused, isPlanning: true).mountTargetsError?.code
                == "ThrottlingException"
        )
        expectDiagnostic("ThrottlingException") {
            try look(stack, refused, isPlanning: false)
        }
    }
}
