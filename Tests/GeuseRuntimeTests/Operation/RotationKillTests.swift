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
        let session = Session(
            target: base.target,
            edges: SessionEdges(
                cloud: base.edges.cloud,
                host: host,
                clock: base.edges.clock,
                cancellation: base.edges.cancellation,
                observer: base.edges.observer,
                approver: base.edges.approver,
                record: base.edges.record,
                owner: base.edges.owner
            ),
            settings: base.settings,
            plan: plan,
            facts: base.facts,
            run: base.run,
            started: base.started
        )
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

/// A host that no call reaches any more from the n-th changing one on, done or not.
private final class LostHost: Host {
    private let inner: any Host
    private let last: Int
    private let isDone: Bool
    private(set) var calls = 0

    init(_ inner: any Host, at last: Int, done: Bool) {
        self.inner = inner
        self.last = last
        isDone = done
    }

    private func pass<Result>(_ body: () throws -> Result) throws -> Result {
        calls += 1
        let lost = Diagnostic("host_outcome_unknown", "Nothing is heard of the host.")
        guard calls <= last, calls < last || isDone else { throw lost }
        let result = try body()
        if calls == last { throw lost }
        return result
    }

    func inspect(_ request: HostInspection) throws -> HostFacts { try inner.inspect(request) }
    func lookUp(_ images: [ImageReference]) throws -> [RegistryImage] {
        try inner.lookUp(images)
    }
    func tags(of image: ImageReference, beginningWith prefix: String) throws -> [String] {
        try inner.tags(of: image, beginningWith: prefix)
    }
    func restoreData(_ step: HostStep, _ request: DataRestoreRequest) throws -> [KeptData] {
        try pass { try inner.restoreData(step, request) }
    }
    func exec(
        _ step: HostStep,
        _ project: ComposeProject,
        _ command: HostCommand
    ) throws -> CommandEvidence {
        try pass { try inner.exec(step, project, command) }
    }
    func prune(_ step: HostStep, _ request: PruneRequest) throws -> [String] {
        try pass { try inner.prune(step, request) }
    }
    func secure(_ step: HostStep, _ request: SecureRequest) throws -> SecureEvidence {
        try pass { try inner.secure(step, request) }
    }
    func pull(_ step: HostStep, _ images: [ImageReference]) throws -> [PulledImage] {
        try pass { try inner.pull(step, images) }
    }
    func stopServices(
        _ step: HostStep,
        _ project: ComposeProject,
        recordingDataAt mountPoint: String?
    ) throws -> DataFacts? {
        try pass { try inner.stopServices(step, project, recordingDataAt: mountPoint) }
    }
    func apply(_ step: HostStep, _ request: ApplyRequest) throws -> ApplyEvidence {
        try pass { try inner.apply(step, request) }
    }
    func rotateCredentials(
        _ step: HostStep,
        _ request: RotationRequest
    ) throws -> RotationEvidence {
        try pass { try inner.rotateCredentials(step, request) }
    }
    func lease(_ step: HostStep) throws { try pass { try inner.lease(step) } }
}
