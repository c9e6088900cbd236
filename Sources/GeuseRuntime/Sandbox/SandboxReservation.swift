/// Room that was held in the simulated zone.
struct SandboxReservation: Sendable, Equatable {
    var id = ""
    var run = ""
    var type = InstanceType(unchecked: "")
    var isCancelled = false
    /// The client's token and the end that it was asked for with.
    var token: String?
    var end: String?
    /// How many looks still find it pending.
    var pendingLooks: Int?
    /// What it is when it is not pending any more, if that is not `active`.
    var settled: String?

    var state: String {
        if isCancelled { return "cancelled" }
        return (pendingLooks ?? 0) > 0 ? "pending" : settled ?? "active"
    }

    var view: CapacityReservation {
        CapacityReservation(id: id, type: type.text, state: state)
    }
}

extension SandboxReservation: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("id", \.id), .init("run", \.run), .init("type", \.type),
            .init("is_cancelled", \.isCancelled), .init("token", \.token), .init("end", \.end),
            .init("pending_looks", \.pendingLooks), .init("settled", \.settled),
        ]
    }
}

extension SandboxInstance {
    /// How many looks find a reservation pending that is not decided on at once.
    static let pendingLooks = 3

    /// CreateCapacityReservation; the same token with the same parameters finds what it made, and with
    /// others it is refused.
    mutating func reserve(
        _ type: InstanceType,
        run: RunID,
        attempt: Int,
        until end: Timestamp,
        fault: String?
    ) throws -> SandboxReservation {
        let token = "\(run) \(type) \(attempt)"
        if let made = reservations.first(where: { $0.token == token }) {
            guard made.end == end.text else {
                throw Diagnostic(
                    "IdempotentParameterMismatch",
                    "The client token was used with other parameters before."
                )
            }
            return made
        }
        let number = String(SandboxDigest.hex(token).prefix(17))
        var made = SandboxReservation(id: "cr-" + number, run: run.text, type: type)
        made.token = token
        made.end = end.text
        if let fault, fault.hasPrefix("pending") { made.pendingLooks = Self.pendingLooks }
        if let fault, fault.hasSuffix("failed") { made.settled = "failed" }
        reservations.append(made)
        return made
    }

    /// Whether it names a reservation that has no room for it any more, or never had.
    var isBarred: Bool {
        guard let named = capacityReservation else { return false }
        return !reservations.contains {
            $0.id == named && $0.state == "active" && $0.type == type
        }
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
        attempt: Int,
        until end: Timestamp
    ) throws -> CapacityReservation {
        try request("CreateCapacityReservation", type.text) { world in
            let isOfType = { (fault: SandboxFault) in
                fault.subject == nil || fault.subject == type.text
            }
            if let fault = world.takeFault(.start, isOfType) {
                throw Self.refusal(fault.value, "CreateCapacityReservation of a \(type)")
            }
            let fault = world.takeFault(.reserve, isOfType)?.value
            // What begins with a small letter is a state that it comes to, anything else an error code.
            if let fault, fault.first?.isUppercase == true {
                throw Self.refusal(fault, "CreateCapacityReservation of a \(type)")
            }
            return try world.instance
                .reserve(type, run: run, attempt: attempt, until: end, fault: fault).view
        }
    }

    /// Whether it would be permitted; only that can be set to go wrong.
    public func dryRunReservation(_ type: InstanceType, for instance: Instance) throws {
        try request("CreateCapacityReservation (dry run)", type.text) { world in
            if let fault = world.takeFault(
                .reserve,
                {
                    $0.value == "UnauthorizedOperation"
                        && ($0.subject == nil || $0.subject == type.text)
                }
            ) {
                throw Self.refusal(fault.value, "CreateCapacityReservation of a \(type)")
            }
        }
    }

    /// What a run held.
    public func capacityReservations(of run: RunID) throws -> [CapacityReservation] {
        try request("DescribeCapacityReservations", run.text) { world in
            world.instance.reservations.filter { $0.run == run.text }.map(\.view)
        }
    }

    /// One reservation; the looks are what a pending one is decided by.
    public func capacityReservation(_ id: String) throws -> CapacityReservation? {
        try request("DescribeCapacityReservations", id) { world in
            guard let found = world.instance.reservations.firstIndex(where: { $0.id == id }) else {
                return nil
            }
            if let looks = world.instance.reservations[found].pendingLooks, looks > 0 {
                world.instance.reservations[found].pendingLooks = looks - 1
            }
            return world.instance.reservations[found].view
        }
    }

    /// Sets in what reservations it starts; the instance has to be stopped.
    public func setCapacity(_ id: InstanceID, to choice: CapacityChoice) throws {
        try request("ModifyInstanceCapacityReservationAttributes", id.text) { world in
            try Self.require(id, world)
            guard world.instance.state == .stopped else {
                throw Self.refusal("IncorrectInstanceState", "The change of a running instance")
            }
            world.instance.capacityReservation = choice.reservation
            world.instance.capacityPreference = choice.preference
            world.instance.capacityGroup = choice.group
        }
    }

    /// Gives it back; only one that is active can be.
    public func cancelCapacityReservation(_ id: String) throws {
        try request("CancelCapacityReservation", id) { world in
            guard let found = world.instance.reservations.firstIndex(where: { $0.id == id }) else {
                throw Diagnostic(
                    CapacityReservation.notFound,
                    "The capacity reservation ID '\(id)' does not exist."
                )
            }
            let state = world.instance.reservations[found].state
            guard state == "active" else {
                throw Diagnostic("InvalidState", "A reservation that is \(state) stays so.")
            }
            world.instance.reservations[found].isCancelled = true
        }
    }
}
