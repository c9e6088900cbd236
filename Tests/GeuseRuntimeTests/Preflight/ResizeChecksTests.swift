import Testing

@testable import GeuseRuntime

@Suite("A type that cannot be had in place is refused before anything is touched")
struct ResizeChecksTests {
    private func code(
        _ type: String,
        _ options: SandboxOptions = SandboxOptions(),
        change: (inout Instance) -> Void = { _ in }
    ) throws -> String? {
        let fixture = try PreflightFixture(options)
        let checks = try fixture.checks(fixture.resize(type)) { change(&$0.instance) }
        let refusal = PreflightReport(checks).refusal
        #expect(refusal.map { $0.kind == .refused } ?? true)
        #expect(refusal.map { $0.detail?.contains("Nothing was touched") == true } ?? true)
        return refusal?.code
    }

    @Test("a type that fits is taken")
    func fits() throws { #expect(try code("t3.large") == nil) }

    @Test(
        "each reason has its code",
        arguments: [
            ("t9.huge", "unknown_instance_type"), ("m7g.large", "wrong_architecture"),
        ]
    )
    func types(_ type: String, _ expected: String) throws { #expect(try code(type) == expected) }

    @Test("a type that the zone does not have is refused")
    func notOffered() throws {
        var options = SandboxOptions()
        options.zoneLetter = "e"
        options.instanceType = InstanceType(unchecked: "t2.medium")
        #expect(try code("m6i.large", options) == "type_not_offered")
    }

    @Test("the kind of instance decides")
    func instances() throws {
        var options = SandboxOptions()
        options.purchase = .oneTimeSpot
        #expect(try code("t3.large", options) == "spot_instance")
        options.purchase = .persistentSpot
        #expect(try code("t3.large", options) == "spot_instance")
        options = SandboxOptions()
        options.isStopProtected = true
        #expect(try code("t3.large", options) == "stop_protected")
        options = SandboxOptions()
        options.autoScalingGroup = "group"
        #expect(try code("t3.large", options) == "auto_scaling_member")
    }

    @Test("facts of the instance decide")
    func facts() throws {
        #expect(
            try code("t3.large") { $0.rootDeviceType = "instance-store" } == "instance_store_root"
        )
        #expect(try code("t3.large") { $0.state = .stopped } == "instance_not_running")
        #expect(
            try code("t3.large") { $0.virtualization = "paravirtual" } == "wrong_virtualization"
        )
        #expect(try code("t3.large") { $0.canHibernate = true } == "hibernation_enabled")
        #expect(
            try code("t3.large") { $0.networkInterfaces = 4 } == "too_many_network_interfaces"
        )
        #expect(try code("m6i.large") { $0.type = "g4dn.xlarge" } == "gpu_lost")
    }

    @Test("ENA is needed where the instance runs without it, and unknown where EC2 does not tell")
    func ena() throws {
        var old = SandboxOptions()
        old.instanceType = InstanceType(unchecked: "t2.medium")
        #expect(try code("t3.large", old) == "ena_required")
        #expect(try code("t3.large", old) { $0.enaSupport = true } == nil)
        #expect(try code("t2.large", old) == nil)
        func outcome(_ options: SandboxOptions, _ told: Bool?) throws -> PreflightCheck.Outcome {
            let fixture = try PreflightFixture(options)
            return try fixture.check("type_ena", fixture.resize("t3.large")) {
                $0.instance.enaSupport = told
            }.outcome
        }
        #expect(try outcome(old, nil) == .unknown)
        // Moto leaves it out; an instance of a type that needs ENA has it all the same.
        for told in [nil, true, false] as [Bool?] {
            #expect(try outcome(SandboxOptions(), told) == .ok)
        }
    }

    @Test("what EC2 leaves out of an instance is unknown, not a reason to refuse")
    func leftOutOfInstance() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.large")
        let changes: [(String, (inout Instance) -> Void)] = [
            ("type_architecture", { $0.architecture = nil }),
            ("type_architecture", { $0.architecture = "" }),
            ("type_virtualization", { $0.virtualization = nil }),
            ("type_network_interfaces", { $0.networkInterfaces = 0 }),
            ("root_device", { $0.rootDeviceType = nil }),
            ("hibernation", { $0.canHibernate = nil }),
            ("type_dedicated_host", { $0.tenancy = nil }),
        ]
        for (name, change) in changes {
            let checks = try fixture.checks(plan) { change(&$0.instance) }
            #expect(checks.filter { $0.name == name }.map(\.outcome) == [.unknown], "\(name)")
            #expect(PreflightReport(checks).refusal == nil, "\(name)")
        }
    }

    @Test("what EC2 leaves out of a type is unknown, not a reason to refuse")
    func leftOutOfType() throws {
        let changes: [(String, (inout InstanceTypeFacts) -> Void)] = [
            ("type_architecture", { $0.architectures = [] }),
            ("type_virtualization", { $0.virtualization = [] }),
            ("type_network_interfaces", { $0.maximumNetworkInterfaces = nil }),
            ("type_ena", { $0.ena = nil }), ("memory", { $0.memoryMiB = nil }),
            ("vcpu_quota", { $0.vcpus = nil }), ("type_nvme", { $0.nvme = nil }),
            ("instance_store", { $0.hasInstanceStore = nil }),
            ("cpu_credits", { $0.isBurstable = nil }), ("gpu", { $0.gpus = nil }),
            ("type_boot_mode", { $0.bootModes = [] }),
            ("type_ipv4_addresses", { $0.addressesPerInterface = nil }),
        ]
        for (name, change) in changes {
            var fixture = try PreflightFixture()
            fixture.between = { $0.describe = change }
            let checks = try fixture.checks(fixture.resize("t3.large")) {
                $0.instance.enaSupport = nil
                $0.instance.bootMode = "uefi"
            }
            #expect(checks.filter { $0.name == name }.map(\.outcome) == [.unknown], "\(name)")
            #expect(PreflightReport(checks).refusal == nil, "\(name)")
        }
    }

    @Test("how it boots, where it is placed and the addresses of an interface decide")
    func placement() throws {
        #expect(try code("t2.large") { $0.bootMode = "uefi" } == "wrong_boot_mode")
        for mode in ["legacy-bios", "uefi-preferred"] {
            #expect(try code("t2.large") { $0.bootMode = mode } == nil, "\(mode)")
        }
        #expect(try code("t3a.large") { $0.tenancy = "host" } == "no_dedicated_host")
        #expect(
            try code("t3.micro") { $0.addressesPerInterface = 3 } == "too_many_ipv4_addresses"
        )
        #expect(try code("t3.large") { $0.addressesPerInterface = 3 } == nil)
        let fixture = try PreflightFixture()
        let host = try fixture.check("type_dedicated_host", fixture.resize("m5.large")) {
            $0.instance.tenancy = "host"
        }
        #expect(host.outcome == .warning)
    }

    @Test(
        "a type has to run in the instance's placement group",
        arguments: [
            ("near", ["partition", "spread"], PreflightCheck.Outcome.refused),
            ("near", ["cluster", "spread"], .ok), ("near", [], .unknown),
            // A group that nobody knows.
            ("gone", ["cluster"], .unknown),
        ]
    )
    func group(_ name: String, _ strategies: [String], _ expected: PreflightCheck.Outcome) throws {
        var fixture = try PreflightFixture()
        fixture.between = {
            $0.strategies = ["near": "cluster"]
            $0.describe = { $0.placementStrategies = strategies }
        }
        let check = try fixture.check("placement_group", fixture.resize("t3.large")) {
            $0.instance.placementGroup = name
        }
        #expect(check.outcome == expected)
        #expect(check.refusal.map { $0.code == "placement_group_unsupported" } ?? true)
    }

    @Test("a fallback type is looked at as closely")
    func fallback() throws {
        let fixture = try PreflightFixture()
        let checks = try fixture.checks(fixture.resize("t3.large", ["m7g.large", "t9.huge"]))
        #expect(
            PreflightReport(checks).refusals.map(\.refusal?.code)
                == ["wrong_architecture", "unknown_instance_type"]
        )
    }

    @Test("less memory, a GPU gained, credits and NVMe are told, not refused")
    func warnings() throws {
        let fixture = try PreflightFixture()
        func outcome(_ name: String, _ type: String, from now: String? = nil) throws
            -> PreflightCheck.Outcome
        {
            try fixture.check(name, of: type, fixture.resize(type)) {
                if let now { $0.instance.type = now }
            }.outcome
        }
        #expect(try outcome("memory", "t3.micro") == .warning)
        #expect(try outcome("memory", "t3.large") == .ok)
        #expect(try outcome("gpu", "g4dn.xlarge") == .warning)
        #expect(try outcome("cpu_credits", "t3.large", from: "m6i.large") == .warning)
        #expect(try outcome("cpu_credits", "m6i.large") == .ok)
        #expect(try outcome("instance_store", "m6i.large", from: "g4dn.xlarge") == .warning)
        #expect(try outcome("type_nvme", "m6i.large", from: "t2.medium") == .warning)
        #expect(try outcome("type_nvme", "m6i.large") == .ok)
    }

    @Test("a new public address is told, an Elastic IP stays")
    func address() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.large")
        #expect(try fixture.check("public_address", plan).outcome == .warning)
        #expect(
            try fixture.check("public_address", plan) { $0.instance.publicIP = nil }.outcome == .ok
        )
        func check(_ between: @escaping (PartialCloud) -> Void) throws -> PreflightCheck {
            var fixture = fixture
            fixture.between = between
            return try fixture.check("public_address", plan) { $0.instance.hasElasticIP = true }
        }
        #expect(try check { $0.elastic = true }.outcome == .ok)
        // Some clouds name the account as the owner of every address.
        #expect(try check { $0.elastic = false }.outcome == .warning)
        let denied = Diagnostic("UnauthorizedOperation", "It was not answered.")
        let unknown = try check { $0.refused["DescribeAddresses"] = denied }
        #expect(unknown.outcome == .unknown)
        #expect(unknown.evidence.contains("By its owner"))
        #expect(unknown.hint?.contains("ec2:DescribeAddresses") == true)
    }

    @Test("an address whose owner is not told is asked for, and unknown without an answer")
    func untoldOwner() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.large")
        func check(_ between: @escaping (PartialCloud) -> Void) throws -> PreflightCheck {
            var fixture = fixture
            fixture.between = between
            return try fixture.check("public_address", plan) {
                $0.instance.addressOwner = .untold
            }
        }
        #expect(try check { $0.elastic = true }.outcome == .ok)
        #expect(try check { $0.elastic = false }.outcome == .warning)
        let denied = Diagnostic("UnauthorizedOperation", "It was not answered.")
        let unknown = try check { $0.refused["DescribeAddresses"] = denied }
        #expect(unknown.outcome == .unknown && !unknown.evidence.contains("By its owner"))
        var instance = try fixture.stack.facts().instance
        instance.addressOwner = .untold
        let cloud = PartialCloud(fixture.stack.sandbox.cloud(fixture.stack.name))
        cloud.refused["DescribeAddresses"] = denied
        // Nothing says that it stays.
        #expect(try !CloudLookups(cloud).keepsAddress(instance))
        cloud.refused = [:]
        cloud.elastic = true
        #expect(try CloudLookups(cloud).keepsAddress(instance))
    }

    @Test("of several interfaces no public address comes back, which SSH has to know")
    func severalInterfaces() throws {
        let fixture = try PreflightFixture()
        var plan = try fixture.resize("t3.large")
        let one = try fixture.check("public_address", plan)
        #expect(one.evidence.hasSuffix("will be another one after the stop."))
        let two = try fixture.check("public_address", plan) { $0.instance.networkInterfaces = 2 }
        #expect(two.outcome == .warning && two.evidence.contains("will be gone after the stop"))
        var instance = try fixture.stack.facts().instance
        plan.changesAddress = true
        #expect(InstanceChecks.sshAddress(plan, instance) == nil)
        instance.networkInterfaces = 2
        let refused = try #require(InstanceChecks.sshAddress(plan, instance))
        #expect(refused.refusal?.code == "ssh_address_lost" && refused.allowName == nil)
        plan.changesAddress = false
        #expect(InstanceChecks.sshAddress(plan, instance) == nil)
        plan.changesAddress = true
        instance.publicIP = nil
        #expect(InstanceChecks.sshAddress(plan, instance) == nil)
    }

    @Test("only an address whose owner is not Amazon is asked for")
    func addressIsAsked() throws {
        let fixture = try StackFixture()
        var instance = try fixture.facts().instance
        let cloud = PartialCloud(fixture.sandbox.cloud(fixture.name))
        cloud.refused["DescribeAddresses"] = Diagnostic("UnauthorizedOperation", "No.")
        cloud.elastic = true
        #expect(try !CloudLookups(cloud).keepsAddress(instance))
        instance.hasElasticIP = true
        // Not answered, the owner counts.
        #expect(try CloudLookups(cloud).keepsAddress(instance))
        cloud.refused = [:]
        cloud.elastic = false
        #expect(try !CloudLookups(cloud).keepsAddress(instance))
        instance.publicIP = nil
        cloud.elastic = true
        #expect(try !CloudLookups(cloud).keepsAddress(instance))
    }

    @Test("a quota that is reached refuses; one that cannot be read is unknown")
    func quota() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.xlarge")
        let fine = try fixture.check("vcpu_quota", plan)
        #expect(fine.outcome == .ok && fine.evidence == "4 of 64 vCPUs afterwards.")
        try fixture.stack.sandbox.inject(SandboxFault("quota=reached"), into: fixture.stack.name)
        let refused = try fixture.check("vcpu_quota", plan)
        #expect(refused.refusal?.code == "vcpu_quota_reached")
        // The instance's own vCPUs are free while it is stopped.
        #expect(try fixture.check("vcpu_quota", fixture.resize("t3.large")).outcome == .ok)
        try fixture.stack.sandbox.clearFaults(fixture.stack.name)
        try fixture.stack.sandbox.inject(
            SandboxFault("quota=AccessDeniedException"),
            into: fixture.stack.name
        )
        #expect(try fixture.check("vcpu_quota", plan).outcome == .unknown)
    }

    @Test("what counts against a quota is never less than the type itself needs")
    func quotaWithoutTheInstance() throws {
        for (usage, outcome) in [
            // The instance was not counted, as just after its start.
            (QuotaUsage(limit: 3, used: 0), PreflightCheck.Outcome.refused),
            (QuotaUsage(limit: 4, used: 0), .ok), (QuotaUsage(limit: 5, used: 4), .refused),
            (QuotaUsage(limit: 6, used: 4), .ok),
        ] {
            var fixture = try PreflightFixture()
            fixture.between = { $0.usage = usage }
            let check = try fixture.check("vcpu_quota", fixture.resize("t3.xlarge"))
            #expect(check.outcome == outcome, "\(usage)")
        }
        // Cores that were switched off at its launch are not there to be had back.
        var fixture = try PreflightFixture()
        fixture.between = { $0.usage = QuotaUsage(limit: 4, used: 1) }
        let check = try fixture.check("vcpu_quota", fixture.resize("t3.xlarge")) {
            $0.instance.vcpus = 1
        }
        #expect(check.evidence == "4 of 4 vCPUs afterwards.")
    }

    @Test("room that is reserved counts against a quota beside the instance that still runs")
    func quotaWithReservation() throws {
        var fixture = try PreflightFixture()
        var limit = 4
        fixture.between = { $0.usage = QuotaUsage(limit: limit, used: 2) }
        // 2 vCPUs now, 4 wanted.
        var plan = try fixture.resize("t3.xlarge")
        #expect(try fixture.check("vcpu_quota", plan).outcome == .ok)
        plan.reserveCapacity(true)
        let refused = try fixture.check("vcpu_quota", plan)
        #expect(refused.refusal?.code == "vcpu_quota_reached")
        #expect(refused.evidence.contains("need 6 vCPUs"))
        #expect(refused.hint?.hasPrefix("Go without --reserve-capacity") == true)
        limit = 6
        #expect(try fixture.check("vcpu_quota", plan).outcome == .ok)
        // No more vCPUs than now take room of their own, too.
        limit = 3
        var same = try fixture.resize("t3.large")
        #expect(try fixture.check("vcpu_quota", same).outcome == .ok)
        same.reserveCapacity(true)
        #expect(try fixture.check("vcpu_quota", same).refusal?.code == "vcpu_quota_reached")
    }

    @Test("what runs on a Dedicated Host counts against no quota of vCPUs")
    func quotaOfDedicatedHosts() throws {
        var fixture = try PreflightFixture()
        fixture.between = { $0.usage = QuotaUsage(limit: 2, used: 2) }
        let plan = try fixture.resize("m5.xlarge")
        #expect(try fixture.check("vcpu_quota", plan).refusal?.code == "vcpu_quota_reached")
        let checks = try fixture.checks(plan) { $0.instance.tenancy = "host" }
        #expect(!checks.contains { $0.name == "vcpu_quota" })
    }

    @Test("a person may overrule a refusal that has a name, and no other")
    func overruled() throws {
        let fixture = try PreflightFixture()
        let checks = try fixture.checks(fixture.resize("m6i.large")) {
            $0.instance.type = "g4dn.xlarge"
            $0.instance.canHibernate = true
        }
        let report = PreflightReport(checks, allowing: ["gpu-lost", "hibernation"])
        #expect(report.refusals.map(\.refusal?.code) == ["hibernation_enabled"])
        #expect(report.checks.contains { $0.name == "gpu" && $0.outcome == .warning })
        let error = try #require(PreflightReport(checks).refusal)
        #expect(error.code == "hibernation_enabled")
        #expect(error.detail?.contains("has a GPU and m6i.large has none") == true)
    }
}
