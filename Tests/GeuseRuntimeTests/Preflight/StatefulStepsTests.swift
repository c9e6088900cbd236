import Testing

@testable import GeuseRuntime

@Suite("Each image that a plan sets is held against the one that runs by then")
struct StatefulStepsTests {
    private static func set(_ service: String, _ image: String) -> PlanStep {
        .setImage(
            service: ServiceName(unchecked: service),
            from: "",
            to: ImageReference(unchecked: image)
        )
    }

    private func refusals(_ steps: [PlanStep]) throws -> [String] {
        let fixture = try PreflightFixture()
        var plan = Plan(stack: fixture.stack.name)
        plan.steps = steps
        let stateful = ["postgres_major", "n8n_downgrade", "qdrant_minor"]
        return try fixture.checks(plan).filter { stateful.contains($0.name) }
            .compactMap { $0.refusal?.code }
    }

    @Test("a step before the last one is judged, too")
    func between() throws {
        let found = try refusals([
            Self.set("n8n", "n8nio/n8n:1.20.0"), Self.set("postgres", "postgres:16.4"),
            Self.set("postgres", "postgres:15.8"),
        ])
        #expect(found == ["postgres_other_major"])
    }

    @Test("going back to what runs today is going back from what ran before")
    func back() throws {
        let n8n = [Self.set("n8n", "n8nio/n8n:1.20.0"), Self.set("n8n", "n8nio/n8n:1.19.0")]
        #expect(try refusals(n8n) == ["n8n_downgrade"])
        let qdrant = [
            Self.set("qdrant", "qdrant/qdrant:v1.8.4"), Self.set("qdrant", "qdrant/qdrant:v1.7.4"),
        ]
        #expect(try refusals(qdrant) == ["qdrant_downgrade"])
    }

    @Test("two minor versions one after the other are no skip")
    func hops() throws {
        let steps = [
            Self.set("qdrant", "qdrant/qdrant:v1.8.4"), .checkpoint(name: "1.8"),
            Self.set("qdrant", "qdrant/qdrant:v1.9.7"),
        ]
        #expect(try refusals(steps) == [])
    }

    @Test("inside one window only the last image is started")
    func window() throws {
        func inWindow(_ steps: [PlanStep]) -> [PlanStep] {
            [.openWindow(name: "w")] + steps + [.closeWindow(name: "w")]
        }
        let back = [Self.set("n8n", "n8nio/n8n:1.20.0"), Self.set("n8n", "n8nio/n8n:1.19.0")]
        #expect(try refusals(inWindow(back)) == [])
        let hops = [
            Self.set("qdrant", "qdrant/qdrant:v1.8.4"), Self.set("qdrant", "qdrant/qdrant:v1.9.7"),
        ]
        #expect(try refusals(inWindow(hops)) == ["qdrant_skips_minor"])
        #expect(try refusals(inWindow([hops[0]]) + inWindow([hops[1]])) == [])
    }

    @Test("one dump is told of, however often the image changes")
    func dump() throws {
        let fixture = try PreflightFixture()
        var plan = Plan(stack: fixture.stack.name)
        plan.steps = [
            Self.set("qdrant", "qdrant/qdrant:v1.7.4"), Self.set("qdrant", "qdrant/qdrant:v1.8.4"),
        ]
        #expect(try fixture.check("data_dump", of: "qdrant", plan).outcome == .ok)
    }

    @Test(
        "what the preflight lets pass is done, with all images pulled first",
        arguments: [false, true]
    )
    func done(_ pullsFirst: Bool) throws {
        let fixture = try StackFixture()
        let service = ServiceName(unchecked: "qdrant")
        let images = ["v1.8.4", "v1.9.7"].map { ImageReference(unchecked: "qdrant/qdrant:\($0)") }
        try fixture.run { stack in
            _ = try stack.backup(label: nil)
            if pullsFirst { for image in images { _ = try stack.pull(service, image) } }
            for image in images {
                try stack.setImage(service, image)
                try stack.checkpoint(image.text)
            }
        }
        #expect(try fixture.facts().host?.service(service)?.image == "qdrant/qdrant:v1.9.7")
    }
}
