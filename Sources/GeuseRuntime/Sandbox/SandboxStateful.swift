// The services of a simulated stack that keep state, and what their data says of itself.

extension SandboxWorld {
    func statefulFacts(_ compose: SandboxCompose) -> [StatefulFacts] {
        compose.services.compactMap { service in
            let container = machine.container(service.name)
            let image = ImageReference(unchecked: container?.image ?? service.image)
            guard let kind = StatefulFacts.Kind(image) else { return nil }
            var facts = StatefulFacts(service: service.name, kind: kind)
            facts.isRunning = container?.state(at: time) == "running"
            let mounts = container?.mounts ?? service.binds
            guard let (inside, host) = mounts.sorted(by: { $0.key < $1.key }).first else {
                return facts
            }
            facts.dataPath = inside
            facts.mountedAt = inside
            facts.hostPath = host
            let isReadable =
                !host.hasPrefix(SandboxMachine.mountPoint + "/")
                || machine.mount?.isReadable == true
            guard isReadable else { return facts }
            facts.isEmpty = !hasFiles(below: host)
            switch kind {
            case .postgres:
                facts.dataVersion = self[file: host + "/PG_VERSION"]?.text
                    .filter { $0.isNumber || $0 == "." }
                facts.system = image.tag?.contains("alpine") == true ? "alpine" : "debian"
            case .n8n:
                facts.key = key(in: self[file: host + "/config"]?.text)
                facts.database =
                    compose.services.first { $0.name.text == "postgres" } == nil
                    ? "sqlite" : "postgres"
                if facts.database == "sqlite" { facts.databaseFile = host + "/database.sqlite" }
            case .qdrant: break
            case .ollama: facts.seesGPU = facts.isRunning ? container?.seesGPU ?? false : nil
            }
            return facts
        }
    }

    private func key(in config: String?) -> StatefulFacts.Key {
        guard let wanted = environment["N8N_ENCRYPTION_KEY"], !wanted.isEmpty else { return .unset }
        guard let config, let json = try? JSONParser.parse(config),
            let kept = json["encryptionKey"]?.stringValue
        else { return .absent }
        return kept == wanted ? .same : .different
    }

    /// The services that should see a GPU and do not.
    func withoutGPU(_ services: [ServiceName]) -> [String] {
        services.filter { machine.container($0)?.seesGPU != true }.map(\.text)
    }

    static func gpuObjection(_ services: [String]) -> Diagnostic? {
        services.isEmpty
            ? nil
            : Diagnostic(
                "service_without_gpu",
                "No GPU is seen by \(services.joined(separator: ", "))."
            )
    }
}

// Old files do not have what came later.

extension SecureEvidence {
    var worldDumps: [SavedDump]? {
        get { dumps }
        set { dumps = newValue ?? [] }
    }
}

extension ApplyEvidence {
    var worldWithoutGPU: [String]? {
        get { withoutGPU }
        set { withoutGPU = newValue ?? [] }
    }
}

extension ApplyRequest {
    var worldNeedsGPU: [ServiceName]? {
        get { needsGPU }
        set { needsGPU = newValue ?? [] }
    }
}

extension SavedDump: WorldValue {
    var worldJSON: JSONValue { json }
    init(worldJSON json: JSONValue) throws {
        guard let dump = SavedDump(json: json) else { throw unreadableWorld("not a dump") }
        self = dump
    }
}
