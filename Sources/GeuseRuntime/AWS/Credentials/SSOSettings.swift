/// The IAM Identity Center settings of a profile: with an `sso-session`, or all in the profile.
struct SSOSettings: Equatable {
    let profile: String
    let account: String
    let role: String
    let region: Region
    /// What the name of the token's file is made of: the session's name, or the start URL.
    let cacheKey: String

    /// Whether a profile means SSO.
    static func isConfigured(_ section: SharedConfig.Section) -> Bool {
        section["sso_account_id"] != nil || section["sso_role_name"] != nil
            || (section["sso_start_url"] != nil && section["aws_access_key_id"] == nil)
    }

    init(_ section: SharedConfig.Section, profile: String, _ config: SharedConfig) throws {
        func missing(_ name: String) -> Diagnostic {
            Diagnostic(
                "profile_invalid",
                "The SSO settings of the AWS profile \(VisibleText.quoted(profile)) are incomplete.",
                detail: "\(name) is missing.",
                hint: "Run: aws configure sso --profile \(VisibleText.filtered(profile))",
                kind: .refused
            )
        }
        guard let account = section["sso_account_id"] else { throw missing("sso_account_id") }
        guard let role = section["sso_role_name"] else { throw missing("sso_role_name") }
        var holder = section
        if let session = section["sso_session"] {
            guard let found = config.ssoSessions[session] else {
                throw missing("The section [sso-session \(VisibleText.filtered(session))]")
            }
            holder = found
            cacheKey = session
        } else {
            guard let url = section["sso_start_url"] else { throw missing("sso_start_url") }
            cacheKey = url
        }
        guard let region = holder["sso_region"] else { throw missing("sso_region") }
        self.profile = profile
        self.account = account
        self.role = role
        self.region = try Region(region)
    }
}
