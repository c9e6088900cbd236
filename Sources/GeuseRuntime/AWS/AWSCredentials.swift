/// One set of AWS credentials.
public struct AWSCredentials: Sendable, Equatable {
    /// The access key id.
    public var accessKeyID: String
    /// The secret access key.
    public var secretAccessKey: Secret
    /// The session token of temporary credentials.
    public var sessionToken: Secret?
    /// When they end; nil for credentials that do not, and where it is not known.
    public var expiration: Timestamp?
    /// When the last credentials of this source end, unless a person logs in again; nil for a source
    /// that gives new ones by itself, and where it is not known.
    public var finalEnd: Timestamp?
    /// Whether they, or those that they are renewed with, end at a time that is not known: credentials
    /// with a session token always end.
    public var isEndUnknown: Bool
    /// The command with which a person logs in again.
    public var login: String?
    /// Where they came from, for messages.
    public var source: String

    /// Makes the value.
    public init(
        accessKeyID: String,
        secretAccessKey: Secret,
        sessionToken: Secret? = nil,
        expiration: Timestamp? = nil,
        finalEnd: Timestamp? = nil,
        login: String? = nil,
        source: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.finalEnd = finalEnd
        isEndUnknown = sessionToken != nil && expiration == nil && finalEnd == nil
        self.login = login
        self.source = source
    }
}
