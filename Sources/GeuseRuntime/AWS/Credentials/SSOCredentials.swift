/// Credentials from IAM Identity Center, with the token that `aws sso login` has put in the cache.
///
/// The token is not renewed here: that writes to a cache which belongs to the AWS CLI.
final class SSOCredentials: CredentialProvider {
    private let settings: SSOSettings
    private let sources: CredentialSources

    init(_ settings: SSOSettings, _ sources: CredentialSources) {
        self.settings = settings
        self.sources = sources
    }

    func credentials() throws -> AWSCredentials? {
        let (token, tokenEnd) = try token()
        let client = try sources.client(.sso, region: settings.region, credentials: nil)
        var call = ServiceCall.get(
            "GetRoleCredentials",
            path: "/federation/credentials",
            [("role_name", settings.role), ("account_id", settings.account)]
        )
        call.headers.append(HTTPHeader("x-amz-sso_bearer_token", token.reveal()))
        let reply: JSONValue
        do {
            reply = try JSONParser.parse(try client.call(call).body)
        } catch let error as Diagnostic where error.code == "UnauthorizedException" {
            throw loginNeeded("The service no longer takes the token.", error)
        }
        guard let found = reply["roleCredentials"], let id = found["accessKeyId"]?.stringValue,
            let secret = found["secretAccessKey"]?.stringValue,
            let session = found["sessionToken"]?.stringValue,
            let milliseconds = found["expiration"]?.intValue,
            // Beyond that it is no time; what it comes to in microseconds has to fit.
            (0...1_000_000_000_000_000).contains(milliseconds)
        else { throw CredentialDocument.invalid("the SSO portal", "A member is missing.") }
        let end = Timestamp(microseconds: Int64(milliseconds) * 1000)
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: Secret(session),
            expiration: end,
            // New ones can be had as long as the token holds; the last of them outlive it.
            finalEnd: max(end, tokenEnd),
            login: login,
            source: "SSO profile \(VisibleText.filtered(settings.profile))"
        )
    }

    /// The cached token (`~/.aws/sso/cache`, named by SHA-1 as the AWS CLI does).
    private func token() throws -> (Secret, end: Timestamp) {
        let name = Digest.sha1Hex(settings.cacheKey)
        let path = "\(sources.home)/.aws/sso/cache/\(name).json"
        guard let bytes = try sources.files.read(path), let value = try? JSONParser.parse(bytes),
            let token = value["accessToken"]?.stringValue,
            let text = value["expiresAt"]?.stringValue,
            // Older versions of the AWS CLI wrote UTC for Z.
            let end = Timestamp(text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text)
        else { throw loginNeeded("There is no token in the cache.", nil) }
        guard end > sources.context.clock.now() else {
            throw loginNeeded("The token ended at \(end.text).", nil)
        }
        return (Secret(token), end)
    }

    private var login: String {
        "aws sso login --profile \(VisibleText.filtered(settings.profile))"
    }

    private func loginNeeded(_ detail: String, _ cause: Diagnostic?) -> Diagnostic {
        Diagnostic(
            "sso_login_needed",
            "The SSO login of the AWS profile \(VisibleText.quoted(settings.profile)) has ended.",
            detail: detail,
            hint: login,
            kind: .refused,
            cause: cause
        )
    }
}
