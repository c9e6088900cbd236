import GeuseRuntime

/// Asks a worker what a script would find under a name, so that the check says what the run would say.
///
/// No code of the script runs: the worker is only given names.
struct LibraryProbe {
    /// What is asked.
    enum Question: Hashable {
        case readGlobal(String)
        case readMember(String, String)
        case writeGlobal(String)
        case writeMember(String, String)
        case require(String)

        /// The global that is looked for, itself or for a member of it.
        var global: String? {
            switch self {
            case .readGlobal(let name), .writeGlobal(let name), .readMember(let name, _),
                .writeMember(let name, _):
                name
            case .require: nil
            }
        }

        fileprivate var size: Int {
            switch self {
            case .readGlobal(let name), .writeGlobal(let name), .require(let name):
                name.utf8.count
            case .readMember(let base, let name), .writeMember(let base, let name):
                base.utf8.count + name.utf8.count
            }
        }

        fileprivate var value: ScriptValue {
            switch self {
            case .readGlobal(let name): ["read", .string(name)]
            case .readMember(let base, let name): ["read", .string(name), .string(base)]
            case .writeGlobal(let name): ["write", .string(name)]
            case .writeMember(let base, let name): ["write", .string(name), .string(base)]
            case .require(let name): ["require", .string(name)]
            }
        }
    }

    /// The limits of the worker that answers.
    let limits: ScriptLimits
    /// What the scripts can call.
    let modules: [ModuleSignature]
    /// Ends the work.
    let cancellation: Cancellation
    /// Looks for a module beside the script.
    let require: (String) throws -> ScriptSource

    /// What one worker is asked at most, so that a frame holds it: questions, and the bytes of their names.
    private static let most = (questions: 2000, bytes: 1 << 20)
    /// How many names of the script's own are offered where another one was probably meant.
    private static let mostOffered = 200

    // Longer than any name that is offered as a near match.
    private static let ask = "what_the_check_of_a_script_wants_to_have_looked_up"
    private static let tell = "what_the_worker_of_a_check_found_when_it_looked_up"

    private static let script = """
        local defined, questions, answers = table.unpack(\(ask)()), nil, {}
        defined, questions = defined[1], defined[2]
        for _, name in ipairs(defined) do pcall(rawset, _G, name, true) end
        local look = {
            read = function(name, base) return (base and _G[base] or _G)[name] end,
            write = function(name, base) (base and _G[base] or _G)[name] = true end,
            require = function(name) return require(name) end,
        }
        for i, question in ipairs(questions) do
            local ok, found = pcall(look[question[1]], question[2], question[3])
            answers[i] = ok or type(found) ~= "table"
                or { code = found.code, message = found.message, hint = found.hint }
        end
        \(tell)(answers)
        """

    private final class Sheet {
        var questions: ScriptValue = []
        var answers: [ScriptValue] = []
    }

    /// The error that each of the names would raise; those without one are left out.
    ///
    /// - Parameters:
    ///   - questions: what is asked, each once.
    ///   - defined: the globals that the script sets itself.
    /// - Returns: the errors; a near match is looked for only for the first ones.
    /// - Throws: `ScriptFailure` when the worker itself fails.
    func errors(_ questions: [Question], defined: Set<String>) throws -> [Question: Diagnostic] {
        let offered = defined.sorted().prefix(Self.mostOffered)
        var errors: [Question: Diagnostic] = [:]
        var rest = questions[...]
        while !rest.isEmpty {
            var bytes = 0
            let asked = Array(
                rest.prefix(Self.most.questions).prefix {
                    bytes += $0.size
                    return bytes <= Self.most.bytes
                }
            )
            // One of a megabyte is asked by itself.
            let part = asked.isEmpty ? Array(rest.prefix(1)) : asked
            rest = rest.dropFirst(part.count)
            let named = Set(part.compactMap(\.global)).intersection(defined)
            errors.merge(try answers(part, defined: named.union(offered))) { first, _ in first }
        }
        return errors
    }

    private func answers(
        _ asked: [Question],
        defined: Set<String>
    ) throws -> [Question: Diagnostic] {
        let names = defined.sorted().map(ScriptValue.string)
        let sheet = Sheet()
        sheet.questions = [.list([.list(names), .list(asked.map(\.value))])]
        try ScriptWorker(limits: limits).run(
            ScriptSource(name: "check", text: Self.script),
            modules: modules + [Self.module],
            cancellation: cancellation,
            require: { name in
                // Only whether it is there counts; its text must not run here.
                _ = try require(name)
                return ScriptSource(name: name, text: "return true")
            },
            handler: { call in
                switch call.function {
                case Self.ask: return sheet.questions
                case Self.tell: sheet.answers = call.arguments.first?.listValue ?? []
                default: break
                }
                return .nil
            }
        )
        var errors: [Question: Diagnostic] = [:]
        for (question, answer) in zip(asked, sheet.answers) {
            guard let code = answer["code"]?.stringValue else { continue }
            let message = answer["message"]?.stringValue ?? code
            let hint = answer["hint"]?.stringValue
            errors[question] = Diagnostic(code, message, hint: hint, kind: .refused)
        }
        return errors
    }

    private static let module = ModuleSignature(
        name: nil,
        summary: "What the check needs.",
        functions: [ask, tell].map { name in
            FunctionSignature(
                name: name,
                since: "0.1",
                summary: "",
                doc: "",
                parameters: [Parameter("value", .any, optional: true)],
                result: nil,
                isBracket: false
            )
        }
    )
}
