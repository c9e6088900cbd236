import Testing

@testable import GeuseRuntime

/// Retries, quota, clock and credentials of `ServiceClient`.
@Suite struct ServiceClientTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let clock = D.SteppingClock()
    static let read = ServiceCall(operation: "Read")
    static let send = ServiceCall(operation: "Send", isIdempotent: false)

    @Test func throttlingIsRepeatedWithJitter() throws {
        http.then(D.refusal("ThrottlingException"))
        http.then(
            D.reply(
                503,
                "<Response><Errors><Error><Code>RequestLimitExceeded</Code>"
                    + "<Message>x</Message></Error></Errors></Response>"
            )
        )
        http.then(D.reply(200, "{}"))
        _ = try D.client(D.context(http, clock)).call(Self.read)
        #expect(clock.sleeps == [0.5, 1])
        #expect(http.isDone)
    }

    @Test func attemptsAreCounted() throws {
        for _ in 0..<3 { http.then(D.refusal("InternalServerError", status: 500)) }
        let client = try D.client(D.context(http, clock))
        let error = #expect(throws: Diagnostic.self) { try client.call(Self.read) }
        #expect(error?.code == "InternalServerError")
        #expect(http.requests.count == 3)

        let one = D.HTTP([D.refusal("Throttling")])
        let context = D.context(one, clock, environment: ["AWS_MAX_ATTEMPTS": "1"])
        #expect(throws: Diagnostic.self) { try D.client(context).call(Self.read) }
    }

    @Test func permanentErrorsAreNot() throws {
        http.then(D.refusal("ValidationException", status: 400))
        let error = #expect(throws: Diagnostic.self) {
            try D.client(D.context(http, clock)).call(Self.send)
        }
        #expect(error?.code == "ValidationException")
        #expect(clock.sleeps.isEmpty)
    }

    @Test(arguments: [(nil, 60.0, 5.0), ("", 60, 5), ("7.5", 7.5, 5), ("1", 1, 1)])
    func aTryHasATimeLimit(setting: String?, total: Double, connect: Double) throws {
        http.then(D.refusal("AccessDenied"))
        let cloud = try session(setting).cloud()
        #expect(throws: Diagnostic.self) { try cloud.identity() }
        #expect(http.requests.map(\.totalTimeout) == [total])
        #expect(http.requests.map(\.connectTimeout) == [connect])
    }

    @Test func whoseTimeIsShortHasItForAllTriesTogether() throws {
        let slow: D.HTTP.Answer = { [clock] request in
            clock.advance(request.totalTimeout)
            throw Diagnostic(HTTPFailure.timeout, "example.com did not answer in time.")
        }
        http.then(slow)
        http.then(slow)
        let client = try D.client(D.context(http, clock).patient(for: 15))
        let error = #expect(throws: Diagnostic.self) { try client.call(Self.read) }
        #expect(error?.code == HTTPFailure.timeout)
        #expect(error?.summary == "SSM Read: example.com did not answer in time.")
        #expect(clock.monotonic() == 15)
        // One reply that is lost leaves time for another try.
        #expect(http.requests.map(\.totalTimeout) == [7.5, 7])
        // What is refused at once is tried again as ever, for as long as there is time.
        let busy = D.HTTP([D.refusal("Throttling"), D.refusal("Throttling"), slow])
        let other = D.SteppingClock()
        let again = try D.client(D.context(busy, other).patient(for: 15))
        #expect(throws: Diagnostic.self) { try again.call(Self.read) }
        #expect(other.sleeps == [0.5, 1])
        #expect(busy.requests.map(\.totalTimeout) == [7.5, 7.25, 6.75])
    }

    @Test(arguments: ["0", "-1", "x", "nan", "1e9"])
    func aTimeLimitThatIsNoneIsRefused(setting: String) throws {
        let error = #expect(throws: Diagnostic.self) { try session(setting) }
        #expect(error?.code == "invalid_setting")
        #expect(error?.kind == .usage)
    }

    private func session(_ timeout: String?) throws -> AWSSession {
        var environment = ["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"]
        environment["GEUSEMAKER_HTTP_TIMEOUT"] = timeout
        return try AWSSession(
            environment: environment,
            region: try Region("us-east-1"),
            home: "/h",
            files: D.Files(),
            http: http,
            clock: clock,
            cancellation: Cancellation(),
            random: { 0.5 }
        )
    }

    @Test func theServiceMayAskForLonger() throws {
        http.then(D.refusal("Throttling", status: 429, [HTTPHeader("Retry-After", "7")]))
        http.then(D.refusal("Throttling", [HTTPHeader("x-amz-retry-after", "1500")]))
        http.then(D.reply(200, "{}"))
        _ = try D.client(D.context(http, clock)).call(Self.read)
        #expect(clock.sleeps == [7, 1.5])
    }

    @Test func anHourIsNotWaited() throws {
        http.then(D.refusal("Throttling", [HTTPHeader("Retry-After", "3600")]))
        http.then(D.reply(200, "{}"))
        _ = try D.client(D.context(http, clock)).call(Self.read)
        #expect(clock.sleeps == [RetryPolicy.longestDelay])
    }

    @Test func theQuotaRunsOut() throws {
        let policy = RetryPolicy(environment: ["AWS_MAX_ATTEMPTS": "1000"], random: { 0.5 })
        var ticket = RetryPolicy.Ticket()
        var delays: [Double] = []
        while let delay = policy.delay(&ticket, .service) { delays.append(delay) }
        #expect(delays.count == 100)
        #expect(delays.prefix(7) == [0.5, 1, 2, 4, 8, 10, 10])
        policy.succeeded(ticket)
        var next = RetryPolicy.Ticket()
        #expect(policy.delay(&next, .timeout) == nil)
        #expect(policy.delay(&next, .service) != nil)
    }

    @Test(arguments: [HTTPFailure.timeout, HTTPFailure.reset, HTTPFailure.tooLarge, "interrupted"])
    func whatMayHaveArrivedIsNotSentAgain(code: String) throws {
        http.then(D.failure(code))
        let error = #expect(throws: Diagnostic.self) {
            try D.client(D.context(http, clock)).call(Self.send)
        }
        #expect(error?.code == ServiceClient.outcomeUnknown)
        #expect(error?.causes.first?.code == code)
        #expect(http.requests.map(\.isReplayable) == [false])
    }

    @Test func aLostReplyIsNamedBehindTheRefusalOfALaterTry() throws {
        for lost in [D.failure(HTTPFailure.timeout), D.refusal("InternalError", status: 500)] {
            http.then(lost)
            for _ in 0..<2 { http.then(D.refusal("RequestLimitExceeded", status: 503)) }
            let error = #expect(throws: Diagnostic.self) {
                try D.client(D.context(http, clock)).call(Self.read)
            }
            #expect(error?.code == "RequestLimitExceeded")
            #expect(error?.causes.isEmpty == false)
        }
        for _ in 0..<3 { http.then(D.refusal("RequestLimitExceeded", status: 503)) }
        let error = #expect(throws: Diagnostic.self) {
            try D.client(D.context(http, clock)).call(Self.read)
        }
        #expect(error?.causes.isEmpty == true)
        #expect(http.isDone)
    }

    @Test func aServerErrorLeavesTheOutcomeOpen() throws {
        http.then(D.refusal("InternalServerError", status: 500))
        let error = #expect(throws: Diagnostic.self) {
            try D.client(D.context(http, clock)).call(Self.send)
        }
        #expect(error?.code == ServiceClient.outcomeUnknown)
    }

    @Test(arguments: [HTTPFailure.connect, HTTPFailure.resolve])
    func whatNeverLeftIsSentAgain(code: String) throws {
        http.then(D.failure(code))
        http.then(D.refusal("ThrottlingException"))
        http.then(D.reply(200, "{}"))
        _ = try D.client(D.context(http, clock)).call(Self.send)
        #expect(http.isDone)
    }

    @Test(arguments: [
        "RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure",
        "RequestExpired",
    ])
    func aWrongClockIsCorrectedOnce(code: String) throws {
        let date = [HTTPHeader("Date", "Mon, 23 Nov 2026 12:30:00 GMT")]
        http.then(D.refusal(code, date))
        http.then(D.reply(200, "{}"))
        http.then(D.reply(200, "{}"))
        let warnings = D.Warnings()
        let client = try D.client(D.context(http, clock, warn: warnings.take))
        _ = try client.call(Self.send)
        _ = try client.call(Self.read)
        #expect(
            http.requests.map { $0.header("x-amz-date") }
                == ["20261123T120000Z", "20261123T123000Z", "20261123T123000Z"]
        )
        #expect(warnings.taken.map(\.code) == ["clock_skew"])
        #expect(warnings.taken.first?.summary.contains("30 minutes behind") == true)
    }

    @Test func aRightClockMeansAWrongSecret() throws {
        let date = [HTTPHeader("Date", "Mon, 23 Nov 2026 12:03:59 GMT")]
        http.then(D.refusal("SignatureDoesNotMatch", date))
        let error = #expect(throws: Diagnostic.self) {
            try D.client(D.context(http, clock)).call(Self.read)
        }
        #expect(error?.code == "SignatureDoesNotMatch")
    }

    @Test func expiredCredentialsAreReadOnceMore() throws {
        final class Rotating: CredentialProvider {
            var count = 0
            func credentials() throws -> AWSCredentials? {
                count += 1
                return AWSCredentials(
                    accessKeyID: "AKIA\(count)",
                    secretAccessKey: Secret("s"),
                    source: "the test"
                )
            }
        }
        let rotating = Rotating()
        let context = D.context(http, clock)
        let client = ServiceClient(
            .ssm,
            endpoint: try HTTPURL("https://example.com"),
            region: try Region("us-east-1"),
            credentials: CredentialChain([rotating], clock: clock),
            context: context
        )
        http.then(D.refusal("ExpiredTokenException"))
        http.then(D.reply(200, "{}"))
        _ = try client.call(Self.read)
        #expect(http.requests.last?.header("authorization")?.contains("AKIA2/") == true)
        http.then(D.refusal("ExpiredTokenException"))
        http.then(D.refusal("ExpiredTokenException"))
        let error = #expect(throws: Diagnostic.self) { try client.call(Self.read) }
        #expect(error?.code == "ExpiredTokenException")
        #expect(rotating.count == 3)
    }

    @Test func cancellationEndsTheWait() throws {
        let cancellation = Cancellation()
        http.then { _ in
            cancellation.cancel()
            throw Diagnostic(HTTPFailure.connect, "x")
        }
        let client = try D.client(D.context(http, clock, cancellation: cancellation))
        let error = #expect(throws: Diagnostic.self) { try client.call(Self.read) }
        #expect(error?.code == "interrupted")
    }

    @Test func errorsOfAllProtocolsAreRead() {
        let hostile = "\u{1B}[31mred"
        let cases: [(HTTPResponse, String, String, String?)] = [
            (
                HTTPResponse(
                    status: 400,
                    headers: [HTTPHeader("x-amzn-ErrorType", "FileSystemNotFound:http://x/")],
                    body: Array("{\"ErrorCode\":\"y\",\"Message\":\"gone\"}".utf8)
                ), "FileSystemNotFound", "gone", nil
            ),
            (
                HTTPResponse(
                    status: 403,
                    body: Array(
                        ("<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>"
                            + "<Message>a &amp; b</Message></Error><RequestId>r1</RequestId>"
                            + "</ErrorResponse>").utf8
                    )
                ), "ExpiredToken", "a & b", "r1"
            ),
            (
                HTTPResponse(status: 502, body: Array("<html><b>Bad gateway".utf8)),
                "http_status_502", "", nil
            ),
            (
                HTTPResponse(
                    status: 400,
                    body: Array("{\"__type\":\"a b\",\"message\":\"\\u001b[31mred\"}".utf8)
                ), "http_status_400", VisibleText.filtered(hostile), nil
            ),
        ]
        for (response, code, message, id) in cases {
            let error = ServiceError(response)
            #expect(error.code == code)
            #expect(error.message == message)
            #expect(error.requestID == id)
        }
        let denied = ServiceError(
            HTTPResponse(status: 400, body: Array("{\"__type\":\"AccessDeniedException\"}".utf8))
        ).diagnostic(.efs, "DescribeFileSystems")
        #expect(denied.hint == "Allow elasticfilesystem:DescribeFileSystems to these credentials.")
    }
}
