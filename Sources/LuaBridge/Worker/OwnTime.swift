import GeuseRuntime
import Glibc

/// The script's own time: what passes between a frame to the worker and the next call from it.
struct OwnTime {
    /// Thrown when it is used up.
    struct UsedUp: Error {}

    /// The longest wait between two looks at the cancellation, in seconds.
    static let slice = 0.1

    let limit: Double
    private let clock: any Clock
    private let cancellation: Cancellation
    private var used = 0.0
    private var since: Double?

    init(limit: Double, clock: any Clock, cancellation: Cancellation) {
        self.limit = limit
        self.clock = clock
        self.cancellation = cancellation
    }

    /// From now on the script is at work.
    mutating func start() { since = since ?? clock.monotonic() }

    /// From now on the core is.
    ///
    /// - Throws: `UsedUp` past the limit: a frame that came too late counts for nothing.
    mutating func stop() throws {
        used = spent
        since = nil
        guard used < limit else { throw UsedUp() }
    }

    /// What the core did meanwhile was the script's, too.
    ///
    /// - Throws: `UsedUp` past the limit.
    mutating func charge(_ seconds: Double) throws {
        used += max(0, seconds)
        guard spent < limit else { throw UsedUp() }
    }

    /// What this thread has computed so far, in seconds; waits for others are not in it.
    static func computed() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private var spent: Double { used + (since.map { clock.monotonic() - $0 } ?? 0) }

    /// How long to wait at most, in milliseconds.
    ///
    /// - Throws: `UsedUp` past the limit, `Diagnostic` once cancelled.
    func tick() throws -> Int32 {
        try cancellation.check()
        let rest = limit - spent
        guard rest > 0 else { throw UsedUp() }
        return Int32((min(rest, Self.slice) * 1000).rounded(.up))
    }
}
