/// Credentials of a role, assumed with credentials from elsewhere.
final class AssumeRoleCredentials: CredentialProvider {
    private let role: RoleRequest
    private let base: CredentialChain
    private let profile: String
    private let sources: CredentialSources

    init(
        _ role: RoleRequest,
        _ base: any CredentialProvider,
        profile: String,
        _ sources: CredentialSources
    ) {
        self.role = role
        self.base = CredentialChain([base], clock: sources.context.clock)
        self.profile = profile
        self.sources = sources
    }

    func credentials() throws -> AWSCredentials? {
        base.forget()
        let sts = STSClient(try sources.client(.sts, credentials: base))
        var found = try sts.assumeRole(role, source: "role \(role.arn) of profile \(profile)")
        // The role can be assumed anew as long as what it is assumed with holds.
        let source = try base.current()
        if let end = source.finalEnd, let own = found.expiration {
            found.finalEnd = max(end, own)
            found.login = source.login
        }
        if source.isEndUnknown {
            found.isEndUnknown = true
            found.login = source.login
        }
        return found
    }
}

/// What a profile says of the role to assume.
struct RoleSettings {
    let role: RoleRequest

    /// Reads `role_session_name`, `external_id` and `duration_seconds`.
    init(arn: String, _ section: SharedConfig.Section) {
        role = RoleRequest(
            arn: arn,
            sessionName: section["role_session_name"] ?? Self.sessionName,
            externalID: section["external_id"],
            durationSeconds: section["duration_seconds"].flatMap { Int($0) }
        )
    }

    /// The name in CloudTrail for those who chose none.
    static let sessionName = "geusemaker"
}
