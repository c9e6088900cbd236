/// Runs scripts the first way, and the second way from the moment on when the first is of no use.
///
/// It changes over only on a failure that proves that nothing ran, and only when the second way works;
/// the markers on the host make sure that a step is done once whichever way it came.
public final class FallbackTransport: HostTransport {
    /// SSM's codes that say that no script was run (Systems Manager API, SendCommand; "Understanding
    /// command statuses").
    private static let notRun: Set<String> = [
        "InvalidInstanceId", "AccessDeniedException", "host_delivery_timed_out",
        "host_undeliverable",
    ]

    private let first: any HostTransport
    private let second: any HostTransport
    private let changed: (Diagnostic) -> Void
    private var isChanged = false

    /// A transport of two.
    ///
    /// - Parameters:
    ///   - first: the way that is tried.
    ///   - second: the way to change over to.
    ///   - changed: told once, with the failure that it was changed for.
    public init(
        _ first: any HostTransport,
        orElse second: any HostTransport,
        changed: @escaping (Diagnostic) -> Void
    ) {
        self.first = first
        self.second = second
        self.changed = changed
    }

    /// Runs a script and waits for its end.
    public func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
        if isChanged { return try second.run(script, comment: comment, timeout: timeout) }
        do {
            return try first.run(script, comment: comment, timeout: timeout)
        } catch let error as Diagnostic where Self.notRun.contains(error.code) {
            // The failure of the way that was meant says more than that of the other.
            guard (try? second.isReachable()) == true else { throw error }
            isChanged = true
            changed(error)
            return try second.run(script, comment: comment, timeout: timeout)
        }
    }

    /// What the way lets through that is gone now; a script that changes over is for the first one still.
    public var answerLimit: Int {
        isChanged ? second.answerLimit : min(first.answerLimit, second.answerLimit)
    }

    /// Whether either way is open.
    public func isReachable() throws -> Bool {
        if !isChanged, (try? first.isReachable()) == true { return true }
        return try second.isReachable()
    }
}
