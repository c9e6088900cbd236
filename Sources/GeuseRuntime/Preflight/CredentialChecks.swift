/// Whether the credentials last for a run and the undo of it.
public enum CredentialChecks {
    /// Seconds that must be left when the undo has used up its time.
    static let reserve = 900.0

    /// Looks whether a run can come to an end, an undo included.
    ///
    /// - Parameters:
    ///   - credentials: those in use; that they are renewed by themselves is counted on.
    ///   - now: the time.
    ///   - plan: seconds that the plan is expected to take.
    ///   - rollback: seconds that an undo may take.
    /// - Returns: the check `credentials`.
    public static func check(
        _ credentials: AWSCredentials,
        now: Timestamp,
        plan: Double,
        rollback: Double
    ) -> PreflightCheck {
        let name = "credentials"
        guard !credentials.isEndUnknown else {
            return .unknown(
                name,
                "The credentials from \(credentials.source) end, and nothing tells when; the update and "
                    + "its undo may need \(minutes(plan + rollback + reserve)) minutes.",
                hint: credentials.login
                    ?? "Log in again, or take credentials that are renewed or name their end."
            )
        }
        guard let end = credentials.finalEnd else {
            return .ok(name, "Those from \(credentials.source) are renewed, or do not end.")
        }
        let needed = plan + rollback + reserve
        let left = end.seconds - now.seconds
        guard left < needed else { return .ok(name, "They last until \(end.text).") }
        return .refused(
            name,
            code: "credentials_end_too_soon",
            "The credentials from \(credentials.source) end in \(minutes(max(0, left))) minutes; the "
                + "update and its undo may need \(minutes(needed)).",
            detail: "They end at \(end.text).",
            hint: credentials.login ?? "Log in again or renew them."
        )
    }

    private static func minutes(_ seconds: Double) -> Int {
        Int(saturating: (seconds / 60).rounded(.up))
    }
}
