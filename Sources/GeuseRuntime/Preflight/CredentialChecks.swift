/// Whether the credentials last for a run and the undo of it.
public enum CredentialChecks {
    /// Seconds that must be left when the undo has used up its time.
    static let reserve = 900.0

    /// Refuses to begin what the credentials would not let come to an end.
    ///
    /// - Parameters:
    ///   - credentials: those in use; that they are renewed by themselves is counted on.
    ///   - now: the time.
    ///   - plan: seconds that the plan is expected to take.
    ///   - rollback: seconds that an undo may take.
    /// - Throws: `Diagnostic` of kind refused, `credentials_end_too_soon`.
    public static func check(
        _ credentials: AWSCredentials,
        now: Timestamp,
        plan: Double,
        rollback: Double
    ) throws {
        guard let end = credentials.finalEnd else { return }
        let needed = plan + rollback + reserve
        let left = end.seconds - now.seconds
        guard left < needed else { return }
        throw Diagnostic(
            "credentials_end_too_soon",
            "The credentials from \(credentials.source) end in \(minutes(max(0, left))) minutes; the "
                + "update and its undo may need \(minutes(needed)).",
            detail: "They end at \(end.text). Nothing was touched.",
            hint: credentials.login ?? "Log in again or renew them.",
            kind: .refused
        )
    }

    private static func minutes(_ seconds: Double) -> Int { Int((seconds / 60).rounded(.up)) }
}
