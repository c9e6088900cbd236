/// The name of a deployment; it names its state file too.
public struct StackName: Identifier {
    /// The label for messages.
    public static let label = "stack name"
    /// The rule for messages.
    public static let rule = "a letter, then up to 127 letters, digits or hyphens"
    /// The text.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text matches `^[A-Za-z][A-Za-z0-9-]{0,127}$`.
    public static func accepts(_ text: String) -> Bool {
        guard let first = text.utf8.first, Grammar.isLetter(first), text.utf8.count <= 128 else {
            return false
        }
        return text.utf8.allSatisfy {
            Grammar.isLetter($0) || Grammar.isDigit($0) || $0 == UInt8(ascii: "-")
        }
    }
}
