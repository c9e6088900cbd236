/// Credentials of a profile of the shared configuration, whatever kind it is.
final class ProfileCredentials: CredentialProvider {
    private let name: String
    private let sources: CredentialSources
    /// The profiles whose `source_profile` led here; meeting one again is a circle.
    private let visited: Set<String>
    private var inner: (any CredentialProvider)?

    init(_ name: String, _ sources: CredentialSources, visited: Set<String> = []) {
        self.name = name
        self.sources = sources
        self.visited = visited.union([name])
    }

    func credentials() throws -> AWSCredentials? {
        guard let section = sources.config.profiles[name] else {
            if visited.count > 1 { throw ProfileName.unknown(name) }
            return nil
        }
        if inner == nil { inner = try provider(section) }
        return try inner?.credentials()
    }

    /// The kinds in botocore's order: role, SSO, static keys, process.
    private func provider(_ section: SharedConfig.Section) throws -> (any CredentialProvider)? {
        let isSource = visited.count > 1
        if let role = section["role_arn"], !(isSource && section["aws_access_key_id"] != nil) {
            return try roleProvider(RoleSettings(arn: role, section), section)
        }
        if SSOSettings.isConfigured(section) {
            return SSOCredentials(try SSOSettings(section, profile: name, sources.config), sources)
        }
        if section["aws_access_key_id"] != nil { return StaticCredentials(section, profile: name) }
        if let command = section["credential_process"] {
            return ProcessCredentials(command, profile: name, sources)
        }
        guard section["login_session"] == nil else {
            throw Diagnostic(
                "login_session_unsupported",
                "The AWS profile \(VisibleText.quoted(name)) has the credentials of `aws login` "
                    + "(login_session), which are not read here.",
                hint:
                    "Have the AWS CLI hand them over: in a profile of its own set credential_process "
                    + "= aws configure export-credentials --profile \(VisibleText.filtered(name)) "
                    + "--format process",
                kind: .refused
            )
        }
        return nil
    }

    private func roleProvider(
        _ settings: RoleSettings,
        _ section: SharedConfig.Section
    ) throws -> any CredentialProvider {
        if let file = section["web_identity_token_file"] {
            return WebIdentityCredentials(
                settings.role,
                tokenFile: SharedConfig.expand(file, sources.home),
                source: "profile \(name)",
                sources
            )
        }
        guard section["mfa_serial"] == nil else {
            throw problem(
                "It needs a code of an MFA device, which is not asked for.",
                hint: "eval \"$(aws configure export-credentials --profile \(name) --format env)\""
            )
        }
        let base: any CredentialProvider
        switch (section["source_profile"], section["credential_source"]) {
        case (let profile?, nil) where profile == name:
            base = StaticCredentials(section, profile: name)
        case (let profile?, nil):
            guard !visited.contains(profile) else {
                throw problem("Its chain of source_profile goes in a circle.")
            }
            base = ProfileCredentials(profile, sources, visited: visited)
        case (nil, "Environment"): base = EnvironmentCredentials(sources.environment)
        case (nil, "Ec2InstanceMetadata"): base = sources.instanceMetadata()
        case (nil, "EcsContainer"): base = sources.container()
        case (nil, _?): throw problem("Its credential_source is not one of the known ones.")
        case (_?, _?): throw problem("It has both source_profile and credential_source.")
        case (nil, nil): throw problem("It has neither source_profile nor credential_source.")
        }
        return AssumeRoleCredentials(settings.role, base, profile: name, sources)
    }

    private func problem(_ detail: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(
            "profile_invalid",
            "No role can be assumed with the AWS profile \(VisibleText.quoted(name)).",
            detail: detail,
            hint: hint,
            kind: .refused
        )
    }
}
