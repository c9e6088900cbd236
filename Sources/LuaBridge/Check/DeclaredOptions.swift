import GeuseRuntime

/// The options that a call of `geuse.options` declares, as far as they are written down.
struct DeclaredOptions {
    private let table: LuaTable

    /// Nil when the declaration is not a table constructor.
    init?(_ call: LuaCall) {
        guard case .table(let table)? = call.arguments.first else { return nil }
        self.table = table
    }

    /// Throws the error of the declaration, if one is certain.
    func declared() throws -> ScriptOptions {
        try ScriptOptions(
            ScriptMap(
                table.members.compactMap { name, value in Self.known(value).map { (name, $0) } }
            )
        )
    }

    /// An option without the parts that are only known at run time, or nil if nothing is known.
    private static func known(_ option: LuaExpression) -> ScriptValue? {
        if let value = option.settled.scriptValue { return value }
        guard case .table(let table) = option, !table.hasComputedKeys else { return nil }
        let positions = table.positions.map { $0.settled.scriptValue ?? "VALUE" }
        let members = table.members.compactMap { name, value -> (String, ScriptValue)? in
            if let known = value.settled.scriptValue { return known == .nil ? nil : (name, known) }
            // A key that does not exist is wrong whatever its value is.
            return name == "default" || ScriptOptions.keys.contains(name) ? nil : (name, .nil)
        }
        return .map(ScriptMap(members, positions: positions))
    }

    /// The error of reading an option that is not declared.
    func error(reading name: String) -> Diagnostic? {
        let names = table.members.map(\.name)
        guard !table.hasComputedKeys, !names.contains(name) else { return nil }
        return ScriptOptions.undeclared(name, among: names)
    }
}
