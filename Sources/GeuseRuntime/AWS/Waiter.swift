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

    /// For so many seconds looks may fail with the network or the service, which is no proof that the
    /// goal is lost: the thing waited for goes on all the same.
    static let outageLimit = 60.0

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
        var lastAnswer = 0.0
        while true {
            let now = clock.monotonic() - start
            var next = looks == 0 ? schedule.first : schedule.next(after: now)
            // Up to 3 % of a step late; the first look is not delayed by chance.
            if looks > 0 { next += (next - now) * 0.03 * random() }
            try clock.sleep(max(0, min(next, limit) - now), cancellation)
            try cancellation.check()
            looks += 1
            if let value = try look(read, clock.monotonic() - start - lastAnswer) {
                lastAnswer = clock.monotonic() - start
                switch try judge(value) {
                case .reached: return value
                case .unreachable(let reason): throw reason
                case .waiting: break
                }
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

    /// One look; nil for a failure that may pass, unless that has gone on for too long.
    private func look<Value>(_ read: () throws -> Value, _ outage: Double) throws -> Value? {
        do {
            return try read()
        } catch let error as Diagnostic
            where ErrorClass.isPassing(error.code) && outage < Self.outageLimit
        {
            return nil
        }
    }
}
