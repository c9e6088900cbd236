import Yams

/// The bytes of one scalar in a file: what stands between its quotes, or the plain text itself.
struct ScalarSpan: Equatable {
    /// Where the content stands, quotes not counted.
    var range: Range<Int>
    /// The quote around it, if any.
    var quote: UInt8?

    /// Finds a scalar by its mark.
    ///
    /// Nil for what can't be edited in place: block scalars, text over several lines, and
    /// properties (`&anchor`, `!tag`) on a line of their own.
    init?(of scalar: Node.Scalar, in bytes: [UInt8]) {
        guard let mark = scalar.mark, let start = ByteOffset.of(mark, in: bytes) else { return nil }
        var position = start
        while position < bytes.count, "&!".utf8.contains(bytes[position]) {
            while position < bytes.count, !" \t\r\n".utf8.contains(bytes[position]) {
                position += 1
            }
            while position < bytes.count, " \t".utf8.contains(bytes[position]) { position += 1 }
        }
        guard position < bytes.count else { return nil }
        switch scalar.style {
        case .plain:
            let value = Array(scalar.string.utf8)
            guard !value.isEmpty, bytes[position...].starts(with: value) else { return nil }
            range = position..<position + value.count
            quote = nil
        case .singleQuoted, .doubleQuoted:
            let mark = bytes[position]
            let expected: Character = scalar.style == .singleQuoted ? "'" : "\""
            guard mark == expected.asciiValue,
                let end = Self.closingQuote(mark, after: position, in: bytes)
            else { return nil }
            range = position + 1..<end
            quote = mark
        default: return nil
        }
    }

    /// The offset of the quote that ends a scalar on the same line.
    private static func closingQuote(_ quote: UInt8, after start: Int, in bytes: [UInt8]) -> Int? {
        var index = start + 1
        while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D {
            if quote == UInt8(ascii: "\""), bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] != quote {
                index += 1
            } else if quote == UInt8(ascii: "'"), index + 1 < bytes.count,
                bytes[index + 1] == quote
            {
                index += 2
            } else {
                return index
            }
        }
        return nil
    }
}

/// Turns the parser's lines and columns into offsets of bytes.
enum ByteOffset {
    /// The offset of a mark.
    ///
    /// The parser counts columns in Unicode scalars, and its line breaks are those of YAML 1.1
    /// section 4.2: CR LF, CR, LF, NEL, LS and PS.
    static func of(_ mark: Mark, in bytes: [UInt8]) -> Int? {
        var index = ComposeReader.byteOrderMarkLength(bytes)
        for _ in 1..<max(1, mark.line) {
            while index < bytes.count, lineBreak(at: index, in: bytes) == 0 { index += 1 }
            guard index < bytes.count else { return nil }
            index += lineBreak(at: index, in: bytes)
        }
        for _ in 1..<max(1, mark.column) {
            guard index < bytes.count else { return nil }
            index += 1
            while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
        }
        return index
    }

    /// How many bytes the line break at an offset has; zero where there is none.
    static func lineBreak(at index: Int, in bytes: [UInt8]) -> Int {
        let rest = bytes[index...].prefix(3)
        if rest.starts(with: [0x0D, 0x0A]) { return 2 }
        if rest.first == 0x0A || rest.first == 0x0D { return 1 }
        if rest.starts(with: [0xC2, 0x85]) { return 2 }
        return rest.starts(with: [0xE2, 0x80, 0xA8]) || rest.starts(with: [0xE2, 0x80, 0xA9])
            ? 3 : 0
    }
}
