/// Which proxy the environment names for a URL.
///
/// The variables are those of curl and of the other AWS tools: `https_proxy`, `http_proxy`, `all_proxy`
/// and `no_proxy`, where the lower-case name wins. libcurl by itself ignores `HTTP_PROXY` in upper case
/// since a CGI program gets it from a request header ("httpoxy"); other AWS tools read it, and so does
/// this one, unless `REQUEST_METHOD` shows that it runs under CGI.
public struct ProxySettings: Sendable, Equatable {
    private let proxies: [String: String]
    /// The hosts that are reached directly, as in `NO_PROXY`.
    public let exceptions: String

    /// Reads the settings from environment variables.
    public init(environment: [String: String]) {
        func variable(_ name: String) -> String? {
            if let value = environment[name] { return value }
            if name == "http_proxy", environment["REQUEST_METHOD"] != nil { return nil }
            return environment[name.uppercased()]
        }
        var proxies: [String: String] = [:]
        for scheme in ["http", "https"] {
            proxies[scheme] = variable("\(scheme)_proxy") ?? variable("all_proxy")
        }
        self.proxies = proxies
        exceptions = variable("no_proxy") ?? ""
    }

    /// The proxy for a scheme; empty for none.
    ///
    /// What `exceptions` names is left to libcurl.
    public func proxy(for scheme: String) -> String { proxies[scheme] ?? "" }
}
