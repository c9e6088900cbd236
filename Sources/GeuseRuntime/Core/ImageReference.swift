/// A container image reference in the grammar of the distribution project.
///
/// Source: github.com/distribution/reference, `reference.go` and `regexp.go`.
public struct ImageReference: Identifier {
    /// The label for messages.
    public static let label = "image reference"
    /// The rule for messages.
    public static let rule = "[registry/]repository[:tag][@sha256:digest], as docker accepts it"
    /// The text as given.
    public let text: String

    /// Wraps a text that was checked.
    public init(unchecked text: String) { self.text = text }

    /// Whether the text obeys the grammar.
    public static func accepts(_ text: String) -> Bool { Parts(text) != nil }

    /// The repository without tag and digest, such as `n8nio/n8n`.
    public var repository: String { Parts(text)?.name ?? text }
    /// The tag, if one is written.
    public var tag: String? { Parts(text)?.tag }
    /// The digest, if one is written.
    public var digest: String? { Parts(text)?.digest }

    private struct Parts {
        var name: String
        var tag: String?
        var digest: String?

        init?(_ text: String) {
            guard text.utf8.count <= 512 else { return nil }
            var rest = Substring(text)
            if let at = rest.firstIndex(of: "@") {
                let digest = String(rest[rest.index(after: at)...])
                guard Parts.isDigest(digest) else { return nil }
                self.digest = digest
                rest = rest[..<at]
            }
            if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
                let tag = String(rest[rest.index(after: colon)...])
                guard Parts.isTag(tag) else { return nil }
                self.tag = tag
                rest = rest[..<colon]
            }
            name = String(rest)
            // docker reads 64 hexadecimal digits as the id of an image, not as a name.
            let isID = rest.utf8.count == 64 && rest.utf8.allSatisfy(Grammar.isHex)
            guard Parts.isName(rest), !isID else { return nil }
        }

        static func isDigest(_ text: String) -> Bool {
            guard text.hasPrefix("sha256:") else { return false }
            let hex = text.utf8.dropFirst(7)
            return hex.count == 64 && hex.allSatisfy(Grammar.isHex)
        }

        static func isTag(_ text: String) -> Bool {
            guard let first = text.utf8.first, text.utf8.count <= 128,
                Grammar.isLetter(first) || Grammar.isDigit(first) || first == UInt8(ascii: "_")
            else { return false }
            return text.utf8.allSatisfy {
                Grammar.isLetter($0) || Grammar.isDigit($0) || "_.-".utf8.contains($0)
            }
        }

        static func isName(_ text: Substring) -> Bool {
            guard !text.isEmpty, text.utf8.count <= 255 else { return false }
            var components = text.split(separator: "/", omittingEmptySubsequences: false)
            if components.count > 1, let first = components.first,
                first == "localhost" || first.contains(".") || first.contains(":")
                    || first != Substring(first.lowercased())
            {
                guard isDomain(first) else { return false }
                components.removeFirst()
            }
            return components.allSatisfy(isPathComponent)
        }

        static func isDomain(_ text: Substring) -> Bool {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard let host = parts.first, parts.count <= 2 else { return false }
            if parts.count == 2 {
                guard !parts[1].isEmpty, parts[1].utf8.allSatisfy(Grammar.isDigit) else {
                    return false
                }
            }
            return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                label in
                guard let first = label.utf8.first, let last = label.utf8.last else { return false }
                let isEdge = { Grammar.isLetter($0) || Grammar.isDigit($0) }
                return isEdge(first) && isEdge(last)
                    && label.utf8.allSatisfy { isEdge($0) || $0 == UInt8(ascii: "-") }
            }
        }

        /// Lower-case letters and digits, separated by one dot, one or two underscores, or hyphens.
        static func isPathComponent(_ text: Substring) -> Bool {
            let isPlain = { Grammar.isLower($0) || Grammar.isDigit($0) }
            guard let first = text.utf8.first, let last = text.utf8.last, isPlain(first),
                isPlain(last)
            else { return false }
            let separators = text.utf8.split(whereSeparator: isPlain)
            return separators.allSatisfy { run in
                let word = String(decoding: run, as: UTF8.self)
                return word == "." || word == "_" || word == "__" || word.allSatisfy { $0 == "-" }
            }
        }
    }
}
