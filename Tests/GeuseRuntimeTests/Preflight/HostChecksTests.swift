import Testing

@testable import GeuseRuntime

@Suite("A host that is not fit for a change is refused")
struct HostChecksTests {
    private func check(_ name: String, _ change: (inout HostFacts) -> Void) throws
        -> PreflightCheck
    {
        let fixture = try PreflightFixture()
        return try fixture.check(name, Plan(stack: fixture.stack.name)) { facts in
            if var host = facts.host {
                change(&host)
                facts.host = host
            }
        }
    }

    /// Changes what is known of a service, which has to be there.
    private func change(
        _ name: String,
        _ facts: inout LiveFacts,
        _ change: (inout ServiceFacts) -> Void
    ) {
        guard let index = facts.host?.services.firstIndex(where: { $0.name.text == name }),
            var service = facts.host?.services[index]
        else {
            Issue.record("there is no service \(name)")
            return
        }
        change(&service)
        facts.host?.services[index] = service
    }

    /// A plan that gives n8n another image.
    private func newImage(_ fixture: PreflightFixture) throws -> Plan {
        var plan = Plan(stack: fixture.stack.name)
        plan.steps = [
            .setImage(
                service: try ServiceName("n8n"),
                from: "n8nio/n8n:1.19.0",
                to: try ImageReference("n8nio/n8n:1.20.0")
            )
        ]
        return plan
    }

    @Test(
        "versions of docker",
        arguments: [
            ("20.10.0", PreflightCheck.Outcome.ok), ("28.1.1+1", .ok), ("v25.0.3", .ok),
            ("20.9.9", .refused), ("1.13.1", .refused), ("unknown", .unknown), ("", .unknown),
        ]
    )
    func docker(_ version: String, _ expected: PreflightCheck.Outcome) throws {
        let check = try check("docker_version") { $0.dockerVersion = version }
        #expect(check.outcome == expected)
        #expect(check.refusal.map { $0.code == "docker_version_too_old" } ?? true)
    }

