import GeuseRuntime

/// Something in a script that would fail when it ran.
public struct ScriptFinding: Sendable, Equatable {
    /// The file, as it was asked for, or the module's name.
    public let file: String
    /// The line in it; nil when all of the file is meant.
    public let line: Int?
    /// What the run would say.
    public let diagnostic: Diagnostic

    /// `file:line: what. hint [code]`.
    public var text: String {
        let place = VisibleText.filtered(file) + (line.map { ":\($0)" } ?? "")
        let hint = diagnostic.hint.map { " " + VisibleText.filtered($0) } ?? ""
        return "\(place): \(VisibleText.filtered(diagnostic.summary))\(hint) [\(diagnostic.code)]"
    }

    /// The finding as data.
    public var json: JSONValue {
        [
            "file": .string(file),
            "line": line.map(JSONValue.int) ?? .null,
            "code": .string(diagnostic.code),
            "message": .string(diagnostic.summary),
            "hint": diagnostic.hint.map(JSONValue.string) ?? .null,
        ]
    }
}
