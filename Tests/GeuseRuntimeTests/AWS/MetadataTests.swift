import Testing

@testable import GeuseRuntime

/// The metadata services of instances and containers.
@Suite struct MetadataTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let files = D.Files()
    let clock = D.SteppingClock()

    private func credentials(_ environment: [String: String] = [:]) throws -> AWSCredentials {
        try AWSSession(
            environment: environment,
            region: try Region("us-east-1"),
            home: "/h",
            files: files,
            http: http,
            clock: clock,
            cancellation: Cancellation()
        ).credentials.current()
    }

    private static let document =
        "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIAMETA\",\"SecretAccessKey\":\"s\","
        + "\"Token\":\"t\",\"Expiration\":\"2026-11-23T18:00:00Z\"}"

    private func code(_ environment: [String: String] = [:]) -> String? {
        let error = #expect(throws: Diagnostic.self) { try credentials(environment) }
        return error?.code
    }

    // MARK: instance

    @Test func anInstanceRole() throws {
        http.then { request in
            #expect(request.method == "PUT")
            #expect(request.url.description == "http://169.254.169.254/latest/api/token")
            #expect(request.header("x-aws-ec2-metadata-token-ttl-seconds") == "21600")
            return try D.reply(200, "tok")(request)
        }
        http.then(D.reply(200, "my-role\n"))
        http.then { request in
            #expect(request.url.path == "/latest/meta-data/iam/security-credentials/my-role")
            #expect(request.header("x-aws-ec2-metadata-token") == "tok")
            return try D.reply(200, Self.document)(request)
        }
        let found = try credentials()
        #expect(found.accessKeyID == "ASIAMETA")
        #expect(found.expiration == Timestamp("2026-11-23T18:00:00Z"))
        for request in http.requests {
            #expect(!request.usesProxy)
            #expect(request.totalTimeout <= 1 && request.connectTimeout <= 1)
        }
    }

    @Test func whereThereIsNone() throws {
        http.then(D.failure(HTTPFailure.connect))
        #expect(code() == "no_credentials")
        http.then(D.reply(403, ""))
        #expect(code() == "no_credentials")
        http.then(D.reply(200, "tok"))
        http.then(D.reply(404, ""))
        #expect(code() == "no_credentials")
        #expect(code(["AWS_EC2_METADATA_DISABLED": "True"]) == "no_credentials")
        #expect(http.requests.count == 4)
    }

    @Test func aHopLimitIsExplained() throws {
        http.then(D.failure(HTTPFailure.timeout))
        let error = #expect(throws: Diagnostic.self) { try credentials() }
        #expect(error?.code == "imds_timeout")
        #expect(error?.hint?.contains("--http-put-response-hop-limit 2") == true)
    }

    @Test func otherEndpoints() throws {
        let mode = ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"]
        http.then(D.failure(HTTPFailure.connect))
        #expect(code(mode) == "no_credentials")
        #expect(http.requests.last?.url.host == "[fd00:ec2::254]")
        http.then(D.failure(HTTPFailure.connect))
        let given = ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:9/x/"]
        #expect(code(given.merging(mode) { $1 }) == "no_credentials")
        #expect(http.requests.last?.url.description == "http://127.0.0.1:9/x/latest/api/token")
    }

    @Test func badDocuments() throws {
        for document in [
            "", "{}", "[]", "{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"\"}",
            Self.document.replacing("2026-11-23T", with: "soon"),
        ] {
            http.then(D.reply(200, "tok"))
            http.then(D.reply(200, "r"))
            http.then(D.reply(200, document))
            let error = #expect(throws: Diagnostic.self) { try credentials() }
            #expect(error?.code == "credentials_invalid")
        }
    }

    // MARK: container

    @Test func aTaskRole() throws {
        http.then { request in
            #expect(request.url.description == "http://169.254.170.2/v2/c?id=1")
            #expect(request.header("authorization") == nil)
            #expect(!request.usesProxy)
            return try D.reply(200, Self.document)(request)
        }
        let environment = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/c?id=1"]
        #expect(try credentials(environment).accessKeyID == "ASIAMETA")
    }

    @Test func aTokenFileWinsAndIsReadAnew() throws {
        files.texts["/tok"] = "from-file\nrest"
        http.then { request in
            #expect(request.header("authorization") == "from-file")
            return try D.reply(200, Self.document)(request)
        }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/tok",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "plain",
        ]
        _ = try credentials(environment)
        files.texts["/tok"] = nil
        #expect(code(environment) == "container_token_missing")
    }

    @Test(arguments: [
        "http://evil.example.com/x", "http://10.0.0.1/x", "http://127.evil.com/x",
        "http://127.0.0.1.evil.com/x", "http://127.0.0.256/x", "http://169.254.170.3/",
        "http://[::2]/",
    ])
    func theTokenDoesNotLeaveTheMachineInPlainText(url: String) {
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": url, "AWS_CONTAINER_AUTHORIZATION_TOKEN": "t",
        ]
        #expect(code(environment) == "container_credentials_refused")
        #expect(http.requests.isEmpty)
    }

    @Test(arguments: [
        "https://any.example.com/x", "http://127.1.2.3/x", "http://localhost:80/", "http://[::1]/",
        "http://[fd00:ec2::23]/v1",
    ])
    func allowedHosts(url: String) throws {
        http.then(D.reply(200, Self.document))
        _ = try credentials(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url])
        #expect(http.requests.first?.usesProxy == url.hasPrefix("https"))
    }

    @Test func transientFailuresAreRepeated() throws {
        let environment = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/c"]
        http.then(D.failure(HTTPFailure.connect))
        http.then(D.reply(500, ""))
        http.then(D.reply(200, Self.document))
        _ = try credentials(environment)
        #expect(clock.sleeps.count == 2)
        for _ in 0..<3 { http.then(D.reply(503, "")) }
        #expect(code(environment) == "container_credentials_failed")
        http.then(D.reply(404, ""))
        #expect(code(environment) == "container_credentials_failed")
        for _ in 0..<3 { http.then(D.failure(HTTPFailure.timeout)) }
        #expect(code(environment) == HTTPFailure.timeout)
        #expect(http.isDone)
    }
}
