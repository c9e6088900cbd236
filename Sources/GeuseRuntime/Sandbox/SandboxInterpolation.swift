/// Compose's interpolation of `$NAME` and `${NAME…}` (compose specification, "Interpolation").
struct SandboxInterpolation {
    let environment: [String: String]

    /// The text with every variable replaced.
    ///
    /// - Parameter text: a scalar of the compose file.
    /// - Returns: what compose makes of it.
    /// - Throws: `Diagnostic` with code `compose_invalid`.
    func resolve(_ text: String) throws -> String {
        var rest = text[...]
        var result = ""
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            switch rest.first {
            case "$":
                result += "$"
                rest = rest.dropFirst()
            case "{":
                let inner = try Self.braced(&rest, of: text)
                result += try expand(inner)
            default:
                let name = rest.prefix(while: Self.isNamePart)
                guard !name.isEmpty else { throw Self.invalid(text) }
                result += environment[String(name)] ?? ""
                rest = rest[name.endIndex...]
            }
        }
        return result + rest
    }

    /// The text between a brace and its partner; defaults may hold variables of their own.
    private static func braced(_ rest: inout Substring, of text: String) throws -> Substring {
        var depth = 0
        for index in rest.indices {
            if rest[index] == "{" { depth += 1 }
            if rest[index] == "}" { depth -= 1 }
            guard depth == 0 else { continue }
            let inner = rest[rest.index(after: rest.startIndex)..<index]
            rest = rest[rest.index(after: index)...]
            return inner
        }
        throw invalid(text)
    }

    private func expand(_ inner: Substring) throws -> String {
        let name = String(inner.prefix(while: Self.isNamePart))
        guard !name.isEmpty else { throw Self.invalid(String(inner)) }
        var rest = inner.dropFirst(name.count)
        guard !rest.isEmpty else { return environment[name] ?? "" }
        let emptyCounts = rest.first == ":"
        if emptyCounts { rest = rest.dropFirst() }
        let value = environment[name].flatMap { emptyCounts && $0.isEmpty ? nil : $0 }
        let word = String(rest.dropFirst())
        switch rest.first {
        case "-": return try value ?? resolve(word)
        case "+": return value == nil ? "" : try resolve(word)
        case "?":
            guard let value else {
                throw Diagnostic(
                    "compose_invalid",
                    "Required variable \(name) is missing a value.",
                    detail: word
                )
            }
            return value
        default: throw Self.invalid(String(inner))
        }
    }

    private static func isNamePart(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }

    private static func invalid(_ text: String) -> Diagnostic {
        Diagnostic(
            "compose_invalid",
            "Invalid interpolation format in \(VisibleText.quoted(text))."
        )
    }

    /// Reads `NAME=VALUE` lines; later ones win, comments and blank lines are skipped.
    static func environment(_ text: String) -> [String: String] {
        var environment: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            guard line.first != "#", let equals = line.firstIndex(of: "=") else { continue }
            var value = line[line.index(after: equals)...]
            if let quote = value.first, quote == "\"" || quote == "'", value.count > 1,
                value.last == quote
            {
                value = value.dropFirst().dropLast()
            }
            environment[String(line[..<equals])] = String(value)
        }
        return environment
    }
}
