import GeuseRuntime

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
    /// The functions of `geuse` that the source asks `geuse.capabilities` for: it knows that they may not be there.
    var asksFor: Set<String> {
        Set(
            results.compactMap { function, members, _ in
                guard function == "geuse.capabilities", members.count == 2,
                    members[0] == "functions"
                else { return nil }
                return members[1]
            }
        )
    }
    /// The names of members that the source adds to results.
    private(set) var added: Set<String> = []
    /// What is read from the result of `geuse.options`: the call that declares, the name, the line.
    private(set) var options: [(declaration: LuaCall, name: String, line: Int)] = []

    /// Whether the source may set globals whose names are not written down in it.
    var hidesGlobals: Bool { environmentLeaks > 0 || unknownChunks > 0 }
    private let environmentLeaks: Int
    /// How often it runs code that is not known: by `load`, or of a module whose name is not written down.
    private var unknownChunks = 0

    /// The names under which a script finds functions of the program, required or not.
    private let modules: Set<String>

    /// - Parameters:
    ///   - source: the source.
    ///   - modules: the modules of the program; a required one of another name is the script's own.
    ///   - cancellation: ends the work.
    /// - Throws: `Diagnostic` once cancelled.
    init(_ source: ScriptSource, modules: Set<String>, cancellation: Cancellation) throws {
        self.modules = modules
        let parser = LuaParser.parse(source.lua, cancellation)
        environmentLeaks = parser.environmentLeaks
        for use in parser.uses {
            try cancellation.check()
            note(use)
        }
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
            guard let path = self.path(of: use.target) else { return }
            calls.append(Call(path: path.joined(separator: "."), call: call))
            // A name that is set past __newindex is set all the same.
            if path == ["rawset"], call.arguments.count == 3,
                case .constant(.string(let name)) = call.arguments[1]
            {
                if self.path(of: call.arguments[0]) == ["_G"] { defined.insert(name) }
            }
            if path == ["require"], case .constant(.string(let name))? = call.arguments.first {
                looks.append(Look(question: .require(name), line: use.line))
                required.append(name)
                // Its function was read just before, as of every call.
                if case .global = use.target { unknownChunks -= 1 }
            }
        case .read:
            if case .member(let base, let name) = use.target, let call = declaration(of: base) {
                options.append((call, name, use.line))
            }
            if let (function, members) = result(of: use.target), !members.isEmpty {
                results.append((function, members, use.line))
            }
            guard let path = directPath(of: use.target) else { return }
            if path == ["load"] || path == ["require"] { unknownChunks += 1 }
            if path.count == 1, path[0] != "_ENV" {
                looks.append(Look(question: .readGlobal(path[0]), line: use.line))
            } else if path.count == 2 {
                looks.append(Look(question: .readMember(path[0], path[1]), line: use.line))
            }
        case .write:
            // What a script adds to a result is there.
            if case .member(let base, let name) = use.target,
                result(of: base) != nil || declaration(of: base) != nil
            {
                added.insert(name)
            }
            guard let path = directPath(of: use.target) else { return }
            if path.count == 1, path[0] != "_ENV" {
                defined.insert(path[0])
                looks.append(Look(question: .writeGlobal(path[0]), line: use.line))
            } else if path.count == 2 {
                looks.append(Look(question: .writeMember(path[0], path[1]), line: use.line))
            }
        }
    }

    /// As `path`, but only for what is a name or a member itself: reading a variable is no look-up.
    private func directPath(of expression: LuaExpression) -> [String]? {
        switch expression {
        case .global, .member: self.path(of: expression)
        default: nil
        }
    }

    /// The names that lead to an expression from the globals, through variables that never change.
    private func path(of expression: LuaExpression) -> [String]? {
        switch expression {
        case .global(let name): return [name]
        case .member(let base, let name): return self.path(of: base).map { $0 + [name] }
        case .local(let local):
            return local.isReassigned ? nil : local.value.flatMap { self.path(of: $0) }
        case .call(let call):
            guard call.method == nil, self.path(of: call.function) == ["require"],
                case .constant(.string(let name))? = call.arguments.first
            else { return nil }
            // One of the script's own is nothing to look into.
            return modules.contains(name) ? [name] : nil
        default: return nil
        }
    }

    /// The call that an expression is read from the result of, and the members on the way.
    private func result(of expression: LuaExpression) -> (String, [String?])? {
        switch expression {
        case .call(let call):
            guard call.method == nil, let path = self.path(of: call.function), path.count > 1 else {
                return nil
            }
            return (path.joined(separator: "."), [])
        case .member(let base, let name):
            return result(of: base).map { ($0.0, $0.1 + [name]) }
        case .element(let base):
            return result(of: base).map { ($0.0, $0.1 + [nil]) }
        case .local(let local):
            return local.isReassigned ? nil : local.value.flatMap { result(of: $0) }
        default: return nil
        }
    }

    /// The call of `geuse.options` that an expression is the result of.
    private func declaration(of expression: LuaExpression) -> LuaCall? {
        switch expression {
        case .call(let call):
            return self.path(of: call.function) == ["geuse", "options"] ? call : nil
        case .local(let local):
            return local.isReassigned ? nil : local.value.flatMap { declaration(of: $0) }
        default: return nil
        }
    }
}
