/// Whether room for the new types may be held, which nothing but asking for it as a dry run tells.
///
/// Source: EC2 API reference, CreateCapacityReservation, `DryRun`. Whether there is room a dry run does not
/// tell.
struct ReservationChecks {
    let instance: Instance
    let types: [InstanceType]
    let lookups: CloudLookups

    /// The types for which a plan holds room, if it does.
    static func types(_ plan: Plan) -> [InstanceType] {
        guard plan.reservesCapacity else { return [] }
        var types: [InstanceType] = []
        for case .resize(_, let wanted, let fallback) in plan.steps {
            types += ([wanted] + fallback).filter { !types.contains($0) }
        }
        return types
    }

    /// Asks without waiting for the answers.
    func begin() {
        guard !instance.isOnDedicatedHost else { return }
        for type in types { _ = lookups.mayReserve(type, for: instance) }
    }

    func run() throws -> [PreflightCheck] {
        guard !types.isEmpty else { return [] }
        return try unsupported().map { [$0] } ?? types.map(check)
    }

    /// The refusal, or the doubt, of an instance that no reservation made here has room for.
    ///
    /// Sources: EC2 API reference, CreateCapacityReservation, `Tenancy` (`default` or `dedicated`) and
    /// `PlacementGroupArn`; EC2 User Guide, "Use Capacity Reservations with placement groups".
    private func unsupported() throws -> PreflightCheck? {
        let name = "reserve_capacity"
        guard !instance.isOnDedicatedHost else {
            return refused("It is on a Dedicated Host, for which EC2 reserves no room.")
        }
        guard let group = instance.placementGroup else { return nil }
        switch try lookups.placementStrategy(group).outcome() {
        case .success("cluster"):
            return refused(
                "It is in the cluster placement group \(VisibleText.quoted(group)), in which only room "
                    + "that was reserved inside the group counts."
            )
        case .success: return nil
        case .failure(let error):
            return .unanswered(
                name,
                "Whether the placement group \(VisibleText.quoted(group)) lets room be reserved",
                error,
                action: "ec2:DescribePlacementGroups"
            )
        }
    }

    private func refused(_ why: String) -> PreflightCheck {
        .refused(
            "reserve_capacity",
            code: "reserve_capacity_unsupported",
            "No room can be reserved for \(instance.id).",
            detail: why,
            hint: "Go without --reserve-capacity, and name a --fallback-type."
        )
    }

    private func check(_ type: InstanceType) throws -> PreflightCheck {
        let name = "reserve_capacity"
        switch try lookups.mayReserve(type, for: instance).outcome() {
        case .success:
            return .ok(
                name,
                of: type.text,
                "Room for a \(type) may be reserved; a dry run says so."
            )
        case .failure(let error) where error.code == "UnauthorizedOperation":
            return .refused(
                name,
                of: type.text,
                code: "reserve_capacity_denied",
                "These credentials may not reserve room for a \(type).",
                detail: error.detail,
                hint: "Allow ec2:CreateCapacityReservation, ec2:CreateTags, "
                    + "ec2:DescribeCapacityReservations, ec2:CancelCapacityReservation and "
                    + "ec2:ModifyInstanceCapacityReservationAttributes to them, or go without "
                    + "--reserve-capacity."
            )
        case .failure(let error) where error.code == "reservation_left":
            return .warning(name, of: type.text, error.summary, hint: error.hint)
        case .failure(let error):
            return .unanswered(
                name,
                of: type.text,
                "Whether room for a \(type) may be reserved",
                error,
                action: "ec2:CreateCapacityReservation"
            )
        }
    }
}
