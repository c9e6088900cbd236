/// The key of a service in a compose file.
///
/// The compose specification allows `[a-zA-Z0-9._-]+`; a leading letter or digit is asked for too,
/// so that a name can never be read as an option by a command.
public struct ServiceName: Identifier {
    /// The label for messages.
    public static let label = "service name"
    /// The rule for messages.
    public static let rule = "up to 128 letters, digits, dots, hyphens or underscores"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text obeys the rule.
    public static func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, Grammar.isLetter(first) || Grammar.isDigit(first),
            text.utf8.count <= 128
        else { return false }
        return text.utf8.allSatisfy {
            Grammar.isLetter($0) || Grammar.isDigit($0) || "._-".utf8.contains($0)
        }
    }
}
