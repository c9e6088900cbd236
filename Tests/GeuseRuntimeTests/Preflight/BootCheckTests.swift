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

    @Test("a plan that does not stop the instance needs none")
    func others() throws {
        let fixture = try PreflightFixture()
        let checks = try fixture.checks(Plan(stack: fixture.stack.name)) {
            $0.host?.storage.bootMount = .nothing
        }
        #expect(!checks.contains { $0.name == "efs_at_boot" })
    }
}
