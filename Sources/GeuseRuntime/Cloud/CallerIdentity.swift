/// Who a set of credentials belongs to.
public struct CallerIdentity: Sendable, Equatable {
    /// The twelve digits of the account.
    public let account: String
    /// The principal's ARN.
    public let arn: String

    /// Makes the value.
    public init(account: String, arn: String) {
        self.account = account
        self.arn = arn
    }
}
