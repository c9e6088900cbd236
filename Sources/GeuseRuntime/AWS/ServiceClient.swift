/// Addresses, signs, sends and repeats the calls of one service.
final class ServiceClient {
    /// The code of a call that may have been carried out though its reply is lost.
    static let outcomeUnknown = "request_outcome_unknown"
    /// Seconds that a try of a call with little time is worth beginning for.
    private static let leastTry = 5.0

    let service: AWSService
    let context: RequestContext
    private let endpoint: HTTPURL
    private let region: Region
    private let credentials: CredentialChain?

    /// A client; without credentials its calls go unsigned.
    init(
        _ service: AWSService,
        endpoint: HTTPURL,
        region: Region,
        credentials: CredentialChain?,
        context: RequestContext
    ) {
        self.service = service
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
        self.context = context
    }

    /// Makes a call and gives the successful response.
    ///
    /// A refusal after tries of which one may have been carried out has that one's failure for its cause.
    func call(_ call: ServiceCall) throws -> HTTPResponse {
        var ticket = RetryPolicy.Ticket()
        var mayAdoptTime = true
        var mayReread = true
        var lost: Diagnostic?
        let end = context.patience.map { context.clock.monotonic() + $0 }
        while true {
            let request = try request(call, until: end)
            try context.cancellation.check()
            let response: HTTPResponse
            do {
                response = try context.http.send(request)
            } catch let failure as Diagnostic {
                let wait = try retryDelay(call, &ticket, until: end, after: failure)
                if HTTPFailure.mayHaveReachedServer(failure.code) { lost = failure }
                try context.clock.sleep(wait, context.cancellation)
                continue
            }
            if response.isSuccess {
                context.retry.succeeded(ticket)
                return response
            }
            let error = ServiceError(response)
            let classes = ErrorClass.of(error)
            if mayAdoptTime, classes.contains(.clock), context.adoptTime(of: response) {
                mayAdoptTime = false
            } else if mayReread, classes.contains(.expired), let credentials {
                mayReread = false
                credentials.forget()
            } else {
                let diagnostic = error.diagnostic(service, call.operation, cause: lost)
                let wait = try retryDelay(
                    call,
                    &ticket,
                    until: end,
                    after: diagnostic,
                    classes,
                    response
                )
                if classes.contains(.transient) { lost = diagnostic }
                try context.clock.sleep(wait, context.cancellation)
            }
        }
    }

    private func request(_ call: ServiceCall, until end: Double?) throws -> HTTPRequest {
        let left = end.map { Self.share(of: $0 - context.clock.monotonic()) } ?? .infinity
        let timeout = min(context.timeout, left)
        var url = endpoint
        url.path = (url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path) + call.path
        url.query = call.query
        var request = HTTPRequest(call.method, url, headers: call.headers, body: call.body)
        request.isReplayable = call.isIdempotent
        request.totalTimeout = timeout
        request.connectTimeout = min(request.connectTimeout, timeout)
        request.headers.append(HTTPHeader("User-Agent", "geusemaker"))
        guard let credentials else { return request }
        let signer = SigV4(
            try credentials.current(),
            region: region.text,
            service: service.signingName
        )
        return signer.sign(request, at: context.signingTime)
    }

    /// The wait before another try after a request without a response, or the failure to give up with.
    private func retryDelay(
        _ call: ServiceCall,
        _ ticket: inout RetryPolicy.Ticket,
        until end: Double?,
        after failure: Diagnostic
    ) throws -> Double {
        if !call.isIdempotent, HTTPFailure.mayHaveReachedServer(failure.code) {
            throw unknown(call, failure)
        }
        guard HTTPFailure.isTransient(failure.code),
            let wait = context.retry.delay(&ticket, .timeout), hasTime(for: wait, until: end)
        else { throw named(failure, call) }
        return wait
    }

    /// How much of the time that is left one try may take: so much that another one can follow, since a single
    /// reply that is lost proves nothing.
    private static func share(of seconds: Double) -> Double {
        seconds > 2 * leastTry ? seconds / 2 : max(seconds, 0.1)
    }

    /// Whether another try after a wait can begin before the end.
    private func hasTime(for wait: Double, until end: Double?) -> Bool {
        end.map { context.clock.monotonic() + wait < $0 } ?? true
    }

    /// The network knows a host; which question it was that stayed open is known here.
    private func named(_ failure: Diagnostic, _ call: ServiceCall) -> Diagnostic {
        guard ErrorClass.isOfNetwork(failure.code) else { return failure }
        return failure.withSummary("\(service.displayName) \(call.operation): \(failure.summary)")
    }

    private func retryDelay(
        _ call: ServiceCall,
        _ ticket: inout RetryPolicy.Ticket,
        until end: Double?,
        after diagnostic: Diagnostic,
        _ classes: [ErrorClass],
        _ response: HTTPResponse
    ) throws -> Double {
        if !call.isIdempotent, classes.contains(.transient) { throw unknown(call, diagnostic) }
        guard classes.contains(.throttled) || classes.contains(.transient) else { throw diagnostic }
        let milliseconds = response.header("x-amz-retry-after").flatMap { Double($0) }
        let asked = milliseconds.map { $0 / 1000 }
        let seconds = response.header("retry-after").flatMap { Double($0) }
        guard let wait = context.retry.delay(&ticket, .service, asked: asked ?? seconds),
            hasTime(for: wait, until: end)
        else { throw diagnostic }
        return wait
    }

    private func unknown(_ call: ServiceCall, _ cause: Diagnostic) -> Diagnostic {
        Diagnostic(
            Self.outcomeUnknown,
            "The reply to \(service.displayName) \(call.operation) is lost.",
            detail: "The service may have carried it out; it was not sent again.",
            kind: cause.kind,
            cause: cause
        )
    }
}
