/// An absolute http or https URL, taken apart and kept exactly as it goes on the wire.
public struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public var scheme: String
    /// The host in lower case; an IPv6 address in brackets.
    public var host: String
    /// The port where one is written.
    public var port: Int?
    /// The path with its escapes, beginning with a slash, or empty.
    public var path: String
    /// The query with its escapes and without the question mark; empty for none.
    public var query: String

    /// Reads a URL.
    ///
    /// - Parameter text: what a setting or a service gave.
    /// - Throws: `Diagnostic` with code `invalid_url` for anything but an absolute http or https URL
    ///   of printable ASCII without user name and fragment.
    public init(_ text: String) throws {
        func invalid(_ why: String) -> Diagnostic {
            Diagnostic(
                "invalid_url",
                "\(VisibleText.quoted(text)) is not a URL that can be used.",
                detail: why,
                kind: .usage
            )
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw invalid("It has a space or a character outside ASCII.")
        }
        guard let colon = text.firstRange(of: "://") else { throw invalid("It has no scheme.") }
        scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw invalid("Its scheme is not http or https.")
        }
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { throw invalid("It holds a user name.") }
        let tail = rest[authority.endIndex...]
        guard !tail.contains("#") else { throw invalid("It has a fragment.") }
        let mark = tail.firstIndex(of: "?")
        path = String(tail[..<(mark ?? tail.endIndex)])
        query = mark.map { String(tail[tail.index(after: $0)...]) } ?? ""
        let hostEnd =
            authority.firstIndex(of: "]").map { authority.index(after: $0) }
            ?? authority.firstIndex(of: ":") ?? authority.endIndex
        host = authority[..<hostEnd].lowercased()
        guard host.utf8.allSatisfy(Self.isHostByte), !host.isEmpty else {
            throw invalid("Its host is missing or malformed.")
        }
        let portText = authority[hostEnd...]
        if !portText.isEmpty {
            guard portText.first == ":", let number = UInt16(portText.dropFirst()), number > 0
            else { throw invalid("Its port is not a number from 1 to 65535.") }
            port = Int(number)
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        Grammar.isLetter(byte) || Grammar.isDigit(byte) || "-._[]:".utf8.contains(byte)
    }

    /// The Host header: the port is there only when it is not the scheme's own (RFC 9110, 7.2).
    public var authority: String {
        guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
        return "\(host):\(port)"
    }

    /// The whole URL.
    public var description: String {
        "\(scheme)://\(authority)\(path)\(query.isEmpty ? "" : "?" + query)"
    }
}
