import CCurl

/// HTTP over libcurl, one connection cache for the life of the client.
///
/// TLS is always verified. libcurl is loaded at the first request. Not for use by two threads.
public final class CurlHTTPClient: HTTPClient {
    /// Longest time for which a cancellation can go unseen, in milliseconds.
    private static let stepMilliseconds: Int32 = 50

    private let proxies: ProxySettings
    private let caBundle: String?
    private let maximumResponse: Int
    private let cancellation: Cancellation
    private var session: OpaquePointer?

    /// Makes a client; nothing is loaded or opened yet.
    ///
    /// - Parameters:
    ///   - environment: where the proxy variables and `AWS_CA_BUNDLE` are looked up.
    ///   - caBundle: a file of CA certificates from another setting; `AWS_CA_BUNDLE` wins over it.
    ///   - maximumResponse: the largest body in bytes that is read.
    ///   - cancellation: ends a request that is under way.
    public init(
        environment: [String: String],
        caBundle: String? = nil,
        maximumResponse: Int = 32 * 1024 * 1024,
        cancellation: Cancellation
    ) {
        proxies = ProxySettings(environment: environment)
        self.caBundle = environment["AWS_CA_BUNDLE"].flatMap { $0.isEmpty ? nil : $0 } ?? caBundle
        self.maximumResponse = maximumResponse
        self.cancellation = cancellation
    }

    deinit {
        if let session { geuse_curl_close(session) }
    }

    private func opened() throws -> OpaquePointer {
        if let session { return session }
        var reason = [CChar](repeating: 0, count: 256)
        guard let opened = geuse_curl_open(&reason, reason.count) else {
            let words = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Diagnostic(
                HTTPFailure.unavailable,
                "libcurl, which requests are sent with, can't be loaded.",
                detail: VisibleText.filtered(String(decoding: words, as: UTF8.self)),
                hint: "Install libcurl 4, on Debian and Ubuntu: apt-get install libcurl4"
            )
        }
        session = opened
        return opened
    }

    /// Sends a request and waits for the whole response.
    public func send(_ request: HTTPRequest) throws -> HTTPResponse {
        try cancellation.check()
        let lines = try CurlHeaders.lines(of: request)
        let session = try opened()
        let strings = CStrings(
            [
                request.method, request.url.description,
                request.usesProxy ? proxies.proxy(for: request.url.scheme) : "",
                request.usesProxy ? proxies.exceptions : "*", caBundle ?? "",
            ],
            list: lines
        )
        return try request.body.withUnsafeBufferPointer { body in
            try strings.list.withUnsafeBufferPointer { headers in
                var raw = geuse_curl_request(
                    method: strings[0],
                    url: strings[1],
                    headers: headers.baseAddress,
                    body: body.baseAddress,
                    body_length: body.count,
                    connect_timeout_ms: Int(request.connectTimeout * 1000),
                    total_timeout_ms: Int(request.totalTimeout * 1000),
                    ca_bundle: caBundle == nil ? nil : strings[4],
                    proxy: strings[2],
                    no_proxy: strings[3],
                    maximum_response: maximumResponse,
                    replayable: request.isReplayable ? 1 : 0
                )
                return try withExtendedLifetime(strings) {
                    try withUnsafePointer(to: &raw) { try transfer(session, $0, request) }
                }
            }
        }
    }

    private func transfer(
        _ session: OpaquePointer,
        _ raw: UnsafePointer<geuse_curl_request>,
        _ request: HTTPRequest
    ) throws -> HTTPResponse {
        let code = geuse_curl_begin(session, raw)
        guard code == CURLE_OK else {
            throw CurlFailure(session, code, geuse_curl_finish(session)).diagnostic(request)
        }
        while geuse_curl_step(session, Self.stepMilliseconds) == 1 {
            guard cancellation.requests > 0 else { continue }
            _ = geuse_curl_finish(session)
            try cancellation.check()
        }
        let result = geuse_curl_finish(session)
        guard result.code == CURLE_OK else {
            throw CurlFailure(session, result.code, result).diagnostic(request)
        }
        return HTTPResponse(
            status: result.status,
            headers: CurlHeaders.parse(
                UnsafeRawBufferPointer(start: result.headers, count: result.headers_length)
            ),
            body: Array(UnsafeBufferPointer(start: result.body, count: result.body_length))
        )
    }
}
