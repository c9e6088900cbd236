import Synchronization

/// A flag that a signal raises and that every wait looks at.
public final class Cancellation: Sendable {
    private let count = Atomic<Int>(0)

    /// A flag that is down.
    public init() {}

    /// Raises it; safe from any thread.
    public func cancel() { count.add(1, ordering: .sequentiallyConsistent) }

    /// How often it was raised: once asks for an orderly end, twice for an immediate one.
    public var requests: Int { count.load(ordering: .sequentiallyConsistent) }

    /// Takes the flag down again, so that undoing is not itself cut short.
    public func reset() { count.store(0, ordering: .sequentiallyConsistent) }

    /// Does nothing while the flag is down.
    ///
    /// - Throws: `Diagnostic` of kind interrupted once it was raised.
    public func check() throws {
        guard requests > 0 else { return }
        throw Diagnostic("interrupted", "Stopped by request.", kind: .interrupted)
    }
}
