extension Session {
    /// Leaves everything as it is (`--no-rollback`); the journal stays open, so that `recover` can
    /// still undo it.
    ///
    /// - Parameter cause: the failure that ended the run.
    /// - Returns: what is left.
    public func abandon(_ cause: Diagnostic) -> Compensation {
        guard hasChanged else {
            return endUnchanged(because: cause)
        }
        try? edges.record.mark(.failed)
        return .incomplete(
            Diagnostic(
                "left_as_is",
                "The run failed and was not undone, as asked.",
                detail: "Done so far: "
                    + (changes.isEmpty
                        ? "no change was completed." : changes.joined(separator: ", "))
                    + (reservation.map { "\nThe reserved room \($0.id) is held on and paid for." }
                        ?? ""),
                hint: target.command("recover \(target.name)"),
                kind: .needsAttention,
                cause: cause
            )
        )
    }
}
