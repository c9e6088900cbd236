/// What every call of one session shares.
public final class RequestContext {
    /// How requests are sent.
    let http: any HTTPClient
    /// The time.
    let clock: any Clock
    /// The end of all waiting.
    let cancellation: Cancellation
    /// The tries.
    let retry: RetryPolicy
    /// Seconds for one try of one call.
    let timeout: Double
    /// Seconds for one call with all its tries; nil for as long as those take.
    let patience: Double?
    /// Takes what the user should know though nothing failed.
    let warn: (Diagnostic) -> Void
    /// Seconds by which the servers' clock is ahead of this machine's, once that was found out.
    private(set) var clockSkew = 0.0

    /// Makes a context.
    ///
    /// - Parameters:
    ///   - http: how requests are sent.
    ///   - clock: the time.
    ///   - cancellation: ends requests and the waits between them.
    ///   - retry: the tries.
    ///   - timeout: seconds for one try of one call.
    ///   - patience: seconds for one call with all its tries; nil for as long as those take.
    ///   - warn: takes what the user should know though nothing failed.
    public init(
        http: any HTTPClient,
        clock: any Clock,
        cancellation: Cancellation,
        retry: RetryPolicy = RetryPolicy(),
        timeout: Double = 60,
        patience: Double? = nil,
        warn: @escaping (Diagnostic) -> Void = { _ in }
    ) {
        self.http = http
        self.clock = clock
        self.cancellation = cancellation
        self.retry = retry
        self.timeout = timeout
        self.patience = patience
        self.warn = warn
    }

    /// The same for calls that are tried once only, for so many seconds at most.
    func once(within seconds: Double) -> RequestContext {
        copy(retry: RetryPolicy(maximumAttempts: 1), timeout: min(seconds, timeout), patience: nil)
    }

    /// The same for calls that have so many seconds with all their tries.
    func patient(for seconds: Double) -> RequestContext {
        copy(retry: retry, timeout: timeout, patience: seconds)
    }

    private func copy(retry: RetryPolicy, timeout: Double, patience: Double?) -> RequestContext {
        let other = RequestContext(
            http: http,
            clock: clock,
            cancellation: cancellation,
            retry: retry,
            timeout: timeout,
            patience: patience,
            warn: warn
        )
        other.takeSkew(of: self)
        return other
    }

    /// The time to sign for: the servers' as far as it is known.
    var signingTime: Timestamp { clock.now().adding(seconds: clockSkew) }

    /// Goes by the servers' time that another context has found out.
    func takeSkew(of other: RequestContext) { clockSkew = other.clockSkew }

    /// Beyond this a signature is out of date (AWS allows five minutes).
    private static let tolerance = 240.0

    /// Takes the server's time from a `Date` header when it is far from the time that was signed for.
    ///
    /// - Parameter response: the refusal.
    /// - Returns: whether the time to sign for has changed.
    func adoptTime(of response: HTTPResponse) -> Bool {
        guard let server = response.header("date").flatMap(HTTPDate.parse) else { return false }
        let difference = server.seconds - signingTime.seconds
        guard difference.magnitude > Self.tolerance else { return false }
        clockSkew = server.seconds - clock.now().seconds
        let minutes = Int((clockSkew / 60).rounded())
        warn(
            Diagnostic(
                "clock_skew",
                "This machine's clock is \(abs(minutes)) minutes "
                    + "\(minutes > 0 ? "behind" : "ahead of") AWS.",
                detail: "Requests are signed with the server's time instead.",
                hint: "Set the clock, for example with: timedatectl set-ntp true"
            )
        )
        return true
    }
}
