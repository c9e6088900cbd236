import Foundation
import Testing

@testable import GeuseRuntime

/// `credential_process` with real processes.
@Suite struct ProcessCredentialsTests {
    private let cancellation = Cancellation()

    private func credentials(
        _ command: String,
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        clock: any GeuseRuntime.Clock = SystemClock()
    ) throws -> AWSCredentials {
        let files = AWSDoubles.Files([
            "/h/.aws/config": "[profile p]\ncredential_process = \(command)"
        ])
        return try AWSSession(
            environment: environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { $1 },
            profile: "p",
            region: try Region("us-east-1"),
            home: "/h",
            files: files,
            http: AWSDoubles.HTTP(),
            clock: clock,
            cancellation: cancellation
        ).credentials.current()
    }

    private func problem(_ command: String) -> String? {
        let error = #expect(throws: Diagnostic.self) { try credentials(command) }
        #expect(error?.code == "credential_process_failed")
        return error?.detail
    }

    @Test func itsOutputIsRead() throws {
        let json =
            #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","SessionToken":"t","#
            + #""Expiration":"2999-01-01T00:00:00+00:00"}"#
        let found = try credentials("printf %s '\(json)'")
        #expect(found.accessKeyID == "A")
        #expect(found.sessionToken?.reveal() == "t")
        #expect(found.expiration == Timestamp("2999-01-01T00:00:00Z"))
    }

    @Test func thereIsNoShellAndOnlyTheGivenEnvironment() throws {
        let json = #"{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s"}"#
        let found = try credentials("printf '\(json)' $HOME;id")
        #expect(found.accessKeyID == "$HOME;id")
        let script = #"printf '{"Version":1,"SecretAccessKey":"s","AccessKeyId":"%s"}'"#
        let environment = ["ONE": "1"]
        let one = try credentials(
            "/bin/sh -c \(quoted(script + #" "$ONE-${HOME-unset}""#))",
            environment: environment
        )
        #expect(one.accessKeyID == "1-unset")
    }

    /// A word of the command line, in the quotes that `shlex` knows.
    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    @Test func noDescriptorIsInherited() throws {
        var ends: [Int32] = [-1, -1]
        #expect(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let script =
            #"printf '{"Version":1,"SecretAccessKey":"s","AccessKeyId":"%s"}' "#
            + "\"$(for n in 1 \(ends[0]) \(ends[1]); do [ -e /proc/$$/fd/$n ] && echo $n; done)\""
        #expect(try credentials("sh -c \(quoted(script))").accessKeyID == "1")
    }

    @Test func itsFailures() {
        #expect(problem("false")?.contains("status 1") == true)
        #expect(problem("sh -c 'kill -9 $$'")?.contains("status 137") == true)
        #expect(problem("no-such-program")?.contains("not found") == true)
        #expect(problem("/etc/passwd")?.contains("started") == true)
        #expect(problem("echo 'open")?.contains("quotation") == true)
        #expect(problem("echo no")?.contains("not JSON") == true)
        #expect(problem("echo {}")?.contains("not JSON") == true)
        #expect(problem("echo '{\"Version\":2}'")?.contains("version 2") == true)
        #expect(problem("yes")?.contains("MiB") == true)
    }

    @Test func itIsEndedOnCancellationAndInTime() throws {
        let cancellation = cancellation
        let thread = Thread {
            usleep(100_000)
            cancellation.cancel()
        }
        thread.start()
        let error = #expect(throws: Diagnostic.self) { try credentials("sleep 600") }
        #expect(error?.code == "interrupted")
        cancellation.shield()
        final class Racing: GeuseRuntime.Clock {
            var time = 0.0
            func now() -> Timestamp { Timestamp(microseconds: 0) }
            func monotonic() -> Double {
                time += 30
                return time
            }
            func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {}
        }
        let late = #expect(throws: Diagnostic.self) {
            try credentials("sleep 600", clock: Racing())
        }
        #expect(late?.detail == "It did not end within 60 s.")
    }
}
