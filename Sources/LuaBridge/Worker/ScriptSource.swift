/// The text of a script or module, and the name that its messages and tracebacks show.
public struct ScriptSource: Sendable, Equatable {
    /// Such as `nightly.lua`; Lua shows at most 59 bytes of it.
    public let name: String
    /// The Lua source.
    public let text: String

    /// Makes a source.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// As the worker wants it; a byte order mark is left out, a `#!` line commented out.
    var value: [ScriptValue] {
        let shown = String(name.prefix(59).filter { $0 != "\0" && $0 != "\n" })
        return [.string(shown), .string(lua)]
    }

    /// The text that Lua gets.
    var lua: String {
        let plain = text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
        return plain.hasPrefix("#") ? "--" + plain : plain
    }
}
