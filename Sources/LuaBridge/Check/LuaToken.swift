/// A word of Lua, with the line it begins on.
struct LuaToken: Equatable {
    /// What it is.
    enum Kind: Equatable {
        case name(String)
        /// A keyword, an operator or a delimiter.
        case symbol(String)
        /// A literal string; bytes that are not UTF-8 are replaced, which no API name survives.
        case string(String)
        /// A literal number.
        case number(ScriptValue)
        case end
    }

    let kind: Kind
    let line: Int

    /// The keywords (Lua 5.4 manual, 3.1).
    static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if",
        "in",
        "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// Operators and delimiters, the longest first (Lua 5.4 manual, 3.1).
    static let symbols: [[UInt8]] = [
        "...", "<<", ">>", "//", "==", "~=", "<=", ">=", "::", "..", "+", "-", "*", "/", "%", "^",
        "#",
        "&", "~", "|", "<", ">", "=", "(", ")", "{", "}", "[", "]", ";", ":", ",", ".",
    ].map { Array($0.utf8) }
}
