/// Room that was held in the simulated zone.
struct SandboxReservation: Sendable, Equatable {
    var id = ""
    var run = ""
    var type = InstanceType(unchecked: "")
    var isCancelled = false

    var view: CapacityReservation {
        CapacityReservation(id: id, type: type.text, state: isCancelled ? "cancelled" : "active")
    }
}

extension SandboxReservation: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("id", \.id), .init("run", \.run), .init("type", \.type),
            .init("is_cancelled", \.isCancelled),
        ]
    }
}

extension SandboxInstance {
    /// CreateCapacityReservation; the same run's second call finds its first.
    mutating func reserve(_ type: InstanceType, run: RunID) -> SandboxReservation {
        if let made = reservations.first(where: { $0.run == run.text && $0.type == type }) {
            return made
        }
        let number = String(SandboxDigest.hex("\(run) \(type)").prefix(17))
        let made = SandboxReservation(id: "cr-" + number, run: run.text, type: type)
        reservations.append(made)
        return made
    }

    /// Whether it names a reservation that has no room for it any more, or never had.
    var isBarred: Bool {
        guard let named = capacityReservation else { return false }
        return !reservations.contains { $0.id == named && !$0.isCancelled && $0.type == type }
    }

    /// Whether room was held for it.
    var isHeld: Bool { capacityReservation != nil && !isBarred }
}

extension SandboxCloud {
    /// Holds room; a lack of capacity for the type strikes here instead of at the start.
    public func reserveCapacity(
        _ type: InstanceType,
        for instance: Instance,
        run: RunID,
        until end: Timestamp
    ) throws -> CapacityReservation {
        try request("CreateCapacityReservation", type.text) { world in
            if let fault = world.takeFault(
                .start,
                { $0.subject == nil || $0.subject == type.text }
            ) {
                throw Self.refusal(fault.value, "CreateCapacityReservation of a \(type)")
            }
            return world.instance.reserve(type, run: run).view
        }
    }

    /// What a run held.
    public func capacityReservations(of run: RunID) throws -> [CapacityReservation] {
        try request("DescribeCapacityReservations", run.text) { world in
            world.instance.reservations.filter { $0.run == run.text }.map(\.view)
        }
    }

    /// One reservation.
    public func capacityReservation(_ id: String) throws -> CapacityReservation? {
        try request("DescribeCapacityReservations", id) { world in
            world.instance.reservations.first { $0.id == id }?.view
        }
    }

    /// Names a reservation, or none; the instance has to be stopped.
    public func setCapacityTarget(_ id: InstanceID, to reservation: String?) throws {
        try request("ModifyInstanceCapacityReservationAttributes", id.text) { world in
            try Self.require(id, world)
            guard world.instance.state == .stopped else {
                throw Self.refusal("IncorrectInstanceState", "The change of a running instance")
            }
            world.instance.capacityReservation = reservation
        }
    }

    /// Gives it back.
    public func cancelCapacityReservation(_ id: String) throws {
        try request("CancelCapacityReservation", id) { world in
            let found = world.instance.reservations.firstIndex { $0.id == id }
            if let found { world.instance.reservations[found].isCancelled = true }
        }
    }
}
