import Testing

@testable import GeuseRuntime

@Suite("A rotation that is cut off anywhere is brought to an end by recover")
struct RotationKillTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    private func environment() throws -> [String: String] {
        try fixture.sandbox.world(fixture.name).environment
    }

    /// Runs with a host that is lost for good at its n-th changing call, and lets go of everything.
    private func cut(at call: Int, done: Bool) throws -> Int {
        let plan = try fixture.plan { try $0.rotateCredentials(of: n8n) }
        let base = try fixture.session(plan)
        let host = LostHost(base.edges.host, at: call, done: done)
        let session = base.over(host: host)
        do {
            try session.rotateCredentials(of: n8n)
            _ = try session.finish()
        } catch {}
        return host.calls
    }

    @Test("Old in role, file and service, or new in all of them", arguments: 1...5, [false, true])
    func anywhere(_ call: Int, _ done: Bool) throws {
        let before = try environment()
        let first = before["POSTGRES_PASSWORD"]
        #expect(try cut(at: call, done: done) >= call)
        if try JournalArchive(fixture.directory, fixture.files).unfinished(fixture.name) != nil {
            _ = try fixture.recover()
        }
        let world = try fixture.sandbox.world(fixture.name)
        let written = world.environment["POSTGRES_PASSWORD"]
        #expect(world.rolePassword == written)
        #expect(world.machine.container(n8n)?.databasePassword == written)
        // Only the last call comes after the run was seen to have done all that it should.
        #expect((written != first) == (call == 5))
        if call < 5 { #expect(world.environment == before) }
        #expect(try fixture.facts().host?.services.allSatisfy(\.isWell) == true)
        #expect(try fixture.loaded().state.status == .running)
    }
}
