/// The diagnostics that name a field of a state.
enum StateProblem {
    static func field(_ name: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "state_invalid",
            "The field \(VisibleText.filtered(name)) of the state \(what).",
            kind: .refused
        )
    }

    /// The same for an identifier whose grammar was broken.
    static func field(_ name: String, _ cause: any Error) -> Diagnostic {
        guard let cause = cause as? Diagnostic else { return field(name, "is not valid") }
        return Diagnostic(
            "state_invalid",
            "The field \(VisibleText.filtered(name)) of the state is not valid: \(cause.summary)",
            detail: cause.detail,
            kind: .refused,
            cause: cause
        )
    }
}
