extension Diagnostic {
    /// The step that failed and why, in one line; a word for the step where there was none.
    func place(else word: String) -> String {
        "\(step ?? word): \(summary)" + (detail.map { " " + $0 } ?? "")
    }

    /// What to do about what stopped an undo or a recovery: what it asks for itself comes first, since the
    /// same command would only stop at the same place again.
    ///
    /// - Parameter command: the command that goes on.
    /// - Returns: the hint.
    func next(then command: String) -> String {
        guard let hint else { return command }
        // The host's own words do not know which stack, and in which state directory.
        let named = hint.replacing("`geusemaker recover`", with: "`\(command)`")
        guard named == hint, !hint.contains("geusemaker recover ") else { return named }
        return (hint.hasSuffix(".") ? String(hint.dropLast()) : hint) + "; then: " + command
    }
}

extension StackTarget {
    /// The way on where nothing may be undone.
    var lookThenAccept: String {
        "Look at what is there (\(command("describe \(name)"))); if that is what you want, put it on "
            + "record: " + command("recover \(name) --accept")
    }
}
