import Testing

@testable import GeuseRuntime

@Suite("An image that may be another one tomorrow is told")
struct ImageChecksTests {
    @Test(
        "tags and digests",
        arguments: [
            ("n8nio/n8n:1.20.0", false), ("n8nio/n8n", true), ("n8nio/n8n:latest", true),
            ("n8nio/n8n@sha256:" + String(repeating: "a", count: 64), false),
            ("localhost:5000/n8n", true),
        ]
    )
    func tags(_ image: String, _ isWarned: Bool) throws {
        let fixture = try PreflightFixture()
        var plan = Plan(stack: fixture.stack.name)
        let service = ServiceName(unchecked: "n8n")
        plan.steps = [.setImage(service: service, from: "x", to: try ImageReference(image))]
        let check = try fixture.check("image_tag", of: "n8n", plan)
        #expect(check.outcome == (isWarned ? .warning : .ok))
    }
}
