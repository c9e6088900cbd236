import GeuseRuntime

// The members of results, as the worker and the check of a script know them.

extension ParameterType {
    /// The members of its records for the worker: `fields` of a record, with the reasons for which some may
    /// be `absent`, `each` of a list or map; nil where there are none.
    var shape: ScriptValue {
        switch self {
        case .table(let fields):
            return [
                "fields": .map(ScriptMap(fields.map { ($0.name, $0.type.shape.orTrue) })),
                "absent": .map(
                    ScriptMap(
                        fields.compactMap { field in
                            field.absence.map { (field.name, ScriptValue.string($0)) }
                        }
                    )
                ),
            ]
        case .list(let element, _), .map(let element):
            let inner = element.shape
            return inner == .nil ? .nil : ["each": inner]
        default: return .nil
        }
    }

    /// What a member of it is.
    ///
    /// - Parameters:
    ///   - name: the member; nil for one whose name is only known at run time.
    ///   - path: what it is a member of; becomes that of the member, as the worker names it.
    /// - Returns: its type; nil where nothing is known of it.
    /// - Throws: `Diagnostic` with code `unknown_member` for what a record does not have.
    func member(_ name: String?, of path: inout String) throws -> ParameterType? {
        switch self {
        case .table(let fields):
            guard let name else { return nil }
            guard let field = fields.first(where: { $0.name == name }) else {
                throw Diagnostic(
                    "unknown_member",
                    "\(path) has no member \(name).",
                    hint: NearNames.closest(to: name, among: fields.map(\.name))
                        .map { "Did you mean \($0)?" },
                    kind: .refused
                )
            }
            path += ".\(name)"
            return field.type
        case .map(let element):
            path += "[…]"
            return element
        case .list(let element, _):
            path += "[…]"
            return name == nil ? element : nil
        default: return nil
        }
    }
}

extension ScriptValue {
    /// A member without members of its own is there all the same.
    fileprivate var orTrue: ScriptValue { self == .nil ? true : self }
}
