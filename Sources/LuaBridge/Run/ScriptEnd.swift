import GeuseRuntime

// Why a script ended, as it is told: the first failure, and where in the script it was.

extension ScriptRun {
    /// The failure that a run is said to have ended of.
    ///
    /// - Parameters:
    ///   - error: what the script ended with.
    ///   - failure: what had failed before that; nil if nothing had.
    /// - Returns: the one of the two that counts.
    static func cause(of error: Diagnostic, after failure: Diagnostic?) -> Diagnostic {
        guard let failure else { return error }
        // A script that catches an error and fails with another one still failed of the first.
        guard failure.code == Session.brokenWindowCode, error.code != Session.failedCode else {
            return failure
        }
        // Not caught, it is the very error that the window failed of, and knows its place.
        let inside = failure.causes.first
        let isSame =
            inside == nil || error.code == failure.code || error.summary == inside?.summary
        guard !isSame else { return error }
        return Diagnostic(
            error.code,
            error.summary,
            detail: error.detail,
            hint: error.hint,
            kind: error.kind,
            step: error.step,
            cause: error.causes.first ?? failure
        )
    }
}

extension ScriptFailure {
    /// The diagnostic with the place in the script and the traceback.
    var report: Diagnostic {
        let place = line.map { "\(file ?? "script"):\($0)" }
        let detail = [diagnostic.detail, place.map { "At \($0)." }, traceback]
            .compactMap { $0 }.joined(separator: "\n")
        return Diagnostic(
            diagnostic.code,
            diagnostic.summary,
            detail: detail.isEmpty ? nil : detail,
            hint: diagnostic.hint,
            kind: diagnostic.kind,
            step: diagnostic.step,
            cause: diagnostic.causes.first
        )
    }
}

extension BracketOutcome {
    /// What the script's function failed of; nil if it did not, or raised something without a message.
    var failure: Diagnostic? {
        guard !succeeded, let message else { return nil }
        let detail = [
            detail.map { VisibleText.filtered($0, keepingLines: true) }, place.map { "At \($0)." },
        ].compactMap { $0 }.joined(separator: "\n")
        return Diagnostic(
            code.flatMap { ErrorValue.isCode($0) ? $0 : nil } ?? "script_failed",
            VisibleText.filtered(message, keepingLines: true),
            detail: detail.isEmpty ? nil : detail,
            hint: hint.map { VisibleText.filtered($0, keepingLines: true) }
        )
    }
}
