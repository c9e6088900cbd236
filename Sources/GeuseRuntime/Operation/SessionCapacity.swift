// Room for the new type, held before anything stops (`--reserve-capacity`).

extension Session {
    /// Seconds after which a reservation ends by itself, should nobody be left to release it; EC2 ends
    /// it within an hour of that (EC2 API, CreateCapacityReservation, EndDate).
    private static let longestHold = 3 * 3600.0
    /// Seconds for EC2 to show by its tag what it says that it has made.
    private static let listingLimit = 30.0
    /// The word of the step that reserves.
    static let reserveWord = "reserve-capacity"

    /// The room that is held for the instance's new type.
    var reservation: CapacityReservation? {
        get { held.reservation }
        set { held.reservation = newValue }
    }

    /// Holds room for the first of these types that can be had.
    ///
    /// - Parameter types: the types, the wanted one first.
    /// - Returns: the type that there is room for.
    /// - Throws: the last refusal; nothing was changed then.
    func reserveCapacity(_ types: [InstanceType]) throws -> InstanceType {
        held.isOpen = true
        var refusals: [InstanceType: Diagnostic] = [:]
        var last: Diagnostic?
        for type in order(of: types) {
            failure = nil
            do {
                reservation = try effect(
                    Self.reserveWord,
                    title: "reserve room for a \(type)",
                    inverse: "release it",
                    to: type.text,
                    observing: \.id
                ) { _ in try hold(type) }
                if let wanted = types.first, type != wanted {
                    warnings.append(Self.substitute(type, for: wanted, refusals[wanted]))
                }
                return type
            } catch let error as Diagnostic where Self.leavesOtherTypes(error) {
                refusals[type] = error
                last = error
            }
        }
        throw fail(last ?? Diagnostic("internal_error", "No type was asked for."))
    }

    /// Has the stopped instance start in the reservation, or, without one for its type, where it would
    /// have started before the run.
    func directCapacity() throws {
        let wanted = wantedCapacity
        guard !wanted.isSame(as: facts.instance.capacity) else { return }
        if !held.isOriginalKept {
            try edges.record.capacity(held.original)
            held.isOriginalKept = true
        }
        try ask(isDone: { $0.capacity.isSame(as: wanted) }) {
            try edges.cloud.setCapacity(target.instance, to: wanted)
        }
        facts.instance.capacity = wanted
    }

    private var wantedCapacity: CapacityChoice {
        if let mine = reservation, mine.type == facts.instance.type {
            return CapacityChoice(reservation: mine.id)
        }
        guard let named = held.original.reservation else { return held.original }
        do {
            // In one that has ended, or has room for another type, the instance could not be started.
            guard let found = try edges.cloud.capacityReservation(named), found.isHeld,
                found.type == facts.instance.type
            else { return .open }
            return held.original
        } catch {
            // Not told: it was right for the type that the run began with, and for no other.
            return facts.instance.type == before.instance.type ? held.original : .open
        }
    }

    /// Takes over what the run held before it was killed, if it is for one of these types, and gives the
    /// rest of it back.
    ///
    /// - Parameter types: the types that the instance may have, the wanted one first.
    /// - Throws: `Diagnostic` when nothing can be asked of EC2.
    func takeOverReservation(for types: [String]) throws {
        guard held.isOpen else { return }
        var found: [CapacityReservation]
        do {
            found = try edges.cloud.capacityReservations(of: run)
            for id in held.ids where !found.contains(where: { $0.id == id }) {
                if let one = try edges.cloud.capacityReservation(id) { found.append(one) }
            }
        } catch let error as Diagnostic where ErrorClass.concernsOneCall(error) {
            // Going on takes no reservation; what there may be is told at the end.
            return
        }
        let mine = found.filter(\.isHeld)
        for one in mine { held.know(one.id) }
        // The type that the instance has by now was chosen before the kill.
        let order = types.filter { $0 == facts.instance.type } + types
        reservation = order.lazy.compactMap { type in mine.first { $0.type == type } }.first
        // What fails now is tried again, and told, at the end.
        for other in mine where other.id != reservation?.id { try? giveBack(other.id) }
    }

    // MARK: one type

    /// What was taken over has been chosen, and paid for, before.
    private func order(of types: [InstanceType]) -> [InstanceType] {
        guard isContinuing, let first = types.first(where: { $0.text == reservation?.type }) else {
            return types
        }
        return [first] + types.filter { $0 != first }
    }

