/// One look at the host: its script and the reader of what it says.
struct InspectOperation {
    let request: HostInspection

    var script: HostOperationScript {
        HostOperationScript(
            parts: [
                HostScript.compose, HostScript.profiles, HostScript.storage, HostScript.containers,
                HostScript.mask, HostScript.policies,
                HostScript.gpu, HostScript.containerParts, HostScript.dataPlaces,
                HostScript.stateful, HostScript.bootMount, HostScript.bootStart, HostScript.json,
                HostScript.differences,
            ] + (request.images.isEmpty ? [] : [HostScript.registry])
                + [HostScript.inspect],
            values: StorageReading.values(of: request, networkTypes: [])
                + [("G_LOOKUPS", .words(request.images.map { [$0.text] }))]
        )
    }

    /// The facts in a payload.
    func read(_ payload: HostPayload) throws -> HostFacts {
        guard let name = payload.text("project"), let file = payload.text("file"),
            let directory = payload.text("directory"), let sha256 = payload.word("sha256"),
            let bytes = payload.word("bytes").flatMap({ Base64Text.decode($0) }),
            let architecture = payload.word("machine"), let docker = payload.word("docker"),
            let compose = payload.word("compose"),
            var storage = StorageReading.facts(payload, mountPoint: request.mountPoint),
            let lease = LeaseReading.facts(payload)
        else { throw HostFailure.incomplete("inspect") }
        let boot = payload.word("boot")?.split(separator: " ") ?? []
        storage.bootMount = boot.first.flatMap { StorageFacts.BootMount(rawValue: String($0)) }
        storage.bootPlace = boot.dropFirst().first.flatMap { HostPayload.text($0) }
        var project = ComposeProject(
            name: name,
            file: file,
            directory: directory,
            environmentFiles: payload.rows("environment", columns: 1).flatMap(\.self),
            sha256: sha256,
            bytes: bytes
        )
        project.overrides = try Self.overrides(payload)
        project.resolvedSHA256 = payload.word("resolved")
        project.unreadOverride = payload.text("unread")
        let containers = payload.objects("container")
        // One that is asked to take longer than a year is no reason to fail.
        let grace = containers.compactMap { $0["grace"]?.intValue }.max() ?? 0
        project.stopGrace = min(max(project.stopGrace, grace), ComposeProject.longestGrace)
        var facts = HostFacts(
            project: project,
            services: inOrder(ServiceReading.services(payload), of: bytes),
            storage: storage,
            architecture: architecture,
            dockerVersion: docker,
            composeVersion: compose,
            freeBytes: Self.bytes(payload.word("free")),
            freeInodes: payload.word("inodes").flatMap(Int.init),
            lease: lease,
            registry: RegistryReading.images(payload, asked: request.images),
            stateful: StatefulReading.facts(payload),
            environment: payload.rows("variables", columns: 2).map {
                EnvironmentFile(path: $0[0], names: $0[1].split(separator: "\n").map(String.init))
            }
        )
        facts.orphans = payload.rows("orphan", columns: 1).flatMap(\.self)
        facts.keepsDockerOnInstanceStore = payload.word("store") == "yes"
        facts.dockerStartsAtBoot = payload.word("dockerboot").flatMap {
            ["yes": true, "no": false][$0]
        }
        facts.bootStarts = payload.rows("bootstart", columns: 1).flatMap(\.self)
        facts.heldPolicies = payload.rows("held", columns: 1).flatMap(\.self)
        facts.oneOffs = Self.oneOffs(containers)
        facts.foreign = payload.rows("foreign", columns: 3).map {
            ForeignContainer(name: $0[0], policy: $0[1], state: $0[2])
        }
        return facts
    }

    /// Containers of `docker compose run` that have not ended, by name.
    private static func oneOffs(_ containers: [JSONValue]) -> [String] {
        containers.filter {
            $0["oneoff"]?.stringValue?.lowercased() == "true"
                && ["running", "restarting", "paused"].contains($0["state"]?.stringValue)
        }.map { container in
            let name = container["name"]?.stringValue ?? container["id"]?.stringValue ?? ""
            return String(name.drop { $0 == "/" })
        }
    }

    private static func overrides(_ payload: HostPayload) throws -> [ComposeOverride] {
        try payload.all("override").map { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 3, let path = HostPayload.text(words[0]),
                let bytes = Base64Text.decode(words[2])
            else { throw HostFailure.incomplete("inspect") }
            return ComposeOverride(path: path, sha256: String(words[1]), bytes: bytes)
        }
    }

    /// Kibibytes of df as bytes; what it does not tell, or no disk has, is no reason to refuse.
    private static func bytes(_ kibibytes: String?) -> Int {
        guard let count = kibibytes.flatMap(Int.init) else { return .max }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1024)
        return overflow ? .max : bytes
    }

    /// compose sorts the services in its normalized text; the file's own order is what people know.
    private func inOrder(_ services: [ServiceFacts], of bytes: [UInt8]) -> [ServiceFacts] {
        guard let document = try? ComposeDocument(bytes: bytes) else { return services }
        let order = document.services.map(\.name)
        let known = order.compactMap { name in services.first { $0.name == name } }
        return known + services.filter { !order.contains($0.name) }
    }
}
