/// A word that a person gives a backup; it is kept for ever.
public struct BackupLabel: Identifier {
    /// The label for messages.
    public static let label = "backup label"
    /// The rule for messages.
    public static let rule = "up to 64 letters, digits, dots, hyphens or underscores"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text obeys the rule; it becomes part of a file's name.
    public static func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, Grammar.isLetter(first) || Grammar.isDigit(first),
            text.utf8.count <= 64
        else { return false }
        return text.utf8.allSatisfy {
            Grammar.isLetter($0) || Grammar.isDigit($0) || "._-".utf8.contains($0)
        }
    }
}
