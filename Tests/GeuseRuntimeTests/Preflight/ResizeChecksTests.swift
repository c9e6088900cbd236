import Testing

@testable import GeuseRuntime

@Suite("A type that cannot be had in place is refused before anything is touched")
struct ResizeChecksTests {
    private func code(
        _ type: String,
        _ options: SandboxOptions = SandboxOptions(),
        change: (inout Instance) -> Void = { _ in }
    ) throws -> String? {
        let fixture = try StackFixture(options)
        var instance = try fixture.facts().instance
        change(&instance)
        let checks = ResizeChecks(cloud: fixture.sandbox.cloud(fixture.name), instance: instance)
        do {
            _ = try checks.check(InstanceType(type))
            return nil
        } catch let error as Diagnostic {
            #expect(error.kind == .refused)
            #expect(error.detail?.contains("Nothing was touched") == true)
            return error.code
        }
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

    @Test("the kind of instance decides")
    func instances() throws {
        var options = SandboxOptions()
        options.purchase = .oneTimeSpot
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
        #expect(try code("t3.large") { $0.enaSupport = false } == "ena_required")
        #expect(try code("t3.large") { $0.canHibernate = true } == "hibernation_enabled")
        #expect(
            try code("t3.large") { $0.networkInterfaces = 4 } == "too_many_network_interfaces"
        )
        #expect(try code("m6i.large") { $0.type = "g4dn.xlarge" } == "gpu_lost")
    }

    @Test("less memory is told, not refused")
    func memory() throws {
        let fixture = try StackFixture()
        let checks = ResizeChecks(
            cloud: fixture.sandbox.cloud(fixture.name),
            instance: try fixture.facts().instance
        )
        let warnings = try checks.check(InstanceType("t3.micro"))
        #expect(warnings.first?.contains("MiB") == true)
    }
}
