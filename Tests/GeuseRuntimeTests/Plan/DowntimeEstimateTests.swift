import Testing

@testable import GeuseRuntime

/// What earlier runs of a stack say about the next one.
@Suite("The expected downtime")
struct DowntimeEstimateTests {
    private static let resize = PlanStep.resize(
        from: "t3.medium",
        to: InstanceType(unchecked: "t3.large"),
        fallback: []
    )
    private static let image = PlanStep.setImage(
        service: ServiceName(unchecked: "n8n"),
        from: "n8n:1",
        to: ImageReference(unchecked: "n8n:2")
    )

    @Test("is a stated default until a run has shown it")
    func stated() {
        let estimate = DowntimeEstimate(learnedFrom: [])
        #expect(estimate == .stated)
        #expect(estimate.seconds(for: [Self.resize]) == 120)
        #expect(estimate.basis(for: [Self.resize]).hasPrefix("a default"))
    }

    @Test("is the median of what the stack's own runs of the kind took")
    func learned() throws {
        let fixture = try StackFixture()
        for type in ["t3.large", "t3.medium", "t3.large"] {
            fixture.clock.advance(5)
            try fixture.run { try $0.resize(InstanceType(unchecked: type), fallback: []) }
        }
        let archive = JournalArchive(fixture.directory, fixture.files)
        let runs = archive.newest(20, of: fixture.name).map(RunSummary.init)
        let estimate = DowntimeEstimate(learnedFrom: runs)
        let took = try runs.map { try #require($0.downtime) }.sorted()
        #expect(estimate.resize == .init(seconds: took[1], runs: 3))
        #expect(estimate.recreate == DowntimeEstimate.stated.recreate)
        #expect(
            estimate.basis(for: [Self.resize])
                == "the median of this stack's last 3 runs of the kind"
        )
        #expect(estimate.basis(for: [Self.image]).hasPrefix("a default"))
    }

    @Test("of type and image in one window says where the longer of the two is from")
    func mixedWindow() throws {
        let fixture = try StackFixture()
        for type in ["t3.large", "t3.medium"] {
            fixture.clock.advance(5)
            try fixture.run { try $0.resize(InstanceType(unchecked: type), fallback: []) }
        }
        let archive = JournalArchive(fixture.directory, fixture.files)
        let runs = archive.newest(20, of: fixture.name).map(RunSummary.init)
        let estimate = DowntimeEstimate(learnedFrom: runs)
        let steps = [
            PlanStep.openWindow(name: "update"), Self.resize, Self.image,
            .closeWindow(name: "update"),
        ]
        let learned = "the median of this stack's last 2 runs of the kind"
        let stated = "a default: no run of this stack has shown it yet"
        let isLearned = estimate.resize.seconds >= estimate.recreate.seconds
        #expect(
            estimate.seconds(for: steps) == max(estimate.resize.seconds, estimate.recreate.seconds)
        )
        #expect(estimate.basis(for: steps) == (isLearned ? learned : stated))
        #expect(
            estimate.basis(for: [Self.resize, Self.image])
                == "changes of the type: \(learned); others: \(stated)"
        )
        #expect(DowntimeEstimate.stated.basis(for: steps) == stated)
        #expect(estimate.basis(for: [Self.image], grace: 30) == stated)
        #expect(
            estimate.basis(for: [Self.image], grace: 120)
                == stated + "; up to 120 s more where a service uses its stop_grace_period"
        )
    }

    @Test("counts neither runs that failed nor those that changed nothing")
    func failed() throws {
        let fixture = try StackFixture()
        try fixture.fault("start=Unsupported@t3.large")
        let script: (any Primitives) throws -> Void = {
            try $0.resize(InstanceType(unchecked: "t3.large"), fallback: [])
        }
        func fail() throws {
            let session = try fixture.session(try fixture.plan(script))
            let error = #expect(throws: Diagnostic.self) { try script(session) }
            #expect(session.compensate(because: try #require(error)) == .restored)
        }
        try fail()
        fixture.clock.advance(5)
        try fixture.run { _ = try $0.backup(label: nil) }
        let archive = JournalArchive(fixture.directory, fixture.files)
        let runs = archive.newest(20, of: fixture.name).map(RunSummary.init)
        #expect(runs.count == 2)
        #expect(DowntimeEstimate(learnedFrom: runs) == .stated)
    }
}
