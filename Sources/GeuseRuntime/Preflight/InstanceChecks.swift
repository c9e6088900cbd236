/// Whether an instance can be stopped, changed in place and started again.
///
/// Sources: EC2 User Guide, "Change the instance type", "Compatibility for changing the instance
/// type", "Stop and start Amazon EC2 instances", "Hibernate your Amazon EC2 instance".
public struct InstanceChecks {
    /// The name under which stop protection that is not known is allowed; known to be on it never is.
    static let protectionAllowName = "protection-unknown"
    /// The name under which a reservation that is not known is allowed.
    static let reservationAllowName = "reservation-unknown"

    let instance: Instance
    let lookups: CloudLookups

    func run() throws -> [PreflightCheck] {
        [
            isRunning, group, try purchase(), root, hibernation, try stopProtection(),
            try reservation(),
            try address(),
        ]
    }

    private var isRunning: PreflightCheck {
        instance.state == .running
            ? .ok("instance_running", "\(instance.id) is running.")
            : .refused(
                "instance_running",
                code: "instance_not_running",
                "The instance \(instance.id) is \(instance.state.rawValue), not running.",
                hint: "Start it, or wait until it is running, and try again."
            )
    }

    private var group: PreflightCheck {
        guard let group = instance.autoScalingGroup else {
            return .ok("auto_scaling", "No Auto Scaling group owns the instance.")
        }
        return .refused(
            "auto_scaling",
            code: "auto_scaling_member",
            "The instance belongs to the Auto Scaling group \(VisibleText.quoted(group)).",
            hint: "The group would terminate a stopped member; change its launch template."
        )
    }

    private func purchase() throws -> PreflightCheck {
        guard instance.lifecycle == "spot" else {
            return .ok("spot", "The instance is \(instance.lifecycle ?? "on demand").")
        }
        let why =
            switch try instance.spotRequestID.map({ try lookups.spotRequestType($0).outcome() }) {
            case .success("one-time"):
                "Its request is one-time: the instance can't even be stopped."
            case .success("persistent"):
                "Its request is persistent: EC2 would start it again as it was."
            case .failure(let error):
                "Of what kind its request is, is not known (\(error.code)); it takes "
                    + "ec2:DescribeSpotInstanceRequests."
            default: "Its request is not known any more."
            }
        return .refused(
            "spot",
            code: "spot_instance",
            "The instance is a Spot Instance; its type cannot be changed in place.",
            detail: why,
            hint: "Launch the stack on demand (use_spot: false) to be able to resize it."
        )
    }

    private var root: PreflightCheck {
        guard let kind = instance.rootDeviceType, !kind.isEmpty else {
            return .unknown(
                "root_device",
                "EC2 does not tell what the root device is.",
                hint: "EC2 does not stop an instance whose root device is an instance store."
            )
        }
        return kind == "ebs"
            ? .ok("root_device", "The root device is an EBS volume.")
            : .refused(
                "root_device",
                code: "instance_store_root",
                "The root device is an instance store; the instance cannot be stopped.",
                hint: "Only instances with an EBS root volume can change their type."
            )
    }

    private var hibernation: PreflightCheck {
        guard let canHibernate = instance.canHibernate else {
            return .unknown(
                "hibernation",
                "EC2 does not tell whether hibernation is enabled.",
                hint: "EC2 does not change the type of an instance that can hibernate."
            )
        }
        guard canHibernate else {
            return .ok("hibernation", "Hibernation is not enabled.")
        }
        return .refused(
            "hibernation",
            code: "hibernation_enabled",
            "Hibernation is enabled on \(instance.id); EC2 does not change the type of such an "
                + "instance.",
            hint: "Hibernation can only be chosen at launch; make a new instance without it."
        )
    }

    private func stopProtection() throws -> PreflightCheck {
        switch try lookups.isStopProtected(instance.id).outcome() {
        case .success(true?): break
        case .success(false?): return .ok("stop_protection", "Stop protection is off.")
        case .success(nil):
            return .unknown("stop_protection", "EC2 does not tell whether stop protection is on.")
        case .failure(let error):
            // It would be met half-way, with the services down.
            return .refusedUnanswered(
                "stop_protection",
                code: "stop_protection_unknown",
                "Whether stop protection is on for \(instance.id)",
                error,
                action: "ec2:DescribeInstanceAttribute",
                allowing: Self.protectionAllowName
            )
        }
        return .refused(
            "stop_protection",
            code: "stop_protected",
            "Stop protection is on for \(instance.id).",
            hint: "Switch it off first: aws ec2 modify-instance-attribute --instance-id "
                + "\(instance.id) --no-disable-api-stop"
        )
    }

