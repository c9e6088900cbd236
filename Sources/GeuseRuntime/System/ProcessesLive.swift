import Glibc

/// Runs programs by posix_spawn, each in a process group of its own.
public final class LiveProcesses: ProcessRunner {
    private let clock: any Clock

    /// Makes a runner.
    ///
    /// - Parameter clock: measures time limits.
    public init(clock: any Clock) { self.clock = clock }

    /// Runs a program to its end.
    public func run(
        _ command: ProcessCommand,
        _ cancellation: Cancellation
    ) throws -> ProcessResult {
        let child = try ProcessSpawn.start(command)
        var streams = ProcessStreams(child, input: command.input, limit: command.outputLimit)
        defer { streams.close() }
        let deadline = clock.monotonic() + command.timeout
        var end: ProcessResult.End?
        var stopped: Double?
        var isTimedOut = false
        var drained: Double?
        while true {
            let now = clock.monotonic()
            if end == nil { end = ProcessSpawn.end(of: child.pid) }
            if end != nil {
                // A grandchild may hold the pipes open; what it says later is not waited for.
                drained = drained ?? now + 0.5
                if streams.isFinished || now >= drained ?? now { break }
            }
            let isCancelled = cancellation.requests >= command.patience
            if stopped == nil, end == nil, now >= deadline || isCancelled {
                isTimedOut = now >= deadline
                stopped = now
                kill(-child.pid, SIGTERM)
            }
            if let stopped, end == nil, now >= stopped + 2 { kill(-child.pid, SIGKILL) }
            streams.transfer(waiting: end == nil && streams.isFinished ? 5 : 50)
        }
        if stopped != nil {
            // What the group left behind has no business any more.
            kill(-child.pid, SIGKILL)
            if !isTimedOut { try cancellation.check() }
        }
        return ProcessResult(
            end: isTimedOut ? .timedOut : end ?? .timedOut,
            output: streams.output.bytes,
            errors: streams.errors.bytes,
            isTruncated: streams.output.isCut || streams.errors.isCut
        )
    }
}
