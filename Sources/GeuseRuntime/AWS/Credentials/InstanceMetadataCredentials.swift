/// Credentials of an EC2 instance's role, over IMDSv2 only.
final class InstanceMetadataCredentials: CredentialProvider {
    /// Off EC2 nobody answers, and behind a hop limit of 1 the answer is lost: 1 s is all it gets.
    private static let limit = 1.0

    private let sources: CredentialSources

    init(_ sources: CredentialSources) { self.sources = sources }

    func credentials() throws -> AWSCredentials? {
        let environment = sources.environment
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
        let usesIPv6 =
            environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
        let given = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"].flatMap {
            $0.isEmpty ? nil : $0
        }
        let base = try HTTPURL(
            given ?? (usesIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254")
        )
        guard let token = try token(base) else { return nil }
        let path = "/latest/meta-data/iam/security-credentials/"
        guard let names = try get(base, path, token) else { return nil }
        let role = names.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !role.isEmpty else { return nil }
        let name = PercentEncoding.encode(String(decoding: role, as: UTF8.self))
        guard let document = try get(base, path + name, token) else { return nil }
        return try CredentialDocument.parse(
            document,
            source: "the instance's role",
            tokenName: "Token"
        )
    }

    /// A session token; nil where there is no metadata service, or it is switched off.
    private func token(_ base: HTTPURL) throws -> Secret? {
        var request = request("PUT", base, "/latest/api/token")
        request.headers = [HTTPHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")]
        do {
            let response = try sources.context.http.send(request)
            guard response.status == 200 else { return nil }
            return Secret(String(decoding: response.body, as: UTF8.self))
        } catch let error as Diagnostic where error.code == HTTPFailure.timeout {
            throw Diagnostic(
                "imds_timeout",
                "The instance metadata service took a request but did not answer.",
                detail: "In a container the answer is lost when the instance's hop limit is 1.",
                hint: "aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2 "
                    + "--instance-id ID, or set AWS_EC2_METADATA_DISABLED=true",
                kind: .refused,
                cause: error
            )
        } catch let error as Diagnostic where error.code.hasPrefix("http_") {
            return nil
        }
    }

    /// The body of a document; nil where there is none.
    private func get(_ base: HTTPURL, _ path: String, _ token: Secret) throws -> [UInt8]? {
        var request = request("GET", base, path)
        request.headers = [HTTPHeader("X-aws-ec2-metadata-token", token.reveal())]
        let response = try sources.context.http.send(request)
        if response.status == 404 { return nil }
        guard response.isSuccess else {
            throw Diagnostic(
                "imds_failed",
                "The instance metadata service refused.",
                detail: "HTTP \(response.status) for \(path)",
                kind: .refused
            )
        }
        return response.body
    }

    private func request(_ method: String, _ base: HTTPURL, _ path: String) -> HTTPRequest {
        var url = base
        url.path = (base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path) + path
        var request = HTTPRequest(method, url)
        request.connectTimeout = Self.limit
        request.totalTimeout = Self.limit
        request.usesProxy = false
        return request
    }
}
