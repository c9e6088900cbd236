/// A question that the host asks a service to find out whether it works.
public enum HealthProbe: Sendable, Equatable, CustomStringConvertible {
    /// A request that has to be answered with a status below 400.
    case http(HTTPURL)
    /// A connection that has to be taken.
    case tcp(host: String, port: Int)

    /// Reads `http://…`, `https://…` or `tcp://HOST:PORT`, as the host reaches it.
    ///
    /// - Throws: `Diagnostic` of kind usage with code `invalid_probe`.
    public init(_ text: String) throws {
        let scheme = "tcp://"
        do {
            guard text.hasPrefix(scheme) else {
                self = .http(try HTTPURL(text))
                return
            }
            let url = try HTTPURL("http://" + text.dropFirst(scheme.count))
            guard let port = url.port, url.path.isEmpty, url.query.isEmpty else {
                throw Diagnostic("invalid_probe", "It is not tcp://HOST:PORT.")
            }
            self = .tcp(host: url.host, port: port)
        } catch let error as Diagnostic {
            throw Diagnostic(
                "invalid_probe",
                "\(VisibleText.quoted(text)) is not a probe.",
                detail: error.detail ?? error.summary,
                hint: "A probe is http://HOST:PORT/PATH, https://… or tcp://HOST:PORT.",
                kind: .usage
            )
        }
    }

    /// The text that makes it.
    public var description: String {
        switch self {
        case .http(let url): url.description
        case .tcp(let host, let port): "tcp://\(host):\(port)"
        }
    }
}

/// How a service shows that it is well, beyond what docker says.
public struct ServiceHealth: Sendable, Equatable {
    /// Seconds that this service has; nil for the limit of all.
    ///
    /// Until then a failing health check of its image is no reason to give up.
    public var timeout: Double?
    /// What else has to answer.
    public var probe: HealthProbe?
    /// Seconds that it has to run, since its start, before it is believed; nil for what holds for all.
    public var settle: Double?

    /// Makes the value.
    public init(timeout: Double? = nil, probe: HealthProbe? = nil, settle: Double? = nil) {
        self.timeout = timeout
        self.probe = probe
        self.settle = settle
    }
}
