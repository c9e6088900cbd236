import Testing

@testable import GeuseRuntime

@Suite("Sandbox: restart policies and the mount at boot")
struct SandboxBootTests {
    @Test("services that ran come back by themselves")
    func running() throws {
        let bench = try SandboxBench()
        let before = try bench.facts()
        try bench.restart()
        let after = try bench.facts()
        #expect(after.services.map(\.containerID) == before.services.map(\.containerID))
        #expect(after.services.allSatisfy { $0.state == "running" && $0.health == .starting })
        #expect(after.services.map(\.startedAt) != before.services.map(\.startedAt))
        bench.clock.advance(0.5)
        #expect(try bench.facts().services.allSatisfy(\.isWell))
    }

    @Test("services that were stopped by hand do not")
    func stopped() throws {
        let bench = try SandboxBench()
        try bench.host.stopServices(bench.step("1-stop"), bench.facts().project)
        let stopped = try bench.facts().services
        #expect(stopped.allSatisfy { $0.state == "exited" && $0.exitCode == 0 })
        try bench.restart()
        #expect(try bench.facts().services.allSatisfy { $0.state == "exited" })
        let evidence = try bench.host.apply(
            bench.step("2-apply"),
            bench.request(bench.facts().project)
        )
        #expect(evidence.stage == .done && evidence.services.allSatisfy(\.isWell))
    }

    @Test("nor do those that docker would start at every boot")
    func always() throws {
        let bench = try SandboxBench()
        try bench.host.stopServices(bench.step("1-stop"), bench.facts().project)
        try bench.host.store.serve("test") { world in
            for index in world.machine.containers.indices {
                world.machine.containers[index].restartPolicy = "always"
            }
        }
        try bench.restart()
        #expect(try bench.facts().services.allSatisfy { $0.state == "exited" })
    }

    @Test("without EFS at boot the services start on the root disk, as new ones")
    func missingMount() throws {
        let bench = try SandboxBench()
        let data = try bench.sandbox.world(bench.name).storedFiles
        try bench.inject("efs=missing")
        #expect(try bench.facts().storage.isMounted, "it shows at the next boot only")
        try bench.restart()
        let facts = try bench.facts()
        #expect(!facts.storage.isMounted && facts.storage.answer == .failed)
        #expect(facts.storage.volumes.values.allSatisfy { !$0 })
        let world = try bench.sandbox.world(bench.name)
        #expect(world.strayFiles["/mnt/efs/postgres/base/16384/workflow_entity"] == "0 rows\n")
        #expect(world.strayFiles["/mnt/efs/n8n/config"]?.contains("empty-start") == true)
        #expect(world.storedFiles == data)
        try bench.sandbox.clearFaults(bench.name)
        let repaired = try bench.facts().storage
        #expect(repaired.isMounted && repaired.strays.contains { $0.hasPrefix("postgres:/") })
        let evidence = try bench.host.apply(
            bench.step("1-apply"),
            bench.request(bench.facts().project)
        )
        #expect(evidence.stage == .proof, "what runs still writes to the root disk")
        #expect(evidence.error?.hasPrefix("efs_container_outside: ") == true)
    }

    @Test("a late mount comes after the services have started without it")
    func lateMount() throws {
        let bench = try SandboxBench()
        try bench.inject("efs=late*1")
        try bench.restart()
        #expect(try !bench.facts().storage.isMounted)
        bench.clock.advance(3)
        let late = try bench.facts().storage
        #expect(late.isMounted && late.strays.contains { $0.hasPrefix("n8n:/") })
        #expect(try !bench.sandbox.world(bench.name).strayFiles.isEmpty)
        try bench.restart()
        let again = try bench.facts().storage
        #expect(again.isMounted && again.volumes.values.allSatisfy { $0 }, "the fault is used up")
    }

