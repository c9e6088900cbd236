import Testing

@testable import GeuseRuntime

@Suite("A pull onto a full disk is refused before anything is touched")
struct SpaceChecksTests {
    private func refusal(bytes: Int, inodes: Int?) throws -> Diagnostic? {
        let fixture = try StackFixture()
        var host = try #require(try fixture.facts().host)
        host.freeBytes = bytes
        host.freeInodes = inodes
        return PreflightReport(SpaceChecks(host: host, pulls: true).run()).refusal
    }

    @Test("bytes and inodes both count, and what the host does not tell does not")
    func limits() throws {
        #expect(try refusal(bytes: 256 << 20, inodes: 5000) == nil)
        #expect(try refusal(bytes: .max, inodes: nil) == nil)
        let bytes = try refusal(bytes: (256 << 20) - 1, inodes: nil)
        #expect(bytes?.code == "host_disk_full" && bytes?.kind == .refused)
        let inodes = try refusal(bytes: .max, inodes: 4999)
        #expect(inodes?.code == "host_disk_full")
        #expect(inodes?.summary.contains("4999 inodes") == true)
    }

    @Test("an image is refused in the plan, an instance type is not")
    func plan() throws {
        let fixture = try StackFixture()
        try fixture.fault("pull=disk-full")
        let error = #expect(throws: Diagnostic.self) {
            try fixture.plan {
                try $0.setImage(
                    ServiceName(unchecked: "n8n"),
                    ImageReference(unchecked: "n8nio/n8n:1.20.0")
                )
            }
        }
        #expect(error?.code == "host_disk_full")
        #expect(error?.detail?.contains("Nothing was touched") == true)
        _ = try fixture.plan { try $0.resize(InstanceType(unchecked: "t3.large"), fallback: []) }
    }
}
