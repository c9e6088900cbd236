/// Writes a `JSONValue` as text, either on one line or as Python's models do with `indent=2`.
///
/// Only what RFC 8259 section 7 demands is escaped, in the short form where there is one; that is
/// what pydantic and `json.dumps(ensure_ascii=False)` write too, so that both tools leave the same
/// bytes.
public enum JSONWriter {
    /// The layout of the text.
    public enum Layout: Sendable {
        /// One line without spaces.
        case compact
        /// Two spaces a level.
        case pretty
    }

    /// The text of a value, without a newline at its end.
    ///
    /// - Parameters:
    ///   - value: what to write.
    ///   - layout: one line or indented.
    /// - Returns: the JSON text.
    public static func write(_ value: JSONValue, _ layout: Layout = .compact) -> String {
        String(decoding: bytes(value, layout), as: UTF8.self)
    }

    /// The same as UTF-8 bytes.
    public static func bytes(_ value: JSONValue, _ layout: Layout = .compact) -> [UInt8] {
        var output: [UInt8] = []
        append(value, to: &output, indent: layout == .pretty ? 0 : nil)
        return output
    }

    private static func append(_ value: JSONValue, to output: inout [UInt8], indent: Int?) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let flag): output.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number): output.append(contentsOf: number.utf8)
        case .string(let string): appendString(string, to: &output)
        case .array(let elements):
            list(elements, UInt8(ascii: "["), UInt8(ascii: "]"), &output, indent) {
                append($0, to: &$1, indent: $2)
            }
        case .object(let object):
            list(object.members, UInt8(ascii: "{"), UInt8(ascii: "}"), &output, indent) {
                member,
                output,
                indent in
                appendString(member.name, to: &output)
                output.append(UInt8(ascii: ":"))
                if indent != nil { output.append(0x20) }
                append(member.value, to: &output, indent: indent)
            }
        }
    }

    private static func list<Item>(
        _ items: [Item],
        _ open: UInt8,
        _ close: UInt8,
        _ output: inout [UInt8],
        _ indent: Int?,
        _ body: (Item, inout [UInt8], Int?) -> Void
    ) {
        output.append(open)
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if let inner { newline(inner, &output) }
            body(item, &output, inner)
        }
        if let indent, !items.isEmpty { newline(indent, &output) }
        output.append(close)
    }

    private static func newline(_ indent: Int, _ output: inout [UInt8]) {
        output.append(0x0A)
        for _ in 0..<indent { output.append(contentsOf: [0x20, 0x20]) }
    }

    private static func appendString(_ string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
            case 0x08: output.append(contentsOf: #"\b"#.utf8)
            case 0x09: output.append(contentsOf: #"\t"#.utf8)
            case 0x0A: output.append(contentsOf: #"\n"#.utf8)
            case 0x0C: output.append(contentsOf: #"\f"#.utf8)
            case 0x0D: output.append(contentsOf: #"\r"#.utf8)
            case 0..<0x20:
                output.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
                output.append(contentsOf: String(byte, radix: 16).utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
