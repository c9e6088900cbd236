/// The shared configuration of the AWS tools: `~/.aws/config` and `~/.aws/credentials`.
public struct SharedConfig: Sendable, Equatable {
    /// One section: its settings, and the indented settings below a setting without a value.
    public struct Section: Sendable, Equatable {
        /// The settings, by name in lower case.
        public var values: [String: String] = [:]
        /// The settings below others, such as `endpoint_url` below `ec2` in a `services` section.
        public var nested: [String: [String: String]] = [:]

        /// An empty section.
        public init() {}

        /// A setting that has a value.
        public subscript(name: String) -> String? {
            values[name].flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// The profiles by name; a setting in the credentials file wins over one in the config file.
    public var profiles: [String: Section] = [:]
    /// The `sso-session` sections by name.
    public var ssoSessions: [String: Section] = [:]
    /// The `services` sections by name.
    public var services: [String: Section] = [:]

    /// A configuration in which nothing is set.
    public init() {}

    /// Reads both files where `environment` or the default says they are; a missing file is empty.
    public static func load(
        environment: [String: String],
        home: String,
        files: any SharedFileReader
    ) throws -> SharedConfig {
        func text(_ variable: String, _ name: String) throws -> String {
            let given = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
            let path = given.map { expand($0, home) } ?? "\(home)/.aws/\(name)"
            return try files.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return SharedConfig(
            config: try text("AWS_CONFIG_FILE", "config"),
            credentials: try text("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        )
    }

    /// A path whose leading tilde is the home directory.
    static func expand(_ path: String, _ home: String) -> String {
        path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    /// Takes the texts of the two files apart.
    public init(config: String, credentials: String) {
        for (title, section) in INIFile.sections(config) {
            let words = INIFile.words(title)
            switch (words.first, words.count) {
            case ("default", 1): merge(section, into: "default")
            case ("profile", 2): merge(section, into: words[1])
            case ("sso-session", 2): ssoSessions[words[1]] = section
            case ("services", 2): services[words[1]] = section
            default: break
            }
        }
        for (title, section) in INIFile.sections(credentials) { merge(section, into: title) }
    }

    private mutating func merge(_ section: Section, into name: String) {
        profiles[name, default: Section()].values.merge(section.values) { $1 }
        profiles[name, default: Section()].nested.merge(section.nested) { $1 }
    }
}
