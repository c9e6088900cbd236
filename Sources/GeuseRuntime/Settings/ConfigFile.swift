import Yams

/// The settings that a team keeps in a file: defaults for flags, for all stacks and for single ones,
/// and how services show that they are well.
public struct ConfigFile: Sendable, Equatable {
    /// The names of settings, which are the long names of the flags.
    public static let settings = [
        "health-timeout", "http-timeout", "lock-wait", "mount-point", "network-fs-types", "profile",
        "region", "settle-time", "ssh-key", "ssh-port", "ssh-user", "transport",
    ]

    private var common: [String: String] = [:]
    private var stacks: [String: [String: String]] = [:]
    private var services: [String: [ServiceName: ServiceHealth]] = [:]

    /// A file without a setting.
    public init() {}

    /// Reads the file's bytes.
    ///
    /// - Parameters:
    ///   - bytes: YAML; nothing in it is expanded or run.
    ///   - path: the file's path, for messages.
    /// - Throws: `Diagnostic` of kind usage with code `invalid_config`, naming the line.
    public init(_ bytes: [UInt8], path: String) throws {
        let reader = ConfigReader(path: path)
        guard let root = try reader.root(bytes) else { return }
        for (key, value) in try reader.members(root, of: "the file") {
            if key.text == "stacks" {
                for (name, body) in try reader.members(value, of: "stacks") {
                    try reader.check(name) { _ = try StackName(name.text) }
                    try readStack(name.text, body, reader)
                }
            } else {
                common[key.text] = try reader.setting(key, value, Self.settings + ["stacks"])
            }
        }
    }

    private mutating func readStack(_ name: String, _ body: Node, _ reader: ConfigReader) throws {
        for (key, value) in try reader.members(body, of: name) {
            guard key.text == "services" else {
                let known = Self.settings + ["services"]
                stacks[name, default: [:]][key.text] = try reader.setting(key, value, known)
                continue
            }
            for (service, health) in try reader.members(value, of: "services") {
                var id = ServiceName(unchecked: "")
                try reader.check(service) { id = try ServiceName(service.text) }
                services[name, default: [:]][id] = try reader.health(health, of: service.text)
            }
        }
    }

    /// A setting of a stack, else of all stacks.
    ///
    /// - Parameters:
    ///   - name: the long name of the flag.
    ///   - stack: the stack; nil where none is meant.
    /// - Returns: the text; nil where the file does not say.
    public func setting(_ name: String, of stack: StackName?) -> String? {
        stack.flatMap { stacks[$0.text]?[name] } ?? common[name]
    }

    /// What the file says about the health of a stack's services.
    public func health(of stack: StackName) -> [ServiceName: ServiceHealth] {
        services[stack.text] ?? [:]
    }
}

/// Reads the parts of a config file; each mistake is an error that names its line.
struct ConfigReader {
    let path: String

    /// A key and where it stands.
    struct Key {
        let text: String
        let line: Int
    }

    func root(_ bytes: [UInt8]) throws -> Node? {
        guard bytes.count <= 1 << 20, let text = String(validating: bytes, as: UTF8.self) else {
            throw mistake(1, "It is not UTF-8 text, or larger than 1 MiB.")
        }
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            return try parser.nextRoot()
        } catch let error as YamlError {
            throw mistake(1, VisibleText.filtered("\(error)"))
        }
    }

    func members(_ node: Node, of place: String) throws -> [(Key, Node)] {
        // A name with nothing behind it is a text without a letter.
        if node.scalar?.string.isEmpty == true { return [] }
        guard let mapping = node.mapping else {
            throw mistake(line(node), "\(VisibleText.quoted(place)) is not a list of NAME: VALUE.")
        }
        return try mapping.map { key, value in
            guard let text = key.scalar?.string else {
                throw mistake(line(key), "A name is not a text.")
            }
            return (Key(text: text, line: line(key)), value)
        }
    }

    func setting(_ key: Key, _ value: Node, _ known: [String]) throws -> String {
        guard known.contains(key.text) else { throw unknown(key, known) }
        if let list = value.sequence {
            let words = list.compactMap { $0.scalar?.string }
            guard words.count == list.count else { throw noText(key) }
            return words.joined(separator: ",")
        }
        guard let text = value.scalar?.string else { throw noText(key) }
        return text
    }

    func health(_ node: Node, of service: String) throws -> ServiceHealth {
        var health = ServiceHealth()
        for (key, value) in try members(node, of: service) {
            let text = try setting(key, value, ["health-timeout", "probe", "settle-time"])
            switch key.text {
            case "probe": try check(key) { health.probe = try HealthProbe(text) }
            case "settle-time": health.settle = try seconds(key, text, from: 0)
            default: health.timeout = try seconds(key, text, from: 1)
            }
        }
        return health
    }

    private func seconds(_ key: Key, _ text: String, from least: Double) throws -> Double {
        guard let seconds = Double(text), (least...86_400).contains(seconds) else {
            throw mistake(key.line, "\(key.text) is not a number of seconds.")
        }
        return seconds
    }

    func check(_ key: Key, _ body: () throws -> Void) throws {
        do { try body() } catch let error as Diagnostic {
            throw mistake(key.line, error.summary, hint: error.hint)
        }
    }

    private func line(_ node: Node) -> Int { node.mark?.line ?? 1 }

    private func noText(_ key: Key) -> Diagnostic {
        mistake(key.line, "\(VisibleText.quoted(key.text)) has no text as its value.")
    }

    private func unknown(_ key: Key, _ known: [String]) -> Diagnostic {
        mistake(
            key.line,
            "There is no setting called \(VisibleText.quoted(key.text)) here.",
            hint: NearNames.closest(to: key.text, among: known).map { "Did you mean \($0)?" }
                ?? "The settings are: " + known.sorted().joined(separator: ", ") + "."
        )
    }

    private func mistake(_ line: Int, _ summary: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(
            "invalid_config",
            "\(VisibleText.quoted(path)), line \(line): \(summary)",
            detail: "Nothing was touched.",
            hint: hint,
            kind: .usage
        )
    }
}
