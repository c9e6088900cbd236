/// What is known of the data of a service that keeps state, as its host and its container show it.
///
/// No secret is in it: keys are compared on the host, and only what came of it travels.
public struct StatefulFacts: Sendable, Equatable {
    /// The program, which decides what its data takes.
    public enum Kind: String, Sendable, Equatable {
        /// PostgreSQL, the extensions' images included.
        case postgres
        /// n8n.
        case n8n
        /// Qdrant.
        case qdrant
        /// Ollama.
        case ollama
    }

    /// How the encryption key of n8n's environment compares with the one in its data.
    public enum Key: String, Sendable, Equatable {
        /// They are the same.
        case same
        /// They are not: n8n does not start, or cannot read its credentials.
        case different
        /// The environment has none, so that the one in the data counts.
        case unset
        /// The data has none yet.
        case absent
        /// It could not be found out.
        case unknown
    }

    /// The service.
    public var service: ServiceName
    /// Its program.
    public var kind: Kind
    /// Whether its container runs.
    public var isRunning = false
    /// The directory of its data in the container.
    public var dataPath: String?
    /// The same directory on the host; nil when it lies in the container's own layer.
    public var hostPath: String?
    /// The target of the volume that it lies in.
    public var mountedAt: String?
    /// What the data itself says of its version: the contents of PG_VERSION.
    public var dataVersion: String?
    /// Whether the data directory was looked at and holds no data yet.
    public var isEmpty = false
    /// Whether the compose file sets the data directory (PGDATA) itself.
    public var setsDataPath = false
    /// The version of the program that runs, as its image or the program itself says.
    public var programVersion: String?
    /// The distribution in its image (ID of os-release), such as debian or alpine.
    public var system: String?
    /// The release of that distribution (VERSION_CODENAME), such as bookworm.
    public var release: String?
    /// How n8n's keys compare.
    public var key = Key.unknown
    /// Where n8n keeps its data: `sqlite`, the service that its database is, or the host name of one elsewhere.
    public var database: String?
    /// n8n's SQLite file on the host; nil when it lies in the container's own layer, or is none.
    public var databaseFile: String?
    /// Whether a GPU is to be seen in the container; nil where it was not looked for.
    public var seesGPU: Bool?

    /// Facts of which nothing is known yet.
    public init(service: ServiceName, kind: Kind) {
        self.service = service
        self.kind = kind
    }
}

extension StatefulFacts.Kind {
    /// The program that an image is of, by the last word of its name; nil for one that keeps no state
    /// that the program knows of.
    ///
    /// The script that looks at the host goes by the same names, and by the environment of an image besides:
    /// what it says of a container counts.
    public init?(_ image: ImageReference) {
        switch image.repository.split(separator: "/").last.map(String.init) {
        case let name? where ProgramVersion.postgresImages.contains(name): self = .postgres
        case "n8n": self = .n8n
        case "qdrant": self = .qdrant
        case "ollama": self = .ollama
        default: return nil
        }
    }
}

extension StatefulFacts {
    /// The facts as data.
    public var json: JSONValue {
        var object = JSONObject([
            ("service", .string(service.text)), ("kind", .string(kind.rawValue)),
        ])
        let texts = [
            ("data_path", dataPath), ("host_path", hostPath), ("data_version", dataVersion),
            ("program_version", programVersion), ("system", system), ("database", database),
            ("database_file", databaseFile),
        ]
        for (name, text) in texts { object[name] = text.map { .string($0) } }
        if kind == .n8n { object["encryption_key"] = .string(key.rawValue) }
        object["sees_gpu"] = seesGPU.map { .bool($0) }
        return .object(object)
    }
}

extension HostFacts {
    /// What is known of a service's data.
    public func stateful(_ name: ServiceName) -> StatefulFacts? {
        stateful.first { $0.service == name }
    }

    /// The database that an n8n keeps its data in, if it is a service of the stack.
    public func database(of n8n: StatefulFacts) -> StatefulFacts? {
        stateful.first { $0.kind == .postgres && $0.service.text == n8n.database }
    }
}
