/// The time of a program that may work on a simulated stack.
///
/// It is the real clock's until a stack made with `--speed` is opened. From then on a wait moves this
/// clock on and takes a fraction of the real time. Every process that opens such a stack goes on from
/// the latest moment that any of them has written, so that none sees time go back.
public final class SandboxClock: Clock {
    /// How far each look at the time moves it on: programs take time, and loops have to end.
    static let step = 1000 as Int64

    private let real: any Clock
    private var simulated: Timestamp?
    private var speed = 1.0
    /// What `monotonic` was when simulated time began, and the moment that it stands for.
    private var origin = (monotonic: 0.0, moment: 0.0)

    /// A clock that starts as another.
    public init(_ real: any Clock) { self.real = real }

    /// The moment; simulated time moves on by a millisecond each time.
    public func now() -> Timestamp {
        guard let simulated else { return real.now() }
        let next = Timestamp(microseconds: simulated.microseconds + Self.step)
        self.simulated = next
        return next
    }

    /// Seconds, without a jump where simulated time began.
    public func monotonic() -> Double {
        guard simulated != nil else { return real.monotonic() }
        return origin.monotonic + now().seconds - origin.moment
    }

    /// Waits; simulated time is then as far on as it should be, however short the wait was.
    public func sleep(_ seconds: Double, _ cancellation: Cancellation) throws {
        try real.sleep(seconds / speed, cancellation)
        simulated = simulated?.adding(seconds: max(0, seconds))
    }

    /// Begins simulated time, or catches up with a moment that another process has seen.
    func reach(_ moment: Timestamp, speed: Double) {
        self.speed = speed
        if simulated == nil { origin = (real.monotonic(), moment.seconds) }
        simulated = max(simulated ?? moment, moment)
    }
}
