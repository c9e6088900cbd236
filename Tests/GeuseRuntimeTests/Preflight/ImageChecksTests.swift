import Testing

@testable import GeuseRuntime

@Suite("What the registry says of an image is known before the question")
struct ImageChecksTests {
    private static let n8n = ServiceName(unchecked: "n8n")
    private static let names = [
        "image_manifest", "image_architecture", "image_digest", "image_rate_limit", "image_size",
    ]

    private func plan(_ fixture: PreflightFixture, _ image: String = "n8nio/n8n:1.20.0") throws
        -> Plan
    {
        var plan = Plan(stack: fixture.stack.name)
        let image = try ImageReference(image)
        plan.steps = [
            .pull(service: Self.n8n, image: image),
            .setImage(service: Self.n8n, from: "x", to: image),
        ]
        return plan
    }

    private func checks(
        _ fault: String? = nil,
        image: String = "n8nio/n8n:1.20.0",
        _ change: (inout LiveFacts) -> Void = { _ in }
    ) throws -> [PreflightCheck] {
        let fixture = try PreflightFixture()
        if let fault {
            try fixture.stack.sandbox.inject(SandboxFault(fault), into: fixture.stack.name)
        }
        return try fixture.checks(plan(fixture, image), change)
            .filter { Self.names.contains($0.name) }
    }

    private func refusal(_ checks: [PreflightCheck]) -> [String?] {
        checks.filter { $0.outcome == .refused }.map { "\($0.name) \($0.refusal?.code ?? "")" }
    }

