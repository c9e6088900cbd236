import GeuseRuntime

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
