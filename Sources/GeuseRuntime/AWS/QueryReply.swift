// Replies of the services that speak the Query protocol: EC2, STS, Auto Scaling.

extension ServiceClient {
    /// Makes a call of the Query protocol and reads its reply.
    ///
    /// - Throws: `Diagnostic`; `invalid_reply` for a success that is the answer to something else, such
    ///   as the error of a proxy in between: it must not read as "there is none" or as done.
    func query(
        _ operation: String,
        version: String,
        _ parameters: [(String, String)]
    ) throws -> XMLElement {
        let response = try call(.query(operation, version: version, parameters))
        let reply = try XMLReader.parse(response.body)
        guard reply.name == "\(operation)Response" else {
            throw Diagnostic(
                "invalid_reply",
                "What answered \(service.displayName) \(operation) is not \(service.displayName).",
                detail: "The reply is a \(VisibleText.quoted(reply.name)) element.",
                hint: "Check the proxy variables and AWS_ENDPOINT_URL."
            )
        }
        return reply
    }
}

extension XMLElement {
    /// The number that a path of names leads to; nil where there is none, or none that a count can be.
    func count(_ path: String..., upTo most: Int = 1_000_000) -> Int? {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        return element.flatMap { Int($0.text) }.flatMap { (0...most).contains($0) ? $0 : nil }
    }

    /// Whether the element that a path of names leads to says so; nil where it says neither.
    func flag(_ path: String...) -> Bool? {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        return switch element?.text {
        case "true": true
        case "false": false
        default: nil
        }
    }
}
