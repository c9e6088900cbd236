/// Credentials as JSON, in the form that the metadata services and credential processes share.
enum CredentialDocument {
    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: the JSON text; no error quotes from it.
    ///   - source: where it came from.
    ///   - tokenName: `Token` for the metadata services, `SessionToken` for processes.
    /// - Returns: the credentials.
    /// - Throws: `Diagnostic` with code `credentials_invalid`.
    static func parse(
        _ bytes: [UInt8],
        source: String,
        tokenName: String
    ) throws -> AWSCredentials {
        guard let value = try? JSONParser.parse(bytes),
            let id = value["AccessKeyId"]?.stringValue, !id.isEmpty,
            let secret = value["SecretAccessKey"]?.stringValue, !secret.isEmpty
        else { throw invalid(source, "It has no access key, or is not JSON.") }
        var expiration: Timestamp?
        if let text = value["Expiration"]?.stringValue {
            expiration = Timestamp(text)
            guard expiration != nil else { throw invalid(source, "Its Expiration is not a time.") }
        }
        return AWSCredentials(
            accessKeyID: id,
            secretAccessKey: Secret(secret),
            sessionToken: value[tokenName]?.stringValue.map { Secret($0) },
            expiration: expiration,
            source: source
        )
    }

    /// The error for an answer that is not what it should be.
    static func invalid(_ source: String, _ why: String) -> Diagnostic {
        Diagnostic(
            "credentials_invalid",
            "The answer of \(source) is not a set of credentials.",
            detail: why,
            kind: .refused
        )
    }
}
