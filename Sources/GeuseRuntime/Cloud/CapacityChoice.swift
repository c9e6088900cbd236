/// In what reservations of capacity an instance starts (EC2 API, CapacityReservationSpecification).
public struct CapacityChoice: Sendable, Equatable {
    /// The preference with which an instance starts in reservations alone.
    static let reservedOnly = "capacity-reservations-only"

    /// `open`, `none` or `capacity-reservations-only`; nil where EC2 does not tell, as beside a target.
    public var preference: String?
    /// The reservation that it can only start in, `cr-…`.
    public var reservation: String?
    /// ARN of the resource group whose reservations it starts in where they have room for it.
    public var group: String?

    /// Makes the value.
    public init(preference: String? = nil, reservation: String? = nil, group: String? = nil) {
        self.preference = preference
        self.reservation = reservation
        self.group = group
    }

    /// Any open reservation that fits, or none: how EC2 launches instances unless told otherwise.
    public static let open = CapacityChoice(preference: "open")

    /// Whether it starts in reservations alone, whichever they are.
    public var isReservedOnly: Bool { preference == Self.reservedOnly }

    /// It without what EC2 refuses or leaves out: beside a target only the one preference counts.
    var normal: CapacityChoice {
        let hasTarget = reservation != nil || group != nil
        return CapacityChoice(
            preference: hasTarget ? (isReservedOnly ? preference : nil) : preference ?? "open",
            reservation: reservation,
            group: group
        )
    }

    /// Whether both come to the same.
    func isSame(as other: CapacityChoice) -> Bool { normal == other.normal }

    /// As the AWS CLI takes it (`--capacity-reservation-specification`).
    var argument: String {
        let choice = normal
        var members: [String] = []
        if let preference = choice.preference {
            members.append("CapacityReservationPreference=\(VisibleText.filtered(preference))")
        }
        if let reservation = choice.reservation {
            members.append(
                "CapacityReservationTarget={CapacityReservationId="
                    + VisibleText.filtered(reservation) + "}"
            )
        } else if let group = choice.group {
            members.append(
                "CapacityReservationTarget={CapacityReservationResourceGroupArn="
                    + VisibleText.filtered(group) + "}"
            )
        }
        return members.joined(separator: ",")
    }

    /// The data form, as a journal keeps it.
    var json: JSONValue {
        .object(
            JSONObject([
                ("preference", preference.map(JSONValue.string) ?? .null),
                ("reservation", reservation.map(JSONValue.string) ?? .null),
                ("group", group.map(JSONValue.string) ?? .null),
            ])
        )
    }

    /// Reads the data form; nil when it is none.
    init?(json: JSONValue?) {
        guard let object = json?.objectValue else { return nil }
        self.init(
            preference: object["preference"]?.stringValue,
            reservation: object["reservation"]?.stringValue,
            group: object["group"]?.stringValue
        )
    }
}
