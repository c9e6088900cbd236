/// A strict RFC 8259 reader into `JSONValue`, with a cap on depth.
public struct JSONParser {
    /// Deeper nesting than this is refused, so that hostile input cannot exhaust the stack.
    public static let maximumDepth = 256

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads one JSON text.
    ///
    /// - Parameter text: the document.
    /// - Returns: its value.
    /// - Throws: `Diagnostic` with code `invalid_json` naming the byte where reading stopped.
    public static func parse(_ text: String) throws -> JSONValue { try parse(Array(text.utf8)) }

    /// Reads one JSON text given as UTF-8 bytes.
    ///
    /// - Parameter bytes: the document.
    /// - Returns: its value.
    /// - Throws: `Diagnostic` with code `invalid_json` naming the byte where reading stopped.
    public static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("text after the value") }
        return value
    }

    private func error(_ what: String) -> Diagnostic {
        Diagnostic(
            "invalid_json",
            "The text is not valid JSON.",
            detail: "\(what) at byte \(position)"
        )
    }

    private mutating func skipSpace() {
        var index = position
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            index += 1
        }
        position = index
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth < Self.maximumDepth else { throw error("nesting is too deep") }
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case nil: throw error("the text ends early")
        default: return .number(try number())
        }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws -> JSONValue {
        for byte in word.utf8 where !take(byte) { throw error("unknown word") }
        return value
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        position += 1
        var members = JSONObject.Builder()
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(JSONObject()) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("a member needs a name") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("a colon is missing") }
            skipSpace()
            members.set(name, try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw error("a comma or brace is missing") }
            return .object(members.object)
        }
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            skipSpace()
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw error("a comma or bracket is missing") }
            return .array(elements)
        }
    }

    private mutating func digits() throws {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw error("a digit is missing") }
    }

    private mutating func number() throws -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func string() throws -> String {
        position += 1
        let start = position
        skipPlain()
        // Nearly every string has no escape: it is taken as one piece.
        if take(UInt8(ascii: "\"")) { return try text(bytes[start..<position - 1]) }
        var decoded = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(decoded[...])
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            default: throw error("a control character must be escaped")
            }
            let run = position
            skipPlain()
            decoded.append(contentsOf: bytes[run..<position])
        }
        throw error("a string does not end")
    }

    /// Moves to the next byte that a string cannot contain as it is.
    private mutating func skipPlain() {
        var index = position
        while index < bytes.count {
            let byte = bytes[index]
            guard byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") else {
                break
            }
            index += 1
        }
        position = index
    }

    private func text(_ raw: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: raw, as: UTF8.self) else {
            throw error("invalid UTF-8")
        }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = current else { throw error("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try scalar()).utf8)
        default: throw error("unknown escape")
        }
    }

    /// One `\uXXXX`, joined with the low surrogate after it; a lone surrogate becomes U+FFFD.
    private mutating func scalar() throws -> Character {
        let unit = try hex4()
        if let scalar = Unicode.Scalar(unit) { return Character(scalar) }
        let mark = position
        if unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let low = try hex4()
            if (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            {
                return Character(scalar)
            }
        }
        position = mark
        return "\u{FFFD}"
    }

    private mutating func hex4() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw error("an escape ends early") }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: unit = unit << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: unit = unit << 4 | UInt32(byte - 0x61 + 10)
            default: throw error("an escape is not hexadecimal")
            }
        }
        position += 4
        return unit
    }
}
