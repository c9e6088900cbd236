/// Time as the program sees it; the sandbox and tests bring their own.
public protocol Clock: AnyObject {
    /// The wall clock.
    func now() -> Timestamp
    /// Seconds on a clock that never goes back; only differences mean anything.
    func monotonic() -> Double
    /// Waits.
    ///
    /// - Parameters:
    ///   - seconds: how long; zero or less returns at once.
    ///   - cancellation: ends the wait early.
    /// - Throws: `Diagnostic` with code `interrupted` when cancelled.
    func sleep(_ seconds: Double, _ cancellation: Cancellation) throws
}
