import GeuseRuntime

/// Holds the arguments of a call, as far as they are written down, against the declaration.
///
/// What is only known at run time fits everything; the rest is judged by the very rules of the call.
struct StaticArguments {
    private let check: ArgumentCheck
    private let signature: FunctionSignature

    init(_ function: String, _ signature: FunctionSignature) {
        check = ArgumentCheck(function: function)
        self.signature = signature
    }

    /// Throws the error that the call would raise, if that is certain.
    func check(_ arguments: [LuaExpression]) throws {
        var given = arguments.map(\.settled)
        let isOpen = given.last?.isOpen == true
        if signature.isBracket, !isOpen {
            switch given.popLast() {
            case .function?, .other?, .varargs?, .global?, .local?, .member?, .element?, .call?:
                break
            case .constant(let value)?: throw last(value.typeName)
            case .table?: throw last("table")
            case nil: throw last("nothing")
            }
        }
        let expected = signature.parameters.filter { !$0.isFunction }
        if isOpen { given.removeLast() }
        try check.count(given.count, of: expected)
        for (index, parameter) in expected.enumerated() {
            if index < given.count {
                try value(given[index], parameter, parameter.name)
            } else if !isOpen {
                _ = try check.member(parameter, .nil, parameter.name)
            }
        }
    }

    private func last(_ got: String) -> Diagnostic {
        Diagnostic(
            "wrong_type",
            "\(check.function): the last argument must be a function, got \(got).",
            kind: .usage
        )
    }

    private func value(_ value: LuaExpression, _ parameter: Parameter, _ path: String) throws {
        if let known = value.scriptValue {
            _ = try check.member(parameter, known, path)
        } else {
            try self.value(value, parameter.type, path)
        }
    }

    private func value(_ value: LuaExpression, _ type: ParameterType, _ path: String) throws {
        if let known = value.scriptValue {
            _ = try check.value(known, type, path)
            return
        }
        switch value {
        case .function: throw check.wrong("a function", type, path)
        case .table(let table): try self.table(table, type, path)
        default: break
        }
    }

    /// A table of which something is only known at run time.
    private func table(_ table: LuaTable, _ type: ParameterType, _ path: String) throws {
        switch type {
        case .any: break
        case .list(let element, _):
            for (index, each) in table.positions.enumerated() {
                try value(each.settled, element, "\(path)[\(index + 1)]")
            }
        case .map(let element):
            for (name, each) in table.members {
                try value(each.settled, element, "\(path).\(VisibleText.filtered(name))")
            }
        case .table(let fields):
            try check.keys(table.members.map(\.name), of: fields, path)
            for field in fields {
                if let member = table.members.last(where: { $0.name == field.name }) {
                    try value(member.value.settled, field, "\(path).\(field.name)")
                } else if !field.isOptional, !table.hasComputedKeys {
                    _ = try check.member(field, .nil, "\(path).\(field.name)")
                }
            }
        case .either(let types):
            let fits = types.contains { (try? self.table(table, $0, path)) != nil }
            guard fits else { throw check.wrong("a table", type, path) }
        default: throw check.wrong("a table", type, path)
        }
    }
}

extension LuaExpression {
    /// The value behind a variable that never gets another one.
    var settled: LuaExpression {
        var result = self
        while case .local(let local) = result, !local.isReassigned, let value = local.value {
            result = value
        }
        // A table may have been filled since, a function's further results are not its first one.
        if case .local = self {
            switch result {
            case .constant, .function: return result
            default: return .other
            }
        }
        return result
    }

    /// The value, if all of it is written down.
    var scriptValue: ScriptValue? {
        switch self {
        case .constant(let value): return value
        case .table(let table):
            guard !table.hasComputedKeys else { return nil }
            let positions = table.positions.compactMap(\.settled.scriptValue)
            let members = table.members.compactMap { name, value in
                value.settled.scriptValue.map { (name, $0) }
            }
            guard positions.count == table.positions.count, members.count == table.members.count
            else { return nil }
            let present = members.filter { $0.1 != .nil }
            guard !positions.contains(.nil) else { return nil }
            return present.isEmpty
                ? .list(positions) : .map(ScriptMap(present, positions: positions))
        default: return nil
        }
    }
}
