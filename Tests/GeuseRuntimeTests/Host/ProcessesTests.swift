import Glibc
import Testing

@testable import GeuseRuntime

/// Running programs: limits, ends, and nothing left behind.
@Suite struct ProcessesTests {
    private let processes = LiveProcesses(clock: SystemClock())

    private func shell(
        _ text: String,
        input: [UInt8] = [],
        timeout: Double = 30,
        limit: Int = 1 << 20,
        environment: [String: String] = [:],
        cancellation: Cancellation = Cancellation(),
        patience: Int = 1
    ) throws -> ProcessResult {
        try processes.run(
            ProcessCommand(
                path: "/bin/sh",
                arguments: ["-c", text],
                environment: environment,
                input: input,
                timeout: timeout,
                outputLimit: limit,
                patience: patience
            ),
            cancellation
        )
    }

    @Test func outputErrorsAndStatusComeBack() throws {
        let result = try shell("echo out; echo err >&2; exit 7")
        #expect(result.end == .exited(7))
        #expect(String(decoding: result.output, as: UTF8.self) == "out\n")
        #expect(String(decoding: result.errors, as: UTF8.self) == "err\n")
        #expect(try shell("kill -9 $$").end == .signalled(9))
    }

    @Test func aLargeInputComesThroughAndOneThatNobodyReadsIsNoError() throws {
        let input = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let result = try shell("cat", input: input, limit: 2_000_000)
        #expect(result.output == input)
        #expect(try shell("exec <&-; exit 3", input: input).end == .exited(3))
    }

    @Test func theEnvironmentIsTheGivenOneAndNoDescriptorLeaks() throws {
        let pair = open("/dev/null", O_RDONLY)
        defer { close(pair) }
        let result = try shell("/usr/bin/env; ls /proc/self/fd", environment: ["A": "b c"])
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        #expect(lines.contains("A=b c"))
        #expect(!lines.contains { $0.hasPrefix("HOME=") })
        // ls itself has the directory open.
        #expect(lines.filter { Int($0) != nil } == ["0", "1", "2", "3"])
    }

    @Test func outputBeyondTheLimitIsDropped() throws {
        let result = try shell("head -c 300000 /dev/zero; echo done >&2", limit: 1000)
        #expect(result.end == .exited(0))
        #expect(result.output.count == 1000)
        #expect(result.isTruncated)
    }

    @Test func theTimeLimitEndsTheWholeGroup() throws {
        let result = try shell("trap '' TERM; sleep 300 & echo $!; wait; sleep 300", timeout: 0.3)
        #expect(result.end == .timedOut)
        let text = String(decoding: result.output, as: UTF8.self)
        let child = try #require(Int32(text.trimmed))
        for _ in 0..<100 where kill(child, 0) == 0 { usleep(20_000) }
        #expect(kill(child, 0) != 0)
    }

    @Test func aProcessThatKeepsThePipesOpenIsNotWaitedFor() throws {
        let result = try shell("sleep 20 & echo $!", timeout: 15)
        #expect(result.end == .exited(0))
        let child = try #require(Int32(String(decoding: result.output, as: UTF8.self).trimmed))
        kill(child, SIGKILL)
    }

    @Test func cancellingEndsItWhenPatienceDoes() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(try shell("exit 4", cancellation: cancellation, patience: 2).end == .exited(4))
        let error = #expect(throws: Diagnostic.self) {
            try shell("sleep 300", cancellation: cancellation)
        }
        #expect(error?.code == "interrupted")
        cancellation.cancel()
        #expect(throws: Diagnostic.self) {
            try shell("sleep 300", cancellation: cancellation, patience: 2)
        }
    }

    @Test func aProgramThatIsNotThereIsAnError() {
        let error = #expect(throws: Diagnostic.self) {
            try processes.run(
                ProcessCommand(path: "/no/such", arguments: [], timeout: 1),
                Cancellation()
            )
        }
        #expect(error?.code == "process_not_started")
    }
}

extension String {
    fileprivate var trimmed: String { String(prefix { !$0.isNewline }) }
}
