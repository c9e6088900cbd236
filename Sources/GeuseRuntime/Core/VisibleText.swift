/// Makes text from elsewhere safe to show: no byte of it can steer a terminal.
///
/// C0, C1 and DEL become caret or hexadecimal forms; bidirectional controls and zero-width
/// characters become their code points (Unicode TR 36, "Trojan Source").
public enum VisibleText {
    /// The text with every control character made visible; newlines and tabs stay if asked for.
    ///
    /// - Parameters:
    ///   - text: what a service, a file or a script gave.
    ///   - keepingLines: whether newline and tab are kept.
    /// - Returns: text that only prints.
    public static func filtered(_ text: String, keepingLines: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if keepingLines, scalar == "\n" || scalar == "\t" {
                result.append(scalar)
            } else if let visible = visible(scalar) {
                result.append(contentsOf: visible.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The filtered text in double quotes, cut to 120 characters.
    ///
    /// Takes no longer for a text that is longer: a script can have one refused over and over.
    public static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let end =
            scalars.index(scalars.startIndex, offsetBy: 121, limitedBy: scalars.endIndex)
            ?? scalars.endIndex
        let shown = filtered(String(scalars[..<end]))
        let isWhole = end == scalars.endIndex && shown.count <= 120
        return "\"" + (isWhole ? shown[...] : shown.prefix(117) + "...") + "\""
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0..<0x20: "^" + String(Character(Unicode.Scalar(UInt8(scalar.value) + 0x40)))
        case 0x7F: "^?"
        case 0x80..<0xA0: "\\x" + String(scalar.value, radix: 16)
        case 0..<0x300: scalar.value == 0xAD ? escaped(scalar) : nil
        default:
            // Controls of direction, joiners, tags and separators: they change what stands around.
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: escaped(scalar)
            default: nil
            }
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        "\\u{" + String(scalar.value, radix: 16) + "}"
    }
}
