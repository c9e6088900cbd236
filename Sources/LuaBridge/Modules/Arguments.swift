import GeuseRuntime

/// The arguments of a call, or the members of a table among them, by name; checked and complete.
///
/// The plain accessors are for what is required, the `optional` ones for what may be absent. Asking
/// for something under a name or type that was not declared is an error of the program.
public struct Arguments: Sendable, Equatable {
    /// What was given: declared names only, absent ones left out.
    public let values: ScriptMap
    /// The line of the script that calls.
    public let place: ScriptPlace?

    /// Wraps values that have been checked.
    public init(_ values: ScriptMap, place: ScriptPlace? = nil) {
        self.values = values
        self.place = place
    }

    /// The value as it came, or nil when absent.
    public subscript(name: String) -> ScriptValue? { values[name] }

    /// Text that is required.
    public func string(_ name: String) throws -> String {
        try required(name, optionalString(name))
    }

    /// A whole number that is required.
    public func integer(_ name: String) throws -> Int {
        try required(name, optionalInteger(name))
    }

    /// A number that is required.
    public func number(_ name: String) throws -> Double {
        try required(name, optionalNumber(name))
    }

    /// A boolean that is required.
    public func boolean(_ name: String) throws -> Bool {
        try required(name, optionalBoolean(name))
    }

    /// A list that is required.
    public func list(_ name: String) throws -> [ScriptValue] {
        try required(name, optionalList(name))
    }

    /// A table that is required.
    public func table(_ name: String) throws -> Arguments {
        try required(name, optionalTable(name))
    }

    /// An identifier that is required.
    public func identifier<Name: Identifier>(_ name: String, _ type: Name.Type) throws -> Name {
        try Name(string(name))
    }

    /// Text, or nil when absent.
    public func optionalString(_ name: String) -> String? { values[name]?.stringValue }

    /// A whole number, or nil when absent.
    public func optionalInteger(_ name: String) -> Int? { values[name]?.intValue.map { Int($0) } }

    /// A number, or nil when absent.
    public func optionalNumber(_ name: String) -> Double? { values[name]?.doubleValue }

    /// A boolean, or nil when absent.
    public func optionalBoolean(_ name: String) -> Bool? { values[name]?.boolValue }

    /// A list, or nil when absent.
    public func optionalList(_ name: String) -> [ScriptValue]? { values[name]?.listValue }

    /// A table, or nil when absent.
    public func optionalTable(_ name: String) -> Arguments? {
        values[name]?.tableValue.map { Arguments($0, place: place) }
    }

    /// An identifier, or nil when absent.
    public func optionalIdentifier<Name: Identifier>(
        _ name: String,
        _ type: Name.Type
    ) throws -> Name? {
        try optionalString(name).map { try Name($0) }
    }

    /// The texts of a list, or none when absent.
    public func strings(_ name: String) -> [String] {
        (optionalList(name) ?? []).compactMap(\.stringValue)
    }

    private func required<Value>(_ name: String, _ value: Value?) throws -> Value {
        guard let value else {
            throw Diagnostic(
                "internal_error",
                "A function asked for its argument \(name), which it does not declare so."
            )
        }
        return value
    }
}
