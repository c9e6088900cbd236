import CSystem
import Glibc

/// The real clock.
public final class SystemClock: Clock {
    /// Makes the clock.
    public init() {}

    /// The wall clock (CLOCK_REALTIME).
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Seconds on CLOCK_MONOTONIC.
    public func monotonic() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Sleeps in slices of at most 100 ms, so that a cancellation is seen soon.
    public func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
        let end = monotonic() + seconds
        while true {
            try cancellation.check()
            let rest = end - monotonic()
            guard rest > 0 else { return }
            usleep(UInt32(min(rest, 0.1) * 1_000_000))
        }
    }
}
