/// AWS Signature Version 4, pure: the same request, credentials and time give the same signature.
///
/// Source: "Create a signed AWS API request" (IAM User Guide). Where that leaves room, it does as
/// botocore's `SigV4Auth` and `S3SigV4Auth`, which a test compares it with.
public struct SigV4: Sendable {
    /// How the path and the body's digest enter the signature.
    public enum Style: Sendable {
        /// The path is normalised and encoded a second time.
        case standard
        /// Amazon S3: the path as it is, and `X-Amz-Content-SHA256` is sent.
        case s3
    }

    private let credentials: AWSCredentials
    private let region: String
    private let service: String
    private let style: Style

    /// A signer for one service in one region.
    ///
    /// - Parameters:
    ///   - credentials: who signs.
    ///   - region: the region of the credential scope.
    ///   - service: the signing name, such as `ec2`.
    ///   - style: `standard` but for S3.
    public init(
        _ credentials: AWSCredentials,
        region: String,
        service: String,
        style: Style = .standard
    ) {
        self.credentials = credentials
        self.region = region
        self.service = service
        self.style = style
    }

    /// The request with the headers that sign it.
    ///
    /// - Parameters:
    ///   - request: the request; headers of an earlier signature are replaced.
    ///   - time: the moment it is signed for.
    /// - Returns: the request to send.
    public func sign(_ request: HTTPRequest, at time: Timestamp) -> HTTPRequest {
        var signed = request
        signed.headers.removeAll { $0.name.lowercased() == "authorization" }
        signed.setHeader("X-Amz-Date", time.basic)
        if let token = credentials.sessionToken {
            signed.setHeader("X-Amz-Security-Token", token.reveal())
        }
        let digest: String
        if style == .standard, let given = signed.header("X-Amz-Content-SHA256") {
            digest = given
        } else {
            digest = Digest.sha256Hex(signed.body)
        }
        if style == .s3 { signed.setHeader("X-Amz-Content-SHA256", digest) }
        let canonical = CanonicalRequest(signed, style: style, bodyDigest: digest)
        let scope = "\(time.basic.prefix(8))/\(region)/\(service)/aws4_request"
        let toSign = [
            "AWS4-HMAC-SHA256", time.basic, scope, Digest.sha256Hex(Array(canonical.text.utf8)),
        ].joined(separator: "\n")
        let signature = Digest.hex(Digest.hmac(key(day: String(time.basic.prefix(8))), toSign))
        signed.headers.append(
            HTTPHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
                    + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
            )
        )
        return signed
    }

    private func key(day: String) -> [UInt8] {
        let secret = Array("AWS4\(credentials.secretAccessKey.reveal())".utf8)
        return [day, region, service, "aws4_request"].reduce(secret) { Digest.hmac($0, $1) }
    }
}
