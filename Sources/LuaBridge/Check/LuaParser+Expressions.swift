extension LuaParser {
    private static let unary: Set<String> = ["not", "#", "-", "~"]
    private static let binary: Set<String> = [
        "or", "and", "<", ">", "<=", ">=", "~=", "==", "|", "~", "&", "<<", ">>", "..", "+", "-",
        "*",
        "/", "//", "%", "^",
    ]

    private func isOperator(_ known: Set<String>) -> Bool {
        if case .symbol(let word) = token.kind { known.contains(word) } else { false }
    }

    /// A list of expressions, each of which is read.
    @discardableResult
    mutating func values() -> [LuaExpression] {
        var list = [value()]
        while take(",") { list.append(value()) }
        return list
    }

    /// An expression that is read.
    @discardableResult
    mutating func value() -> LuaExpression {
        var result = operand()
        while isOperator(Self.binary) {
            advance()
            _ = operand()
            result = .other
        }
        return result
    }

    private mutating func operand() -> LuaExpression {
        var operators: [String] = []
        while isOperator(Self.unary) {
            if case .symbol(let word) = token.kind { operators.append(word) }
            advance()
        }
        let value = simple()
        guard !operators.isEmpty else { return value }
        guard operators == ["-"], case .constant(let number) = value else { return .other }
        switch number {
        case .int(let whole): return .constant(.int(0 &- whole))
        case .double(let fraction): return .constant(.double(-fraction))
        default: return .other
        }
    }

    private mutating func simple() -> LuaExpression {
        switch token.kind {
        case .string(let text): return literal(.string(text))
        case .number(let number): return literal(number)
        case .symbol("nil"): return literal(.nil)
        case .symbol("true"): return literal(true)
        case .symbol("false"): return literal(false)
        case .symbol("..."):
            advance()
            return .varargs
        case .symbol("{"): return LuaExpression.table(table()).bounded
        case .symbol("function"):
            advance()
            functionBody(isMethod: false)
            return .function
        default:
            let line = token.line
            let result = suffixed()
            note(.read, result, line: line)
            if result.isEnvironment { environmentLeaks += 1 }
            return result
        }
    }

    private mutating func literal(_ value: ScriptValue) -> LuaExpression {
        advance()
        return .constant(value)
    }

    /// A name or an expression in parentheses with what hangs on it; the whole is not read yet.
    mutating func suffixed() -> LuaExpression {
        var result: LuaExpression
        if take("(") {
            let inner = value()
            take(")")
            // Parentheses cut a call down to one value.
            result = inner.isOpen ? .other : inner
        } else {
            result = variable(name())
        }
        while true {
            let line = token.line
            if take(".") {
                note(.read, result, line: line)
                result = result.member(name())
            } else if take("[") {
                note(.read, result, line: line)
                let key = value()
                take("]")
                if case .constant(.string(let name)) = key {
                    result = result.member(name)
                } else {
                    if result.isEnvironment { environmentLeaks += 1 }
                    result = result.element
                }
            } else if isAt(":") {
                advance()
                let method = name()
                result = call(result, method: method, line: line)
            } else if let arguments = arguments() {
                result = call(result, arguments: arguments, line: line)
            } else {
                return result
            }
        }
    }

    private mutating func call(
        _ function: LuaExpression,
        method: String? = nil,
        arguments: [LuaExpression]? = nil,
        line: Int
    ) -> LuaExpression {
        note(.read, function, line: line)
        let arguments = arguments ?? self.arguments() ?? []
        if method != nil, function.isEnvironment { environmentLeaks += 1 }
        if case .global("rawset") = function, arguments.count == 3, arguments[0].isEnvironment,
            case .constant(.string) = arguments[1]
        {
            // It sets a global whose name is written down.
            environmentLeaks -= 1
        }
        let call = LuaCall(function: function, method: method, arguments: arguments, line: line)
        note(.call(call), function, line: line)
        return LuaExpression.call(call).bounded
    }

    /// The arguments that follow, if any do: a list in parentheses, a string or a table.
    private mutating func arguments() -> [LuaExpression]? {
        switch token.kind {
        case .string(let text): return [literal(.string(text))]
        case .symbol("{"): return [LuaExpression.table(table()).bounded]
        case .symbol("("):
            advance()
            let list = isAt(")") ? [] : values()
            take(")")
            return list
        default: return nil
        }
    }

    private mutating func table() -> LuaTable {
        var result = LuaTable()
        take("{")
        while !isAt("}"), token.kind != .end {
            if case .name(let key) = token.kind, isAfter("=") {
                advance()
                advance()
                result.members.append((key, value()))
            } else if take("[") {
                let key = value()
                take("]")
                take("=")
                let each = value()
                if case .constant(.string(let name)) = key {
                    result.members.append((name, each))
                } else {
                    result.hasComputedKeys = true
                }
            } else {
                result.positions.append(value())
            }
            if !take(","), !take(";") { break }
        }
        take("}")
        result.close()
        return result
    }
}

extension LuaExpression {
    /// A member of `_G` or `_ENV` is a global.
    var normal: LuaExpression {
        switch self {
        case .member(.global("_G"), let name), .member(.global("_ENV"), let name): .global(name)
        default: self
        }
    }
}
