import Glibc
import Testing

@testable import GeuseRuntime

/// The changing scripts, run by dash on a host of files.
@Suite struct ApplyTests {
    static func request(
        _ world: HostWorld,
        _ change: ComposeChange = .none,
        expected: [String: String] = [:],
        services: [String] = [],
        nonce: String? = nil,
        health: Double = 20
    ) throws -> ApplyRequest {
        var images: [ServiceName: ImageReference] = [:]
        for (name, image) in expected {
            images[try ServiceName(name)] = try ImageReference(image)
        }
        return ApplyRequest(
            project: try world.project(),
            storage: world.inspection(nonce: nonce),
            change: change,
            services: try services.map { try ServiceName($0) },
            expectedImages: images,
            healthTimeout: health,
            settleSeconds: 1
        )
    }

    /// The change that sets n8n's image, worked out from the masked text as the program does it.
    static func change(_ world: HostWorld, to image: String) throws -> ComposeChange {
        let facts = try world.host().inspect(world.inspection())
        let document = try ComposeDocument(bytes: facts.project.bytes)
        let resolved = facts.services.map { ($0.name, $0.configuredImage) }
        let edits = try document.edits(
            setting: [ServiceName("n8n"): ImageReference(image)],
            resolved: Dictionary(uniqueKeysWithValues: resolved)
        )
        return .edits(edits, before: facts.project.sha256)
    }

    @Test func anImageIsSetAndTheRestStays() throws {
        let world = try HostWorld()
        try world.run(
            "chmod 640 stack/docker-compose.yml; chown 1234:2345 stack/docker-compose.yml"
        )
        let before = try world.read("stack/docker-compose.yml")
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        let step = HostWorld.step("1-apply")
        let request = try Self.request(
            world,
            change,
            expected: ["n8n": "n8nio/n8n:2.0"],
            services: ["n8n"]
        )
        let evidence = try world.host().apply(step, request)
        #expect(evidence.stage == .done)
        #expect(evidence.error == nil)
        let after = before.replacingOccurrences(of: "n8n:1.0", with: "n8n:2.0")
        #expect(try world.read("stack/docker-compose.yml") == after)
        #expect(evidence.sha256 == HostWorld.hex(after))
        #expect(try world.read("docker/ups") == "n8n n8nio/n8n:1.0 -> n8nio/n8n:2.0\n")
        #expect(evidence.services.first?.image == "n8nio/n8n:2.0")
        #expect(evidence.storage.isMounted)
        #expect(try world.run("stat -c '%a %u %g' stack/docker-compose.yml") == "640 1234 2345\n")
        #expect(try world.run("ls -A stack") == "docker-compose.yml\n")
        // The second time it does nothing and says the same.
        let again = try world.host().apply(step, request)
        #expect(again == evidence)
        #expect(try world.read("docker/ups") == "n8n n8nio/n8n:1.0 -> n8nio/n8n:2.0\n")
        #expect(try world.unknownCalls() == "")
    }

    /// On an access point that enforces an identity nobody may change an owner.
    @Test func aBackupNeedsNoOwnerOfItsOwn() throws {
        let world = try HostWorld()
        try world.run(
            "cat >bin/cp && chmod 755 bin/cp",
            input: """
                #!/bin/sh
                case $* in -p*mnt/efs*) echo 'cp: Operation not permitted' >&2; exit 1 ;; esac
                exec /bin/cp "$@"
                """
        )
        let request = try SecureRequest(
            project: world.project(),
            mountPoint: world.mount,
            nonce: HostWorld.nonce
        )
        #expect(try world.host().secure(HostWorld.step("1-secure"), request).nonceRead)
        let modes = try world.run(
            "find mnt/efs/.geusemaker var/lib -name '*.yml' -exec stat -c %a {} +"
        )
        #expect(modes == "600\n600\n")
    }

