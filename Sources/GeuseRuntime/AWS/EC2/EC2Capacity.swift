// The calls of EC2 that hold room for an instance.

extension EC2Client {
    /// CreateCapacityReservation of one targeted instance; the token makes a second call with the same
    /// parameters the first one, and one with others an `IdempotentParameterMismatch`.
    func reserveCapacity(
        _ type: InstanceType,
        for instance: Instance,
        run: RunID,
        attempt: Int,
        until end: Timestamp
    ) throws -> CapacityReservation {
        let number = attempt == 0 ? "" : "-\(attempt)"
        return try create(
            type,
            for: instance,
            token: "geusemaker-\(run.text)-\(type.text)" + number,
            tag: run.text,
            until: end
        )
    }

    /// CreateCapacityReservation with DryRun, which EC2 answers with `DryRunOperation` where it would do
    /// it (EC2 API reference, "Common query parameters").
    ///
    /// An endpoint that does not know the parameter makes one; that is cancelled at once.
    func dryRunReservation(
        _ type: InstanceType,
        for instance: Instance,
        until end: Timestamp
    ) throws {
        let made: CapacityReservation
        do {
            made = try create(
                type,
                for: instance,
                // A call that is tried again must not make a second one there.
                token: "geusemaker-dry-run-\(end.microseconds)-\(type.text)",
                tag: "dry-run",
                until: end,
                [("DryRun", "true")]
            )
        } catch let error as Diagnostic where error.code == "DryRunOperation" {
            return
        }
        do {
            try cancelCapacityReservation(made.id)
        } catch let error as Diagnostic {
            throw Diagnostic(
                "reservation_left",
                "A dry run made the capacity reservation \(VisibleText.filtered(made.id)), and it "
                    + "could not be cancelled (\(error.code)).",
                detail:
                    "What answered as EC2 does not know DryRun. It ends by itself within two hours.",
                hint: "aws ec2 cancel-capacity-reservation --capacity-reservation-id "
                    + VisibleText.filtered(made.id),
                cause: error
            )
        }
    }

    private func create(
        _ type: InstanceType,
        for instance: Instance,
        token: String,
        tag: String,
        until end: Timestamp,
        _ more: [(String, String)] = []
    ) throws -> CapacityReservation {
        // An instance on hardware of its own starts in no reservation of the default tenancy.
        let tenancy = instance.tenancy == "dedicated" ? [("Tenancy", "dedicated")] : []
        let reply = try call(
            "CreateCapacityReservation",
            [
                ("ClientToken", token),
                ("InstanceType", type.text),
                ("InstancePlatform", instance.platform),
                ("AvailabilityZone", instance.zone),
            ] + tenancy + [
                ("InstanceCount", "1"),
                ("InstanceMatchCriteria", "targeted"),
                ("EndDateType", "limited"),
                ("EndDate", end.text),
                ("TagSpecifications.1.ResourceType", "capacity-reservation"),
                ("TagSpecifications.1.Tag.1.Key", CapacityReservation.tag),
                ("TagSpecifications.1.Tag.1.Value", tag),
            ] + more
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

    /// DescribeCapacityReservations, page by page; a page can be empty and have more behind it.
    func capacityReservations(_ parameters: [(String, String)]) throws -> [CapacityReservation] {
        try list("DescribeCapacityReservations", parameters) {
            try $0.list("capacityReservationSet")
        }
        .compactMap(reservation)
    }

    /// ModifyInstanceCapacityReservationAttributes with DryRun, to what the instance has.
    ///
    /// What is refused because the instance runs has been permitted; an endpoint that does not know the
    /// parameter changes nothing by it.
    func dryRunCapacity(_ instance: Instance) throws {
        do {
            try setCapacity(instance.id, to: instance.capacity, [("DryRun", "true")])
        } catch let error as Diagnostic
            where ["DryRunOperation", "IncorrectInstanceState"].contains(error.code)
        {}
    }

    /// ModifyInstanceCapacityReservationAttributes of a stopped instance.
    func setCapacity(
        _ id: InstanceID,
        to choice: CapacityChoice,
        _ more: [(String, String)] = []
    ) throws {
        let prefix = "CapacityReservationSpecification.CapacityReservation"
        let choice = choice.normal
        let members = [
            ("Preference", choice.preference),
            ("Target.CapacityReservationId", choice.reservation),
            ("Target.CapacityReservationResourceGroupArn", choice.group),
        ]
        _ = try call(
            "ModifyInstanceCapacityReservationAttributes",
            [("InstanceId", id.text)]
                + members.compactMap { name, value in value.map { (prefix + name, $0) } } + more
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

extension CapacityChoice {
    /// Reads a `capacityReservationSpecification` (EC2 API, CapacityReservationSpecificationResponse).
    init(_ element: XMLElement?) {
        func text(_ path: String...) -> String? {
            var found = element
            for name in path { found = found?[name] }
            return (found?.text).flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(
            preference: text("capacityReservationPreference"),
            reservation: text("capacityReservationTarget", "capacityReservationId"),
            group: text("capacityReservationTarget", "capacityReservationResourceGroupArn")
        )
    }
}
