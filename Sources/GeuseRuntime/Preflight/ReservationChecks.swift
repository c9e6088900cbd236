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
        for type in types { _ = lookups.mayReserve(type, for: instance) }
    }

    func run() throws -> [PreflightCheck] { try types.map(check) }

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
                    + "ec2:DescribeCapacityReservations and ec2:CancelCapacityReservation to them, or "
                    + "go without --reserve-capacity."
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
