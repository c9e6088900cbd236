// The calls of EC2 that hold room for an instance.

extension EC2Client {
    /// CreateCapacityReservation of one targeted instance; the token makes a second call the first one.
    func reserveCapacity(
        _ type: InstanceType,
        for instance: Instance,
        run: RunID,
        until end: Timestamp
    ) throws -> CapacityReservation {
        let reply = try call(
            "CreateCapacityReservation",
            [
                ("ClientToken", "geusemaker-\(run.text)-\(type.text)"),
                ("InstanceType", type.text),
                ("InstancePlatform", instance.platform),
                ("AvailabilityZone", instance.zone),
                ("InstanceCount", "1"),
                ("InstanceMatchCriteria", "targeted"),
                ("EndDateType", "limited"),
                ("EndDate", end.text),
                ("TagSpecifications.1.ResourceType", "capacity-reservation"),
                ("TagSpecifications.1.Tag.1.Key", CapacityReservation.tag),
                ("TagSpecifications.1.Tag.1.Value", run.text),
            ]
        )
        guard let id = reply.string("capacityReservation", "capacityReservationId") else {
            throw Diagnostic("invalid_reply", "EC2 made a reservation without an id.")
        }
        return CapacityReservation(
            id: id,
            type: type.text,
            state: reply.string("capacityReservation", "state") ?? "pending"
        )
    }

    /// DescribeCapacityReservations.
    func capacityReservations(_ parameters: [(String, String)]) throws -> [CapacityReservation] {
        try call("DescribeCapacityReservations", parameters)
            .items("capacityReservationSet").compactMap(reservation)
    }

    /// ModifyInstanceCapacityReservationAttributes of a stopped instance.
    func setCapacityTarget(_ id: InstanceID, to reservation: String?) throws {
        let prefix = "CapacityReservationSpecification.CapacityReservation"
        _ = try call(
            "ModifyInstanceCapacityReservationAttributes",
            [
                ("InstanceId", id.text),
                reservation.map { (prefix + "Target.CapacityReservationId", $0) }
                    ?? (prefix + "Preference", "open"),
            ]
        )
    }

    /// CancelCapacityReservation.
    func cancelCapacityReservation(_ id: String) throws {
        _ = try call("CancelCapacityReservation", [("CapacityReservationId", id)])
    }

    private func reservation(_ item: XMLElement) -> CapacityReservation? {
        item.string("capacityReservationId").map {
            CapacityReservation(
                id: $0,
                type: item.string("instanceType") ?? "",
                state: item.string("state") ?? ""
            )
        }
    }
}
