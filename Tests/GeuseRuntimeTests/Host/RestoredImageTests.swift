import Testing

@testable import GeuseRuntime

@Suite("What ran before runs again, even if its tag moved or it was pruned")
struct RestoredImageTests {
    private let name = ImageReference(unchecked: "n8nio/n8n:1.0")

    /// The id under which the fake docker keeps an image.
    private func id(_ name: String) -> String { "sha256:" + HostWorld.hex(name) }

    private func secure(
        _ world: HostWorld,
        _ step: String = "1-secure",
        run: String = "run-1",
        fence: Int = 1,
        images: [String] = ["n8nio/n8n:1.0", "postgres:15"]
    ) throws -> SecureEvidence {
        try world.host().secure(
            HostWorld.step(step, run: run, fence: fence, replaces: "run-1", ends: true),
            SecureRequest(
                project: world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce,
                images: images.map(id)
            )
        )
    }

    private func restore(_ world: HostWorld, _ saved: SecureEvidence, source: String? = nil) throws
        -> ApplyEvidence
    {
        var request = try ApplyTests.request(
            world,
            .restore(path: saved.composeBackup, sha256: saved.sha256)
        )
        request.restoredImages = [
            RestoredImage(reference: name, imageID: id("n8nio/n8n:1.0"), source: source)
        ]
        return try world.host().apply(HostWorld.step("2-restore", fence: 3), request)
    }

    private func stored(_ world: HostWorld, _ name: String) throws -> String {
        try world.read("docker/images/\(HostWorld.hex(name))")
    }

    @Test("A tag that moved points to the old image again")
    func moved() throws {
        let world = try HostWorld()
        let saved = try secure(world)
        let old = try stored(world, name.text)
        try world.write("docker/images/\(HostWorld.hex(name.text))", stored(world, "n8nio/n8n:2.0"))
        #expect(try restore(world, saved).stage == .done)
        #expect(try stored(world, name.text) == old)
        #expect(try world.unknownCalls() == "")
    }

    @Test("An image that was pruned is pulled again by its digest")
    func pruned() throws {
        let world = try HostWorld()
        let saved = try secure(world)
        let digest = "n8nio/n8n@sha256:" + HostWorld.hex("dn8nio/n8n:1.0")
        let old = try stored(world, name.text)
        try world.run(
            "rm docker/images/\(HostWorld.hex(name.text)) "
                + "docker/images/\(HostWorld.hex(id(name.text)))"
        )
        // What the registry has under the digest comes with the old id.
        try world.write("docker/registry/\(HostWorld.hex(digest))", old)
        try world.run(
            "cat >docker/after_pull <<'E'\ncp $world/images/\(HostWorld.hex(digest)) "
                + "$world/images/\(HostWorld.hex(id(name.text)))\nE"
        )
        #expect(try restore(world, saved, source: digest).stage == .done)
        #expect(try stored(world, name.text) == old)
    }

    @Test("An image that is lost is said to be, before anything is edited or started")
    func lost() throws {
        let world = try HostWorld()
        let saved = try secure(world)
        try world.run("rm docker/images/\(HostWorld.hex(id(name.text)))")
        try world.publish(name.text, error: "toomanyrequests: TOKEN=s3cret")
        try world.run("rm -f docker/ups")
        let evidence = try restore(world, saved)
        #expect(evidence.error?.contains("toomanyrequests") == true)
        #expect(evidence.error?.contains("s3cret") == false)
        #expect(evidence.stage == .edit)
        #expect(evidence.error?.hasPrefix("image_lost") == true)
        #expect(try world.read("docker/ups") == "")
    }

    @Test("Without a digest on record its name is pulled, if that still leads to it")
    func named() throws {
        let world = try HostWorld()
        let saved = try secure(world)
        let old = try stored(world, name.text)
        let places = [name.text, id(name.text)].map { "docker/images/\(HostWorld.hex($0))" }
        try world.run("rm " + places.joined(separator: " "))
        #expect(try restore(world, saved).stage == .done)
        #expect(try stored(world, name.text) == old)
    }

    @Test("A name that leads to another image by now is no way to the old one")
    func elsewhere() throws {
        let world = try HostWorld()
        let saved = try secure(world)
        try world.run("rm docker/images/\(HostWorld.hex(id(name.text)))")
        try world.write(
            "docker/registry/\(HostWorld.hex(name.text))",
            try world.read("docker/registry/\(HostWorld.hex("n8nio/n8n:2.0"))")
        )
        let evidence = try restore(world, saved)
        #expect(evidence.stage == .edit)
        #expect(evidence.error?.hasPrefix("image_lost") == true)
    }

    @Test("A container that was made by digest has its image again by that digest")
    func digest() throws {
        let text = "n8nio/n8n@sha256:" + HostWorld.hex("x")
        var service = ServiceFacts(name: ServiceName(unchecked: "n8n"), configuredImage: text)
        service.image = text
        service.imageID = id(name.text)
        let evidence = BackupEvidence(
            run: RunID(unchecked: "run-1"),
            instanceType: "t3.medium",
            composeFile: "/opt/geusemaker/docker-compose.yml",
            composeBackup: "/var/lib/geusemaker/backups/run-1/x.yml",
            composeSHA256: HostWorld.hex("file"),
            mountPoint: "/mnt/efs",
            nonce: HostWorld.nonce,
            services: [BackupEvidence.Service(service)],
            versions: [:]
        )
        let images = try RecoveryPoint(evidence).images
        #expect(
            images == [
                RestoredImage(
                    reference: ImageReference(unchecked: text),
                    imageID: id(name.text),
                    source: text
                )
            ]
        )
    }

    @Test("A second backup of a run keeps the images of the first one, too")
    func keptBoth() throws {
        let world = try HostWorld()
        _ = try secure(world)
        _ = try secure(world, "5-secure", fence: 2, images: ["postgres:15"])
        let tag = String(HostWorld.hex("n8nio/n8n:1.0").prefix(32))
        #expect(try world.read("docker/kept").contains(tag))
    }

    @Test("The images of a backup have a tag of their own until six newer backups are there")
    func kept() throws {
        let world = try HostWorld()
        _ = try secure(world)
        let tag = String(HostWorld.hex("n8nio/n8n:1.0").prefix(32))
        #expect(try world.read("docker/kept").contains(tag))
        try world.run("for n in 1 2 3 4 5; do mkdir -p var/lib/geusemaker/backups/r$n; done")
        try world.run("touch -d 2001-01-01 var/lib/geusemaker/backups/run-1")
        try world.write("docker/kept", tag + "\n0123456789abcdef0123456789abcdef\n")
        _ = try secure(world, run: "run-2", fence: 2)
        // The stray one goes; what the newest backup names stays.
        #expect(try world.read("docker/kept").contains(tag))
        #expect(try !world.read("docker/kept").contains("0123456789abcdef"))
    }
}
