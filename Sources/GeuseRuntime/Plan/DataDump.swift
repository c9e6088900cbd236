/// A dump of a service's data that is taken before its program changes.
public struct DataDump: Sendable, Equatable {
    /// How it is taken.
    public enum Kind: String, Sendable, Equatable {
        /// `pg_dump` of each database, in the custom format.
        case postgres
        /// A copy of SQLite's file by its own backup interface.
        case sqlite
        /// Qdrant's snapshot of each collection.
        case qdrant
        /// The roles of a PostgreSQL server, with the dumps of its databases; nobody asks for them alone.
        case roles
    }

    /// How it is taken.
    public let kind: Kind
    /// The service whose data it is.
    public let service: ServiceName
    /// The service for whose sake it is taken: the n8n of a database.
    public let cause: ServiceName

    /// Names a dump.
    public init(kind: Kind, service: ServiceName, cause: ServiceName) {
        self.kind = kind
        self.service = service
        self.cause = cause
    }

    /// What it does, in a few words.
    public var title: String {
        switch kind {
        case .postgres: "the databases of \(service) are dumped to the file system"
        case .sqlite: "the database of \(service) (SQLite) is copied to the file system"
        case .roles: "the roles of \(service) are dumped to the file system"
        case .qdrant: "the collections of \(service) are saved as snapshots to the file system"
        }
    }

    /// The dump as data.
    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "service": .string(service.text),
            "for": .string(cause.text),
        ]
    }

    /// Reads the data form; nil where it is none.
    init?(json: JSONValue) {
        guard let kind = json["kind"]?.stringValue.flatMap(Kind.init(rawValue:)),
            let service = json["service"]?.stringValue.flatMap({ try? ServiceName($0) }),
            let cause = json["for"]?.stringValue.flatMap({ try? ServiceName($0) })
        else { return nil }
        self.init(kind: kind, service: service, cause: cause)
    }
}

extension DataDump {
    /// What a change of image takes.
    enum Need: Equatable {
        /// Its data is not at stake.
        case nothing
        /// This dump.
        case dump(DataDump)
        /// A dump that cannot be taken, for this reason.
        case impossible(String)
    }

    static func needed(for target: StatefulTarget, _ host: HostFacts) -> Need {
        let facts = target.facts
        guard target.image.text != target.current?.text || target.isRollback else {
            return .nothing
        }
        // Without a container nothing ran that could have written, and no step asks for another program.
        guard target.isAsked || target.current != nil else { return .nothing }
        func dump(_ kind: Kind, of data: StatefulFacts) -> Need {
            guard data.isRunning else { return .impossible("\(data.service) does not run") }
            return .dump(DataDump(kind: kind, service: data.service, cause: facts.service))
        }
        switch facts.kind {
        case .ollama: return .nothing
        case .qdrant: return dump(.qdrant, of: facts)
        case .postgres: return facts.isEmpty ? .nothing : dump(.postgres, of: facts)
        case .n8n:
            guard let name = facts.database else {
                return .impossible("it is not known where it keeps it")
            }
            if name == "sqlite" {
                if facts.isEmpty { return .nothing }
                guard facts.databaseFile != nil else {
                    return .impossible("it lies inside the container, not in a volume")
                }
                return .dump(DataDump(kind: .sqlite, service: facts.service, cause: facts.service))
            }
            guard let database = host.database(of: facts) else {
                if let service = host.services.first(where: { $0.name.text == name }) {
                    return .impossible(
                        "its database is the service \(service.name), whose image is not known as one "
                            + "of PostgreSQL"
                    )
                }
                return .impossible(
                    "its database is at \(VisibleText.filtered(name)), which is no service of the stack"
                )
            }
            return dump(.postgres, of: database)
        }
    }

    /// The dumps that a plan takes with its first backup.
    static func all(_ steps: [PlanStep], _ host: HostFacts) -> [DataDump] {
        var dumps: [DataDump] = []
        for step in steps {
            // What a restore replaces is dumped as well.
            guard case .restoreData(let restore) = step,
                let first = restore.dumps.first(where: { $0.kind != .roles })
            else { continue }
            dumps.append(
                DataDump(kind: first.kind, service: first.service, cause: first.cause)
            )
        }
        for target in StatefulTarget.of(steps, host) {
            guard case .dump(let dump) = needed(for: target, host) else { continue }
            if !dumps.contains(where: { $0.service == dump.service }) { dumps.append(dump) }
        }
        return dumps
    }
}
