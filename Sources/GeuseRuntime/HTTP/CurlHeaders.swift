/// Header lines in the form libcurl takes and gives them.
enum CurlHeaders {
    /// The lines of a request; `Expect:` without a value keeps libcurl from asking for 100 Continue.
    static func lines(of request: HTTPRequest) throws -> [String] {
        var lines = ["Expect:"]
        for header in request.headers {
            guard header.name.utf8.allSatisfy(isTokenByte), !header.name.isEmpty,
                !header.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F })
            else {
                throw Diagnostic(
                    HTTPFailure.invalid,
                    "The header \(VisibleText.quoted(header.name)) can't be sent.",
                    detail: "Its name or value has a control character."
                )
            }
            // libcurl takes "Name:" as "leave it out" and "Name;" as "send it empty".
            lines.append(
                header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            )
        }
        return lines
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        Grammar.isLetter(byte) || Grammar.isDigit(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// The header lines after a status line.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> [HTTPHeader] {
        bytes.split(separator: 0x0A).dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let value = line[(colon + 1)...]
            return HTTPHeader(text(line[..<colon]), text(value))
        }
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        let trimmed = bytes.drop(while: isSpace)
        guard let end = trimmed.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(decoding: trimmed[...end], as: UTF8.self)
    }
}
