import GeuseRuntime

/// What a parameter, a field or a result can be.
public indirect enum ParameterType: Sendable {
    /// Text.
    case string
    /// A whole number.
    case integer
    /// Any finite number.
    case number
    /// `true` or `false`.
    case boolean
    /// Whatever can cross.
    case any
    /// A function; only as the last parameter of a bracket.
    case function
    /// One of these texts.
    case choice([String])
    /// Text of a grammar of its own.
    case identifier(IdentifierType)
    /// A table with these keys and no others.
    case table([Parameter])
    /// A table with the keys 1...n, of so many at most: more is a slip, and work without end.
    case list(of: ParameterType, atMost: Int = 1000)
    /// A table whose keys are any names.
    case map(of: ParameterType)
    /// The first of these that fits.
    case either([ParameterType])

    /// Text that one of the core's identifiers accepts.
    public static func identifier<Name: Identifier>(_ type: Name.Type) -> ParameterType {
        .identifier(
            IdentifierType(label: Name.label, rule: Name.rule) { text in _ = try Name(text) }
        )
    }

    /// The type in words, without an article.
    public var name: String {
        switch self {
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .any: "any"
        case .function: "function"
        case .choice(let texts): texts.map { "\"\($0)\"" }.joined(separator: " or ")
        case .identifier(let type): type.label
        case .table: "table"
        case .list(let element, _): "list of \(element.name)"
        case .map(let element): "map of \(element.name)"
        case .either(let types): types.map(\.name).joined(separator: " or ")
        }
    }
}

/// A grammar for text, with the words for messages.
public struct IdentifierType: Sendable {
    /// What it is called, such as `instance type`.
    public let label: String
    /// Its rule in words.
    public let rule: String
    /// Throws a `Diagnostic` for text that the grammar does not have.
    public let check: @Sendable (String) throws -> Void

    /// Makes a grammar.
    public init(label: String, rule: String, check: @escaping @Sendable (String) throws -> Void) {
        self.label = label
        self.rule = rule
        self.check = check
    }
}
