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

    /// An apply whose reply got lost while n8n's new container was starting.
    private func lostApply(_ bench: SandboxBench) throws -> ApplyRequest {
        let project = try bench.facts().project
        let image = "n8nio/n8n:1.20.0"
        _ = try bench.host.pull(bench.step("1-pull"), [ImageReference(image)])
        let change = try bench.edit(project, "n8n", "n8nio/n8n:1.19.0", image)
        try bench.inject("reply=lost*1")
        let request = try bench.request(project, change)
        let lost = refusal { try bench.host.apply(bench.step("2-apply"), request) }
        #expect(lost == "host_outcome_unknown")
        #expect(try bench.service("n8n").image == image)
        return request
    }

    @Test("an apply whose reply was lost goes on, and the same step gives its result")
    func lostReply() throws {
        let bench = try SandboxBench()
        let request = try lostApply(bench)
        let container = try bench.service("n8n").containerID
        let evidence = try bench.host.apply(bench.step("2-apply"), request)
        #expect(evidence.stage == .done)
        #expect(try bench.service("n8n").containerID == container)
    }

    @Test("an apply that nobody waits for starts what waits for others, and ends")
    func unattended() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        try bench.host.stopServices(bench.step("1-stop"), project)
        try bench.inject("reply=lost*1")
        let request = try bench.request(project)
        let lost = refusal { try bench.host.apply(bench.step("2-apply"), request) }
        #expect(lost == "host_outcome_unknown")
        #expect(try bench.service("n8n").state == "exited", "it waits for postgres")
        bench.clock.advance(60)
        #expect(try bench.facts().services.allSatisfy(\.isWell))
        let before = bench.clock.now()
        #expect(try bench.host.apply(bench.step("2-apply"), request).stage == .done)
        #expect(bench.clock.now() == before, "it was done already")
    }

    @Test("an apply is done only after everything stayed well for the settle time")
    func settled() throws {
        let bench = try SandboxBench()
        var request = try bench.request(bench.facts().project)
        request.settleSeconds = 7
        let before = bench.clock.now()
        #expect(try bench.host.apply(bench.step("1-apply"), request).stage == .done)
        let seconds = bench.clock.now().seconds - before.seconds
        #expect(seconds >= 7 && seconds < 8)
        request.healthTimeout = 5
        let evidence = try bench.host.apply(bench.step("2-apply"), request)
        #expect(evidence.stage == .health && evidence.error?.hasPrefix("service_well: ") == true)
    }

    @Test("a machine that goes down under a step leaves it cut short, not done")
    func cutShort() throws {
        let bench = try SandboxBench()
        let request = try lostApply(bench)
        try bench.cloud.stop(bench.id)
        let apply = { try bench.host.apply(bench.step("2-apply"), request) }
        #expect(refusal(apply) == "InvalidInstanceId")
        bench.clock.advance(2)
        try bench.cloud.start(bench.id)
        bench.clock.advance(3)
        #expect(refusal(apply) == "host_step_interrupted")
        #expect(try bench.service("n8n").image == "n8nio/n8n:1.20.0")
    }

    @Test("a caller that stops waiting does not stop the host")
    func cancelled() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        bench.cancellation.cancel()
        let stop = { try bench.host.stopServices(bench.step("1-stop"), project) }
        #expect(refusal(stop) == "interrupted")
        bench.cancellation.shield()
        #expect(try bench.facts().services.allSatisfy(\.isWell), "it was not begun")
        try stop()
        #expect(try bench.facts().services.allSatisfy { $0.state == "exited" })
    }

    @Test("the compose file is saved twice, and only as it was read")
    func secure() throws {
        let bench = try SandboxBench()
        var project = try bench.facts().project
        let request = SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: "aa")
        let saved = try bench.host.secure(bench.step("1-secure"), request)
        let world = try bench.sandbox.world(bench.name)
        let text = String(decoding: project.bytes, as: UTF8.self)
        let sum = project.sha256.prefix(16)
        let copy = ".geusemaker/backups/\(bench.run)/docker-compose.\(sum).yml"
        #expect(world.storedFiles[copy] == text)
        #expect(world.machine.files[saved.composeBackup]?.text == text)
        project.sha256 = String(repeating: "0", count: 64)
        let stale = SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: "bb")
        let code = refusal { try bench.host.secure(bench.step("2-secure"), stale) }
        #expect(code == "compose_changed")
        #expect(try bench.facts(nonce: "aa").storage.nonceMatches == true)
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
        let changes: [(String, String, ComposeChange)] = [
            ("stale", "compose_changed", .edits([edit], before: String(repeating: "0", count: 64))),
            ("shifted", "compose_changed", .edits([edit, shifted], before: project.sha256)),
            ("outside", "compose_changed", .edits([outside], before: project.sha256)),
            ("twice", "compose_changed", .edits([edit, edit], before: project.sha256)),
            ("broken", "compose_config_failed", .edits([broken], before: project.sha256)),
            ("invalid", "compose_config_failed", .edits([invalid], before: project.sha256)),
            (
                "no backup", "compose_backup_damaged",
                .restore(path: "/var/lib/none", sha256: project.sha256)
            ),
        ]
        for (name, code, change) in changes {
            let evidence = try bench.host.apply(
                bench.step(name.replacing(" ", with: "-")),
                bench.request(project, change)
            )
            #expect(evidence.stage == .edit, "\(name)")
            #expect(evidence.error?.hasPrefix(code + ": ") == true, "\(name)")
            #expect(evidence.sha256 == project.sha256, "\(name)")
        }
        let unexpected = try bench.request(project, good, expecting: ["n8n": "n8nio/n8n:1.25.1"])
        #expect(try bench.host.apply(bench.step("expected"), unexpected).stage == .edit)
        let unknown = try bench.request(project, good, services: ["redis"])
        #expect(try bench.host.apply(bench.step("unknown"), unknown).stage == .edit)
        var after = try bench.facts()
        after.lease = before.lease
        #expect(after == before)
    }

    @Test("the saved file comes back byte for byte, and the old image with it")
    func restore() throws {
        let bench = try SandboxBench()
        let before = try bench.facts()
        let saved = try bench.host.secure(
            bench.step("1-secure"),
            SecureRequest(project: before.project, mountPoint: "/mnt/efs", nonce: "aa")
        )
        #expect(try bench.updateN8N(to: "n8nio/n8n:1.99.0-crash", pulling: true).stage == .health)
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
        // Lost on the root disk, it comes from EFS.
        try bench.sandbox.store(bench.name).change { $0.machine.files[saved.composeBackup] = nil }
        let again = try bench.host.apply(
            bench.step("5-undo"),
            bench.request(before.project, change)
        )
        #expect(again.stage == .done)
    }

    @Test("a default inside a variable can be edited in place")
    func variableDefault() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        let change = try bench.edit(project, "crawl4ai", "0.6.0-r1", "0.7.0-r1")
        let image = "unclecode/crawl4ai:0.7.0-r1"
        _ = try bench.host.pull(bench.step("0-pull"), [ImageReference(image)])
        let evidence = try bench.host.apply(
            bench.step("1-apply"),
            bench.request(project, change, services: ["crawl4ai"], expecting: ["crawl4ai": image])
        )
        #expect(evidence.stage == .done)
        #expect(try bench.service("crawl4ai").image == image)
    }
}
