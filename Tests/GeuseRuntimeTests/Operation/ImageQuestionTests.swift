import Testing

@testable import GeuseRuntime

@Suite("A registry is asked for an image once, and both runs are told the same")
struct ImageQuestionTests {
    private static let n8n = ServiceName(unchecked: "n8n")
    private static let newer = ImageReference(unchecked: "n8nio/n8n:1.20.0")

    private func rehearsal(_ fixture: StackFixture, _ lists: TagLists) throws -> Rehearsal {
        Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(fixture.sandbox.cloud(fixture.name)),
            tagLists: lists,
            started: fixture.clock.now()
        ) { try fixture.facts() }
    }

    private func lists(_ fixture: StackFixture) -> TagLists {
        TagLists(fixture.sandbox.host(fixture.name))
    }

    @Test("what can be had is told with its digest and size")
    func found() throws {
        let fixture = try StackFixture()
        let told = try rehearsal(fixture, lists(fixture)).image(Self.n8n, Self.newer)
        #expect(told["image"] == "n8nio/n8n:1.20.0")
        #expect(told["exists"] == true && told["compatible"] == true)
        #expect(told["reason"] == .null && told["code"] == .null)
        #expect(told["digest"]?.stringValue?.hasPrefix("sha256:") == true)
        #expect((told["size"]?.intValue ?? 0) > 0)
    }

    @Test(
        "why an image cannot be had is told, and is no error",
        arguments: [
            ("n8nio/n8n:9.9.9", nil, false, nil, "image_not_found"),
            ("n8nio/n8n:1.20.0-arm64", nil, true, false, "image_wrong_architecture"),
            (
                "n8nio/n8n:1.20.0", "pull=no-matching-manifest", true, false,
                "image_wrong_architecture"
            ),
            ("n8nio/n8n:1.20.0", "registry=unauthorized", nil, nil, "image_unauthorized"),
            ("n8nio/n8n:1.20.0", "registry=exhausted", true, true, "image_rate_limited"),
            ("n8nio/n8n:1.20.0", "registry=down", nil, nil, nil),
        ] as [(String, String?, Bool?, Bool?, String?)]
    )
    func reasons(
        _ image: String,
        _ fault: String?,
        _ exists: Bool?,
        _ compatible: Bool?,
        _ code: String?
    ) throws {
        let fixture = try StackFixture()
        if let fault { try fixture.fault(fault) }
        let told = try rehearsal(fixture, lists(fixture)).image(Self.n8n, try ImageReference(image))
        #expect(told["exists"] == (exists.map(JSONValue.bool) ?? .null))
        #expect(told["compatible"] == (compatible.map(JSONValue.bool) ?? .null))
        #expect(told["code"] == (code.map(JSONValue.string) ?? .null))
        #expect(told["reason"]?.stringValue?.isEmpty == false)
    }

    @Test("the real run is told what the rehearsal was, without a question of its own")
    func both() throws {
        let fixture = try StackFixture()
        let lists = lists(fixture)
        try fixture.fault("pull=no-matching-manifest*1")
        let first = try rehearsal(fixture, lists).image(Self.n8n, Self.newer)
        let session = try fixture.session(Plan(stack: fixture.name), tagLists: lists)
        #expect(try session.image(Self.n8n, Self.newer) == first)
        #expect(first["compatible"] == false)
        let asked = try fixture.sandbox.world(fixture.name).log.filter {
            $0.operation == "host.registry"
        }
        #expect(asked.count == 1)
    }

    @Test("the plan's images are those that the script was told of, in the plan's order")
    func plan() throws {
        let fixture = try StackFixture()
        let lists = lists(fixture)
        let older = ImageReference(unchecked: "n8nio/n8n:1.19.5")
        for image in [older, Self.newer] { _ = try lists.image(image) }
        var facts = try fixture.facts()
        var plan = Plan(stack: fixture.name)
        plan.steps = [
            .pull(service: Self.n8n, image: Self.newer), .pull(service: Self.n8n, image: older),
        ]
        try fixture.fault("registry=down")
        try ImageLookups.complete(
            &facts,
            for: plan,
            over: fixture.sandbox.host(fixture.name),
            knowing: lists.images
        )
        #expect(facts.host?.registry.map(\.reference) == [Self.newer, older])
        #expect(facts.host?.registry.allSatisfy { $0.answer == .found } == true)
    }

    @Test("a run asks for so many images and no more")
    func limit() throws {
        let fixture = try StackFixture()
        let lists = lists(fixture)
        for number in 1...100 { _ = try lists.image(try ImageReference("n8nio/n8n:7.0.\(number)")) }
        let error = #expect(throws: Diagnostic.self) {
            _ = try lists.image(Self.newer)
        }
        #expect(error?.code == "too_many_questions")
        // What was asked before is still told.
        #expect(throws: Never.self) { try lists.image(try ImageReference("n8nio/n8n:7.0.1")) }
    }
}
