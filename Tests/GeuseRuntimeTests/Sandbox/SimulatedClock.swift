import Synchronization

@testable import GeuseRuntime

/// A clock that stands still but for its sleepers, and runs something at each sleep if asked to.
final class SimulatedClock: Clock, Sendable {
    private let micros = Mutex<Int64>(1_795_430_400_000_000)
    private let onSleep: @Sendable () throws -> Void

    init(onSleep: @escaping @Sendable () throws -> Void = {}) { self.onSleep = onSleep }

    func now() -> Timestamp { Timestamp(microseconds: micros.withLock { $0 }) }

    func monotonic() -> Double { now().seconds }

    func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
        try cancellation.check()
        try onSleep()
        advance(seconds)
    }

    /// Lets time pass with nobody asleep; however short a wait is, it gets somewhere.
    func advance(_ seconds: Double) {
        guard seconds > 0 else { return }
        micros.withLock { $0 += max(1, Int64((seconds * 1_000_000).rounded())) }
    }
}
