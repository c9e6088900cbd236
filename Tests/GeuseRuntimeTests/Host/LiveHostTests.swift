import Testing

@testable import GeuseRuntime

/// What LiveHost makes of a transport's failures; no script runs here.
@Suite struct LiveHostTests {
    /// Gives prepared answers in turn, and fails loudly when asked for more.
    final class ScriptedTransport: HostTransport {
        var answers: [Result<String, Diagnostic>]

        init(_ answers: [Result<String, Diagnostic>]) { self.answers = answers }

        func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
            guard !answers.isEmpty else {
                Issue.record("asked once too often")
                throw Diagnostic("unexpected_call", comment)
            }
            return HostReply(status: 0, output: try answers.removeFirst().get(), errors: "")
        }

        func isReachable() throws -> Bool { throw Diagnostic("unexpected_call", "isReachable") }
    }

    /// Time that passes only by sleeping.
    final class StepClock: Clock {
        var seconds = 0.0
        func now() -> Timestamp { Timestamp(microseconds: Int64(seconds * 1_000_000)) }
        func monotonic() -> Double { seconds }
        func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
            try cancellation.check()
            self.seconds += seconds
        }
    }

    static func line(_ outcome: String, _ payload: String = "") throws -> String {
        let full = Array("result run-1-stop \(outcome)\n\(payload)".utf8)
        let packed = Base64Text.encode(try Gzip.compress(full))
        return """
            {"geuse":1,"step":"run-1-stop","outcome":"\(outcome)","length":\(full.count),\
            "sha256":"\(Digest.sha256Hex(full))","payload":"\(packed)"}

            """
    }

    private func stop(
        _ answers: [Result<String, Diagnostic>],
        _ clock: StepClock = StepClock()
    ) -> Diagnostic? {
        let transport = ScriptedTransport(answers)
        let host = LiveHost(transport: transport, clock: clock, cancellation: Cancellation())
        let project = ComposeProject(name: "p", file: "/f", directory: "/", sha256: "", bytes: [])
        do {
            try host.stopServices(HostWorld.step("stop"), project)
            #expect(transport.answers.isEmpty)
            return nil
        } catch {
            #expect(transport.answers.isEmpty)
            return error as? Diagnostic
        }
    }

    private let unknown = Diagnostic("host_outcome_unknown", "lost")
    private let down = Diagnostic("ssh_unreachable", "down")

    @Test func aThrottledSendingHasDoneNothingAndOneThatAsksAgainIsTriedAgain() throws {
        let throttled = Diagnostic("ThrottlingException", "Rate exceeded")
        #expect(stop([.failure(throttled)])?.code == "ThrottlingException")
        let done = try Self.line("done")
        #expect(stop([.failure(unknown), .failure(throttled), .success(done)]) == nil)
        let running = try Self.line("running")
        #expect(stop([.success(running), .failure(throttled), .success(done)]) == nil)
        let failures = [unknown] + Array(repeating: throttled, count: 3)
        #expect(stop(failures.map { .failure($0) })?.code == "host_outcome_unknown")
    }

    @Test func aStepThatStillRunsIsWaitedFor() throws {
        let running = Result<String, Diagnostic>.success(try Self.line("running"))
        #expect(stop([running, running, running, .success(try Self.line("done"))]) == nil)
    }

    @Test func waitingHasAnEnd() throws {
        let running = Result<String, Diagnostic>.success(try Self.line("running"))
        // The script's own 480 s and a minute more, asked every 2 s.
        let error = stop(Array(repeating: running, count: (480 + 60) / 2 + 1))
        #expect(error?.code == "host_step_running")
    }

    @Test func anUnknownOutcomeIsAskedForAgain() throws {
        #expect(stop([.failure(unknown), .success(""), .success(try Self.line("done"))]) == nil)
        let silent = stop(Array(repeating: .success("no result\n"), count: 4))
        #expect(silent?.code == "host_outcome_unknown")
        #expect(silent?.kind == .needsAttention)
    }

    /// Nothing ran, so the same step is sent again; the marker on the host makes that safe anyway.
    @Test(arguments: ["host_delivery_timed_out", "host_undeliverable"])
    func aStepThatWasNotDeliveredIsSentAgain(code: String) throws {
        let lost = Result<String, Diagnostic>.failure(Diagnostic(code, "not delivered"))
        #expect(stop([lost, lost, .success(try Self.line("done"))]) == nil)
        // Never delivered: it is known that nothing ran.
        #expect(stop(Array(repeating: lost, count: 4))?.code == code)
        // After one that may have run it is not.
        let late = stop([lost, .failure(unknown), lost, lost])
        #expect(late?.code == "host_outcome_unknown")
        #expect(late?.kind == .needsAttention)
        #expect(late?.causes.first?.code == code)
    }

    /// The script may still run: the step sent again looks at its marker and does nothing twice.
    @Test(arguments: [
        "host_execution_timed_out", "host_command_cancelled", "host_command_terminated",
        "host_command_failed",
    ])
    func aStepThatWasCutOffIsLookedUpByItsMarker(code: String) throws {
        let cut = Result<String, Diagnostic>.failure(Diagnostic(code, "cut off"))
        let running = Result<String, Diagnostic>.success(try Self.line("running"))
        #expect(stop([cut, running, running, .success(try Self.line("done"))]) == nil)
        let dead = stop([cut, running, .success(try Self.line("interrupted"))])
        #expect(dead?.code == "host_step_interrupted")
        let silent = stop(Array(repeating: cut, count: 4))
        #expect(silent?.code == "host_outcome_unknown")
        #expect(silent?.causes.first?.code == code)
    }

    @Test func whoeverStopsWaitingDoesNotKnow() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let transport = ScriptedTransport([.success(""), .success("")])
        let host = LiveHost(
            transport: transport,
            clock: StepClock(),
            cancellation: cancellation
        )
        let changing = #expect(throws: Diagnostic.self) {
            try host.pull(HostWorld.step("1-pull"), [])
        }
        #expect(changing?.code == "host_outcome_unknown")
        #expect(changing?.kind == .interrupted)
        let reading = #expect(throws: Diagnostic.self) {
            try host.inspect(HostInspection(fileSystem: nil))
        }
        #expect(reading?.code == "interrupted")
    }

    /// So SSM's transport says it; that it was a signal must not be lost on the way up.
    @Test func whatATransportWasInterruptedInStaysInterrupted() {
        let cancellation = Cancellation()
        cancellation.cancel()
        let signal = Diagnostic("interrupted", "Stopped by request.", kind: .interrupted)
        let cut = Diagnostic("host_outcome_unknown", "cut", kind: .interrupted, cause: signal)
        let host = LiveHost(
            transport: ScriptedTransport([.failure(cut)]),
            clock: StepClock(),
            cancellation: cancellation
        )
        let error = #expect(throws: Diagnostic.self) {
            try host.pull(HostWorld.step("1-pull"), [])
        }
        #expect(error?.code == "host_outcome_unknown")
        #expect(error?.kind == .interrupted)
        // What nobody was waiting for any more is looked up otherwise.
        #expect(HostFailure.unknown("x", changes: true, cause: nil).kind == .needsAttention)
    }

    @Test func aHostThatGoesAwayAfterwardsLeavesItUnknown() {
        #expect(stop([.failure(down)])?.code == "ssh_unreachable")
        let later = stop([.failure(unknown), .failure(down)])
        #expect(later?.code == "host_outcome_unknown")
        #expect(later?.causes.first?.code == "ssh_unreachable")
    }

    @Test func outcomesBecomeErrors() throws {
        #expect(stop([.success(try Self.line("interrupted"))])?.code == "host_step_interrupted")
        #expect(stop([.success(try Self.line("locked"))])?.code == "host_locked")
        #expect(stop([.success(try Self.line("too_large"))])?.code == "host_output_too_large")
        let payload = "error docker_unavailable \(Base64Text.encode(Array("down".utf8)))\n"
        let failed = stop([.success(try Self.line("failed", payload))])
        #expect(failed?.code == "docker_unavailable")
        #expect(failed?.detail == "down")
        #expect(stop([.success(try Self.line("failed"))])?.code == "host_failed")
    }

    @Test func anAnswerWithHolesIsNoAnswer() throws {
        let transport = ScriptedTransport([
            .success(try Self.line("done").replacing("run-1-stop", with: "inspect"))
        ])
        transport.answers.append(.success(""))
        let host = LiveHost(transport: transport, clock: StepClock(), cancellation: Cancellation())
        let error = #expect(throws: Diagnostic.self) {
            try host.inspect(HostInspection(fileSystem: nil))
        }
        #expect(error?.code == "host_no_result")
        let empty = try #require(HostPayload([UInt8]()))
        for code in [
            { _ = try InspectOperation(request: HostInspection(fileSystem: nil)).read(empty) },
            { _ = try PullOperation(images: [], limit: 1).read(empty) },
        ] {
            #expect(throws: Diagnostic.self) { try code() }
        }
    }

    @Test func base64AndGzipGoThereAndBack() throws {
        var random = ComposeLayoutFuzzTests.Generator(state: 1)
        for size in 0..<70 {
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Base64Text.encode(bytes)
            #expect(Base64Text.decode(text) == bytes)
            #expect(try Gzip.decompress(Gzip.compress(bytes), limit: size) == bytes)
        }
        for text in ["a", "ab", "abc", "a===", "====", "a=bc", "ab=c", "ab c", "abc\n"] {
            #expect(Base64Text.decode(text) == nil)
        }
        let packed = try Gzip.compress(Array(repeating: 7, count: 1000))
        let bomb = #expect(throws: Diagnostic.self) { try Gzip.decompress(packed, limit: 999) }
        #expect(bomb?.code == "gzip_too_large")
        for bytes in [[], Array(packed.dropLast()), packed + [0], [1, 2, 3]] {
            let error = #expect(throws: Diagnostic.self) { try Gzip.decompress(bytes, limit: 2000) }
            #expect(error?.code == "gzip_invalid")
        }
    }
}
