import GeuseRuntime

/// The time of a test: a wait takes none of the real time, and each look moves it on by a millisecond,
/// since programs take time and loops have to end.
final class SimulatedTime: Clock {
    /// A Monday, so that the days of tests are the same every day.
    static let usual = Timestamp(microseconds: 1_767_571_200_000_000)

    private var moment: Timestamp

    init(_ start: Timestamp) { moment = start }

    func now() -> Timestamp {
        // A test may have waited until the end of time.
        moment = moment.adding(seconds: 0.001)
        return moment
    }

    func monotonic() -> Double { now().seconds }

    func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
        try cancellation.check()
        moment = moment.adding(seconds: max(0, seconds))
    }
}
