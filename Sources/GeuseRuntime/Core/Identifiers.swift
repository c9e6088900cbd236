/// A value that is only ever a string of one grammar.
///
/// Holding one is the proof that the text was checked; nothing downstream checks it again.
public protocol Identifier: Hashable, Sendable, CustomStringConvertible {
    /// What the grammar is called in messages, such as `stack name`.
    static var label: String { get }
    /// The rule in words, for messages.
    static var rule: String { get }
    /// Whether a text obeys the grammar.
    static func accepts(_ text: String) -> Bool
    /// Makes the value from a text that `accepts` has passed.
    init(unchecked text: String)
    /// The text.
    var text: String { get }
}

extension Identifier {
    /// Checks and wraps a text.
    ///
    /// - Parameter text: what a user, a file or a service gave.
    /// - Throws: `Diagnostic` of kind usage with code `invalid_` and the label.
    public init(_ text: String) throws {
        guard Self.accepts(text) else {
            throw Diagnostic(
                "invalid_" + Self.label.replacing(" ", with: "_"),
                "\(VisibleText.quoted(text)) is not a valid \(Self.label).",
                detail: "A \(Self.label) is \(Self.rule).",
                kind: .usage
            )
        }
        self.init(unchecked: text)
    }

    /// The text.
    public var description: String { text }
}

/// The grammar pieces that identifiers share; ASCII only, so that look-alikes are refused.
enum Grammar {
    static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte) }

    /// A prefix followed by 8 to 17 hexadecimal digits, the form of EC2 and EFS resource ids.
    static func isResourceID(_ text: String, prefix: String) -> Bool {
        guard text.hasPrefix(prefix) else { return false }
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        return (8...17).contains(rest.count) && rest.allSatisfy(isHex)
    }
}
