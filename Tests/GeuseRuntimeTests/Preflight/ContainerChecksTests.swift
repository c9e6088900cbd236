import Testing

@testable import GeuseRuntime

@Suite("Containers beside the services that a stop of the instance would meet")
struct ContainerChecksTests {
    @Test("One of `docker compose run` is refused before the services are stopped")
    func oneOff() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check("one_off_containers", fixture.resize("t3.large")) {
            $0.host?.oneOffs = ["stack-n8n-run-1"]
        }
        #expect(check.refusal?.code == "one_off_containers")
        #expect(check.evidence.contains("stack-n8n-run-1"))
        let others = try fixture.checks(Plan(stack: fixture.stack.name)) {
            $0.host?.oneOffs = ["stack-n8n-run-1"]
        }
        #expect(!others.contains { $0.name == "one_off_containers" })
    }

    @Test(
        "One of others is refused where docker starts it at boot",
        arguments: [
            ("always", "exited", true), ("unless-stopped", "running", true),
            ("unless-stopped", "exited", false), ("no", "running", false),
        ]
    )
    func foreign(_ policy: String, _ state: String, _ isRefused: Bool) throws {
        let fixture = try PreflightFixture()
        let change: (inout LiveFacts) -> Void = { facts in
            facts.host?.foreign = [ForeignContainer(name: "side", policy: policy, state: state)]
        }
        let check = try fixture.check(
            "foreign_container",
            of: "side",
            fixture.resize("t3.large"),
            change
        )
        #expect(check.outcome == (isRefused ? .refused : .warning))
        #expect(PreflightReport([check], allowing: ["foreign-container"]).refusal == nil)
        let still = try fixture.check(
            "foreign_container",
            of: "side",
            Plan(stack: fixture.stack.name),
            change
        )
        #expect(still.outcome == .warning)
    }

    @Test("A restart policy that is not back is told")
    func policies() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check("restart_policies", Plan(stack: fixture.stack.name)) {
            $0.host?.heldPolicies = ["n8n"]
        }
        #expect(check.outcome == .warning)
    }
}
