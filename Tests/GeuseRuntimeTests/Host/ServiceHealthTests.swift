import Testing

@testable import GeuseRuntime

/// Limits and probes of single services, as the real script holds them.
@Suite struct ServiceHealthTests {
    private static let n8n = ServiceName(unchecked: "n8n")

    /// `curl` in this world answers as the file says: one status of its own for each call.
    private static func world(curl answers: [Int]) throws -> HostWorld {
        let world = try HostWorld()
        try world.run(
            "cat >bin/curl && chmod 755 bin/curl",
            input: """
                #!/bin/sh
                cd '\(world.root)' || exit 9
                echo "$*" >>curl.calls
                read -r next <curl.answers || next=0
                sed -i 1d curl.answers
                exit "$next"
                """
        )
        try world.write("curl.answers", answers.map { "\($0)\n" }.joined())
        return world
    }

    private static func apply(
        _ world: HostWorld,
        _ health: ServiceHealth,
        usual: Double = 20
    ) throws -> ApplyEvidence {
        var request = try ApplyTests.request(world, health: usual)
        request.health = [n8n: health]
        return try world.host().apply(HostWorld.step("1-apply"), request)
    }

    @Test(arguments: ["http://127.0.0.1:5678/healthz?a=1&b=2", "https://n8n.example/"])
    func aProbeIsAskedUntilItIsAnswered(_ url: String) throws {
        let world = try Self.world(curl: [7, 22])
        let evidence = try Self.apply(world, ServiceHealth(probe: try HealthProbe(url)))
        #expect(evidence.stage == .done)
        let calls = try world.read("curl.calls").split(separator: "\n")
        #expect(calls.count >= 3)
        #expect(calls.allSatisfy { $0 == "-fsS -m 5 -o /dev/null -- \(url)" })
    }

    @Test func aProbeThatIsNeverAnsweredFailsAtTheServicesLimit() throws {
        let world = try Self.world(curl: Array(repeating: 7, count: 100))
        let probe = try HealthProbe("http://127.0.0.1:5678/healthz")
        let evidence = try Self.apply(world, ServiceHealth(timeout: 2, probe: probe), usual: 60)
        #expect(evidence.stage == .health)
        #expect(evidence.error?.contains("n8n") == true)
        #expect(evidence.error?.hasPrefix("service_unanswered") == true)
    }

    @Test func aServiceWithALimitOfItsOwnMayBeUnhealthyUntilThen() throws {
        let world = try HostWorld()
        let id = HostWorld.hex("n8n")
        // It gets well while the script waits; a service without a limit would have been given up.
        try world.run(
            "printf unhealthy >docker/containers/\(id)/health; : >docker/keep_health; "
                + "(sleep 5; printf healthy >docker/containers/\(id)/health) >/dev/null 2>&1 &"
        )
        #expect(try Self.apply(world, ServiceHealth(timeout: 40)).stage == .done)
    }

    @Test func aServiceThatIsLateFailsAtItsLimit() throws {
        let world = try HostWorld()
        try world.run(
            "printf starting >docker/containers/\(HostWorld.hex("n8n"))/health; : >docker/keep_health"
        )
        let evidence = try Self.apply(world, ServiceHealth(timeout: 2), usual: 60)
        #expect(evidence.stage == .health)
        #expect(evidence.error?.hasPrefix("service_waiting") == true)
    }
}
