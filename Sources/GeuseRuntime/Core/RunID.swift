/// The id of one run of a changing command; it names the journal and the markers on the host.
public struct RunID: Identifier {
    /// The label for messages.
    public static let label = "run id"
    /// The rule for messages.
    public static let rule = "up to 64 lower-case letters, digits and hyphens"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text obeys the rule.
    public static func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, Grammar.isLower(first) || Grammar.isDigit(first),
            text.utf8.count <= 64
        else { return false }
        return text.utf8.allSatisfy {
            Grammar.isLower($0) || Grammar.isDigit($0) || $0 == UInt8(ascii: "-")
        }
    }

    /// A new id: the UTC time as `yyyymmdd-hhmmss` and eight random hexadecimal digits.
    ///
    /// - Parameter time: the moment the run began.
    /// - Returns: an id that sorts by time.
    public static func make(at time: Timestamp) -> RunID {
        let stamp = time.text.prefix(19).filter { $0.isNumber }
        let random = String(UInt32.random(in: .min ... .max), radix: 16)
        let padded = String(repeating: "0", count: 8 - random.count) + random
        return RunID(unchecked: "\(stamp.prefix(8))-\(stamp.suffix(6))-\(padded)")
    }
}
