// Room for the new type, held before anything stops and given back when the run has ended
// (`--reserve-capacity`).

extension Session {
    /// Seconds after which a reservation ends by itself, should nobody be left to release it; EC2 ends
    /// it within an hour of that (EC2 API, CreateCapacityReservation, EndDate).
    private static let longestHold = 3 * 3600.0

    /// Holds room for the first of these types that there is room for.
    ///
    /// - Parameter types: the types, the wanted one first.
    /// - Returns: the type that there is room for.
    /// - Throws: the last refusal; nothing was changed then.
    func reserveCapacity(_ types: [InstanceType]) throws -> InstanceType {
        var last: Diagnostic?
        for type in types {
            failure = nil
            do {
                reservation = try effect(
                    "reserve-capacity",
                    title: "reserve room for a \(type)",
                    inverse: "release it",
                    to: type.text
                ) { _ in
                    try edges.cloud.reserveCapacity(
                        type,
                        for: facts.instance,
                        run: run,
                        until: edges.clock.now().adding(seconds: Self.longestHold)
                    )
                }
                if let wanted = types.first, type != wanted {
                    warnings.append("There was no room for \(wanted); \(type) was taken instead.")
                }
                return type
            } catch let error as Diagnostic where Self.isCapacity(error) {
                last = error
            }
        }
        throw fail(last ?? Diagnostic("internal_error", "No type was asked for."))
    }

    /// Has the stopped instance start in the reservation, or, without one, wherever there is room: one
    /// that names a reservation which has ended cannot be started.
    func directCapacity() throws {
        guard reservation?.id != facts.instance.capacityReservation else { return }
        try ask(isDone: { $0.capacityReservation == reservation?.id }) {
            try edges.cloud.setCapacityTarget(target.instance, to: reservation?.id)
        }
        facts.instance.capacityReservation = reservation?.id
    }

    /// Gives back what the run reserved; a failure to is told, not thrown.
    func releaseCapacity() {
        guard plan.reservesCapacity else { return }
        do {
            for found in try edges.cloud.capacityReservations(of: run) where found.isHeld {
                try edges.cloud.cancelCapacityReservation(found.id)
            }
        } catch {
            warnings.append(
                "The reserved room could not be released (\(Self.diagnostic(error).code)); it ends by "
                    + "itself within four hours, or: aws ec2 cancel-capacity-reservation "
                    + "--capacity-reservation-id \(reservation?.id ?? "cr-…")"
            )
        }
        if let left = facts.instance.capacityReservation {
            // Only a stopped instance can be told otherwise (ModifyInstanceCapacityReservationAttributes).
            warnings.append(
                "The instance still names the released reservation \(left). The next change of its type "
                    + "sets that right; before a start by hand after a stop: "
                    + "aws ec2 modify-instance-capacity-reservation-attributes --instance-id "
                    + "\(target.instance) --capacity-reservation-specification "
                    + "CapacityReservationPreference=open"
            )
        }
        reservation = nil
    }
}
