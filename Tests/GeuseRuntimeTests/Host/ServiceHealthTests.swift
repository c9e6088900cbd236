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
        #expect(calls.allSatisfy { $0 == "--noproxy * -fsS -m 5 -o /dev/null -- \(url)" })
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

    /// Without a health check only time tells: one that ends after six seconds was never well.
    @Test func aServiceThatEndsAfterSixSecondsIsNotWell() throws {
        let world = try HostWorld()
        let id = HostWorld.hex("n8n")
        try world.run(
            "printf none >docker/containers/\(id)/health; : >docker/keep_health; "
                + "date -u +%Y-%m-%dT%H:%M:%S.5Z >docker/containers/\(id)/started; "
                + "(sleep 6; printf 1 >docker/containers/\(id)/exit; "
                + "printf exited >docker/containers/\(id)/state) >/dev/null 2>&1 &"
        )
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world, health: 3)
        )
        #expect(evidence.stage == .health)
        #expect(evidence.error?.hasPrefix("service_exited") == true, "\(evidence.error ?? "")")
    }

    /// What was not started anew has run for longer than that, and what says itself how it is need not wait.
    @Test(arguments: [("none", -3600, 0.0), ("healthy", 0, 0), ("none", 0, 1), ("none", -8, 9)])
    func onlyAFreshSilentServiceIsWaitedFor(_ health: String, _ age: Int, _ settle: Double) throws {
        let world = try HostWorld()
        let id = HostWorld.hex("n8n")
        try world.run(
            "printf \(health) >docker/containers/\(id)/health; : >docker/keep_health; "
                + "date -u -d '\(age) seconds' +%Y-%m-%dT%H:%M:%S.5Z >docker/containers/\(id)/started"
        )
        var request = try ApplyTests.request(world)
        if settle > 0 { request.health = [Self.n8n: ServiceHealth(settle: settle)] }
        let began = world.clock.monotonic()
        let evidence = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(evidence.stage == .done)
        #expect(world.clock.monotonic() - began < 10)
    }

    /// A service that ends, with what it wrote.
    private static func log(of text: String, environment: String = "") throws -> String? {
        let world = try HostWorld()
        let id = HostWorld.hex("n8n")
        try world.publish("n8nio/n8n:broken")
        try world.run("cp docker/registry/\(HostWorld.hex("n8nio/n8n:broken")) docker/images/")
        try world.write("docker/containers/\(id)/environment", environment)
        // The fake one writes its log anew when it starts.
        try world.write("log.text", text)
        try world.run(
            "mv bin/docker bin/docker.real; cat >bin/docker; chmod 755 bin/docker",
            input: """
                #!/bin/sh
                case "$1 $2 $3" in 'logs --tail 400') exec cat '\(world.root)/log.text' ;; esac
                exec '\(world.root)/bin/docker.real' "$@"

                """
        )
        let change = try ApplyTests.change(world, to: "n8nio/n8n:broken")
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world, change, health: 3)
        )
        #expect(evidence.stage == .health)
        #expect(evidence.error?.hasPrefix("service_exited") == true, "\(evidence.error ?? "")")
        #expect(try world.unknownCalls() == "")
        return evidence.logs["n8n"]
    }

    @Test func aSecretOfTheEnvironmentIsHiddenWhereverItStands() throws {
        let log = try Self.log(
            of: "ready\nFATAL: login as n8n with hunter2-From-Env failed\n",
            environment: "DB_POSTGRESDB_PASSWORD=hunter2-From-Env\nDB_POSTGRESDB_USER=n8n\n"
        )
        #expect(log == "ready\nFATAL: login as n8n with xxxxxxxxxxxxxxxx failed")
    }

    @Test func aKeyLongerThanWhatIsShownIsHidden() throws {
        let lines = (10..<60).map { "MIIEpAIBAAKCAQEA\($0)\n" }.joined()
        let key = "-----BEGIN RSA PRIVATE KEY-----\n\(lines)-----END RSA PRIVATE KEY-----\n"
        let log = try Self.log(of: "loading\n\(key)rejected\n")
        #expect(log?.contains("MII") == false)
        #expect(log?.hasSuffix("-----END RSA PRIVATE KEY-----\nrejected") == true)
    }

    @Test func aLineOfAMegabyteIsShownInPart() throws {
        let log = try Self.log(of: String(repeating: "a", count: 1_000_000) + "\n")
        #expect(log == String(repeating: "a", count: 2000) + " [cut]")
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
