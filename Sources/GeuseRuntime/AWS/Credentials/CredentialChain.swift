/// Asks its providers in order and keeps the first answer until it is about to end.
public final class CredentialChain {
    /// Credentials that end within this many seconds are fetched anew (botocore does so 15 minutes
    /// ahead, and must from 10 minutes on; roles may be assumed for as little as 15).
    private static let margin = 300.0

    private let providers: [any CredentialProvider]
    private let clock: any Clock
    private var kept: AWSCredentials?

    /// A chain that has asked nobody yet.
    ///
    /// - Parameters:
    ///   - providers: the places, first the one that wins.
    ///   - clock: tells when kept credentials have to be fetched anew.
    public init(_ providers: [any CredentialProvider], clock: any Clock) {
        self.providers = providers
        self.clock = clock
    }

    /// Credentials that hold for a while.
    public func current() throws -> AWSCredentials {
        if let kept, isFresh(kept) { return kept }
        for provider in providers {
            guard let found = try provider.credentials() else { continue }
            if let end = found.expiration, end <= clock.now() {
                throw Diagnostic(
                    "credentials_expired",
                    "The credentials from \(found.source) have expired.",
                    detail: "They ended at \(end.text).",
                    hint: "Log in again or renew them.",
                    kind: .refused
                )
            }
            kept = found
            return found
        }
        throw Diagnostic(
            "no_credentials",
            "No AWS credentials were found.",
            detail:
                "Looked in the environment, the shared configuration files, the container's and "
                + "the instance's metadata service.",
            hint: "Run `aws configure` or set AWS_PROFILE.",
            kind: .refused
        )
    }

    /// Takes credentials that another chain has found.
    func keep(_ credentials: AWSCredentials) { kept = credentials }

    /// Drops what is kept, so that the next call asks the providers again.
    public func forget() { kept = nil }

    private func isFresh(_ credentials: AWSCredentials) -> Bool {
        guard let end = credentials.expiration else { return true }
        return end.seconds - clock.now().seconds > Self.margin
    }
}
