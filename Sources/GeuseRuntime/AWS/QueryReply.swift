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

    /// The `item` elements of a list that a reply has to have: without it nothing is said of what is
    /// there, not even that it is nothing.
    ///
    /// - Throws: `Diagnostic` with code `invalid_reply`.
    func list(_ name: String) throws -> [XMLElement] {
        guard self[name] != nil else {
            throw Diagnostic("invalid_reply", "EC2 answered without \(name).")
        }
        return items(name)
    }

    /// Whether the element that a path of names leads to says so; nil where it says neither, whatever
    /// else it says.
    func flag(_ path: String...) -> Bool? {
        var element: XMLElement? = self
        for name in path { element = element?[name] }
        let blank: Set<Character> = [" ", "\t", "\n", "\r", "\r\n"]
        return switch (element?.text.filter { !blank.contains($0) })?.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: nil
        }
    }
}
