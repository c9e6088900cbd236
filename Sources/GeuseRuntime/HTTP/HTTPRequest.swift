/// One header line.
public struct HTTPHeader: Sendable, Equatable {
    /// The name as it is sent.
    public var name: String
    /// The value as it is sent.
    public var value: String

    /// Makes the line.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// One request, complete but for what the connection adds (Host, Content-Length).
public struct HTTPRequest: Sendable, Equatable {
    /// The method in upper case.
    public var method: String
    /// Where it goes.
    public var url: HTTPURL
    /// Its header lines in order.
    public var headers: [HTTPHeader]
    /// Its body.
    public var body: [UInt8]
    /// Seconds until there must be a connection, TLS included.
    public var connectTimeout: Double = 5
    /// Seconds for everything.
    public var totalTimeout: Double = 60
    /// Whether the client may send it twice; false for what must not be done twice.
    public var isReplayable = true
    /// Whether a configured proxy is used; never for addresses that only this machine can reach.
    public var usesProxy = true

    /// Makes the request.
    public init(
        _ method: String,
        _ url: HTTPURL,
        headers: [HTTPHeader] = [],
        body: [UInt8] = []
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name, whatever its case.
    public func header(_ name: String) -> String? { headers.first(named: name) }

    /// Puts one header in place of all of that name.
    public mutating func setHeader(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append(HTTPHeader(name, value))
    }
}

/// What came back.
public struct HTTPResponse: Sendable, Equatable {
    /// The status.
    public var status: Int
    /// The header lines in order.
    public var headers: [HTTPHeader]
    /// The body.
    public var body: [UInt8]

    /// Makes the response.
    public init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of the first header of that name, whatever its case.
    public func header(_ name: String) -> String? { headers.first(named: name) }

    /// Whether the status is one of success.
    public var isSuccess: Bool { (200..<300).contains(status) }
}

extension [HTTPHeader] {
    fileprivate func first(named name: String) -> String? {
        let name = name.lowercased()
        return first { $0.name.lowercased() == name }?.value
    }
}
