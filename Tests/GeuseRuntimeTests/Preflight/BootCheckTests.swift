import Testing

@testable import GeuseRuntime

@Suite("Before the instance is stopped it is known what mounts EFS again")
struct BootCheckTests {
    private func check(_ found: StorageFacts.BootMount?) throws -> PreflightCheck {
        let fixture = try PreflightFixture()
        return try fixture.check("efs_at_boot", try fixture.resize("t3.large")) {
            $0.host?.storage.bootMount = found
            $0.host?.storage.bootPlace = "/etc/rc.local"
        }
    }

    @Test("nothing that does is a refusal that a person may overrule")
    func refused() throws {
        let check = try check(.nothing)
        #expect(check.refusal?.code == "efs_not_at_boot")
        #expect(check.allowName == "mount-at-boot")
        #expect(Preflight.allowNames.contains("mount-at-boot"))
        #expect(PreflightReport([check], allowing: ["mount-at-boot"]).refusal == nil)
    }

    @Test("fstab and systemd do; what may is unknown")
    func fine() throws {
        #expect(try check(.fstab).outcome == .ok)
        #expect(try check(.unit).outcome == .ok)
        #expect(try check(.named).outcome == .unknown)
        #expect(try check(.named).evidence.contains("/etc/rc.local"))
        #expect(try check(.unknown).outcome == .unknown)
        #expect(try check(nil).outcome == .unknown)
    }

    @Test("a docker that no boot starts is a refusal that a person may overrule")
    func docker() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.large")
        let check = try fixture.check("docker_at_boot", plan) {
            $0.host?.dockerStartsAtBoot = false
        }
        #expect(check.refusal?.code == "docker_not_at_boot")
        #expect(PreflightReport([check], allowing: ["docker-at-boot"]).refusal == nil)
        #expect(Preflight.allowNames.contains("docker-at-boot"))
        let fine = try fixture.check("docker_at_boot", plan) {
            $0.host?.dockerStartsAtBoot = true
        }
        #expect(fine.outcome == .ok)
        // Without systemd nothing is known, and nothing said.
        #expect(try !fixture.checks(plan).contains { $0.name == "docker_at_boot" })
    }

    @Test("what starts the services before the mount is proven is named and refused")
    func starts() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check("starts_at_boot", try fixture.resize("t3.large")) {
            $0.host?.bootStarts = ["ai-stack.service"]
        }
        #expect(check.subject == "ai-stack.service")
        #expect(check.refusal?.code == "starts_at_boot")
        #expect(check.refusal?.hint?.contains("RequiresMountsFor=/mnt/efs") == true)
        #expect(PreflightReport([check], allowing: ["boot-start"]).refusal == nil)
        #expect(Preflight.allowNames.contains("boot-start"))
    }

    @Test("a plan that does not stop the instance needs none")
    func others() throws {
        let fixture = try PreflightFixture()
        let checks = try fixture.checks(Plan(stack: fixture.stack.name)) {
            $0.host?.storage.bootMount = .nothing
            $0.host?.dockerStartsAtBoot = false
            $0.host?.bootStarts = ["ai-stack.service"]
        }
        let names = ["efs_at_boot", "docker_at_boot", "starts_at_boot"]
        #expect(!checks.contains { names.contains($0.name) })
    }
}
