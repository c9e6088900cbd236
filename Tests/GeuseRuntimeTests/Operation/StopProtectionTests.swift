import Testing

@testable import GeuseRuntime

@Suite("describe tells whether the instance is protected against being stopped")
struct StopProtectionTests {
    private let attribute = "DescribeInstanceAttribute"

    private func rehearse(_ fixture: StackFixture, _ cloud: any Cloud) throws -> Rehearsal {
        Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(cloud),
            tagLists: TagLists(fixture.sandbox.host(fixture.name)),
            started: fixture.clock.now(),
            read: fixture.facts
        )
    }

    private func asked(_ fixture: StackFixture) throws -> Int {
        try fixture.requests().count { $0 == attribute }
    }

    @Test("in a rehearsal, asked once and only where it is shown", arguments: [true, false])
    func rehearsed(isOn: Bool) throws {
        var options = SandboxOptions()
        options.isStopProtected = isOn
        let fixture = try StackFixture(options)
        let rehearsal = try rehearse(fixture, fixture.sandbox.cloud(fixture.name))
        _ = try rehearsal.health()
        #expect(try asked(fixture) == 0)
        for _ in 1...2 {
            let seen = try rehearsal.describe()["instance"]?["stop_protection"]
            #expect(seen == .bool(isOn))
        }
        #expect(try asked(fixture) == 1)
        #expect(rehearsal.facts?.stopProtection == (isOn ? .on : .off))
    }

    @Test("for real, asked once at most", arguments: [true, false])
    func real(isOn: Bool) throws {
        var options = SandboxOptions()
        options.isStopProtected = isOn
        let fixture = try StackFixture(options)
        let plan = try fixture.plan { try $0.restart(ServiceName(unchecked: "n8n")) }
        let session = try fixture.session(plan)
        let before = try asked(fixture)
        for _ in 1...2 {
            let seen = try session.describe()["instance"]?["stop_protection"]
            #expect(seen == .bool(isOn))
        }
        #expect(try asked(fixture) == before + 1)
    }

    @Test("where it is not told it is not known, and the rest is shown", arguments: [true, false])
    func unknown(isRefused: Bool) throws {
        let fixture = try StackFixture()
        let cloud = PartialCloud(fixture.sandbox.cloud(fixture.name))
        if isRefused {
            cloud.refused = [attribute: Diagnostic("UnauthorizedOperation", "Not authorized.")]
        } else {
            cloud.tellsProtection = false
        }
        let seen = try rehearse(fixture, cloud).describe()["instance"]
        #expect(seen?["stop_protection"] == .null)
        #expect(seen?["type"] == "t3.medium")
    }
}
