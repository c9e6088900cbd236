import GeuseRuntime

extension Diagnostic {
    /// The longest text of an error that a script gets, in bytes.
    private static let longest = 64 << 10

    /// The same error with no text that is longer than anybody reads.
    var withinReason: Diagnostic {
        let texts = [summary, detail, hint, step]
        guard texts.contains(where: { ($0?.utf8.count ?? 0) > Self.longest }) else { return self }
        return Diagnostic(
            code,
            Self.cut(summary),
            detail: detail.map(Self.cut),
            hint: hint.map(Self.cut),
            kind: kind,
            step: step.map(Self.cut),
            cause: causes.first
        )
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        return String(decoding: text.utf8.prefix(longest), as: UTF8.self) + "…"
    }
}