    @Test("docker's own directory on a disk that a stop empties is told, with the volumes there")
    func dockerDisk() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check("docker_disk", fixture.resize("t3.large")) { facts in
            facts.host?.keepsDockerOnInstanceStore = true
            change("n8n", &facts) { $0.volumes = ["/extra"] }
        }
        #expect(check.outcome == .warning)
        #expect(check.evidence.hasSuffix("at the stop: n8n /extra."))
        // An image alone is changed without a stop.
        let others = try fixture.checks(newImage(fixture)) {
            $0.host?.keepsDockerOnInstanceStore = true
        }
        #expect(!others.contains { $0.name == "docker_disk" })
    }

    @Test("containers that the compose file does not know are refused")
    func orphans() throws {
        let check = try check("orphan_containers") { $0.orphans = ["old"] }
        #expect(check.refusal?.code == "orphan_containers")
        #expect(check.refusal?.hint?.contains("--remove-orphans") == true)
    }

    @Test("a compose file beside it that what runs was started without is told")
    func unread() throws {
        let path = "/opt/geusemaker/docker-compose.override.yml"
        let check = try check("compose_files") { $0.project.unreadOverride = path }
        #expect(check.outcome == .warning)
        #expect(check.subject == path)
    }

    @Test(
        "compose has to be the one of docker's command line",
        arguments: [("2.0.0", true), ("2.5.0", true), ("v2.1.0", true), ("1.29.2", false)]
    )
    func compose(_ version: String, _ isFine: Bool) throws {
        let check = try check("compose_version") { $0.composeVersion = version }
        #expect((check.outcome == .ok) == isFine)
    }

    @Test("a service that is ill before the change is told")
    func ill() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "service_health",
            of: "n8n",
            Plan(stack: fixture.stack.name)
        ) { $0.host?.services[0].health = .unhealthy }
        #expect(check.outcome == .warning)
    }

    @Test(
        "one that does not run is refused unless a step starts it",
        arguments: [
            ("qdrant", "exited", PreflightCheck.Outcome.refused), ("qdrant", "created", .refused),
            ("qdrant", nil, .refused), ("qdrant", "restarting", .warning),
            // n8n depends on postgres.
            ("n8n", "exited", .warning), ("postgres", "exited", .warning),
        ] as [(String, String?, PreflightCheck.Outcome)]
    )
    func down(_ name: String, _ state: String?, _ expected: PreflightCheck.Outcome) throws {
        let fixture = try PreflightFixture()
        func check(_ plan: Plan) throws -> PreflightCheck {
            try fixture.check("service_health", of: name, plan) { facts in
                change(name, &facts) {
                    $0.state = state
                    $0.health = .none
                }
            }
        }
        let found = try check(newImage(fixture))
        #expect(found.outcome == expected)
        #expect(found.refusal.map { $0.code == "service_down" } ?? true)
        // A change of type starts every service, and a plan without a change has no gate.
        #expect(try check(try fixture.resize("t3.large")).outcome == .warning)
        #expect(try check(Plan(stack: fixture.stack.name)).outcome == .warning)
    }

    @Test("one that is paused is refused, unless a step stops it or makes it anew")
    func paused() throws {
        let fixture = try PreflightFixture()
        let check = { (name: String, plan: Plan) in
            try fixture.check("service_health", of: name, plan) { facts in
                change(name, &facts) { $0.state = "paused" }
            }
        }
        let refused = try check("qdrant", newImage(fixture))
        #expect(refused.refusal?.code == "service_down")
        #expect(refused.refusal?.hint?.contains("docker unpause") == true)
        #expect(try check("n8n", newImage(fixture)).outcome == .warning)
        #expect(try check("qdrant", fixture.resize("t3.large")).outcome == .warning)
    }

    @Test(
        "where a step may start it in another way than by depends_on it is a warning",
        arguments: [
            "links: [qdrant]", "network_mode: service:qdrant", "extends: {service: base}",
            "<<: {environment: {A: b}}", "restart: always",
        ]
    )
    func mayBeStarted(_ member: String) throws {
        let fixture = try PreflightFixture()
        let found = try fixture.check("service_health", of: "qdrant", newImage(fixture)) { facts in
            facts.host?.project.bytes = Array(
                "services:\n  n8n:\n    image: n8nio/n8n:1.19.0\n    \(member)\n  qdrant:\n    image: q:1\n"
                    .utf8
            )
            change("qdrant", &facts) { $0.state = "exited" }
        }
        #expect(found.outcome == (member == "restart: always" ? .refused : .warning))
    }

    @Test(
        "one that ended with 0 is told, unless another service waits for that",
        arguments: [true, false]
    )
    func ended(_ isAwaited: Bool) throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "service_health",
            of: "n8n",
            Plan(stack: fixture.stack.name)
        ) { facts in
            change("n8n", &facts) {
                $0.state = "exited"
                $0.hasFinished = true
                $0.isAwaited = isAwaited
            }
        }
        #expect(check.outcome == (isAwaited ? .ok : .warning))
    }

    @Test("a health setting of a service that there is not is refused with the near match")
    func configured() throws {
        let stack = try StackFixture()
        let host = try #require(try stack.facts().host)
        let health = [
            ServiceName(unchecked: "n8n"): ServiceHealth(timeout: 900),
            ServiceName(unchecked: "postgre"): ServiceHealth(timeout: 9),
        ]
        let checks = HostChecks(plan: Plan(stack: stack.name), host: host, health: health).run()
            .filter { $0.name == "health_config" }
        #expect(checks.map(\.outcome) == [.ok, .refused])
        #expect(checks.last?.refusal?.code == "unknown_service")
        #expect(checks.last?.refusal?.hint == "Did you mean postgres?")
    }

    @Test("without a running instance there is no host to look at")
    func missing() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check("host", Plan(stack: fixture.stack.name)) { $0.host = nil }
        #expect(check.refusal?.code == "host_unreachable")
    }
}
