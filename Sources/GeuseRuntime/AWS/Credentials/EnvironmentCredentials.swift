/// Credentials from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
public final class EnvironmentCredentials: CredentialProvider {
    private let environment: [String: String]

    /// Looks in these variables.
    public init(_ environment: [String: String]) { self.environment = environment }

    /// The credentials; nil without an access key id.
    public func credentials() throws -> AWSCredentials? {
        func variable(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let id = variable("AWS_ACCESS_KEY_ID") else { return nil }
        guard let secret = variable("AWS_SECRET_ACCESS_KEY") else {
            throw Diagnostic(
                "credentials_incomplete",
                "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.",
                hint: "Set both or neither.",
                kind: .refused
            )
        }
        let token = variable("AWS_SESSION_TOKEN") ?? variable("AWS_SECURITY_TOKEN")
        // Nobody renews an environment while the program runs.
        let told = variable("AWS_CREDENTIAL_EXPIRATION")
        let end = told.flatMap { Timestamp($0) }
        var found = AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: token.map { Secret($0) },
            expiration: end,
            finalEnd: end,
            login: token == nil && told == nil
                ? nil : "eval \"$(aws configure export-credentials --profile NAME --format env)\"",
            source: "the environment"
        )
        // A time that cannot be read is one all the same.
        if told != nil, end == nil { found.isEndUnknown = true }
        return found
    }
}
