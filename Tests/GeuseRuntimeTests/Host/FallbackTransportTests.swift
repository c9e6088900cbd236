import Testing

@testable import GeuseRuntime

/// When scripts go the other way, and when they must not.
@Suite struct FallbackTransportTests {
    /// Gives prepared replies in turn; being asked for more fails.
    private final class Way: HostTransport {
        var replies: [Result<String, Diagnostic>]
        var isOpen: Bool?
        private(set) var scripts: [String] = []

        init(_ replies: [Result<String, Diagnostic>], isOpen: Bool? = nil) {
            self.replies = replies
            self.isOpen = isOpen
        }

        func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
            scripts.append(script)
            guard !replies.isEmpty else {
                Issue.record("asked once too often: \(script)")
                throw Diagnostic("unexpected_call", script)
            }
            return HostReply(status: 0, output: try replies.removeFirst().get(), errors: "")
        }

        func isReachable() throws -> Bool {
            guard let isOpen else {
                Issue.record("nobody was to ask this way")
                throw Diagnostic("unexpected_call", "isReachable")
            }
            return isOpen
        }
    }

    @Test(
        "What proves that nothing ran changes over, once and for good",
        arguments: [
            "InvalidInstanceId", "AccessDeniedException", "host_delivery_timed_out",
            "host_undeliverable",
        ]
    )
    func changesOver(_ code: String) throws {
        let agent = Way([.failure(Diagnostic(code, "no"))])
        let shell = Way([.success("one"), .success("two")], isOpen: true)
        var told: [String] = []
        let transport = FallbackTransport(agent, orElse: shell) { told.append($0.code) }
        #expect(try transport.run("a", comment: "", timeout: 1).output == "one")
        #expect(try transport.run("b", comment: "", timeout: 1).output == "two")
        #expect(agent.scripts == ["a"])
        #expect(shell.scripts == ["a", "b"])
        #expect(told == [code])
        #expect(try transport.isReachable())
    }

    @Test(
        "What may have run is never sent the other way",
        arguments: [
            "host_outcome_unknown", "host_execution_timed_out", "host_command_cancelled",
            "host_command_terminated", "host_command_failed", "ExpiredTokenException",
        ]
    )
    func stays(_ code: String) {
        let shell = Way([], isOpen: true)
        let transport = FallbackTransport(
            Way([.failure(Diagnostic(code, "?"))]),
            orElse: shell
        ) { _ in Issue.record("it was not to change over") }
        let error = #expect(throws: Diagnostic.self) {
            try transport.run("a", comment: "", timeout: 1)
        }
        #expect(error?.code == code)
        #expect(shell.scripts.isEmpty)
    }

    @Test("Where the other way is shut too, the first one's failure is told")
    func bothShut() throws {
        let transport = FallbackTransport(
            Way([.failure(Diagnostic("InvalidInstanceId", "no")), .success("back")]),
            orElse: Way([], isOpen: false)
        ) { _ in Issue.record("it was not to change over") }
        let error = #expect(throws: Diagnostic.self) {
            try transport.run("a", comment: "", timeout: 1)
        }
        #expect(error?.code == "InvalidInstanceId")
        #expect(try transport.run("a", comment: "", timeout: 1).output == "back")
    }

    @Test("The first way is the one that is used while it works")
    func first() throws {
        let transport = FallbackTransport(Way([.success("one")], isOpen: true), orElse: Way([])) {
            _ in Issue.record("it was not to change over")
        }
        #expect(try transport.run("a", comment: "", timeout: 1).output == "one")
        #expect(try transport.isReachable())
    }
}
