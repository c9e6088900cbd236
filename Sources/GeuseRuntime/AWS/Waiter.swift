/// Waits for a state by looking again and again, often when it is due and seldom otherwise.
public struct Waiter {
    /// What a look means.
    public enum Verdict: Sendable {
        /// The goal is there.
        case reached
        /// Not yet.
        case waiting
        /// It can't come any more; this is why.
        case unreachable(Diagnostic)
    }

    private let schedule: PollSchedule
    private let limit: Double
    private let clock: any Clock
    private let cancellation: Cancellation
    private let random: () -> Double

    /// A waiter.
    ///
    /// - Parameters:
    ///   - expected: seconds it usually takes; nil when nobody knows.
    ///   - limit: seconds after which it gives up.
    ///   - early: seconds at which to look before it is due.
    ///   - clock: the time.
    ///   - cancellation: ends the wait.
    ///   - random: a number from 0 up to 1, so that many waiters do not look at the same moment.
    public init(
        expected: Double?,
        limit: Double,
        early: [Double] = [0],
        clock: any Clock,
        cancellation: Cancellation,
        random: @escaping () -> Double = { Double.random(in: 0..<1) }
    ) {
        schedule = PollSchedule(expected: expected, early: early)
        self.limit = limit
        self.clock = clock
        self.cancellation = cancellation
        self.random = random
    }

    /// Looks until the goal is reached.
    ///
    /// - Parameters:
    ///   - goal: what is waited for, for the message of a timeout.
    ///   - read: one look.
    ///   - judge: what it means.
    /// - Returns: the value that was judged `reached`.
    /// - Throws: what `read` throws, the judge's `unreachable`, `interrupted`, or `wait_timeout`.
    public func wait<Value>(
        for goal: String,
        read: () throws -> Value,
        judge: (Value) throws -> Verdict
    ) throws -> Value {
        let start = clock.monotonic()
        var looks = 0
        while true {
            let now = clock.monotonic() - start
            var next = looks == 0 ? schedule.first : schedule.next(after: now)
            // Up to a tenth of a step early or late; the first look is not delayed by chance.
            if looks > 0 { next += (next - now) * 0.05 * (random() - 0.5) }
            try clock.sleep(max(0, min(next, limit) - now), cancellation)
            try cancellation.check()
            let value = try read()
            looks += 1
            switch try judge(value) {
            case .reached: return value
            case .unreachable(let reason): throw reason
            case .waiting: break
            }
            if clock.monotonic() - start >= limit {
                throw Diagnostic(
                    "wait_timeout",
                    "Waited in vain for \(goal).",
                    detail:
                        "\(Int(limit.rounded(.up))) s and \(looks) looks; the last was not it yet."
                )
            }
        }
    }
}
