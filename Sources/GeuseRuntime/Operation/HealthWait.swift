/// A wait until every service is well, for a bounded time.
struct HealthWait {
    /// The code of its failure.
    static let code = "not_healthy"
    /// Seconds between two looks.
    private static let pause = 2.0

    private let timeout: Double
    private let clock: any Clock
    private let cancellation: Cancellation

    init(_ timeout: Double, _ clock: any Clock, _ cancellation: Cancellation) {
        self.timeout = timeout
        self.clock = clock
        self.cancellation = cancellation
    }

    /// Looks until all are well.
    ///
    /// - Parameter look: looks at what is there.
    /// - Returns: the health of each.
    /// - Throws: `Diagnostic` with code `not_healthy` when the time is over.
    func end(_ look: () throws -> LiveFacts) throws -> JSONValue {
        let end = clock.monotonic() + timeout
        while true {
            let facts = try look()
            let ill = (facts.host?.services ?? []).filter { !$0.isWell }
            if ill.isEmpty, facts.host != nil { return try Rehearsal.health(facts) }
            guard clock.monotonic() < end else {
                guard facts.host != nil else { throw facts.unseen }
                throw Diagnostic(
                    Self.code,
                    "Not healthy after \(Int(timeout)) s: "
                        + ill.map(\.name.text).joined(separator: ", ") + "."
                )
            }
            // No service of an instance that is down becomes well by itself.
            guard facts.host != nil || facts.instance.state == .pending else {
                throw facts.unseen
            }
            try clock.sleep(Self.pause, cancellation)
        }
    }
}
