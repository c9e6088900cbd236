/// What an error code of a service means for the next step.
enum ErrorClass {
    /// Too many requests; the request was not carried out.
    case throttled
    /// The service failed; the request may have been carried out.
    case transient
    /// The signature's time or the signature is wrong: the clock may be off.
    case clock
    /// The credentials have ended.
    case expired
    /// Another try gives the same.
    case permanent

    /// Throttle codes: AWS SDKs and Tools Reference Guide ("Retry behavior") and the EC2 API reference.
    private static let throttles: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
        "RequestThrottled", "TooManyRequestsException", "RequestLimitExceeded",
        "BandwidthLimitExceeded", "LimitExceededException", "SlowDown", "PriorRequestNotComplete",
        "EC2ThrottledException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "http_status_429",
    ]

    private static let transients: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure",
        "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException", "Unavailable",
        "IDPCommunicationError",
    ]

    /// Codes that a wrong clock causes; EC2 says `AuthFailure` and `RequestExpired`.
    private static let clocks: Set<String> = [
        "SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed",
        "AuthFailure", "RequestExpired", "RequestInTheFuture", "InvalidSignature",
    ]

    private static let expirations: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "RequestExpired",
    ]

    /// Codes for credentials that no service takes (common errors of the AWS APIs).
    private static let credentials: Set<String> = [
        "IncompleteSignature", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException",
        "UnrecognizedClientException",
    ]

    /// Whether a failure says something of the call that met it alone, and nothing of other calls.
    ///
    /// That is what a service answered, unless it was about the credentials or the clock. What came
    /// from no service, such as a network that is down or credentials that are not there, meets all.
    static func concernsOneCall(_ error: Diagnostic) -> Bool {
        let code = error.code
        guard error.kind != .interrupted, !meetsEveryCall(code) else { return false }
        // The codes of services begin with a capital, those of this program do not.
        return code.first?.isUppercase == true || code.hasPrefix("http_status_")
            || ["invalid_reply", "invalid_xml", "invalid_json"].contains(code)
    }

    /// Whether a failure with this code is one of the credentials or of the clock.
    static func meetsEveryCall(_ code: String) -> Bool {
        clocks.contains(code) || expirations.contains(code) || credentials.contains(code)
    }

    /// Whether a failure with this code came from the way to a service and not from the service.
    static func isOfNetwork(_ code: String) -> Bool {
        HTTPFailure.isTransient(code) || code == HTTPFailure.tls
    }

    /// Whether a failure with this code, of the network or of a service, may pass by itself.
    static func isPassing(_ code: String) -> Bool {
        HTTPFailure.isTransient(code) || throttles.contains(code) || transients.contains(code)
            || code.hasPrefix("http_status_5")
    }

    /// Whether a failure with this code says that there were too many requests, so that this one was not
    /// carried out.
    static func isThrottle(_ code: String) -> Bool { throttles.contains(code) }

    /// The classes of an error; `RequestExpired` is in two.
    static func of(_ error: ServiceError) -> [ErrorClass] {
        var classes: [ErrorClass] = []
        if clocks.contains(error.code) { classes.append(.clock) }
        if expirations.contains(error.code) { classes.append(.expired) }
        if throttles.contains(error.code) || error.status == 429 {
            classes.append(.throttled)
        } else if transients.contains(error.code) || error.status >= 500 {
            classes.append(.transient)
        }
        return classes.isEmpty ? [.permanent] : classes
    }
}
