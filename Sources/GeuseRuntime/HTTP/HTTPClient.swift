/// Sends one request and gives its response, whatever the status.
///
/// `CurlHTTPClient` goes over the network. The code of a thrown `Diagnostic` tells whether the
/// request may have reached the server; see `HTTPFailure`.
public protocol HTTPClient: AnyObject {
    /// Sends a request; redirects are given back, not followed.
    func send(_ request: HTTPRequest) throws -> HTTPResponse
}

/// The codes under which a request fails without a response.
public enum HTTPFailure {
    /// libcurl can't be loaded or used.
    public static let unavailable = "http_unavailable"
    /// The request itself is malformed.
    public static let invalid = "http_invalid_request"
    /// The host's name was not found.
    public static let resolve = "http_resolve_failed"
    /// There was no connection in time, or it was refused.
    public static let connect = "http_connect_failed"
    /// TLS failed, so nothing was sent.
    public static let tls = "http_tls_failed"
    /// The connection stood, but no answer came in time.
    public static let timeout = "http_timeout"
    /// The connection broke before a whole answer came.
    public static let reset = "http_reset"
    /// The answer is larger than allowed.
    public static let tooLarge = "http_response_too_large"

    /// Whether the server may have got the request; codes of other origin count as yes.
    public static func mayHaveReachedServer(_ code: String) -> Bool {
        ![unavailable, invalid, resolve, connect, tls].contains(code)
    }

    /// Whether another try of a request that may be repeated has a chance.
    public static func isTransient(_ code: String) -> Bool {
        [resolve, connect, timeout, reset].contains(code)
    }
}
