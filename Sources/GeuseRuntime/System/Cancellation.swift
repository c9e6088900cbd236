import Synchronization

/// A flag that a signal raises and that every wait looks at.
public final class Cancellation: Sendable {
    private let count = Atomic<Int>(0)
    private let isShielded = Atomic<Bool>(false)

    /// A flag that is down.
    public init() {}

    /// Raises it; safe from any thread and from a signal handler.
    ///
    /// - Returns: how often it has been raised, shielded or not: once asks for an orderly end, twice
    ///   for an immediate one.
    @discardableResult
    public func cancel() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }

    /// How often it was raised; 0 for those behind a shield.
    public var requests: Int {
        isShielded.load(ordering: .sequentiallyConsistent)
            ? 0 : count.load(ordering: .sequentiallyConsistent)
    }

    /// From here on nothing is cut short: what was begun is being undone, which is the orderly end.
    public func shield() { isShielded.store(true, ordering: .sequentiallyConsistent) }

    /// Does nothing while the flag is down.
    ///
    /// - Throws: `Diagnostic` of kind interrupted once it was raised.
    public func check() throws {
        guard requests > 0 else { return }
        throw Diagnostic("interrupted", "Stopped by request.", kind: .interrupted)
    }
}
