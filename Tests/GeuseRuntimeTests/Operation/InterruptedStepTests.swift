import Testing

@testable import GeuseRuntime

/// A signal while a step is at work on the host: whether it was done is not known, and it is undone.
@Suite("A step that was interrupted")
struct InterruptedStepTests {
    @Test(
        "is undone, done or not, and the run ends as an interrupted one",
        arguments: 1...4,
        [false, true]
    )
    func undone(_ call: Int, _ done: Bool) throws {
        let fixture = try StackFixture()
        let before = try fixture.facts()
        let n8n = ServiceName(unchecked: "n8n")
        let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.backup(label: nil)
            _ = try stack.pull(n8n, image)
            try stack.openWindow("update")
            try stack.resize(InstanceType(unchecked: "t3.large"), fallback: [])
            try stack.setImage(n8n, image)
            try stack.closeWindow("update", failed: false)
        }
        let plan = try fixture.plan(script)
        let base = try fixture.session(plan)
        let signal = Diagnostic("interrupted", "Stopped by request.", kind: .interrupted)
        let host = LostHost(
            base.edges.host,
            at: call,
            done: done,
            isBack: true,
            error: HostFailure.unknown("step", changes: true, cause: signal)
        )
        let session = base.over(host: host)
        let error = #expect(throws: Diagnostic.self) {
            try script(session)
            _ = try session.finish()
        }
        #expect(error?.code == "host_outcome_unknown")
        // Which of an undone run makes the exit code 130.
        #expect(error?.kind == .interrupted)
        let undone = session.compensate(because: try #require(error))
        // A backup and a pull change nothing that runs; what was stopped or edited is brought back.
        #expect(undone == (call <= 2 ? .nothingChanged : .restored))
        try fixture.expectOld(before)
        #expect(try fixture.facts().host?.lease.holder == nil)
    }
}
