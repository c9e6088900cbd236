/// One thing that was looked at before the first change, and what came of it.
public struct PreflightCheck: Sendable, Equatable {
    /// What came of it.
    public enum Outcome: String, Sendable {
        /// As it has to be.
        case ok
        /// The user should know; it does not stop anything.
        case warning
        /// The change would fail or do harm; nothing is touched.
        case refused
        /// It could not be found out.
        case unknown
    }

    /// Stable name in snake_case, as in docs/PREFLIGHT.md.
    public let name: String
    /// What was looked at, such as a type or a service; nil where there is but one.
    public let subject: String?
    /// What came of it.
    public let outcome: Outcome
    /// What was seen.
    public let evidence: String
    /// What to do about it.
    public let hint: String?
    /// The refusal; its code is that of the error when this is the first refusal.
    public let refusal: Diagnostic?
    /// The name under which a person may overrule the refusal (`--allow`).
    public let allowName: String?

    /// It is as it has to be.
    public static func ok(_ name: String, of subject: String? = nil, _ evidence: String) -> Self {
        Self(name, subject, .ok, evidence)
    }

    /// The user should know.
    public static func warning(
        _ name: String,
        of subject: String? = nil,
        _ evidence: String,
        hint: String? = nil
    ) -> Self {
        Self(name, subject, .warning, evidence, hint: hint)
    }

    /// It could not be found out; `hint` says what it would take.
    public static func unknown(
        _ name: String,
        of subject: String? = nil,
        _ evidence: String,
        hint: String? = nil
    ) -> Self {
        Self(name, subject, .unknown, evidence, hint: hint)
    }

    /// The change must not be begun.
    ///
    /// - Parameters:
    ///   - name: the check.
    ///   - subject: what was looked at.
    ///   - code: the code of the error.
    ///   - summary: what is wrong, in one sentence.
    ///   - detail: the evidence beyond that.
    ///   - hint: what to do about it.
    ///   - allowing: the name under which a person may overrule it; nil for what nobody can.
    /// - Returns: the check.
    public static func refused(
        _ name: String,
        of subject: String? = nil,
        code: String,
        _ summary: String,
        detail: String? = nil,
        hint: String? = nil,
        allowing: String? = nil
    ) -> Self {
        refused(
            name,
            of: subject,
            Diagnostic(code, summary, detail: detail, hint: hint, kind: .refused),
            allowing: allowing
        )
    }

    /// The change must not be begun, for a reason that another guard has put into words.
    public static func refused(
        _ name: String,
        of subject: String? = nil,
        _ refusal: Diagnostic,
        allowing: String? = nil
    ) -> Self {
        Self(
            name,
            subject,
            .refused,
            refusal.summary,
            hint: refusal.hint,
            refusal: refusal,
            allowName: allowing
        )
    }

    private init(
        _ name: String,
        _ subject: String?,
        _ outcome: Outcome,
        _ evidence: String,
        hint: String? = nil,
        refusal: Diagnostic? = nil,
        allowName: String? = nil
    ) {
        self.name = name
        self.subject = subject
        self.outcome = outcome
        self.evidence = evidence
        self.hint = hint
        self.refusal = refusal
        self.allowName = allowName
    }

    /// The same check after a person overruled its refusal.
    func overruled() -> Self {
        Self(name, subject, .warning, evidence + " Allowed by --allow \(allowName ?? name).")
    }

    /// The check as data.
    public var json: JSONValue {
        [
            "name": .string(name), "subject": subject.map(JSONValue.string) ?? .null,
            "result": .string(outcome.rawValue), "evidence": .string(evidence),
            "hint": hint.map(JSONValue.string) ?? .null,
            "code": refusal.map { .string($0.code) } ?? .null,
            "allow": allowName.map(JSONValue.string) ?? .null,
        ]
    }
}