    @Test("stopped by hand, nothing is started on a missing mount, and the proof says why")
    func guarded() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        try bench.host.stopServices(bench.step("1-stop"), project)
        try bench.inject("efs=missing*1")
        try bench.restart()
        let evidence = try bench.host.apply(bench.step("2-apply"), bench.request(project))
        #expect(evidence.stage == .proof && evidence.error?.hasPrefix("efs_not_mounted: ") == true)
        #expect(evidence.services.allSatisfy { $0.state == "exited" })
        #expect(try bench.sandbox.world(bench.name).strayFiles.isEmpty)
        try bench.sandbox.clearFaults(bench.name)
        let second = try bench.host.apply(bench.step("3-apply"), bench.request(project))
        #expect(second.stage == .done)
    }

    @Test("another file system, a read-only one and one that hangs each fail the proof")
    func illMounts() throws {
        for (fault, word) in [
            ("wrong:now", "efs_wrong_file_system: "), ("read-only", "efs_read_only: "),
            ("hung", "efs_hung: "), ("missing:now", "efs_not_mounted: "),
        ] {
            let bench = try SandboxBench()
            let before = try bench.facts()
            try bench.inject("efs=" + fault)
            let change = try bench.edit(
                before.project,
                "n8n",
                "n8nio/n8n:1.19.0",
                "n8nio/n8n:1.20.0"
            )
            let evidence = try bench.host.apply(
                bench.step("1-apply"),
                bench.request(before.project, change)
            )
            #expect(evidence.stage == .proof, "\(fault)")
            #expect(evidence.error?.hasPrefix(word) == true, "\(fault): \(evidence.error ?? "")")
            #expect(evidence.sha256 == before.project.sha256, "\(fault)")
            #expect(
                evidence.services.map(\.containerID) == before.services.map(\.containerID),
                "\(fault)"
            )
        }
    }

    @Test("a wrong file system shows the other team's files and loses the nonce")
    func wrongMount() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        let nonce = String(repeating: "0a", count: 16)
        let request = SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: nonce)
        let saved = try bench.host.secure(bench.step("1-secure"), request)
        #expect(saved.nonceRead && saved.sha256 == project.sha256)
        #expect(try bench.facts(nonce: nonce).storage.nonceMatches == true)
        #expect(try bench.facts(nonce: "other").storage.nonceMatches == false)
        #expect(try bench.facts().storage.nonceMatches == nil)
        try bench.inject("efs=wrong")
        try bench.host.stopServices(bench.step("2-stop"), project)
        try bench.restart()
        let storage = try bench.facts(nonce: nonce).storage
        #expect(storage.isMounted && storage.isReadWrite && storage.answer == .answered)
        #expect(storage.nonceMatches == false)
        #expect(storage.source?.hasPrefix(bench.stack.fileSystem.text) == false)
        let any = ApplyRequest(
            project: project,
            storage: HostInspection(fileSystem: nil, nonce: nonce)
        )
        let evidence = try bench.host.apply(bench.step("3-apply"), any)
        #expect(
            evidence.stage == .proof && evidence.error?.hasPrefix("efs_nonce_missing: ") == true
        )
    }

    @Test("a nonce is not written where EFS is not")
    func unsafeNonce() throws {
        for (fault, code) in [
            ("missing:now", "efs_not_mounted"), ("read-only", "efs_read_only"),
            ("hung", "efs_hung"),
        ] {
            let bench = try SandboxBench()
            let project = try bench.facts().project
            try bench.inject("efs=" + fault)
            let request = SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: "0a0b")
            let secure = { try bench.host.secure(bench.step("1-secure"), request) }
            #expect(refusal(secure) == code)
            #expect(refusal(secure) == code, "the first result again")
            let world = try bench.sandbox.world(bench.name)
            #expect(world.strayFiles.isEmpty, "\(fault)")
            #expect(world.storedFiles[".geusemaker/nonce"] == nil, "\(fault)")
        }
    }

    @Test("a mount type that is not on the list fails the proof")
    func mountType() throws {
        let bench = try SandboxBench()
        var request = try bench.request(bench.facts().project)
        request.networkTypes = ["fuse.nfs4"]
        let evidence = try bench.host.apply(bench.step("1-apply"), request)
        #expect(evidence.stage == .proof && evidence.error?.hasPrefix("efs_not_network: ") == true)
    }
}
