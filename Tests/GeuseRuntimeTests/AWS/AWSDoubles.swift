import Testing

@testable import GeuseRuntime

/// Doubles of the edges of the AWS clients; what is not expected fails the test.
enum AWSDoubles {
    /// A clock that stands still but for sleeps and `advance`.
    final class SteppingClock: Clock {
        private(set) var microseconds: Int64
        private(set) var sleeps: [Double] = []
        private let start: Int64

        init(_ text: String = "2026-11-23T12:00:00Z") {
            start = Timestamp(text)?.microseconds ?? 0
            microseconds = start
        }

        func now() -> Timestamp { Timestamp(microseconds: microseconds) }
        func monotonic() -> Double { Double(microseconds - start) / 1e6 }
        func advance(_ seconds: Double) { microseconds += Int64((seconds * 1e6).rounded()) }
        func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
            try cancellation.check()
            sleeps.append(seconds)
            advance(max(0, seconds))
        }
    }

    /// Answers requests one after the other; one more than there are answers is a failure.
    final class HTTP: HTTPClient {
        typealias Answer = (HTTPRequest) throws -> HTTPResponse

        private(set) var requests: [HTTPRequest] = []
        private var answers: [Answer]

        init(_ answers: [Answer] = []) { self.answers = answers }

        func then(_ answer: @escaping Answer) { answers.append(answer) }
        var isDone: Bool { answers.isEmpty }

        func send(_ request: HTTPRequest) throws -> HTTPResponse {
            requests.append(request)
            guard !answers.isEmpty else {
                Issue.record("an unexpected request: \(request.method) \(request.url)")
                throw Diagnostic("test", "No answer is left.")
            }
            return try answers.removeFirst()(request)
        }
    }

    /// Collects warnings.
    final class Warnings {
        private(set) var taken: [Diagnostic] = []
        func take(_ warning: Diagnostic) { taken.append(warning) }
    }

    /// Files in memory.
    final class Files: SharedFileReader {
        var texts: [String: String]
        init(_ texts: [String: String] = [:]) { self.texts = texts }
        func read(_ path: String) throws -> [UInt8]? { texts[path].map { Array($0.utf8) } }
    }

    static func reply(
        _ status: Int,
        _ body: String,
        _ headers: [HTTPHeader] = []
    ) -> HTTP.Answer {
        { _ in HTTPResponse(status: status, headers: headers, body: Array(body.utf8)) }
    }

    static func failure(_ code: String) -> HTTP.Answer {
        { _ in throw Diagnostic(code, "A failure of the test.") }
    }

    /// An error of a JSON 1.1 service.
    static func refusal(
        _ code: String,
        status: Int = 400,
        _ headers: [HTTPHeader] = []
    ) -> HTTP.Answer {
        reply(status, "{\"__type\":\"com.amazonaws#\(code)\",\"message\":\"no\"}", headers)
    }

    static func context(
        _ http: HTTP,
        _ clock: SteppingClock = SteppingClock(),
        random: @escaping () -> Double = { 0.5 },
        environment: [String: String] = [:],
        cancellation: Cancellation = Cancellation(),
        warn: @escaping (Diagnostic) -> Void = { Issue.record("a warning: \($0)") }
    ) -> RequestContext {
        RequestContext(
            http: http,
            clock: clock,
            cancellation: cancellation,
            retry: RetryPolicy(environment: environment, random: random),
            warn: warn
        )
    }

    static func client(_ context: RequestContext, _ service: AWSService = .ssm) throws
        -> ServiceClient
    {
        ServiceClient(
            service,
            endpoint: try HTTPURL("https://example.com"),
            region: try Region("us-east-1"),
            credentials: CredentialChain(
                [
                    EnvironmentCredentials([
                        "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret",
                    ])
                ],
                clock: context.clock
            ),
            context: context
        )
    }

    /// A control plane that sends its requests there.
    static func cloud(_ http: HTTP, pricesOf region: String) throws -> AWSCloud {
        let context = context(http)
        return AWSCloud(
            ec2: EC2Client(try client(context, .ec2)),
            efs: EFSClient(try client(context, .efs)),
            ssm: SSMClient(try client(context, .ssm)),
            sts: STSClient(try client(context, .sts)),
            quotas: QuotasClient(try client(context, .quotas)),
            pricing: (PricingClient(try client(context, .pricing)), try Region(region)),
            autoScaling: AutoScalingClient(try client(context, .autoScaling))
        )
    }
}
