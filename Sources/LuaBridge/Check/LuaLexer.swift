/// Takes Lua source apart into tokens.
///
/// The interpreter has compiled the source before, so only the rules that tell tokens apart are here;
/// what Lua refuses is not refused again.
struct LuaLexer {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// The tokens of a source; the last one is `end`.
    static func tokens(_ text: String) -> [LuaToken] {
        var lexer = LuaLexer(text)
        var tokens: [LuaToken] = []
        repeat { tokens.append(lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    private func byte(_ ahead: Int = 0) -> UInt8? {
        at + ahead < bytes.count ? bytes[at + ahead] : nil
    }

    private func follows(_ text: [UInt8]) -> Bool { bytes[at...].starts(with: text) }

    private mutating func pass(_ count: Int = 1) { at = min(at + count, bytes.count) }

    private mutating func next() -> LuaToken {
        skipBlanks()
        let start = line
        return LuaToken(kind: kind(), line: start)
    }

    private mutating func kind() -> LuaToken.Kind {
        guard let first = byte() else { return .end }
        if Self.isNameStart(first) { return word() }
        if Self.isDigit(first) || (first == UInt8(ascii: ".") && byte(1).map(Self.isDigit) == true)
        {
            return number()
        }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") { return quoted(first) }
        if let text = longBracket() { return .string(String(decoding: text, as: UTF8.self)) }
        guard let symbol = LuaToken.symbols.first(where: follows) else {
            pass()
            return .symbol("?")
        }
        pass(symbol.count)
        return .symbol(String(decoding: symbol, as: UTF8.self))
    }

    private mutating func word() -> LuaToken.Kind {
        let start = at
        while let next = byte(), Self.isNameStart(next) || Self.isDigit(next) { pass() }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        return LuaToken.keywords.contains(text) ? .symbol(text) : .name(text)
    }

    private mutating func number() -> LuaToken.Kind {
        let start = at
        let isHex = byte() == UInt8(ascii: "0") && byte(1).map { $0 | 0x20 } == UInt8(ascii: "x")
        let exponent = UInt8(ascii: isHex ? "p" : "e")
        while let next = byte() {
            let isSign = next == UInt8(ascii: "+") || next == UInt8(ascii: "-")
            let isPart = Self.isNameStart(next) || Self.isDigit(next) || next == UInt8(ascii: ".")
            guard isPart || (isSign && bytes[at - 1] | 0x20 == exponent && at > start) else {
                break
            }
            pass()
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isHex, let whole = UInt64(text.dropFirst(2), radix: 16) {
            return .number(.int(Int64(bitPattern: whole)))
        }
        return .number(Int64(text).map(ScriptValue.int) ?? .double(Double(text) ?? .nan))
    }

    /// A short literal string (Lua 5.4 manual, 3.1).
    private mutating func quoted(_ quote: UInt8) -> LuaToken.Kind {
        pass()
        var text: [UInt8] = []
        while let next = byte(), next != quote {
            pass()
            if next == UInt8(ascii: "\\") {
                escape(into: &text)
            } else {
                text.append(next)
            }
        }
        pass()
        return .string(String(decoding: text, as: UTF8.self))
    }

    private mutating func escape(into text: inout [UInt8]) {
        guard let letter = byte() else { return }
        pass()
        switch letter {
        case UInt8(ascii: "a"): text.append(7)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "v"): text.append(11)
        case UInt8(ascii: "z"): skipSpace()
        case UInt8(ascii: "x"):
            text.append(UInt8(take(2, Self.isHexDigit), radix: 16) ?? 0)
        case UInt8(ascii: "u"):
            pass()
            let scalar = UInt32(take(8, Self.isHexDigit), radix: 16).flatMap(Unicode.Scalar.init)
            pass()
            text += Array(String(scalar.map(Character.init) ?? "\u{FFFD}").utf8)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            at -= 1
            text.append(UInt8(take(3, Self.isDigit)) ?? 0)
        case 10, 13:
            at -= 1
            newline()
            text.append(10)
        default: text.append(letter)
        }
    }

    private mutating func take(_ most: Int, _ accepts: (UInt8) -> Bool) -> String {
        let start = at
        while at - start < most, let next = byte(), accepts(next) { pass() }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    /// What stands between `[==[` and `]==]`, if this is such a string; a first line break is left out.
    private mutating func longBracket() -> [UInt8]? {
        guard byte() == UInt8(ascii: "[") else { return nil }
        var level = 0
        while byte(1 + level) == UInt8(ascii: "=") { level += 1 }
        guard byte(1 + level) == UInt8(ascii: "[") else { return nil }
        pass(level + 2)
        if byte() == 10 || byte() == 13 { newline() }
        let bracket = UInt8(ascii: "]")
        let end = [bracket] + [UInt8](repeating: UInt8(ascii: "="), count: level) + [bracket]
        let start = at
        while at < bytes.count, !follows(end) { step() }
        let text = Array(bytes[start..<at])
        pass(end.count)
        return text
    }

    private mutating func skipBlanks() {
        while true {
            skipSpace()
            guard follows([UInt8(ascii: "-"), UInt8(ascii: "-")]) else { return }
            pass(2)
            guard longBracket() == nil else { continue }
            while let next = byte(), next != 10, next != 13 { pass() }
        }
    }

    private mutating func skipSpace() {
        while let next = byte(), next == 0x20 || (9...13).contains(next) { step() }
    }

    private mutating func step() {
        if byte() == 10 || byte() == 13 { newline() } else { pass() }
    }

    /// Passes one line break: `\n`, `\r`, or both in either order.
    private mutating func newline() {
        let first = byte()
        pass()
        line += 1
        if let second = byte(), second == 10 || second == 13, second != first { pass() }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
}
