/// A value that crosses between a script and the core.
///
/// Lua strings are bytes: those that are valid UTF-8 are `string`, all others `bytes`. An empty table
/// is an empty list, as Lua does not tell the two apart.
public enum ScriptValue: Sendable, Equatable {
    /// `nil`.
    case `nil`
    /// `true` or `false`.
    case bool(Bool)
    /// An integer.
    case int(Int64)
    /// A number with a fraction, infinite ones and NaN included.
    case double(Double)
    /// Text.
    case string(String)
    /// A string that is not valid UTF-8.
    case bytes([UInt8])
    /// A table with the keys 1...n.
    case list([ScriptValue])
    /// A table with names, and perhaps with the keys 1...n too.
    case map(ScriptMap)

    /// The text, if it is one.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The integer, if it is one or a double that is exactly one.
    public var intValue: Int64? {
        switch self {
        case .int(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The number, whichever kind it is.
    public var doubleValue: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The boolean, if it is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, if it is a list.
    public var listValue: [ScriptValue]? {
        guard case .list(let value) = self else { return nil }
        return value
    }

    /// The members, if it is a table: those of a list are its positions.
    public var tableValue: ScriptMap? {
        switch self {
        case .map(let value): value
        case .list(let elements): ScriptMap([], positions: elements)
        default: nil
        }
    }

    /// The member of that name, if this is a table that has one.
    public subscript(name: String) -> ScriptValue? {
        guard case .map(let map) = self else { return nil }
        return map[name]
    }

    /// What a script would call its type, for messages.
    public var typeName: String {
        switch self {
        case .nil: "nil"
        case .bool: "boolean"
        case .int, .double: "number"
        case .string, .bytes: "string"
        case .list, .map: "table"
        }
    }
}

extension ScriptValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A double.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A list.
    public init(arrayLiteral elements: ScriptValue...) { self = .list(elements) }
    /// The nil.
    public init(nilLiteral: ()) { self = .nil }
    /// A map in the order written.
    public init(dictionaryLiteral elements: (String, ScriptValue)...) {
        self = .map(ScriptMap(elements))
    }
}
