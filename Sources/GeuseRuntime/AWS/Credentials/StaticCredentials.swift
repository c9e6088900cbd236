/// The keys that a profile holds itself.
final class StaticCredentials: CredentialProvider {
    private let section: SharedConfig.Section
    private let profile: String

    init(_ section: SharedConfig.Section, profile: String) {
        self.section = section
        self.profile = profile
    }

    func credentials() throws -> AWSCredentials? {
        guard let id = section["aws_access_key_id"] else { return nil }
        guard let secret = section["aws_secret_access_key"] else {
            throw Diagnostic(
                "credentials_incomplete",
                "The AWS profile \(VisibleText.quoted(profile)) has an access key id but no secret.",
                hint: "Run: aws configure --profile \(VisibleText.filtered(profile))",
                kind: .refused
            )
        }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: section["aws_session_token"].map { Secret($0) },
            source: "profile \(VisibleText.filtered(profile))"
        )
    }
}
