/// One call of a service before it is addressed and signed.
struct ServiceCall {
    /// The operation's name.
    var operation: String
    /// The HTTP method.
    var method = "POST"
    /// The path on the wire.
    var path = "/"
    /// The query on the wire.
    var query = ""
    /// The headers.
    var headers: [HTTPHeader] = []
    /// The body.
    var body: [UInt8] = []
    /// Whether doing it twice is as doing it once; if not it is never sent again blindly.
    var isIdempotent = true

    /// A call of the Query protocol (EC2, STS).
    static func query(
        _ operation: String,
        version: String,
        _ parameters: [(String, String)]
    ) -> ServiceCall {
        let pairs = [("Action", operation), ("Version", version)] + parameters
        return ServiceCall(
            operation: operation,
            headers: [
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            ],
            body: Array(PercentEncoding.form(pairs).utf8)
        )
    }

    /// A call of the JSON 1.1 protocol (SSM).
    static func json(_ operation: String, target: String, _ input: JSONValue) -> ServiceCall {
        ServiceCall(
            operation: operation,
            headers: [
                HTTPHeader("Content-Type", "application/x-amz-json-1.1"),
                HTTPHeader("X-Amz-Target", "\(target).\(operation)"),
            ],
            body: Array(JSONWriter.write(input).utf8)
        )
    }

    /// A read of the REST-JSON protocol (EFS).
    static func get(
        _ operation: String,
        path: String,
        _ parameters: [(String, String)]
    ) -> ServiceCall {
        ServiceCall(
            operation: operation,
            method: "GET",
            path: path,
            query: PercentEncoding.form(parameters)
        )
    }
}
