import Testing

@testable import GeuseRuntime

@Suite("Credentials have to last for the run and its undo")
struct CredentialChecksTests {
    private func check(left: Double?, login: String? = nil) -> Diagnostic? {
        let now = Timestamp(microseconds: 1_795_430_400_000_000)
        let credentials = AWSCredentials(
            accessKeyID: "A",
            secretAccessKey: Secret("s"),
            finalEnd: left.map { now.adding(seconds: $0) },
            login: login,
            source: "SSO profile dev"
        )
        // 2 minutes of work, 15 of undoing, 15 in reserve.
        return CredentialChecks.check(credentials, now: now, plan: 120, rollback: 900).refusal
    }

    @Test("the plan, the undo and a quarter of an hour have to fit")
    func margin() {
        #expect(check(left: 1920) == nil)
        let error = check(left: 1919)
        #expect(error?.code == "credentials_end_too_soon")
        #expect(error?.kind == .refused)
    }

    @Test("the refusal says how long is left, how long is needed, and how to log in")
    func wording() {
        let error = check(left: 600, login: "aws sso login --profile dev")
        #expect(error?.summary.contains("in 10 minutes") == true)
        #expect(error?.summary.contains("may need 32") == true)
        #expect(error?.hint == "aws sso login --profile dev")
        #expect(check(left: -60)?.summary.contains("in 0 minutes") == true)
    }

    @Test("a session whose end nobody tells is unknown, and does not refuse")
    func untold() {
        let credentials = AWSCredentials(
            accessKeyID: "A",
            secretAccessKey: Secret("s"),
            sessionToken: Secret("t"),
            source: "the environment"
        )
        let check = CredentialChecks.check(
            credentials,
            now: Timestamp(microseconds: 0),
            plan: 120,
            rollback: 900
        )
        #expect(check.outcome == .unknown && check.refusal == nil)
        #expect(check.evidence.contains("may need 32 minutes"))
        #expect(check.hint != nil)
    }

    @Test("credentials that renew themselves are taken")
    func renewed() { #expect(check(left: nil) == nil) }
}
