/// Credentials of a container's task role (ECS) or pod identity (EKS).
final class ContainerCredentials: CredentialProvider {
    private static let ecsHost = "http://169.254.170.2"
    /// The addresses besides loopback that may be asked over plain HTTP: ECS and EKS Pod Identity.
    private static let plainHosts: Set<String> = [
        "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost", "[::1]",
    ]
    private static let attempts = 3

    private let sources: CredentialSources

    init(_ sources: CredentialSources) { self.sources = sources }

    private func variable(_ name: String) -> String? {
        sources.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func credentials() throws -> AWSCredentials? {
        guard let url = try url() else { return nil }
        var request = HTTPRequest("GET", url, headers: [HTTPHeader("Accept", "application/json")])
        request.connectTimeout = 2
        request.totalTimeout = 4
        request.usesProxy = url.scheme == "https"
        if let token = try token() {
            request.headers.append(HTTPHeader("Authorization", token.reveal()))
        }
        let response = try send(request)
        guard response.isSuccess else {
            throw Diagnostic(
                "container_credentials_failed",
                "The container's credential service refused.",
                detail: "HTTP \(response.status) from \(url.authority)",
                kind: .refused
            )
        }
        return try CredentialDocument.parse(
            response.body,
            source: "the container",
            tokenName: "Token"
        )
    }

    private func send(_ request: HTTPRequest) throws -> HTTPResponse {
        var attempt = 1
        while true {
            do {
                let response = try sources.context.http.send(request)
                if response.status < 500 || attempt == Self.attempts { return response }
            } catch let error as Diagnostic
                where HTTPFailure.isTransient(error.code) && attempt < Self.attempts
            {}
            attempt += 1
            try sources.context.clock.sleep(0.2, sources.context.cancellation)
        }
    }

    /// A full URI must be TLS or stay on this machine: it gets the authorization token.
    private func url() throws -> HTTPURL? {
        if let path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            return try HTTPURL(Self.ecsHost + (path.hasPrefix("/") ? path : "/" + path))
        }
        guard let text = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") else { return nil }
        let url = try HTTPURL(text)
        guard url.scheme == "https" || Self.plainHosts.contains(url.host) || isLoopback(url.host)
        else {
            throw Diagnostic(
                "container_credentials_refused",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI names a host that may not be asked in plain HTTP.",
                detail: "\(VisibleText.filtered(url.host)) is not a loopback or container address.",
                hint: "Use an https URL.",
                kind: .refused
            )
        }
        return url
    }

    /// An address in 127.0.0.0/8; a name that only begins like one is none.
    private func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The token, read anew each time from its file where one is named.
    private func token() throws -> Secret? {
        if let path = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            guard let bytes = try sources.files.read(path) else {
                throw Diagnostic(
                    "container_token_missing",
                    "The container's authorization token is not there.",
                    detail: "There is no file \(VisibleText.quoted(path)).",
                    kind: .refused
                )
            }
            let line = bytes.prefix { $0 != 0x0A && $0 != 0x0D }
            return Secret(String(decoding: line, as: UTF8.self))
        }
        return variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").map { Secret($0) }
    }
}
