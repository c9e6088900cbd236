import GeuseRuntime

extension ScriptValue {
    /// A JSON value as a script sees it; `null` is nil, so a member that is null is absent.
    public init(_ json: JSONValue) {
        switch json {
        case .null: self = .nil
        case .bool(let value): self = .bool(value)
        case .string(let value): self = .string(value)
        case .number(let text):
            if let whole = Int64(text) {
                self = .int(whole)
            } else {
                self = .double(Double(text) ?? .nan)
            }
        case .array(let elements): self = .list(elements.map(ScriptValue.init))
        case .object(let object):
            // An object's names differ already.
            let members = object.members.map { (name: $0.name, value: ScriptValue($0.value)) }
            self = .map(ScriptMap(unique: members, positions: []))
        }
    }

    /// The value as JSON.
    ///
    /// - Throws: `Diagnostic` with code `invalid_value` for what JSON does not have: bytes that are
    ///   not UTF-8, infinite numbers and NaN, tables with both names and positions.
    public func json() throws -> JSONValue {
        switch self {
        case .nil: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .number(String(value))
        case .double(let value):
            guard value.isFinite else { throw notJSON("the number \(value)") }
            return .double(value)
        case .string(let value): return .string(value)
        case .bytes: throw notJSON("a string that is not valid UTF-8")
        case .list(let elements): return .array(try elements.map { try $0.json() })
        case .map(let map):
            guard map.positions.isEmpty else {
                throw notJSON("a table with both names and positions")
            }
            return .object(JSONObject(try map.members.map { ($0.name, try $0.value.json()) }))
        }
    }

    private func notJSON(_ what: String) -> Diagnostic {
        Diagnostic("invalid_value", "JSON has no form for \(what).", kind: .usage)
    }
}
