/// The names of the API and the libraries that one source uses, as a script would reach them.
struct ScriptNames {
    /// A question about a name, and the line that raises it.
    struct Look {
        let question: LibraryProbe.Question
        let line: Int
    }

    /// A call of something that may be part of the API.
    struct Call {
        /// The full name, such as `geuse.resize`.
        let path: String
        let call: LuaCall
    }

    /// The globals that the source sets.
    private(set) var defined: Set<String> = []
    /// What has to be looked up.
    private(set) var looks: [Look] = []
    /// The calls, in order.
    private(set) var calls: [Call] = []
    /// The modules that are required by a literal name.
    private(set) var required: [String] = []
    /// What is read from the result of another function: its full name, and the members on the way, of which
    /// those that are only known at run time are nil.
    private(set) var results: [(function: String, members: [String?], line: Int)] = []
    /// The names of members that the source adds to results.
    private(set) var added: Set<String> = []
    /// What is read from the result of `geuse.options`: the call that declares, the name, the line.
    private(set) var options: [(declaration: LuaCall, name: String, line: Int)] = []

    init(_ source: ScriptSource) {
        let parser = LuaParser.parse(source.lua)
        for use in parser.uses { note(use) }
        guard parser.replacesEnvironment else { return }
        // Nothing is certain about globals then.
        looks = []
        calls = []
    }

    private mutating func note(_ use: LuaUse) {
        switch use.kind {
        case .call(let call):
            // Strings have methods; what a variable holds by then is not known.
            if let method = call.method, case .constant(.string) = call.function {
                looks.append(Look(question: .readMember("string", method), line: use.line))
            }
            guard let path = Self.path(use.target) else { return }
            calls.append(Call(path: path.joined(separator: "."), call: call))
            // A name that is set past __newindex is set all the same.
            if path == ["rawset"], call.arguments.count == 3,
                case .constant(.string(let name)) = call.arguments[1]
            {
                if Self.path(call.arguments[0]) == ["_G"] { defined.insert(name) }
            }
            if path == ["require"], case .constant(.string(let name))? = call.arguments.first {
                looks.append(Look(question: .require(name), line: use.line))
                required.append(name)
            }
        case .read:
            if case .member(let base, let name) = use.target, let declaration = Self.options(base) {
                options.append((declaration, name, use.line))
            }
            if let (function, members) = Self.result(use.target), !members.isEmpty {
                results.append((function, members, use.line))
            }
            guard let path = Self.direct(use.target) else { return }
            if path.count == 1, path[0] != "_ENV" {
                looks.append(Look(question: .readGlobal(path[0]), line: use.line))
            } else if path.count == 2 {
                looks.append(Look(question: .readMember(path[0], path[1]), line: use.line))
            }
        case .write:
            // What a script adds to a result is there.
            if case .member(let base, let name) = use.target, Self.result(base) != nil {
                added.insert(name)
            }
            guard let path = Self.direct(use.target) else { return }
            if path.count == 1, path[0] != "_ENV" {
                defined.insert(path[0])
                looks.append(Look(question: .writeGlobal(path[0]), line: use.line))
            } else if path.count == 2 {
                looks.append(Look(question: .writeMember(path[0], path[1]), line: use.line))
            }
        }
    }

    /// As `path`, but only for what is a name or a member itself: reading a variable is no look-up.
    private static func direct(_ expression: LuaExpression) -> [String]? {
        switch expression {
        case .global, .member: path(expression)
        default: nil
        }
    }

    /// The names that lead to an expression from the globals, through variables that never change.
    private static func path(_ expression: LuaExpression) -> [String]? {
        switch expression {
        case .global(let name): return [name]
        case .member(let base, let name): return path(base).map { $0 + [name] }
        case .local(let local):
            return local.isReassigned ? nil : local.value.flatMap { path($0) }
        case .call(let call):
            guard call.method == nil, path(call.function) == ["require"],
                case .constant(.string(let name))? = call.arguments.first
            else { return nil }
            // A module of the program; one of the script's own is nothing to look into.
            return ModuleName.isPlain(name) ? [name] : nil
        default: return nil
        }
    }

    /// The call that an expression is read from the result of, and the members on the way.
    private static func result(_ expression: LuaExpression) -> (String, [String?])? {
        switch expression {
        case .call(let call):
            guard call.method == nil, let path = path(call.function), path.count > 1 else {
                return nil
            }
            return (path.joined(separator: "."), [])
        case .member(let base, let name):
            return result(base).map { ($0.0, $0.1 + [name]) }
        case .element(let base):
            return result(base).map { ($0.0, $0.1 + [nil]) }
        case .local(let local):
            return local.isReassigned ? nil : local.value.flatMap { result($0) }
        default: return nil
        }
    }

    /// The call of `geuse.options` that an expression is the result of.
    private static func options(_ expression: LuaExpression) -> LuaCall? {
        switch expression {
        case .call(let call): return path(call.function) == ["geuse", "options"] ? call : nil
        case .local(let local):
            return local.isReassigned ? nil : local.value.flatMap { options($0) }
        default: return nil
        }
    }
}
