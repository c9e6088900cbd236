import GeuseRuntime

/// Turns the options that a test gives by name into the words of a command line.
enum CommandWords {
    static func of(_ value: ScriptValue?) throws -> [String] {
        switch value {
        case .list(let words)?: words.compactMap(\.stringValue)
        case .map(let map)?: try map.members.flatMap { try option($0.name, $0.value) }
        default: []
        }
    }

    private static func option(_ name: String, _ value: ScriptValue) throws -> [String] {
        let flag = "--" + name.replacing("_", with: "-")
        switch value {
        case .bool(let isSet): return isSet ? [flag] : []
        case .list(let elements): return try elements.flatMap { [flag, try text($0, name)] }
        case .map(let map) where map.positions.isEmpty:
            return try map.members.flatMap { [flag, "\($0.name)=\(try text($0.value, name))"] }
        default: return [flag, try text(value, name)]
        }
    }

    private static func text(_ value: ScriptValue, _ name: String) throws -> String {
        switch value {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .double(let number): return String(number)
        default:
            throw Diagnostic(
                "wrong_type",
                "run: the option \(VisibleText.quoted(name)) has no form on a command line.",
                hint: "Give text, a number, a list of them, or a table of KEY = VALUE.",
                kind: .usage
            )
        }
    }
}
