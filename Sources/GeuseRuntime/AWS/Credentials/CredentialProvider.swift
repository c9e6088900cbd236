/// One place that credentials can come from.
public protocol CredentialProvider: AnyObject {
    /// The credentials; nil when this place is not configured, an error when it is but fails.
    func credentials() throws -> AWSCredentials?
}
