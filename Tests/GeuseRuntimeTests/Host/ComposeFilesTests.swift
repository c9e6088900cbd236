import Testing

@testable import GeuseRuntime

/// Projects of several compose files, as compose makes them of a docker-compose.override.yml by itself.
@Suite struct ComposeFilesTests {
    private static let furtherText = """
        services:
          postgres:
            image: postgres:16
            environment:
              POSTGRES_PASSWORD: hunter2

        """

    private func world() throws -> HostWorld {
        let world = try HostWorld(images: ["postgres:16"])
        try world.write("stack/docker-compose.override.yml", Self.furtherText)
        try label(world, "\(world.file),\(further(world))")
        return world
    }

    private func further(_ world: HostWorld) -> String {
        world.root + "/stack/docker-compose.override.yml"
    }

    private func label(_ world: HostWorld, _ text: String) throws {
        for service in ["n8n", "postgres"] {
            try world.write("docker/containers/\(HostWorld.hex(service))/config_files", text)
        }
    }

    @Test func allFilesOfTheProjectAreRead() throws {
        let world = try world()
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.project.file == world.file)
        let found = try #require(facts.project.overrides.first)
        #expect(facts.project.overrides.count == 1)
        #expect(found.path == further(world))
        #expect(found.sha256 == HostWorld.hex(Self.furtherText))
        let masked = Self.furtherText.replacingOccurrences(of: "hunter2", with: "xxxxxxx")
        #expect(String(decoding: found.bytes, as: UTF8.self) == masked)
        #expect(facts.services.map(\.configuredImage) == ["n8nio/n8n:1.0", "postgres:16"])
        #expect(
            try world.read("docker/calls").contains("-f \(world.file) -f \(further(world)) config")
        )
        // The old binary writes the names as they were given to it.
        try label(world, "docker-compose.yml,docker-compose.override.yml")
        #expect(try world.host().inspect(world.inspection()).project == facts.project)
        try world.run("rm stack/docker-compose.override.yml")
        let error = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(error?.code == "compose_file_missing")
    }

    @Test func oneThatWhatRunsWasStartedWithoutIsToldAndNotRead() throws {
        let world = try HostWorld()
        #expect(try world.host().inspect(world.inspection()).project.unreadOverride == nil)
        try world.write("stack/docker-compose.override.yml", Self.furtherText)
        try label(world, world.file)
        let project = try world.host().inspect(world.inspection()).project
        #expect(project.unreadOverride == further(world))
        #expect(project.overrides.isEmpty)
        // Where it is read there is nothing to tell.
        try label(world, "\(world.file),\(further(world))")
        let read = try world.host().inspect(world.inspection()).project
        #expect(read.unreadOverride == nil && read.overrides.count == 1)
    }

    /// What an included file or a variable changes is in no file that is read here.
    @Test func whatComposeMakesOfItAllHasAChecksum() throws {
        let world = try HostWorld()
        let before = try world.host().inspect(world.inspection()).project
        #expect(before.resolvedSHA256?.utf8.count == 64)
        #expect(try world.host().inspect(world.inspection()).project == before)
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .done)
        #expect(evidence.resolvedSHA256 == before.resolvedSHA256)
        try world.write("docker/env/TAG", "16")
        let after = try world.host().inspect(world.inspection()).project
        #expect(after.sha256 == before.sha256)
        #expect(after.resolvedSHA256 != before.resolvedSHA256)
    }

    @Test func eachStepGivesAllFilesToCompose() throws {
        let world = try world()
        let project = try world.host().inspect(world.inspection()).project
        try world.run("rm docker/calls")
        try world.host().stopServices(HostWorld.step("1-stop"), project)
        let both = "-f \(world.file) -f \(further(world))"
        #expect(try world.read("docker/calls").contains("\(both) stop -t 30"))
        var request = try ApplyTests.request(world)
        request.project = project
        #expect(try world.host().apply(HostWorld.step("2-apply"), request).stage == .done)
        #expect(try world.read("docker/calls").contains("\(both) up -d"))
        #expect(try world.unknownCalls() == "")
    }

    @Test func anImageIsSetInTheFirstFileWhileTheOthersStay() throws {
        let world = try world()
        let facts = try world.host().inspect(world.inspection())
        let n8n = ServiceName(unchecked: "n8n")
        let image = ImageReference(unchecked: "n8nio/n8n:2.0")
        let edits = try facts.project.edits(
            setting: [n8n: image],
            resolved: Rehearsal.resolved(facts)
        )
        var request = try ApplyTests.request(
            world,
            .edits(edits, before: facts.project.sha256),
            expected: ["n8n": image.text],
            services: ["n8n"]
        )
        request.project = facts.project
        request.project.overrides[0].sha256 = String(repeating: "0", count: 64)
        let refused = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(refused.stage == .edit)
        #expect(refused.error?.hasPrefix("compose_changed") == true)
        #expect(try world.read("docker/ups") == "")
        request.project = facts.project
        #expect(try world.host().apply(HostWorld.step("2-apply"), request).stage == .done)
        #expect(try world.read("stack/docker-compose.yml").contains(image.text))
        #expect(try world.read("stack/docker-compose.override.yml") == Self.furtherText)
    }

    @Test(arguments: [
        ("    image: n8nio/n8n:1.0", true), ("    <<: *other", true),
        ("    extends: {service: a}", true), ("    ports: [\"80:80\"]", false),
    ])
    func anImageThatAFurtherFileSetsIsNotChanged(_ line: String, _ isRefused: Bool) throws {
        let world = try HostWorld()
        var project = try world.project()
        let text = "x-other: &other\n  image: a\nservices:\n  n8n:\n\(line)\n"
        project.overrides = [
            ComposeOverride(path: "/none.yml", sha256: "", bytes: Array("volumes: {a: {}}\n".utf8)),
            ComposeOverride(path: "/o.yml", sha256: "", bytes: Array(text.utf8)),
        ]
        let images = [ServiceName(unchecked: "n8n"): ImageReference(unchecked: "n8nio/n8n:2.0")]
        var failure: Diagnostic?
        do {
            #expect(try project.edits(setting: images, resolved: [:]).count == 1)
        } catch let error as Diagnostic { failure = error }
        #expect(failure?.code == (isRefused ? "compose_several_files" : nil))
        #expect(failure?.summary.contains("/o.yml") != false)
    }

    @Test func aDependencyThatAFurtherFileNamesCounts() throws {
        let world = try world()
        var facts = try world.host().inspect(world.inspection())
        // The override says postgres:16, and 15 runs.
        #expect(
            ImageDrift.all([.operation(.restart(ServiceName(unchecked: "n8n")))], facts).isEmpty
        )
        let text = "services:\n  n8n:\n    depends_on: [postgres]\n"
        facts.project.overrides[0].bytes = Array(text.utf8)
        let drift = ImageDrift.all([.operation(.restart(ServiceName(unchecked: "n8n")))], facts)
        #expect(drift.map(\.service.text) == ["postgres"])
    }

    @Test(
        arguments: [
            ("compose.yaml", "compose.override.yml"), ("compose.yml", "compose.override.yaml"),
            ("docker-compose.yml", "docker-compose.override.yml"),
            ("docker-compose.yaml", "docker-compose.override.yaml"), ("compose.yml", nil),
        ] as [(String, String?)]
    )
    func theStandardNamesAreFoundWithoutContainers(_ name: String, _ further: String?) throws {
        let world = try world()
        try world.run(
            "rm -r docker/containers/*; mkdir -p opt/geusemaker; "
                + "mv stack/docker-compose.yml opt/geusemaker/\(name)"
        )
        let place = world.root + "/opt/geusemaker/"
        if let further {
            try world.run("mv stack/docker-compose.override.yml opt/geusemaker/\(further)")
        }
        let project = try world.host().inspect(world.inspection()).project
        #expect(project.file == place + name)
        #expect(project.overrides.map(\.path) == [further].compactMap(\.self).map { place + $0 })
    }

    @Test func aBackupKeepsTheirChecksums() throws {
        var evidence = BackupEvidence()
        evidence.composeOverrides = [
            ComposeOverride(path: "/a b.yml", sha256: "00", bytes: []).mark
        ]
        #expect(evidence.composeOverrides == ["00 /a b.yml"])
        #expect(try BackupEvidence(json: evidence.json) == evidence)
        #expect(try BackupEvidence(json: BackupEvidence().json).composeOverrides.isEmpty)
    }
}
