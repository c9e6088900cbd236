/// A dump of a service's data, read back and found whole.
public struct SavedDump: Sendable, Equatable {
    /// How it was taken.
    public var kind: DataDump.Kind
    /// The service whose data it is.
    public var service: ServiceName
    /// The service for whose sake it was taken.
    public var cause: ServiceName
    /// What is in it: a database, a file or a collection.
    public var name: String
    /// Absolute path of the file on the host, below the mount point.
    public var path: String
    /// Its size in bytes.
    public var bytes: Int
    /// SHA-256 of it, in hexadecimal.
    public var sha256: String
    /// What has to be known of how it was taken; nil for the usual way.
    public var note: String?

    /// Makes the value.
    public init(
        kind: DataDump.Kind,
        service: ServiceName,
        cause: ServiceName,
        name: String,
        path: String,
        bytes: Int,
        sha256: String,
        note: String? = nil
    ) {
        self.kind = kind
        self.service = service
        self.cause = cause
        self.name = name
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.note = note
    }

    /// The dump as data.
    public var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "service": .string(service.text),
            "for": .string(cause.text), "name": .string(name), "path": .string(path),
            "bytes": .int(bytes), "sha256": .string(sha256),
            "note": note.map(JSONValue.string) ?? .null,
        ]
    }

    /// Reads the data form; nil where it is none.
    init?(json: JSONValue) {
        guard let dump = DataDump(json: json), let name = json["name"]?.stringValue,
            let path = json["path"]?.stringValue, let bytes = json["bytes"]?.intValue,
            let sha256 = json["sha256"]?.stringValue
        else { return nil }
        self.init(
            kind: dump.kind,
            service: dump.service,
            cause: dump.cause,
            name: name,
            path: path,
            bytes: bytes,
            sha256: sha256,
            note: json["note"]?.stringValue
        )
    }
}
