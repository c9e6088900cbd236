/// The one line with which a script ends, checked and unpacked.
struct HostResult: Equatable {
    /// How a script ended.
    enum Outcome: String {
        /// It came to its end.
        case done
        /// It stopped with an error; the payload has its code.
        case failed
        /// The same step still runs, started by an earlier call.
        case running
        /// The same step was started earlier and died on the way.
        case interrupted
        /// Another step holds the host's lock.
        case locked
        /// Another run holds the host's lease.
        case leased
        /// The step's lease is not the newest any more.
        case fenced
        /// What it has to say does not fit into the output.
        case tooLarge = "too_large"
    }

    /// More than any payload; a bomb in a reply is refused.
    static let maximumLength = 8 << 20

    /// How it ended.
    var outcome: Outcome
    /// What it said.
    var payload: HostPayload

    /// Reads the last line of a reply.
    ///
    /// Nil for anything but a whole, undamaged line of this very step: the outcome is unknown then.
    init?(_ output: String, step: String) {
        let lines = output.split(whereSeparator: \.isNewline)
        guard let line = lines.last(where: { $0.contains { $0 != " " } }),
            let json = try? JSONParser.parse(String(line)), json["geuse"]?.intValue == 1
        else { return nil }
        if let missing = Self.missing(json, step: step) {
            self = missing
            return
        }
        guard json["step"]?.stringValue == step,
            let outcome = json["outcome"]?.stringValue.flatMap(Outcome.init(rawValue:)),
            let length = json["length"]?.intValue, (0...Self.maximumLength).contains(length),
            let packed = json["payload"]?.stringValue.flatMap({ Base64Text.decode($0) }),
            let bytes = try? Gzip.decompress(packed, limit: length), bytes.count == length,
            json["sha256"]?.stringValue == Digest.sha256Hex(bytes)
        else { return nil }
        // The first line repeats what the checksum has to cover.
        let head = Array("result \(step) \(outcome.rawValue)\n".utf8)
        guard bytes.starts(with: head), let payload = HostPayload(bytes[head.count...]) else {
            return nil
        }
        self.outcome = outcome
        self.payload = payload
    }

    private init(outcome: Outcome, payload: HostPayload) {
        self.outcome = outcome
        self.payload = payload
    }

    /// What a host says that lacks a program which a result line is made with: that, and nothing was done.
    private static func missing(_ json: JSONValue, step: String) -> HostResult? {
        guard let tool = json["missing"]?.stringValue, (1...20).contains(tool.utf8.count),
            tool.utf8.allSatisfy({ Grammar.isLower($0) || Grammar.isDigit($0) }),
            json["of"]?.stringValue == Base64Text.encode(Array(step.utf8)),
            let payload = HostPayload(
                Array("error host_tool_missing \(Base64Text.encode(Array(tool.utf8)))\n".utf8)
            )
        else { return nil }
        return HostResult(outcome: .failed, payload: payload)
    }
}

/// The lines of a result: a key, then words, base64 or JSON.
struct HostPayload: Equatable {
    private let lines: [(key: Substring, rest: Substring)]

    /// Reads lines; nil for bytes that are no text.
    init?(_ bytes: some Sequence<UInt8>) {
        guard let text = String(validating: Array(bytes), as: UTF8.self) else { return nil }
        lines = text.split(separator: "\n").map { line in
            let end = line.firstIndex(of: " ") ?? line.endIndex
            return (line[..<end], line[end...].dropFirst())
        }
    }

    static func == (left: HostPayload, right: HostPayload) -> Bool {
        left.lines.elementsEqual(right.lines) { $0 == $1 }
    }

    /// What follows a key, for each of its lines.
    func all(_ key: String) -> [Substring] { lines.filter { $0.key == key }.map(\.rest) }

    /// The only word after a key, as it stands.
    func word(_ key: String) -> String? { all(key).first.map(String.init) }

    /// The text in base64 after a key.
    func text(_ key: String) -> String? { all(key).first.flatMap(Self.text) }

    /// The words of each line of a key, decoded from base64.
    func rows(_ key: String, columns: Int) -> [[String]] {
        all(key).compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            let texts = words.compactMap(Self.text)
            return words.count == columns && texts.count == columns ? texts : nil
        }
    }

    /// The JSON texts after a key.
    func objects(_ key: String) -> [JSONValue] {
        all(key).compactMap { try? JSONParser.parse(String($0)) }
    }

    static func text(_ base64: some StringProtocol) -> String? {
        Base64Text.decode(base64).map { String(decoding: $0, as: UTF8.self) }
    }
}