    @Test("an image that can be had is fine, with its digest and what it takes")
    func fine() throws {
        let checks = try checks()
        #expect(checks.map(\.name).sorted() == Self.names.sorted())
        #expect(checks.allSatisfy { $0.outcome == .ok })
        #expect(
            checks.first { $0.name == "image_digest" }?.evidence.contains(" is sha256:") == true
        )
        #expect(checks.first { $0.name == "image_size" }?.evidence.contains("to pull") == true)
    }

    @Test(
        "what is certain is a refusal with the pull's own code",
        arguments: [
            (nil, "n8nio/n8n:9.9.9", "image_manifest image_not_found"),
            (nil, "n8nio/n8n:1.20.0-arm64", "image_architecture image_wrong_architecture"),
            ("registry=manifest-unknown", "n8nio/n8n:1.20.0", "image_manifest image_not_found"),
            ("registry=unauthorized", "n8nio/n8n:1.20.0", "image_manifest image_unauthorized"),
            ("registry=toomanyrequests", "n8nio/n8n:1.20.0", "image_rate_limit image_rate_limited"),
            ("registry=exhausted", "n8nio/n8n:1.20.0", "image_rate_limit image_rate_limited"),
        ]
    )
    func refused(_ fault: String?, _ image: String, _ expected: String) throws {
        #expect(refusal(try checks(fault, image: image)) == [expected])
    }

    @Test("a registry that does not answer is unknown, and no reason to refuse")
    func unknown() throws {
        let checks = try checks("registry=down")
        #expect(refusal(checks).isEmpty)
        #expect(checks.map(\.outcome) == [.unknown])
    }

    @Test("a host that cannot be asked makes it unknown, too")
    func unasked() throws {
        let fixture = try PreflightFixture()
        var facts = try fixture.stack.facts()
        let plan = try plan(fixture)
        try fixture.stack.sandbox.inject(SandboxFault("agent=offline"), into: fixture.stack.name)
        try ImageLookups.complete(
            &facts,
            for: plan,
            over: fixture.stack.sandbox.host(fixture.stack.name)
        )
        guard case .unknown(let why) = facts.host?.registry.first?.answer else {
            Issue.record("it is known")
            return
        }
        #expect(why.contains("host_unreachable"))
    }

    @Test("few pulls left are a warning; what is on the host needs none and no room")
    func left() throws {
        let few = try checks("registry=few-left").first { $0.name == "image_rate_limit" }
        #expect(few?.outcome == .warning)
        // The image that runs is there already.
        let there = try checks("registry=exhausted", image: "n8nio/n8n:1.19.0") {
            $0.host?.freeBytes = 0
        }
        #expect(refusal(there.filter { $0.name.hasPrefix("image_") }).isEmpty)
        #expect(there.contains { $0.name == "image_size" } == false)
    }

    @Test("docker needs three and a half times the compressed size")
    func size() throws {
        let bytes = try #require(SandboxRegistry.entry(ImageReference("n8nio/n8n:1.20.0")))
            .compressedBytes
        let needed = bytes / 2 * 7
        #expect(refusal(try checks { $0.host?.freeBytes = needed }).isEmpty)
        let tight = try checks { $0.host?.freeBytes = needed - 1 }
        #expect(refusal(tight) == ["image_size host_disk_full"])
        let overruled = PreflightReport(tight, allowing: ["image-size"])
        #expect(overruled.refusal == nil)
        let untold = try checks { $0.host?.freeBytes = .max }
        #expect(untold.first { $0.name == "image_size" }?.outcome == .unknown)
    }

    @Test(
        "tags and digests",
        arguments: [
            ("n8nio/n8n:1.20.0", false), ("n8nio/n8n", true), ("n8nio/n8n:latest", true),
            ("n8nio/n8n@sha256:" + String(repeating: "a", count: 64), false),
            ("localhost:5000/n8n", true), ("n8nio/n8n:next", true), ("n8nio/n8n:stable", true),
            ("n8nio/n8n:nightly", true), ("n8nio/n8n:main", true), ("n8nio/n8n:alpine", true),
            ("n8nio/n8n:1", false), ("pgvector/pgvector:pg16", false),
        ]
    )
    func tags(_ image: String, _ isWarned: Bool) throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check("image_tag", of: "n8n", plan(fixture, image))
        #expect(check.outcome == (isWarned ? .warning : .ok))
        #expect(
            check.evidence.contains("now that is sha256:")
                == ["", ":latest", ":next", ":stable"].map { "n8nio/n8n" + $0 }.contains(image)
        )
    }

    @Test("a tag without a version is told with what it is now")
    func movingTag() throws {
        let fixture = try PreflightFixture()
        var plan = Plan(stack: fixture.stack.name)
        let postgres = ServiceName(unchecked: "postgres")
        let image = try ImageReference("postgres:edge")
        plan.steps = [
            .pull(service: postgres, image: image),
            .setImage(service: postgres, from: "x", to: image),
        ]
        let check = try fixture.check("image_tag", of: "postgres", plan)
        #expect(check.outcome == .warning)
        #expect(check.evidence.contains("now that is sha256:"))
    }

    @Test("the plan holds the digest, and a file of it refuses when the tag moved")
    func moved() throws {
        let stack = try StackFixture()
        let image = ImageReference(unchecked: "n8nio/n8n:latest")
        let made = try stack.plan { try $0.setImage(Self.n8n, image) }
        #expect(made.images.first?.digest?.hasPrefix("sha256:") == true)
        #expect(made.json["images"]?.arrayValue?.first?["image"] == "n8nio/n8n:latest")
        var facts = try stack.facts()
        try ImageLookups.complete(&facts, for: made, over: stack.sandbox.host(stack.name))
        func file(_ facts: LiveFacts) throws -> PlanFile {
            let written = PlanFile(
                made,
                facts,
                command: "update",
                script: "update.lua",
                scriptHash: "",
                arguments: [],
                made: Timestamp(microseconds: 0)
            )
            return try PlanFile(written.bytes)
        }
        try file(facts).check(made, facts)
        var now = facts
        now.host?.registry[0].manifest = "sha256:another"
        let error = #expect(throws: Diagnostic.self) { try file(facts).check(made, now) }
        #expect(error?.code == "plan_outdated")
        #expect(error?.detail?.contains("n8nio/n8n:latest at its registry: was sha256:") == true)
        // Not known then, as in a file of an earlier version, or not known now: no reason to refuse.
        var untold = facts
        untold.host?.registry = []
        try file(untold).check(made, facts)
        try file(facts).check(made, untold)
    }
}
