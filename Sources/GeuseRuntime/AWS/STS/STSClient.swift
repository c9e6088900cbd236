/// The calls of STS that are needed (Query protocol, version 2011-06-15).
final class STSClient {
    private static let version = "2011-06-15"

    private let client: ServiceClient

    /// Calls through a client of STS, which goes unsigned for web identities.
    init(_ client: ServiceClient) { self.client = client }

    /// GetCallerIdentity.
    func callerIdentity() throws -> CallerIdentity {
        let result = try result("GetCallerIdentity", [])
        guard let account = result.string("Account"), let arn = result.string("Arn") else {
            throw Self.incomplete("an identity")
        }
        return CallerIdentity(account: account, arn: arn)
    }

    /// AssumeRole.
    func assumeRole(_ role: RoleRequest, source: String) throws -> AWSCredentials {
        var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
        if let seconds = role.durationSeconds {
            parameters.append(("DurationSeconds", String(seconds)))
        }
        if let id = role.externalID { parameters.append(("ExternalId", id)) }
        return try credentials(try result("AssumeRole", parameters), source)
    }

    /// AssumeRoleWithWebIdentity.
    func assumeRole(
        _ role: RoleRequest,
        webIdentity token: Secret,
        source: String
    ) throws -> AWSCredentials {
        var parameters = [
            ("RoleArn", role.arn), ("RoleSessionName", role.sessionName),
            ("WebIdentityToken", token.reveal()),
        ]
        if let seconds = role.durationSeconds {
            parameters.append(("DurationSeconds", String(seconds)))
        }
        return try credentials(try result("AssumeRoleWithWebIdentity", parameters), source)
    }

    private func result(_ operation: String, _ parameters: [(String, String)]) throws -> XMLElement
    {
        let reply = try client.query(operation, version: Self.version, parameters)
        guard let result = reply["\(operation)Result"] else { throw Self.incomplete("a result") }
        return result
    }

    private func credentials(_ result: XMLElement, _ source: String) throws -> AWSCredentials {
        guard let id = result.string("Credentials", "AccessKeyId"),
            let secret = result.string("Credentials", "SecretAccessKey"),
            let token = result.string("Credentials", "SessionToken"),
            let end = result.string("Credentials", "Expiration").flatMap({ Timestamp($0) })
        else { throw Self.incomplete("credentials") }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: Secret(token),
            expiration: end,
            source: source
        )
    }

    private static func incomplete(_ what: String) -> Diagnostic {
        Diagnostic("invalid_reply", "STS answered without \(what).")
    }
}

/// The role to assume.
struct RoleRequest: Equatable {
    /// Its ARN.
    var arn: String
    /// The name the session gets in CloudTrail.
    var sessionName: String
    /// The external id that the role's owner demands.
    var externalID: String?
    /// How long the credentials are to hold.
    var durationSeconds: Int?
}
