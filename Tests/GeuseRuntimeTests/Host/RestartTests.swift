import Testing

@testable import GeuseRuntime

/// A restart with the real script for it.
@Suite("A restart on the host")
struct RestartTests {
    private let world: HostWorld

    init() throws { world = try HostWorld() }

    private func restart(_ step: String = "5-apply") throws -> ApplyEvidence {
        var request = ApplyRequest(
            project: try world.project(),
            storage: world.inspection(),
            services: [ServiceName(unchecked: "n8n")],
            settleSeconds: 0
        )
        request.restarts = request.services
        return try world.host().apply(HostWorld.step(step), request)
    }

    @Test("stops the service behind the proof and brings it up again, once")
    func once() throws {
        for _ in 0..<2 { #expect(try restart().stage == .done) }
        let lines = try world.read("docker/ups").split(separator: "\n")
        #expect(lines.first == "stopped n8n")
        #expect(lines.count { $0 == "stopped n8n" } == 1)
        #expect(lines.last?.hasPrefix("n8n ") == true)
        #expect(try world.unknownCalls() == "")
    }

    @Test("stops nothing on an unproven mount")
    func unproven() throws {
        try world.mountLine(type: "ext4", source: "/dev/sdb1")
        #expect(try restart().stage == .proof)
        #expect(try world.read("docker/ups") == "")
    }
}
