/// Room for one instance of a type that EC2 holds for this account (EC2 User Guide, "Reserve compute
/// capacity with EC2 On-Demand Capacity Reservations").
public struct CapacityReservation: Sendable, Equatable {
    /// The id, `cr-…`.
    public var id: String
    /// The type that it has room for.
    public var type: String
    /// `active`, `pending`, `cancelled`, `expired` and so on (CapacityReservationState).
    public var state: String

    /// Makes the value.
    public init(id: String, type: String, state: String) {
        self.id = id
        self.type = type
        self.state = state
    }

    /// Whether it holds room, or is about to.
    public var isHeld: Bool { ["active", "pending"].contains(state) }

    /// Whether it holds no room and never will again, so that nothing is paid for it.
    public var hasEnded: Bool {
        ["cancelled", "expired", "failed", "payment-failed", "unsupported"].contains(state)
    }

    /// The code for an id that EC2 does not know, or does not know yet.
    static let notFound = "InvalidCapacityReservationId.NotFound"

    /// The tag by which the reservations of a run are found again, whatever became of the reply.
    static let tag = "geusemaker:run"
}
