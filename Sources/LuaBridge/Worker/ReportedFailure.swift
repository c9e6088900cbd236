import GeuseRuntime

/// What a FAILED frame says.
struct ReportedFailure: Error {
    enum Category: Int64 {
        case error = 0
        case memory = 1
        case syntax = 2
    }

    let category: Category
    let text: String
    let error: ErrorValue
    let id: Int
    let place: ScriptPlace?
    let traceback: String?

    /// From `[category, text, code, message, detail, hint, step, id, file, line, traceback]`.
    init(frame value: ScriptValue) throws {
        guard case .list(let parts) = value, parts.count == 11, case .int(let number) = parts[0],
            let category = Category(rawValue: number), let text = parts[1].lossyText,
            case .int(let id) = parts[7]
        else { throw WireError("a report of failure is malformed") }
        self.category = category
        self.text = text
        self.id = Int(id)
        error = ErrorValue(fields: Array(parts[2...6])[...])
        place = ScriptPlace(parts[8], parts[9])
        traceback = parts[10].lossyText.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The failure, with the core's own error where it is one of these.
    func failure(
        _ raised: RaisedErrors,
        limits: ScriptLimits,
        lastPlace: ScriptPlace?
    ) -> ScriptFailure {
        switch category {
        case .memory:
            .memory(limits, at: place ?? lastPlace, traceback: traceback)
        case .syntax:
            ScriptFailure(
                .script,
                Diagnostic("script_syntax", shown(text), kind: .usage),
                at: syntaxPlace
            )
        case .error: ordinary(raised)
        }
    }

    private func ordinary(_ raised: RaisedErrors) -> ScriptFailure {
        let original = raised[id]
        if let original, ErrorValue(original) == error {
            return ScriptFailure(.core, original, at: place, traceback: traceback)
        }
        let code = error.code.flatMap { ErrorValue.isCode($0) ? $0 : nil }
        let diagnostic = Diagnostic(
            code ?? "script_failed",
            shown(error.message ?? text),
            detail: error.detail.map(shown),
            hint: error.hint.map(shown),
            kind: original?.kind ?? (isWrongCall(code) ? .usage : .failed),
            step: error.step.map(shown),
            cause: original
        )
        return ScriptFailure(
            original == nil ? .script : .core,
            diagnostic,
            at: place,
            traceback: traceback
        )
    }

    /// Whether the worker itself found the arguments of a call wrong, as the core finds them.
    private func isWrongCall(_ code: String?) -> Bool {
        code == "wrong_type" || code == "method_call"
    }

    private func shown(_ text: String) -> String {
        VisibleText.filtered(text, keepingLines: true)
    }

    /// Lua puts the place of a syntax error only into its text: `name:line: message`.
    private var syntaxPlace: ScriptPlace? {
        let parts = text.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, let line = Int64(parts[1]) else { return nil }
        return ScriptPlace(.string(String(parts[0])), .int(line))
    }
}