    private func hold(_ type: InstanceType) throws -> CapacityReservation {
        if let mine = reservation, mine.type == type.text { return try settle(mine) }
        // A client token that was used before finds what came of it; with another end it is refused.
        for attempt in 0..<3 {
            do {
                let made = try create(type, attempt)
                if !["cancelled", "expired"].contains(made.state) { return try settle(made) }
            } catch let error as Diagnostic where error.code == "IdempotentParameterMismatch" {
                if let found = try awaitListing(type) { return try settle(found) }
            }
        }
        throw Self.noRoom(type.text, "Each reservation that the run asked for has ended.")
    }

    /// Asks for one, and goes on asking where EC2 has too many requests: its client token makes of all
    /// the tries one.
    private func create(_ type: InstanceType, _ attempt: Int) throws -> CapacityReservation {
        let end = edges.clock.now().adding(seconds: Self.longestHold)
        return try whenNotThrottled {
            do {
                let made = try edges.cloud.reserveCapacity(
                    type,
                    for: facts.instance,
                    run: run,
                    attempt: attempt,
                    until: end
                )
                held.know(made.id)
                return made
            } catch {
                if Self.mayBeMade(Self.diagnostic(error)) { held.isUnsure = true }
                throw error
            }
        }
    }

    /// Whether EC2 may have done what it was asked all the same: it has not refused, or of an earlier try
    /// no answer came.
    private static func mayBeMade(_ error: Diagnostic) -> Bool {
        !ErrorClass.concernsOneCall(error)
            || ([error] + error.causes).contains {
                ErrorClass.isPassing($0.code) && !ErrorClass.isThrottle($0.code)
            }
    }

    /// What the run reserved for a type before it was killed, as soon as EC2 shows it; nil if it has ended.
    private func awaitListing(_ type: InstanceType) throws -> CapacityReservation? {
        do {
            let shown = try Waiter(
                expected: nil,
                limit: Self.listingLimit,
                clock: edges.clock,
                cancellation: edges.cancellation
            ).wait(
                for: "the reservation of a \(type) to be listed",
                read: {
                    try edges.cloud.capacityReservations(of: run).filter { $0.type == type.text }
                },
                judge: { $0.isEmpty ? .waiting : .reached }
            )
            let found = shown.first(where: \.isHeld)
            if let found { held.know(found.id) }
            return found
        } catch let error as Diagnostic where error.code == "wait_timeout" {
            held.isUnsure = true
            return nil
        }
    }

    /// Waits until EC2 has decided on a reservation: only an active one holds room.
    private func settle(_ made: CapacityReservation) throws -> CapacityReservation {
        guard made.state != "active" else { return made }
        var last = made
        do {
            guard made.isHeld else { throw Self.noRoom(made) }
            edges.observer.observe(.stepProgress("\(made.id) is \(made.state)"))
            _ = try Waiter(
                expected: nil,
                limit: settings.capacityTimeout,
                clock: edges.clock,
                cancellation: edges.cancellation
            ).wait(
                for: "\(made.id) to be active",
                read: { try edges.cloud.capacityReservation(made.id) },
                judge: { found in
                    // It may take EC2 a while to show what it has just made.
                    guard let found else { return .waiting }
                    last = found
                    if found.state == "active" { return .reached }
                    return found.isHeld ? .waiting : .unreachable(Self.noRoom(found))
                }
            )
            return last
        } catch let error as Diagnostic where error.code == "wait_timeout" {
            // One that becomes active after all would be paid for; what fails is tried again at the end.
            try? giveBack(made.id)
            throw Self.noRoom(last)
        } catch {
            if last.hasEnded { held.forget(made.id) }
            throw error
        }
    }

    // MARK: refusals

    /// Whether another type may be had where this one is refused.
    static func leavesOtherTypes(_ error: Diagnostic) -> Bool {
        isCapacity(error)
            || ["Unsupported", "InstanceLimitExceeded", "VcpuLimitExceeded"].contains(error.code)
    }

    private static func noRoom(_ found: CapacityReservation) -> Diagnostic {
        let state = VisibleText.filtered(found.state)
        return noRoom(found.type, "The reservation \(VisibleText.filtered(found.id)) is \(state).")
    }

    private static func noRoom(_ type: String, _ detail: String) -> Diagnostic {
        Diagnostic(
            "InsufficientCapacity",
            "EC2 holds no room for a \(VisibleText.filtered(type)).",
            detail: detail
        )
    }

    private static func substitute(
        _ type: InstanceType,
        for wanted: InstanceType,
        _ refusal: Diagnostic?
    ) -> String {
        guard let refusal else {
            return "Room for a \(type) was held already; it was taken instead of \(wanted)."
        }
        return isCapacity(refusal)
            ? "There was no room for \(wanted); \(type) was taken instead."
            : "\(wanted) could not be reserved (\(refusal.code)); \(type) was taken instead."
    }
}
