/// Credentials of a role, assumed with a token that an identity provider keeps in a file (EKS, CI).
final class WebIdentityCredentials: CredentialProvider {
    private let role: RoleRequest
    private let tokenFile: String
    private let source: String
    private let sources: CredentialSources

    init(_ role: RoleRequest, tokenFile: String, source: String, _ sources: CredentialSources) {
        self.role = role
        self.tokenFile = tokenFile
        self.source = source
        self.sources = sources
    }

    /// From `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME`; nil if unset.
    static func fromEnvironment(_ sources: CredentialSources) -> WebIdentityCredentials? {
        let variables = sources.environment.filter { !$0.value.isEmpty }
        guard let file = variables["AWS_WEB_IDENTITY_TOKEN_FILE"],
            let role = variables["AWS_ROLE_ARN"]
        else { return nil }
        return WebIdentityCredentials(
            RoleRequest(
                arn: role,
                sessionName: variables["AWS_ROLE_SESSION_NAME"] ?? RoleSettings.sessionName
            ),
            tokenFile: SharedConfig.expand(file, sources.home),
            source: "the environment",
            sources
        )
    }

    /// Reads the token anew each time, since its provider replaces it.
    func credentials() throws -> AWSCredentials? {
        guard let bytes = try sources.files.read(tokenFile) else {
            throw Diagnostic(
                "web_identity_token_missing",
                "The web identity token of \(source) is not there.",
                detail: "There is no file \(VisibleText.quoted(tokenFile)).",
                kind: .refused
            )
        }
        let isSpace: (UInt8) -> Bool = { $0 <= 0x20 }
        let start = bytes.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }.map { start[...$0] } ?? []
        let sts = STSClient(try sources.client(.sts, credentials: nil))
        return try sts.assumeRole(
            role,
            webIdentity: Secret(String(decoding: end, as: UTF8.self)),
            source: "role \(role.arn) of \(source)"
        )
    }
}
