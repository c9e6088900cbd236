import Testing

@testable import GeuseRuntime

@Suite("Sandbox: steps and edits")
struct SandboxStepTests {
    @Test("the same step done twice does nothing and gives the first result again")
    func idempotent() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        let request = SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: "aa")
        let secured = try bench.host.secure(bench.step("1-secure"), request)
        var other = request
        other.nonce = "bb"
        #expect(try bench.host.secure(bench.step("1-secure"), other) == secured)
        #expect(try bench.facts(nonce: "aa").storage.nonceMatches == true)
        let images = [try ImageReference("n8nio/n8n:1.20.0")]
        let pulled = try bench.host.pull(bench.step("2-pull"), images)
        try bench.inject("pull=toomanyrequests")
        #expect(try bench.host.pull(bench.step("2-pull"), images) == pulled)
        try bench.host.stopServices(bench.step("3-stop"), project)
        let first = try bench.host.apply(bench.step("4-apply"), bench.request(project))
        #expect(first.stage == .done)
        try bench.host.stopServices(bench.step("3-stop"), project)
        #expect(try bench.facts().services.allSatisfy(\.isWell), "the stop was not done again")
        try bench.host.stopServices(bench.step("5-stop"), project)
        let again = try bench.host.apply(bench.step("4-apply"), bench.request(project))
        #expect(again == first)
        #expect(try bench.facts().services.allSatisfy { $0.state == "exited" })
    }

    @Test("an apply that was cut short goes on where it was, without a second edit")
    func resumed() throws {
        let bench = try SandboxBench()
        bench.cancellation.cancel()
        #expect(refusal { try bench.updateN8N(to: "n8nio/n8n:1.20.0") } == "interrupted")
        bench.cancellation.reset()
        let project = try bench.facts().project
        let change = try bench.edit(project, "n8n", "n8nio/n8n:1.19.0", "n8nio/n8n:1.20.0")
        let request = try bench.request(project, change, services: ["n8n"])
        try bench.inject("reply=lost*1")
        let lost = refusal { try bench.host.apply(bench.step("1-apply"), request) }
        #expect(lost == "host_outcome_unknown")
        #expect(try bench.service("n8n").image == "n8nio/n8n:1.20.0")
        let container = try bench.service("n8n").containerID
        let evidence = try bench.host.apply(bench.step("1-apply"), request)
        #expect(evidence.stage == .done)
        #expect(try bench.service("n8n").containerID == container)
    }

    @Test("an apply on a machine that goes down under it is reported, not made up")
    func machineGone() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        try bench.inject("reply=lost*1")
        let change = try bench.edit(project, "n8n", "n8nio/n8n:1.19.0", "n8nio/n8n:1.20.0")
        let request = try bench.request(project, change)
        _ = refusal { try bench.host.apply(bench.step("1-apply"), request) }
        try bench.cloud.stop(bench.id)
        let gone = refusal { try bench.host.apply(bench.step("1-apply"), request) }
        #expect(gone == "InvalidInstanceId")
    }

    @Test("a project that is not the running one is refused")
    func otherProject() throws {
        let bench = try SandboxBench()
        var project = try bench.facts().project
        project.file = "/root/docker-compose.yml"
        let stop = { try bench.host.stopServices(bench.step("1-stop"), project) }
        #expect(refusal(stop) == "compose_not_found")
        let request = SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: "aa")
        let secure = { try bench.host.secure(bench.step("2-secure"), request) }
        #expect(refusal(secure) == "compose_not_found")
        let evidence = try bench.host.apply(bench.step("3-apply"), bench.request(project))
        #expect(evidence.stage == .edit)
        #expect(try bench.facts().services.allSatisfy(\.isWell))
    }

    @Test("an edit is made whole or not at all")
    func refusedEdits() throws {
        let bench = try SandboxBench()
        let before = try bench.facts()
        let project = before.project
        let good = try bench.edit(project, "n8n", "n8nio/n8n:1.19.0", "n8nio/n8n:1.20.0")
        guard case .edits(let edits, _) = good, let edit = edits.first else {
            Issue.record("no edit")
            return
        }
        var shifted = edit
        shifted.offset += 1
        var outside = edit
        outside.offset = project.bytes.count
        var broken = edit
        broken.new = "n8nio/n8n:1.20.0: ["
        var invalid = edit
        invalid.new = "--help"
        let changes: [(String, ComposeChange)] = [
            ("stale", .edits([edit], before: String(repeating: "0", count: 64))),
            ("shifted", .edits([edit, shifted], before: project.sha256)),
            ("outside", .edits([outside], before: project.sha256)),
            ("twice", .edits([edit, edit], before: project.sha256)),
            ("broken", .edits([broken], before: project.sha256)),
            ("invalid", .edits([invalid], before: project.sha256)),
            ("no backup", .restore(path: "/var/lib/none", sha256: project.sha256)),
        ]
        for (name, change) in changes {
            let evidence = try bench.host.apply(
                bench.step(name.replacing(" ", with: "-")),
                bench.request(project, change)
            )
            #expect(evidence.stage == .edit && evidence.error != nil, "\(name)")
            #expect(evidence.sha256 == project.sha256, "\(name)")
        }
        let unexpected = try bench.request(project, good, expecting: ["n8n": "n8nio/n8n:1.25.1"])
        #expect(try bench.host.apply(bench.step("expected"), unexpected).stage == .edit)
        let unknown = try bench.request(project, good, services: ["redis"])
        #expect(try bench.host.apply(bench.step("unknown"), unknown).stage == .edit)
        #expect(try bench.facts() == before)
    }

    @Test("the saved file comes back byte for byte, and the old image with it")
    func restore() throws {
        let bench = try SandboxBench()
        let before = try bench.facts()
        let saved = try bench.host.secure(
            bench.step("1-secure"),
            SecureRequest(project: before.project, mountPoint: "/mnt/efs", nonce: "aa")
        )
        #expect(try bench.updateN8N(to: "n8nio/n8n:1.99.0-crash").stage == .health)
        let tampered = ComposeChange.restore(
            path: saved.composeBackup,
            sha256: String(repeating: "0", count: 64)
        )
        let refused = try bench.host.apply(
            bench.step("3-undo"),
            bench.request(before.project, tampered)
        )
        #expect(refused.stage == .edit)
        let change = ComposeChange.restore(path: saved.composeBackup, sha256: saved.sha256)
        let evidence = try bench.host.apply(
            bench.step("4-undo"),
            bench.request(before.project, change, expecting: ["n8n": "n8nio/n8n:1.19.0"])
        )
        #expect(evidence.stage == .done && evidence.sha256 == before.project.sha256)
        #expect(try bench.service("n8n").imageID == before.services.first?.imageID)
    }

    @Test("a default inside a variable can be edited in place")
    func variableDefault() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        let change = try bench.edit(project, "crawl4ai", "0.6.0-r1", "0.7.0-r1")
        let image = "unclecode/crawl4ai:0.7.0-r1"
        let evidence = try bench.host.apply(
            bench.step("1-apply"),
            bench.request(project, change, services: ["crawl4ai"], expecting: ["crawl4ai": image])
        )
        #expect(evidence.stage == .done)
        #expect(try bench.service("crawl4ai").image == image)
    }
}
