/// What a service said when it refused a request.
struct ServiceError {
    /// The service's own error code, such as `IncorrectInstanceState`.
    let code: String
    /// Its message, filtered.
    let message: String
    /// The id that AWS support asks for.
    let requestID: String?
    /// The HTTP status.
    let status: Int

    /// Reads the error out of a response of any of the protocols: Query (XML), JSON 1.1, REST-JSON.
    init(_ response: HTTPResponse) {
        status = response.status
        var code: String?
        var message: String?
        var id = response.header("x-amzn-requestid") ?? response.header("x-amz-request-id")
        if response.body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") {
            let root = try? XMLReader.parse(response.body)
            let error = root?.name == "Error" ? root : root?.firstDescendant("Error")
            code = error?.string("Code")
            message = error?.string("Message")
            id =
                id ?? root?.firstDescendant("RequestID")?.text
                ?? root?.firstDescendant("RequestId")?.text
        } else if let body = try? JSONParser.parse(response.body) {
            code = (body["__type"] ?? body["code"] ?? body["ErrorCode"])?.stringValue
            message = (body["message"] ?? body["Message"] ?? body["errorMessage"])?.stringValue
        }
        // `x-amzn-errortype` may carry ":http://…" behind the code, `__type` a namespace and "#".
        let named = response.header("x-amzn-errortype") ?? code
        let bare = named?.split(separator: ":").first?.split(separator: "#").last.map(String.init)
        self.code = bare.flatMap(Self.token) ?? "http_status_\(response.status)"
        self.message = VisibleText.filtered(message ?? "")
        requestID = id.map { VisibleText.filtered($0) }
    }

    /// A code that is made of what codes are made of; anything else is not taken for one.
    private static func token(_ text: String) -> String? {
        let isPlain = { (byte: UInt8) in
            Grammar.isLetter(byte) || Grammar.isDigit(byte) || "._-".utf8.contains(byte)
        }
        return !text.isEmpty && text.utf8.count <= 128 && text.utf8.allSatisfy(isPlain) ? text : nil
    }

    /// The error as a value.
    func diagnostic(
        _ service: AWSService,
        _ operation: String,
        cause: Diagnostic? = nil
    ) -> Diagnostic {
        let request = requestID.map { ", request id \($0)" } ?? ""
        return Diagnostic(
            code,
            "\(service.displayName) \(operation) failed: \(message.isEmpty ? code : message)",
            detail: "service \(service.displayName), operation \(operation), HTTP \(status), "
                + "code \(code)\(request)",
            hint: Self.denied.contains(code)
                ? "Allow \(service.iamPrefix):\(operation) to these credentials." : nil,
            cause: cause
        )
    }

    /// The codes for a missing permission (EC2, Query and JSON services).
    private static let denied: Set<String> = [
        "UnauthorizedOperation", "AccessDenied", "AccessDeniedException",
    ]
}
