/// Writes a `JSONValue` as text, either on one line or as Python's `json.dumps(indent=2)` does.
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
        var text = ""
        append(value, to: &text, indent: layout == .pretty ? 0 : nil)
        return text
    }

    private static func append(_ value: JSONValue, to text: inout String, indent: Int?) {
        switch value {
        case .null: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .number(let number): text += number
        case .string(let string): appendString(string, to: &text)
        case .array(let elements):
            list(elements, "[", "]", &text, indent) { append($0, to: &$1, indent: $2) }
        case .object(let object):
            list(object.members, "{", "}", &text, indent) { member, text, indent in
                appendString(member.name, to: &text)
                text += indent == nil ? ":" : ": "
                append(member.value, to: &text, indent: indent)
            }
        }
    }

    private static func list<Item>(
        _ items: [Item],
        _ open: String,
        _ close: String,
        _ text: inout String,
        _ indent: Int?,
        _ body: (Item, inout String, Int?) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            body(item, &text, inner)
        }
        if let indent, !items.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    private static func appendString(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{08}": text += "\\b"
            case "\u{0C}": text += "\\f"
            case "\u{00}"..<"\u{20}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
