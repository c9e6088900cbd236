/// A command that a script has run on the host, or inside the container of a service.
///
/// It is a list of words that becomes the argument vector of one program; no shell reads it.
public struct HostCommand: Sendable, Equatable {
    /// More words than anyone types, and fewer than a transport has trouble with.
    private static let limits = (words: 256, bytes: 16384)
    /// Seconds that a command may ask for.
    public static let longest = 1800

    /// The service in whose container it runs; nil for the host itself.
    public let service: ServiceName?
    /// The program and its arguments.
    public let words: [String]
    /// What undoes it, in the same place; nil for a command that cannot be undone.
    public let undo: [String]?
    /// Seconds that it, and its undo, may take.
    public let timeout: Int

    /// Makes a command.
    ///
    /// - Parameters:
    ///   - service: the service in whose container it runs; nil for the host itself.
    ///   - words: the program and its arguments.
    ///   - undo: the words that undo it.
    ///   - timeout: seconds that it may take.
    /// - Throws: `Diagnostic` of kind usage with code `invalid_command`.
    public init(
        service: ServiceName?,
        words: [String],
        undo: [String]? = nil,
        timeout: Int = 60
    ) throws {
        try Self.check(words, "The command")
        if let undo { try Self.check(undo, "The command's undo") }
        guard (1...Self.longest).contains(timeout) else {
            throw Self.invalid(
                "The command's timeout",
                "is not from 1 to \(Self.longest) seconds",
                hint: "Leave it out for 60 seconds, or give it as a number, such as 300."
            )
        }
        self.service = service
        self.words = words
        self.undo = undo
        self.timeout = timeout
    }

    /// Refuses words that are no command.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments.
    ///   - what: what they are, to begin a sentence with.
    /// - Throws: `Diagnostic` of kind usage with code `invalid_command`.
    public static func check(_ words: [String], _ what: String) throws {
        guard let program = words.first, !program.isEmpty else {
            throw invalid(what, "has no program")
        }
        guard words.count <= limits.words,
            words.reduce(0, { $0 + $1.utf8.count }) <= limits.bytes
        else {
            throw invalid(what, "has more than \(limits.words) words or \(limits.bytes) bytes")
        }
        // An argument vector ends each word with this byte.
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            throw invalid(what, "has a zero byte in it")
        }
    }

    private static func invalid(
        _ what: String,
        _ why: String,
        hint: String = "A command is a list of words, such as {\"pg_isready\", \"-q\"}."
    ) -> Diagnostic {
        Diagnostic(
            "invalid_command",
            "\(what) \(why).",
            hint: hint,
            kind: .usage
        )
    }

    /// The command that undoes it.
    var inverse: HostCommand? {
        undo.flatMap { try? HostCommand(service: service, words: $0, timeout: timeout) }
    }

    /// Where it runs and what it is, for a person.
    public var title: String { "run \(Self.line(words)) \(place)" }

    /// The same, cut where it is long: for lists that are written down again and again.
    var briefTitle: String { title.count > 200 ? title.prefix(197) + "..." : title }

    /// All of its words and of its undo's, as they are shown.
    public var text: String { Self.line(words) + (undo.map(Self.line) ?? "") }

    /// `in n8n` or `on the host`.
    var place: String { service.map { "in \($0)" } ?? "on the host" }

    /// The words as a person would type them.
    static func line(_ words: [String]) -> String {
        "`" + words.map(quoted).joined(separator: " ") + "`"
    }

    private static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                Grammar.isLetter(byte) || Grammar.isDigit(byte)
                    || "-_./:=@%+,".utf8.contains(byte)
            }
        guard !isPlain else { return word }
        return "'" + VisibleText.filtered(word).replacing("'", with: "'\\''") + "'"
    }
}

extension HostCommand {
    /// The members of its data form.
    var members: [(String, JSONValue)] {
        [
            ("service", service.map { .string($0.text) } ?? .null),
            ("command", .array(words.map(JSONValue.string))),
            ("undo", undo.map { .array($0.map(JSONValue.string)) } ?? .null),
            ("timeout", .int(timeout)),
        ]
    }

    /// The data form.
    var json: JSONValue { .object(JSONObject(members)) }

    /// Reads the data form.
    init?(json: JSONValue?) {
        guard let json, let words = json["command"]?.arrayValue,
            let timeout = json["timeout"]?.intValue
        else { return nil }
        let name = json["service"]?.stringValue
        let service = name.flatMap { try? ServiceName($0) }
        guard name == nil || service != nil,
            let command = try? HostCommand(
                service: service,
                words: words.compactMap(\.stringValue),
                undo: json["undo"]?.arrayValue?.compactMap(\.stringValue),
                timeout: timeout
            ), command.words.count == words.count
        else { return nil }
        self = command
    }
}
