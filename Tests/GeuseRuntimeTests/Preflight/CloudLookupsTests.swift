import Testing

@testable import GeuseRuntime

@Suite("What a change of type needs to know is asked while the host is looked at")
struct CloudLookupsTests {
    private func begun(_ types: [String], reserving: Bool = false) throws -> CloudLookups {
        let stack = try StackFixture()
        let target = try stack.target()
        let lookups = CloudLookups(
            stack.sandbox.cloud(stack.name),
            reservesCapacity: reserving
        )
        // The host does not answer, so that nothing is asked behind its look.
        try stack.fault("agent=InvalidInstanceId")
        _ = try FactsReader(
            cloud: stack.sandbox.cloud(stack.name),
            host: stack.sandbox.host(stack.name),
            mountPoint: target.mountPoint
        ).read(
            target.instance,
            fileSystem: target.fileSystem,
            lookups: lookups,
            types: types.map { try InstanceType($0) }
        )
        return lookups
    }

    @Test("the quota, for a type that has more vCPUs by its name")
    func quota() throws {
        #expect(try begun(["t3.xlarge"]).quotas.keys.map(\.self) == [.standard])
        #expect(try begun(["t3.large", "g4dn.xlarge"]).quotas.keys.map(\.self) == [.graphics])
        #expect(try begun(["t3.large"]).quotas.isEmpty)
        #expect(try begun(["t3.medium"]).quotas.isEmpty)
    }

    @Test(
        "the name of a size tells how many vCPUs it has, and where it does not the quota is asked for",
        arguments: [
            ("m5.large", 2, false), ("m5.xlarge", 2, true), ("m5.xlarge", 4, false),
            ("m5.12xlarge", 44, true), ("m5.12xlarge", 48, false), ("m5.metal", 96, true),
        ]
    )
    func guess(_ type: String, _ own: Int, _ isAsked: Bool) throws {
        var instance = try StackFixture().facts().instance
        instance.vcpus = own
        let quota = VCPUQuota.perhapsReached(by: try InstanceType(type), insteadOf: instance)
        #expect((quota != nil) == isAsked)
    }

    @Test("whether room may be held, where the run is to hold some and there is something to do")
    func reservation() throws {
        let held = try begun(["t3.large", "m5.large"], reserving: true)
        #expect(held.dryRuns.keys.map(\.text).sorted() == ["m5.large", "t3.large"])
        #expect(try begun(["t3.large"]).dryRuns.isEmpty)
        #expect(try begun(["t3.medium", "t3.large"], reserving: true).dryRuns.isEmpty)
    }
}
