/// Splits a text into words as a POSIX shell would, without any expansion (Python's `shlex.split`).
enum CommandLineWords {
    /// The words; nil when a quotation does not end.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var isInWord = false
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            if let open = quote {
                if scalar == open {
                    quote = nil
                } else if scalar == "\\", open == "\"" {
                    guard let next = scalars.next() else { return nil }
                    if next != "\"" && next != "\\" { word.append("\\") }
                    word.append(next)
                } else {
                    word.append(scalar)
                }
                continue
            }
            switch scalar {
            case "\"", "'":
                quote = scalar
                isInWord = true
            case "\\":
                guard let next = scalars.next() else { return nil }
                word.append(next)
                isInWord = true
            case " ", "\t", "\n", "\r":
                if isInWord { words.append(String(word)) }
                word = String.UnicodeScalarView()
                isInWord = false
            default:
                word.append(scalar)
                isInWord = true
            }
        }
        guard quote == nil else { return nil }
        if isInWord { words.append(String(word)) }
        return words
    }
}
