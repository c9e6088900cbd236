import Testing

@testable import GeuseRuntime

@Suite struct SSMTransportTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let clock = D.SteppingClock()
    let cancellation = Cancellation()

    private func transport() throws -> SSMTransport {
        let context = D.context(http, clock, cancellation: cancellation)
        return SSMTransport(
            try InstanceID("i-0123456789abcdef0"),
            SSMClient(try D.client(context)),
            random: { 0.5 }
        )
    }

    private func operation(_ request: HTTPRequest) -> String {
        String(request.header("x-amz-target")?.split(separator: ".").last ?? "")
    }

    private var operations: [String] { http.requests.map(operation) }

    private let sent = D.reply(200, "{\"Command\":{\"CommandId\":\"c-1\",\"New\":{}}}")

    private func invocation(
        _ status: String,
        _ code: Int = -1,
        output: String = "",
        errors: String = "",
        elapsed: String = ""
    ) -> D.HTTP.Answer {
        let value: JSONValue = [
            "Status": "InProgress", "StatusDetails": .string(status), "ResponseCode": .int(code),
            "StandardOutputContent": .string(output), "StandardErrorContent": .string(errors),
            "ExecutionElapsedTime": .string(elapsed), "Unknown": [1, 2],
        ]
        return D.reply(200, JSONWriter.write(value))
    }

    /// A service whose commands take so long in turn, the last time for all that follow; 10 ms for
    /// each reply, and `script` is how long it says that the script itself ran.
    private func takes(_ seconds: Double..., script: String = "PT0.1S") -> D.HTTP {
        let clock = clock
        var seconds = seconds
        var end = 0.0
        let http = http
        func answer(_ request: HTTPRequest) throws -> HTTPResponse {
            http.then(answer)
            clock.advance(0.01)
            if operation(request) == "SendCommand" {
                end = clock.monotonic() + seconds[0]
                if seconds.count > 1 { seconds.removeFirst() }
                return try sent(request)
            }
            let isDone = clock.monotonic() >= end
            return try invocation(
                isDone ? "Success" : "InProgress",
                isDone ? 0 : -1,
                elapsed: isDone ? script : ""
            )(request)
        }
        http.then(answer)
        return http
    }

    @Test func aScriptIsSentAsData() throws {
        http.then(sent)
        http.then(invocation("Success", 0, output: "out", errors: "err"))
        let script = "echo \"$(printf %s aGk= | base64 -d)\"\n'\\ \u{fc}\n"
        let reply = try transport().run(script, comment: "run-3-apply", timeout: 90.2)
        #expect(reply == HostReply(status: 0, output: "out", errors: "err"))
        let input = try JSONParser.parse(http.requests[0].body)
        #expect(input["DocumentName"] == "AWS-RunShellScript")
        #expect(input["Parameters"]?["commands"]?.arrayValue == [.string(script)])
        #expect(input["Parameters"]?["executionTimeout"]?.arrayValue == ["91"])
        #expect(input["TimeoutSeconds"]?.intValue == 60)
        #expect(input["Comment"]?.stringValue?.hasPrefix("run-3-apply#") == true)
        #expect(http.requests.map(\.isReplayable) == [false, true])
    }

    @Test func aLongCommentKeepsItsMark() throws {
        http.then(sent)
        http.then(invocation("Success", 0))
        _ = try transport().run(
            "true",
            comment: String(repeating: "\u{fc}x", count: 90),
            timeout: 9
        )
        let comment = try JSONParser.parse(http.requests[0].body)["Comment"]?.stringValue ?? ""
        #expect(comment.unicodeScalars.count <= 100)
        #expect(comment.contains("#7fffffff"))
    }

    @Test func foreignTextCannotBePulledIn() throws {
        for script in ["{{ssm:p}}", "x {{  ssm-secure:p}}", "{{ {{ ssm:p }}"] {
            let error = #expect(throws: Diagnostic.self) {
                try transport().run(script, comment: "x", timeout: 5)
            }
            #expect(error?.code == "host_script_refused")
        }
        http.then(sent)
        http.then(invocation("Success", 0))
        _ = try transport().run("docker ps --format '{{.ID}}'", comment: "x", timeout: 5)
    }

    /// No agent answers at once: the first look is after a moment, and the only one.
    @Test func anInstantCommandCostsOneLook() throws {
        _ = takes(0)
        _ = try transport().run("true", comment: "x", timeout: 5)
        #expect(clock.monotonic() <= 0.33)
        #expect(operations.count == 2)
    }

    @Test func aShortCommandIsSeenSoonWithFewLooks() throws {
        _ = takes(3)
        _ = try transport().run("sleep 3", comment: "x", timeout: 60)
        #expect(clock.monotonic() - 3.01 <= 0.15)
        #expect(operations.count - 1 <= 8)
    }

    @Test(arguments: [3.0, 1.2, 12])
    func laterCommandsCostFewerLooks(seconds: Double) throws {
        _ = takes(seconds)
        let transport = try transport()
        _ = try transport.run("sleep 3", comment: "x", timeout: 600)
        for _ in 0..<4 {
            let start = clock.monotonic()
            let count = operations.count
            _ = try transport.run("sleep 3", comment: "x", timeout: 600)
            #expect(clock.monotonic() - start - 0.01 <= seconds * 1.3)
            #expect(operations.count - count <= 4)
        }
    }

    @Test(arguments: ["PT1.8S", "", "P1W"])
    func oneSlowCommandDoesNotHoldUpTheOthersForLong(script: String) throws {
        _ = takes(60, 2, script: script)
        let transport = try transport()
        _ = try transport.run("sleep 60", comment: "x", timeout: 600)
        _ = try transport.run("sleep 2", comment: "x", timeout: 600)
        var last = 16.0
        for _ in 0..<3 {
            let start = clock.monotonic()
            _ = try transport.run("sleep 2", comment: "x", timeout: 600)
            #expect(clock.monotonic() - start <= last)
            last = 9
        }
    }

    @Test func quickCommandsAreSeenSoon() throws {
        _ = takes(0.15, 0.1, 0.03, 0.03, 0.4, script: "PT0.03S")
        let transport = try transport()
        for _ in 0..<5 { _ = try transport.run("true", comment: "x", timeout: 600) }
        #expect(clock.monotonic() <= 0.71 + 0.4)
    }

    @Test func anOutageTeachesNothing() throws {
        http.then(sent)
        http.then { request in
            clock.advance(50)
            return try invocation("Success", 0, elapsed: "PT0.1S")(request)
        }
        let transport = try transport()
        _ = try transport.run("true", comment: "x", timeout: 600)
        _ = takes(1)
        let start = clock.monotonic()
        _ = try transport.run("true", comment: "x", timeout: 600)
        #expect(clock.monotonic() - start <= 1.2)
    }

    @Test(arguments: [
        ("PT1.25S", 1.25), ("PT0S", 0), ("PT1H2M3S", 3723), ("PT2M", 120), ("", nil), ("PT", nil),
        ("PTxS", nil), ("P1D", nil), ("PT-1S", nil), ("PT1S2M", nil), ("PTnanS", nil),
    ])
    func howLongTheScriptRan(text: String, seconds: Double?) {
        #expect(CommandInvocation.seconds(text) == seconds)
    }

    @Test func aFailedScriptIsAReply() throws {
        http.then(sent)
        http.then(D.refusal("InvocationDoesNotExist"))
        http.then(invocation("Pending"))
        http.then(invocation("In Progress"))
        http.then(invocation("Delayed"))
        http.then(invocation("Failed", 3, errors: "no"))
        let reply = try transport().run("exit 3", comment: "x", timeout: 5)
        #expect(reply == HostReply(status: 3, output: "", errors: "no"))
    }

    @Test(arguments: [
        ("Delivery Timed Out", "host_delivery_timed_out"),
        ("DeliveryTimedOut", "host_delivery_timed_out"),
        ("Undeliverable", "host_undeliverable"),
        ("Execution Timed Out", "host_execution_timed_out"),
        ("Cancelled", "host_command_cancelled"), ("Canceled", "host_command_cancelled"),
        ("Terminated", "host_command_terminated"), ("Failed", "host_command_failed"),
    ])
    func endsThatAreNotTheScriptsOwn(status: String, code: String) throws {
        http.then(sent)
        http.then(invocation(status))
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 5)
        }
        #expect(error?.code == code)
        #expect(error?.detail?.contains("c-1") == true)
        #expect(operations == ["SendCommand", "GetCommandInvocation"])
    }

    @Test func anUnknownInstanceKeepsItsCode() throws {
        http.then(D.refusal("InvalidInstanceId"))
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 5)
        }
        #expect(error?.code == "InvalidInstanceId")
        #expect(error?.hint?.contains("--transport ssh") == true)
    }

    @Test func anInvocationThatNeverAppears() throws {
        http.then(sent)
        for _ in 0..<200 { http.then(D.refusal("InvocationDoesNotExist")) }
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 600)
        }
        #expect(error?.code == "host_outcome_unknown")
        #expect(error?.causes.first?.code == "InvocationDoesNotExist")
        #expect((55...70).contains(clock.monotonic()))
    }

    @Test func aCommandThatNeverEnds() throws {
        _ = takes(1e9)
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 30)
        }
        #expect(error?.code == "host_outcome_unknown")
        #expect(error?.causes.first?.code == "wait_timeout")
        #expect((149...152).contains(clock.monotonic()))
        #expect(operations.last == "CancelCommand")
    }

    @Test(arguments: [HTTPFailure.timeout, HTTPFailure.reset])
    func aLostReplyIsLookedUpByTheComment(code: String) throws {
        var comment = ""
        http.then { request in
            comment = try JSONParser.parse(request.body)["Comment"]?.stringValue ?? ""
            throw Diagnostic(code, "x")
        }
        http.then(
            D.reply(
                200,
                "{\"Commands\":[{\"CommandId\":\"c-0\",\"Comment\":\"x\"}],"
                    + "\"NextToken\":\"n\"}"
            )
        )
        http.then { request in
            let input = try JSONParser.parse(request.body)
            #expect(input["NextToken"] == "n")
            #expect(input["InstanceId"] == "i-0123456789abcdef0")
            #expect(
                input["Filters"]?.arrayValue?.first?["value"] == "2026-11-23T11:58:00Z"
            )
            let item: JSONValue = ["CommandId": "c-9", "Comment": .string(comment)]
            return try D.reply(200, JSONWriter.write(["Commands": [item]]))(request)
        }
        http.then { request in
            #expect(try JSONParser.parse(request.body)["CommandId"] == "c-9")
            return try invocation("Success", 0, output: "found")(request)
        }
        let reply = try transport().run("true", comment: "x", timeout: 5)
        #expect(reply.output == "found")
        #expect(operations.filter { $0 == "SendCommand" }.count == 1)
    }

    @Test func aGarbledReplyIsALostOne() throws {
        http.then(D.reply(200, "{\"Comm"))
        for _ in 0..<100 { http.then(D.reply(200, "{\"Commands\":[]}")) }
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 5)
        }
        #expect(error?.code == "host_outcome_unknown")
        #expect(operations.filter { $0 == "SendCommand" }.count == 1)
    }

    @Test func cancelledBeforeSendingNothingIsSent() throws {
        cancellation.cancel()
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 5)
        }
        #expect(error?.code == "interrupted")
        #expect(http.requests.isEmpty)
    }

    @Test func noTraceIsUnknown() throws {
        http.then(D.failure(HTTPFailure.timeout))
        for _ in 0..<100 { http.then(D.reply(200, "{\"Commands\":[]}")) }
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 5)
        }
        #expect(error?.code == "host_outcome_unknown")
        #expect(operations.filter { $0 == "SendCommand" }.count == 1)
    }

    @Test func interruptionAfterSendingIsUnknown() throws {
        let cancellation = cancellation
        http.then(sent)
        http.then { request in
            cancellation.cancel()
            return try invocation("InProgress")(request)
        }
        let error = #expect(throws: Diagnostic.self) {
            try transport().run("true", comment: "x", timeout: 5)
        }
        #expect(error?.code == "host_outcome_unknown")
        #expect(error?.kind == .interrupted)
    }

    @Test func reachability() throws {
        http.then(D.reply(200, "{\"InstanceInformationList\":[{\"PingStatus\":\"Online\"}]}"))
        http.then(
            D.reply(200, "{\"InstanceInformationList\":[{\"PingStatus\":\"ConnectionLost\"}]}")
        )
        http.then(D.reply(200, "{\"InstanceInformationList\":[]}"))
        let transport = try transport()
        #expect(try transport.isReachable())
        #expect(try !transport.isReachable())
        #expect(try !transport.isReachable())
    }
}
