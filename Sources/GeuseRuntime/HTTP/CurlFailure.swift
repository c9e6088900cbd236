import CCurl

/// Why a transfer failed, in the terms of `HTTPFailure`.
struct CurlFailure {
    private let code: CURLcode
    private let wasSent: Bool
    private let isTooLarge: Bool
    private let words: String

    init(_ session: OpaquePointer, _ code: CURLcode, _ result: geuse_curl_result) {
        self.code = code
        wasSent = result.sent != 0
        isTooLarge = result.too_large != 0
        words = geuse_curl_words(session, code).map { String(cString: $0) } ?? ""
    }

    /// The failure as a value; `libcurl.org/c/libcurl-errors.html` names the codes.
    func diagnostic(_ request: HTTPRequest) -> Diagnostic {
        let host = VisibleText.filtered(request.url.authority)
        let (code, summary, hint) = verdict(host)
        let fate =
            HTTPFailure.mayHaveReachedServer(code)
            ? "The request may have reached the server." : "Nothing was sent."
        return Diagnostic(
            code,
            summary,
            detail: "libcurl \(self.code.rawValue): \(VisibleText.filtered(words)). \(fate)",
            hint: hint
        )
    }

    private func verdict(_ host: String) -> (code: String, summary: String, hint: String?) {
        if isTooLarge {
            return (HTTPFailure.tooLarge, "The answer of \(host) is larger than allowed.", nil)
        }
        switch code {
        case _ where wasSent:
            return code == CURLE_OPERATION_TIMEDOUT
                ? (HTTPFailure.timeout, "\(host) did not answer in time.", nil)
                : (HTTPFailure.reset, "The connection to \(host) broke.", nil)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER,
            CURLE_SSL_ENGINE_NOTFOUND:
            return (
                HTTPFailure.tls, "No trusted TLS connection to \(host) could be made.",
                "Behind a TLS-inspecting proxy, set AWS_CA_BUNDLE to its CA certificate."
            )
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            return (
                HTTPFailure.resolve, "The name of \(host), or of its proxy, was not found.",
                "Check the region, AWS_ENDPOINT_URL, the proxy variables and the DNS."
            )
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_FAILED_INIT,
            CURLE_OUT_OF_MEMORY, CURLE_UNKNOWN_OPTION, CURLE_BAD_FUNCTION_ARGUMENT:
            return (HTTPFailure.unavailable, "libcurl can't send a request to \(host).", nil)
        default:
            return (
                HTTPFailure.connect, "There is no connection to \(host).",
                "Check the network, the proxy variables and AWS_ENDPOINT_URL."
            )
        }
    }
}