    @Test func aRestorePutsTheSavedBytesBack() throws {
        let world = try HostWorld()
        let before = try world.read("stack/docker-compose.yml")
        let secured = try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: try world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce
            )
        )
        #expect(secured.nonceRead)
        let name = "docker-compose.\(HostWorld.hex(before).prefix(16)).yml"
        #expect(secured.sha256 == HostWorld.hex(before))
        #expect(
            secured.composeBackup == world.root
                + "/var/lib/geusemaker/backups/run-1/\(name)"
        )
        #expect(try world.read("mnt/efs/.geusemaker/backups/run-1/\(name)") == before)
        #expect(try world.run("stat -c %a \(secured.composeBackup)") == "600\n")
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        _ = try world.host().apply(
            HostWorld.step("2-apply"),
            Self.request(world, change, nonce: HostWorld.nonce)
        )
        #expect(try world.read("stack/docker-compose.yml") != before)
        // A second backup of the same run leaves the first one alone.
        let second = try world.host().secure(
            HostWorld.step("2-secure"),
            SecureRequest(
                project: try world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce
            )
        )
        #expect(second.composeBackup != secured.composeBackup)
        let restore = ComposeChange.restore(path: secured.composeBackup, sha256: secured.sha256)
        let evidence = try world.host().apply(
            HostWorld.step("3-restore"),
            Self.request(world, restore, expected: ["n8n": "n8nio/n8n:1.0"], nonce: HostWorld.nonce)
        )
        #expect(evidence.stage == .done)
        #expect(try world.read("stack/docker-compose.yml") == before)
        #expect(evidence.services.first?.image == "n8nio/n8n:1.0")
        // Damaged on the host's disk, it comes from EFS; damaged there too, from nowhere.
        try world.run("echo >>\(secured.composeBackup); echo >>stack/docker-compose.yml")
        let fourth = HostWorld.step("4-restore")
        #expect(try world.host().apply(fourth, Self.request(world, restore)).stage == .done)
        #expect(try world.read("stack/docker-compose.yml") == before)
        try world.run(
            "find \(world.mount)/.geusemaker/backups -name '*.yml' -exec sh -c 'echo >>$1' - {} ';'"
        )
        let damaged = try world.host().apply(
            HostWorld.step("5-restore"),
            Self.request(world, restore)
        )
        #expect(damaged.stage == .edit)
        #expect(damaged.error?.hasPrefix("compose_backup_damaged") == true)
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        (": >proc/self/mountinfo", "efs_not_mounted"),
        ("sed -i s/nfs4/ext4/ proc/self/mountinfo", "efs_not_network"),
        (
            "sed -i s/fs-0123456789abcdef0/fs-0123456789abcdef1/ proc/self/mountinfo",
            "efs_wrong_file_system"
        ),
        (
            "sed -i s/fs-0123456789abcdef0/fs-0123456789abcdef01/ proc/self/mountinfo",
            "efs_wrong_file_system"
        ),
        ("sed -i s/fs-0.*com:/127.0.0.1:/ proc/self/mountinfo", "efs_wrong_file_system"),
        ("sed -i 's/rw,vers/ro,vers/' proc/self/mountinfo", "efs_read_only"),
        ("rm -f mnt/efs/.geusemaker/nonce", "efs_nonce_missing"),
        ("mkdir out; rmdir mnt/efs/n8n; ln -s \"$PWD/out\" mnt/efs/n8n", "efs_volume_outside"),
        ("printf '#!/bin/sh\\nexit 2' >bin/ls; chmod 755 bin/ls", "efs_failed"),
        (
            "printf '#!/bin/sh\\necho ls: Stale file handle >&2; exit 2' >bin/ls; chmod 755 bin/ls",
            "efs_stale"
        ),
    ])
    func nothingStartsOnAnUnprovenMount(_ damage: String, _ code: String) throws {
        let world = try HostWorld()
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        try world.run(
            "echo \(HostWorld.nonce) >mnt/efs/.geusemaker/nonce; rm -f docker/calls; " + damage
        )
        let before = try world.read("stack/docker-compose.yml")
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change, nonce: HostWorld.nonce)
        )
        #expect(evidence.stage == .proof)
        #expect(evidence.error?.hasPrefix(code + ": ") == true, "\(evidence.error ?? "")")
        #expect(try world.read("stack/docker-compose.yml") == before)
        #expect(try !world.read("docker/calls").contains(" up "))
        // Both holders of the rules agree.
        let verdict = StorageProof.objections(evidence.storage, expecting: HostWorld.fileSystem)
        #expect(verdict.first?.code == code)
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        ("n8nio/n8n:3.0", ApplyEvidence.Stage.up, "compose_up_failed"),
        ("n8nio/n8n:broken", .health, "service_exited"),
        ("n8nio/n8n:sick", .health, "service_unhealthy"),
        ("n8nio/n8n:loop", .health, "service_restarting"),
        ("n8nio/n8n:starting", .health, "service_waiting"),
    ])
    func aServiceThatIsNotWellIsTold(_ image: String, _ stage: ApplyEvidence.Stage, _ code: String)
        throws
    {
        let world = try HostWorld()
        let change = try Self.change(world, to: image)
        if stage == .health {
            try world.publish(image)
            try world.run("cp docker/registry/\(HostWorld.hex(image)) docker/images/")
        }
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change, health: 3)
        )
        #expect(evidence.stage == stage)
        #expect(evidence.error?.hasPrefix(code) == true, "\(evidence.error ?? "")")
        #expect(evidence.error?.contains("s3cret") == false)
        if stage == .health, code != "service_restarting" {
            let log = "ready\nPASSWORD=xxxxxxx url postgres://xxxx@h/db"
            #expect(evidence.logs == ["n8n": log])
        }
        #expect(try world.unknownCalls() == "")
    }

    @Test func anEditThatComposeResolvesOtherwiseIsRefused() throws {
        let world = try HostWorld()
        let before = try world.read("stack/docker-compose.yml")
        try world.run("echo 15 >docker/env/TAG")
        let facts = try world.host().inspect(world.inspection())
        let document = try ComposeDocument(bytes: facts.project.bytes)
        let name = try ServiceName("postgres")
        let edits = try document.edits(
            setting: [name: ImageReference("postgres:16")],
            resolved: [name: "postgres:15"]
        )
        let change = ComposeChange.edits(edits, before: facts.project.sha256)
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change, expected: ["postgres": "postgres:16"])
        )
        #expect(evidence.stage == .edit)
        #expect(evidence.error?.hasPrefix("compose_image_mismatch") == true)
        #expect(try world.read("stack/docker-compose.yml") == before)
        #expect(try world.run("ls -A stack") == "docker-compose.yml\n")
        #expect(try !world.read("docker/calls").contains(" up "))
    }

    @Test func aFileThatChangedIsRefused() throws {
        let world = try HostWorld()
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        try world.run("echo '# later' >>stack/docker-compose.yml")
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change)
        )
        #expect(evidence.stage == .edit)
        #expect(evidence.error?.hasPrefix("compose_changed") == true)
    }

    @Test func anEditThatComposeRefusesNeverCounts() throws {
        let world = try HostWorld()
        let before = try world.read("stack/docker-compose.yml")
        let project = try world.project()
        let edit = ComposeEdit(
            service: try ServiceName("n8n"),
            offset: 0,
            old: "services:",
            new: "!!x:"
        )
        let change = ComposeChange.edits([edit], before: project.sha256)
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change)
        )
        #expect(evidence.error?.hasPrefix("compose_config_failed") == true)
        #expect(evidence.error?.contains("hunter2") == false)
        #expect(try world.read("stack/docker-compose.yml") == before)
    }

    @Test func aSymbolicLinkIsRefused() throws {
        let world = try HostWorld()
        try world.run(
            "mv stack/docker-compose.yml real.yml; ln -s ../real.yml stack/docker-compose.yml"
        )
        let error = #expect(throws: Diagnostic.self) {
            try world.host().apply(HostWorld.step("1-apply"), Self.request(world))
        }
        #expect(error?.code == "compose_file_is_symlink")
    }

    @Test func aFileWithCarriageReturnsKeepsThem() throws {
        let text = HostWorld.compose.replacingOccurrences(of: "\n", with: "\r\n")
        let world = try HostWorld(compose: text)
        let before = try world.read("stack/docker-compose.yml")
        #expect(before.utf8.contains(0x0D))
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change)
        )
        #expect(evidence.stage == .done)
        let after = before.replacingOccurrences(of: "n8n:1.0", with: "n8n:2.0")
        #expect(try Array(world.read("stack/docker-compose.yml").utf8) == Array(after.utf8))
    }

    /// Seen with docker 26.1: `docker ps` lists a container for a moment after it has stopped.
    @Test func aListThatLagsBehindAStopIsNoRunningService() throws {
        let world = try HostWorld()
        try world.write("docker/stale", "2")
        try world.host().stopServices(HostWorld.step("1-stop"), try world.project())
        #expect(try world.read("docker/stale") == "0\n")
        #expect(try world.unknownCalls() == "")
    }

    @Test func stoppingStopsAll() throws {
        let world = try HostWorld()
        try world.host().stopServices(HostWorld.step("1-stop"), try world.project())
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.services.map(\.state) == ["exited", "exited"])
        // The marker keeps a second call from stopping again.
        try world.run("printf running >docker/containers/\(HostWorld.hex("n8n"))/state")
        try world.host().stopServices(HostWorld.step("1-stop"), try world.project())
        #expect(try world.host().inspect(world.inspection()).services.first?.state == "running")
        // A compose file that can't be read must not keep containers alive.
        try world.run(": >docker/stop_fails")
        try world.host().stopServices(HostWorld.step("2-stop"), try world.project())
        #expect(try world.host().inspect(world.inspection()).services.first?.state == "exited")
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [["/usr/bin/busybox", "sh"], ["/bin/bash", "--posix"]])
    func otherShellsDoTheSame(_ shell: [String]) throws {
        guard access(shell[0], X_OK) == 0 else { return }
        let world = try HostWorld()
        world.shell = shell
        let secured = try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: try world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce
            )
        )
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        try world.host().stopServices(HostWorld.step("2-stop"), try world.project())
        let evidence = try world.host().apply(
            HostWorld.step("3-apply"),
            Self.request(world, change, expected: ["n8n": "n8nio/n8n:2.0"], nonce: HostWorld.nonce)
        )
        #expect(evidence.stage == .done)
        #expect(try world.read("stack/docker-compose.yml").contains("n8n:2.0 # pinned"))
        #expect(secured.nonceRead)
        #expect(try world.unknownCalls() == "")
    }

    @Test func theOldComposeBinaryIsUsedWhereThePluginIsNot() throws {
        let world = try HostWorld()
        try world.run(": >docker/no_plugin")
        let error = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(error?.code == "compose_missing")
        try world.write("bin/docker-compose", "#!/bin/sh\nexec docker legacy \"$@\"\n")
        try world.run(
            "chmod 755 bin/docker-compose; echo A=1 >stack/.env; echo B=1 >stack/runtime.env"
        )
        let change = try Self.change(world, to: "n8nio/n8n:2.0")
        let facts = try world.host().inspect(world.inspection())
        // It takes one environment file only.
        #expect(facts.project.environmentFiles == [world.root + "/stack/runtime.env"])
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            Self.request(world, change, expected: ["n8n": "n8nio/n8n:2.0"])
        )
        #expect(evidence.stage == .done)
        #expect(try world.unknownCalls() == "")
    }
}