    /// One that was released is set right when the instance is stopped.
    private func reservation() throws -> PreflightCheck {
        guard let id = instance.capacityReservation else { return confinement }
        let found: CapacityReservation
        switch try lookups.reservation(id).outcome() {
        case .success(let named?) where named.isHeld: found = named
        case .success:
            return .warning(
                "capacity_reservation",
                "The instance names \(id), which has ended; it will name none any more."
            )
        case .failure(let error):
            // With another type it would not start in one that is still held.
            return .refusedUnanswered(
                "capacity_reservation",
                code: "capacity_reservation_unknown",
                "Whether the capacity reservation \(id), which the instance names, is held",
                error,
                action: "ec2:DescribeCapacityReservations",
                allowing: Self.reservationAllowName
            )
        }
        return .refused(
            "capacity_reservation",
            code: "capacity_reservation_named",
            "The instance runs in the capacity reservation \(id), which has room for "
                + "\(VisibleText.filtered(found.type)) alone.",
            hint: "Have it start anywhere first, while it is stopped: aws ec2 "
                + "modify-instance-capacity-reservation-attributes --instance-id \(instance.id) "
                + "--capacity-reservation-specification CapacityReservationPreference=open"
        )
    }

    /// What it asks of reservations where it names none.
    ///
    /// EC2 API Reference, CapacityReservationSpecification; EC2 User Guide, "Use Capacity Reservations in
    /// cluster placement groups": from a group without room an instance goes to On-Demand capacity.
    private var confinement: PreflightCheck {
        let name = "capacity_reservation"
        let group = instance.capacity.group
        let those = group.map { "of the group \(VisibleText.quoted($0))" } ?? "that fit"
        guard !instance.capacity.isReservedOnly else {
            return .refused(
                name,
                code: "capacity_reservation_unknown",
                "The instance starts in capacity reservations \(those) alone; whether one has room "
                    + "for the new type is not known.",
                hint: "Have it start anywhere, while it is stopped: aws ec2 "
                    + "modify-instance-capacity-reservation-attributes --instance-id "
                    + "\(instance.id) --capacity-reservation-specification "
                    + "CapacityReservationPreference=open. If you know that there is room: --allow "
                    + Self.reservationAllowName,
                allowing: Self.reservationAllowName
            )
        }
        guard group != nil else {
            return .ok(name, "The instance names no capacity reservation.")
        }
        return .warning(
            name,
            "The instance starts in capacity reservations \(those); where none of them has room for the "
                + "new type it starts outside of them."
        )
    }

    private func address() throws -> PreflightCheck {
        let name = "public_address"
        guard let address = instance.publicIP else {
            return .ok(name, "The instance has no public address.")
        }
        switch try lookups.elasticIP(of: instance)?.outcome() {
        case .success(true): return .ok(name, "\(address) is an Elastic IP and stays.")
        case .failure(let error):
            return .unanswered(
                name,
                instance.hasElasticIP
                    ? "By its owner \(address) is an Elastic IP and stays; whether it is one"
                    : "Whether \(address) is an Elastic IP and stays",
                error,
                action: "ec2:DescribeAddresses"
            )
        case .success(false), nil: break
        }
        let after =
            Self.losesAddress(instance)
            ? "will be gone after the stop: EC2 assigns none to an instance of "
                + "\(instance.networkInterfaces) network interfaces."
            : "will be another one after the stop."
        return .warning(
            name,
            "The public address \(address) " + after,
            hint: "Give the instance an Elastic IP if something outside goes by the address."
        )
    }

    /// Whether a stop takes a public address that is no Elastic IP for good.
    ///
    /// EC2 User Guide, "Elastic IP addresses" and "Amazon EC2 instance IP addressing": with a second network
    /// interface no public address is assigned automatically.
    private static func losesAddress(_ instance: Instance) -> Bool {
        instance.networkInterfaces > 1
    }

    /// The refusal of a stop after which SSH would not find the instance any more; nil where it would.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - instance: the instance; SSH goes to its public address if it has one.
    /// - Returns: the check.
    public static func sshAddress(_ plan: Plan, _ instance: Instance) -> PreflightCheck? {
        guard plan.changesAddress, plan.steps.contains(where: \.stopsInstance),
            let address = instance.publicIP, losesAddress(instance)
        else { return nil }
        return .refused(
            "ssh_address",
            code: "ssh_address_lost",
            "The host is reached by SSH at \(address), which the instance will not have after the stop.",
            detail: "EC2 assigns no public address to an instance of several network interfaces.",
            hint: "Give it an Elastic IP first, or let the host be reached by SSM: --transport ssm"
        )
    }
}
