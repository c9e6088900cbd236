/// When to look for something that takes about a known time.
///
/// Just before the expected time E there is a look, and then one every 3 % of E, so that the end is
/// seen within 3 % of the time it took or a tenth of a second. Before that there are the early looks,
/// and one at E/2 unless an early one comes after E/3. After 1.2 E, or from the start if E is
/// unknown, the looks are a fixed part of the elapsed time apart, with a least distance. An 8 s stop
/// that was expected to take 8 s costs at most five looks.
struct PollSchedule {
    /// Steps never grow longer than this, in seconds.
    static let longestStep = 15.0
    /// The part of the expected time at which it is due.
    static let due = 0.99

    private let expected: Double?
    private let early: [Double]

    init(expected: Double?, early: [Double]) {
        self.expected = expected.flatMap { $0 > 0 ? $0 : nil }
        self.early = early.sorted()
    }

    /// The moment of the first look.
    var first: Double { early.first ?? 0 }

    /// The moment of the next look after one that ended at `now`, both in seconds since the start.
    func next(after now: Double) -> Double {
        guard let expected else {
            return early.first { $0 > now + 0.01 }
                ?? now + min(max(0.12 * now, 0.1), Self.longestStep)
        }
        let step = min(max(0.03 * expected, min(0.1, 0.1 * expected)), 2)
        let due = Self.due * expected
        let planned = early.filter { $0 < due - step } + [expected / 2, due]
        let isCovered = early.contains { $0 > expected / 3 && $0 < due }
        let tick = min(0.01, step / 2)
        if now < due,
            let point = planned.sorted().first(where: {
                $0 > now + tick && !(isCovered && $0 == expected / 2)
            })
        {
            return point
        }
        // Something quick that is a little late is still seen at once; something slow is not asked about
        // all the time.
        let least = now < expected + 0.4 ? 0.03 : 0.08
        let relaxed = now > 1.2 * expected ? max(0.06 * now, least) : 0
        return now + min(max(step, relaxed), Self.longestStep)
    }
}
