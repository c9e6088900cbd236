import GeuseRuntime

/// Walks over Lua source and notes what it does with which names.
///
/// Only sources that Lua has compiled come here, and Lua allows about 200 levels of nesting, so the
/// recursion is bounded; what Lua does not nest, such as `x.x.x`, is taken in a loop. Precedence is left out: which operator comes first changes no name.
struct LuaParser {
    private(set) var uses: [LuaUse] = []
    /// Whether a global can mean something else here: `_ENV` was given another value.
    private(set) var replacesEnvironment = false
    /// How often the table of the globals is used other than by a name that is written down: what is set
    /// in it there is not known.
    var environmentLeaks = 0
    private let cancellation: Cancellation
    private let tokens: [LuaToken]
    private var at = 0
    private var scopes: [[LuaLocal]] = [[]]

    private init(_ text: String, _ cancellation: Cancellation) {
        tokens = LuaLexer.tokens(text)
        self.cancellation = cancellation
    }

    /// All the uses of names in a source; those until then, once cancelled.
    static func parse(
        _ text: String,
        _ cancellation: Cancellation = Cancellation()
    ) -> LuaParser {
        var parser = LuaParser(text, cancellation)
        parser.block()
        return parser
    }

    // Tokens -------------------------------------------------------------------------------------

    var token: LuaToken { tokens[at] }

    func isAt(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }

    func isAfter(_ symbol: String) -> Bool {
        at + 1 < tokens.count && tokens[at + 1].kind == .symbol(symbol)
    }

    mutating func advance() { at = min(at + 1, tokens.count - 1) }

    @discardableResult
    mutating func take(_ symbol: String) -> Bool {
        guard isAt(symbol) else { return false }
        advance()
        return true
    }

    mutating func name() -> String {
        guard case .name(let text) = token.kind else { return "" }
        advance()
        return text
    }

    // Names --------------------------------------------------------------------------------------

    func variable(_ name: String) -> LuaExpression {
        for scope in scopes.reversed() {
            if let local = scope.last(where: { $0.name == name }) { return .local(local) }
        }
        // Under an _ENV of the script's own a global is a member of that.
        return hasLocal("_ENV") ? .other : .global(name)
    }

    private func hasLocal(_ name: String) -> Bool {
        scopes.contains { $0.contains { $0.name == name } }
    }

    mutating func declare(_ name: String, value: LuaExpression? = nil) {
        scopes[scopes.count - 1].append(LuaLocal(name, value: value))
    }

    mutating func note(_ kind: LuaUse.Kind, _ target: LuaExpression, line: Int) {
        uses.append(LuaUse(kind: kind, target: target, line: line))
    }

    private mutating func write(_ target: LuaExpression, line: Int) {
        if case .local(let local) = target { local.isReassigned = true }
        if case .global("_ENV") = target { replacesEnvironment = true }
        note(.write, target, line: line)
    }

    // Blocks -------------------------------------------------------------------------------------

    mutating func scope(_ body: (inout LuaParser) -> Void) {
        scopes.append([])
        body(&self)
        scopes.removeLast()
    }

    mutating func block() {
        let ends: Set<String> = ["end", "else", "elseif", "until"]
        while token.kind != .end {
            if case .symbol(let word) = token.kind, ends.contains(word) { return }
            guard cancellation.requests == 0 else { return at = tokens.count - 1 }
            let before = at
            statement()
            // Lua has accepted it; if it is not understood here, it must not hang.
            if at == before { advance() }
        }
    }

    private mutating func statement() {
        guard case .symbol(let word) = token.kind else { return expressionStatement() }
        switch word {
        case ";", "break": advance()
        case "::":
            advance()
            _ = name()
            take("::")
        case "goto":
            advance()
            _ = name()
        case "do":
            advance()
            scope { $0.block() }
            take("end")
        case "while":
            advance()
            value()
            take("do")
            scope { $0.block() }
            take("end")
        case "repeat":
            advance()
            // The condition sees the variables of the block.
            scope {
                $0.block()
                $0.take("until")
                $0.value()
            }
        case "if": conditional()
        case "for": loop()
        case "function": functionStatement()
        case "local": local()
        case "return":
            advance()
            let ends = ["end", "else", "elseif", "until", ";"]
            if token.kind != .end, !ends.contains(where: isAt) { values() }
        default: expressionStatement()
        }
    }

    private mutating func conditional() {
        while take("if") || take("elseif") {
            value()
            take("then")
            scope { $0.block() }
        }
        if take("else") { scope { $0.block() } }
        take("end")
    }

    private mutating func loop() {
        advance()
        var names = [name()]
        while take(",") { names.append(name()) }
        if !take("=") { take("in") }
        values()
        take("do")
        scope { parser in
            for name in names { parser.declare(name) }
            parser.block()
        }
        take("end")
    }

    private mutating func functionStatement() {
        advance()
        let line = token.line
        var target = variable(name())
        var isMethod = false
        while isAt(".") || isAt(":") {
            isMethod = isAt(":")
            advance()
            note(.read, target, line: line)
            target = target.member(name())
        }
        write(target, line: line)
        functionBody(isMethod: isMethod)
    }

    private mutating func local() {
        advance()
        if take("function") {
            declare(name(), value: .function)
            return functionBody(isMethod: false)
        }
        var names: [String] = []
        repeat {
            names.append(name())
            if take("<") {
                advance()
                take(">")
            }
        } while take(",")
        let given = take("=") ? values() : []
        for (index, name) in names.enumerated() {
            declare(name, value: index < given.count ? given[index] : nil)
        }
    }

    mutating func functionBody(isMethod: Bool) {
        take("(")
        var names = isMethod ? ["self"] : []
        while !isAt(")"), token.kind != .end {
            let before = at
            if !take("..."), !take(",") { names.append(name()) }
            // As in a block: what is not understood must not hang.
            if at == before { advance() }
        }
        take(")")
        scope { parser in
            for name in names { parser.declare(name) }
            parser.block()
        }
        take("end")
    }

    private mutating func expressionStatement() {
        let line = token.line
        var targets = [suffixed()]
        while take(",") { targets.append(suffixed()) }
        guard take("=") else { return }
        values()
        for target in targets { write(target, line: line) }
    }
}
