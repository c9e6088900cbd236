/// An image text as the compose specification interpolates it: literals and variables.
///
/// Source: compose-spec, "Interpolation": `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`,
/// `${VAR:?error}`, `${VAR?error}`, `${VAR:+replacement}`, `${VAR+replacement}`, and `$$`.
struct ImageTemplate: Equatable {
    /// A piece of the text.
    indirect enum Part: Equatable {
        /// Text that stands for itself; the range is in bytes of the template.
        case literal(String, Range<Int>)
        /// A variable, with the template of its default where it has one.
        case variable(String, default: [Part]?)
    }

    /// The pieces, in order.
    let parts: [Part]

    /// Reads a text; nil when it is none of the forms above, or has `$$`, which no image can hold.
    init?(_ text: String) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let parts = scanner.parts(until: nil, depth: 0) else { return nil }
        self.parts = parts
    }

    /// Whether no variable takes part.
    var isLiteral: Bool {
        parts.allSatisfy {
            if case .literal = $0 { return true }
            return false
        }
    }

    /// The names of the variables, outermost first.
    var variables: [String] { Self.names(in: parts) }

    private static func names(in parts: [Part]) -> [String] {
        parts.flatMap { part -> [String] in
            switch part {
            case .literal: []
            case .variable(let name, default: let inner): [name] + names(in: inner ?? [])
            }
        }
    }
}

private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    /// Parts up to the end, or up to an unnested closing byte, which is consumed.
    mutating func parts(until end: UInt8?, depth: Int) -> [ImageTemplate.Part]? {
        guard depth < 8 else { return nil }
        var parts: [ImageTemplate.Part] = []
        var start = index
        func literal(_ range: Range<Int>) -> [ImageTemplate.Part] {
            // An empty default still is a place that an edit can fill.
            guard !range.isEmpty || end != nil && parts.isEmpty else { return [] }
            return [.literal(String(decoding: bytes[range], as: UTF8.self), range)]
        }
        while index < bytes.count {
            if bytes[index] == end {
                parts += literal(start..<index)
                index += 1
                return parts
            }
            guard bytes[index] == UInt8(ascii: "$") else {
                index += 1
                continue
            }
            if start < index { parts += literal(start..<index) }
            index += 1
            guard let variable = variable(depth: depth) else { return nil }
            parts.append(variable)
            start = index
        }
        guard end == nil else { return nil }
        return parts + literal(start..<index)
    }

    private mutating func variable(depth: Int) -> ImageTemplate.Part? {
        let isBraced = index < bytes.count && bytes[index] == UInt8(ascii: "{")
        if isBraced { index += 1 }
        let start = index
        while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
        guard start < index, !Grammar.isDigit(bytes[start]) else { return nil }
        let name = String(decoding: bytes[start..<index], as: UTF8.self)
        guard isBraced else { return .variable(name, default: nil) }
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "}") {
            index += 1
            return .variable(name, default: nil)
        }
        if bytes[index] == UInt8(ascii: ":") { index += 1 }
        guard index < bytes.count, "-?+".utf8.contains(bytes[index]) else { return nil }
        let isDefault = bytes[index] == UInt8(ascii: "-")
        index += 1
        guard let inner = parts(until: UInt8(ascii: "}"), depth: depth + 1) else { return nil }
        return .variable(name, default: isDefault ? inner : nil)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        Grammar.isLetter(byte) || Grammar.isDigit(byte) || byte == UInt8(ascii: "_")
    }
}
