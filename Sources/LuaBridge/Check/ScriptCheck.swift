import GeuseRuntime

/// Finds what would fail in a script without running it: syntax, names, and the arguments of calls.
///
/// The modules beside the script that it requires by name are checked with it.
public struct ScriptCheck {
    private let modules: [ModuleSignature]
    private let limits: ScriptLimits
    private let cancellation: Cancellation

    /// A check against what scripts of these modules can call.
    ///
    /// - Parameters:
    ///   - modules: what they can call.
    ///   - limits: what its workers may use.
    ///   - cancellation: ends a check under way.
    public init(
        _ modules: [ModuleSignature] = GeuseModule.dispatcher.signatures,
        limits: ScriptLimits = ScriptLimits(),
        cancellation: Cancellation = Cancellation()
    ) {
        self.limits = limits
        self.modules = modules
        self.cancellation = cancellation
    }

    /// What is wrong with a script, in the order of files and lines.
    ///
    /// - Parameters:
    ///   - script: the script.
    ///   - shown: the name of its file for findings.
    /// - Returns: the findings; none if nothing is known to be wrong.
    /// - Throws: `Diagnostic` when no worker can be started, when there is too much to check, and once cancelled.
    public func findings(_ script: ScriptFile, shown: String) throws -> [ScriptFinding] {
        var findings: [ScriptFinding] = []
        var parsed: [(file: String, names: ScriptNames)] = []
        var waiting = [(file: shown, source: script.source)]
        var known: Set<String> = []
        while let (file, source) = waiting.popLast() {
            if let error = try syntaxError(source) {
                let known = error.withoutPlace
                let diagnostic = Diagnostic(known.code, known.summary, kind: .refused)
                findings.append(
                    ScriptFinding(file: file, line: error.line, diagnostic: diagnostic)
                )
                continue
            }
            let names = try ScriptNames(
                source,
                modules: Set(ModuleName.builtIn(modules)),
                cancellation: cancellation
            )
            parsed.append((file, names))
            for name in names.required.reversed()
            where ModuleName.accepts(name) && known.insert(name).inserted {
                guard let module = try? script.module(name) else { continue }
                waiting.append((module.name, module))
            }
        }
        // Globals are shared by a script and its modules.
        let defined = Set(parsed.flatMap(\.names.defined))
        var asked: Set<LibraryProbe.Question> = []
        let questions = parsed.flatMap { $0.names.looks.map(\.question) }
            .filter { asked.insert($0).inserted }
        let hidesGlobals = parsed.contains { $0.names.hidesGlobals }
        let errors = try errors(questions, defined, script).filter { question, error in
            !hidesGlobals || Self.isCertain(error, of: question)
        }
        for (file, names) in parsed {
            try cancellation.check()
            let mayBeMissing = Set(
                names.asksFor.map { LibraryProbe.Question.readMember("geuse", $0) }
            )
            var found: [ScriptFinding] = names.looks.compactMap { look in
                guard !mayBeMissing.contains(look.question) else { return nil }
                return errors[look.question].map {
                    ScriptFinding(file: file, line: look.line, diagnostic: $0)
                }
            }
            for call in names.calls {
                try cancellation.check()
                guard let error = error(of: call, defined) else { continue }
                found.append(ScriptFinding(file: file, line: call.call.line, diagnostic: error))
            }
            for (function, members, line) in names.results
            where names.added.isDisjoint(with: members.compactMap(\.self)) {
                try cancellation.check()
                guard let error = error(reading: members, of: function) else { continue }
                found.append(ScriptFinding(file: file, line: line, diagnostic: error))
            }
            for (declaration, name, line) in names.options where !names.added.contains(name) {
                try cancellation.check()
                guard let error = DeclaredOptions(declaration)?.error(reading: name) else {
                    continue
                }
                found.append(ScriptFinding(file: file, line: line, diagnostic: error))
            }
            findings += Self.ordered(found)
        }
        return findings
    }

    /// Whether an error is one though globals may be set that are not written down: one that was probably meant
    /// otherwise.
    private static func isCertain(_ error: Diagnostic, of question: LibraryProbe.Question) -> Bool {
        guard error.code == "undefined_global" else { return true }
        // Every short name is like some other one.
        return error.hint != nil && (question.global ?? "").utf8.count >= 4
    }

    /// The error that Lua itself has with a source.
    private func syntaxError(_ source: ScriptSource) throws -> ScriptFailure? {
        do throws(ScriptFailure) {
            let worker = try startWorker()
            try worker.run(source, mode: .compile, cancellation: cancellation) { _ in .nil }
            return nil
        } catch {
            guard error.cause == .script else { throw Self.unfinished(error) }
            return error
        }
    }

    private func startWorker() throws(ScriptFailure) -> ScriptWorker {
        do {
            return try ScriptWorker(limits: limits)
        } catch let error as Diagnostic {
            throw ScriptFailure(.crash, error)
        } catch {
            throw ScriptFailure(.crash, Diagnostic("internal_error", "\(error)"))
        }
    }

    private func errors(
        _ questions: [LibraryProbe.Question],
        _ defined: Set<String>,
        _ script: ScriptFile
    ) throws -> [LibraryProbe.Question: Diagnostic] {
        do {
            let probe = LibraryProbe(
                limits: limits,
                modules: modules,
                cancellation: cancellation,
                require: script.module
            )
            return try probe.errors(questions, defined: defined)
        } catch let failure as ScriptFailure {
            throw Self.unfinished(failure)
        }
    }

    /// The worker of the check ran into a limit, not the script: that was never run.
    private static func unfinished(_ failure: ScriptFailure) -> Diagnostic {
        guard [.timeout, .memory].contains(failure.cause) else { return failure.diagnostic }
        return Diagnostic(
            "check_unfinished",
            "The check was given up: there is more in the script than it can look through.",
            detail: "The script was not run.",
            hint: "Put parts of it into modules, and check each by itself."
        )
    }

    private func error(of call: ScriptNames.Call, _ defined: Set<String>) -> Diagnostic? {
        if let method = call.call.method { return methodError(call.path, method, defined) }
        guard let function = signature(call.path) else { return nil }
        do {
            try StaticArguments(call.path, function).check(call.call.arguments)
            guard call.path == "geuse.options" else { return nil }
            _ = try DeclaredOptions(call.call)?.declared()
            return nil
        } catch let error as Diagnostic {
            return error
        } catch {
            return nil
        }
    }

    /// `geuse:resize(...)` hands the module itself over as the first argument.
    private func methodError(_ path: String, _ method: String, _ defined: Set<String>)
        -> Diagnostic?
    {
        guard let module = modules.first(where: { $0.name == path }),
            module.functions.contains(where: { $0.name == method })
        else { return nil }
        return Diagnostic(
            "method_call",
            "\(path):\(method) passes \(path) itself as the first argument.",
            hint: "Write \(path).\(method) with a dot.",
            kind: .refused
        )
    }

    /// The error of reading a member that the result of a function does not have.
    private func error(reading members: [String?], of function: String) -> Diagnostic? {
        var type = signature(function)?.result?.type
        var path = "\(function)()"
        do {
            for member in members {
                type = try type?.member(member, of: &path)
            }
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    private func signature(_ path: String) -> FunctionSignature? {
        for module in modules {
            let found = module.functions.first { module.fullName(of: $0) == path }
            if let found { return found }
        }
        return nil
    }

    /// By line, and each thing only once a line.
    private static func ordered(_ findings: [ScriptFinding]) -> [ScriptFinding] {
        var texts: Set<String> = []
        return findings.filter { texts.insert($0.text).inserted }.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }
        .map(\.element)
    }
}
