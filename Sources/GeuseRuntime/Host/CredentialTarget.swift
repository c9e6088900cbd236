/// A password with which a service of the stack logs in to the stack's database, and where it is kept.
///
/// It names things only; the value stays on the host.
public struct CredentialTarget: Sendable, Equatable {
    /// The service that logs in.
    public var service: ServiceName
    /// The service that is the database.
    public var database: ServiceName
    /// The variable that holds the password, then others that are to stay equal to it.
    public var variables: [String]
    /// The environment files on the host in which they stand, absolute paths.
    public var files: [String]

    /// Makes the value.
    public init(
        service: ServiceName,
        database: ServiceName,
        variables: [String],
        files: [String]
    ) {
        self.service = service
        self.database = database
        self.variables = variables
        self.files = files
    }

    /// What it is about, for a person.
    var sentence: String {
        "\(variables.first ?? "?") in \(files.joined(separator: ", "))"
    }

    /// The target as data.
    var json: JSONValue {
        [
            "service": .string(service.text), "database": .string(database.text),
            "variables": .array(variables.map(JSONValue.string)),
            "files": .array(files.map(JSONValue.string)),
        ]
    }

    /// Reads the data form; nil for anything else.
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue.flatMap({ try? ServiceName($0) }),
            let database = json["database"]?.stringValue.flatMap({ try? ServiceName($0) }),
            let variables = json["variables"]?.arrayValue?.compactMap(\.stringValue),
            let files = json["files"]?.arrayValue?.compactMap(\.stringValue)
        else { return nil }
        self.init(service: service, database: database, variables: variables, files: files)
    }
}

/// An environment file of a compose project, by the names that it defines; no value of it is read.
public struct EnvironmentFile: Sendable, Equatable {
    /// Absolute path on the host.
    public var path: String
    /// The variables that it defines.
    public var names: [String]

    /// Makes the value.
    public init(path: String, names: [String]) {
        self.path = path
        self.names = names
    }
}
