/// The INI dialect of the AWS configuration files, as botocore reads it.
enum INIFile {
    /// The sections with their titles, in order.
    static func sections(_ text: String) -> [(title: String, section: SharedConfig.Section)] {
        var sections: [(title: String, section: SharedConfig.Section)] = []
        var parent: String?
        for line in text.unicodeScalars.split(whereSeparator: { $0 == "\n" || $0 == "\r" }) {
            let isIndented = line.first == " " || line.first == "\t"
            let content = trimmed(line).unicodeScalars[...]
            guard let first = content.first, first != "#", first != ";" else { continue }
            if first == "[", !isIndented {
                let inner = content.dropFirst().prefix { $0 != "]" }
                sections.append((trimmed(inner), SharedConfig.Section()))
                parent = nil
                continue
            }
            guard !sections.isEmpty, let (name, value) = setting(content) else { continue }
            let last = sections.count - 1
            if isIndented {
                guard let parent else { continue }
                sections[last].section.nested[parent, default: [:]][name] = value
            } else {
                sections[last].section.values[name] = value
                parent = value.isEmpty ? name : nil
            }
        }
        return sections
    }

    /// `name = value`; a colon may stand for the equals sign, whichever comes first.
    private static func setting(_ scalars: Substring.UnicodeScalarView) -> (String, String)? {
        guard let mark = scalars.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        let name = trimmed(scalars[..<mark]).lowercased()
        guard !name.isEmpty else { return nil }
        return (name, trimmed(scalars[scalars.index(after: mark)...]))
    }

    /// The words of a section's title; a name with spaces stands in quotes.
    static func words(_ title: String) -> [String] {
        CommandLineWords.split(title) ?? []
    }

    private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> String {
        let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars.drop(while: isSpace))
        while let last = text.last, isSpace(last) { text.removeLast() }
        return String(text)
    }
}
