/// Whether a type boots an instance's image, on the host that it is placed on, with the addresses that it has.
///
/// Sources: EC2 User Guide, "Instance launch behavior with Amazon EC2 boot modes", "Amazon EC2 Dedicated
/// Hosts", "Maximum IP addresses per network interface", "Placement strategies"; EC2 API Reference, InstanceTypeInfo.
struct PlacementChecks {
    let instance: Instance
    let target: InstanceTypeFacts
    let lookups: CloudLookups

    private var type: String { target.type.text }

    func run() throws -> [PreflightCheck] { [boot, host, addresses, try group()] }

    private func group() throws -> PreflightCheck {
        let name = "placement_group"
        guard let group = instance.placementGroup else {
            return .ok(name, of: type, "The instance is in no placement group.")
        }
        let shown = VisibleText.quoted(group)
        let strategy: String
        switch try lookups.placementStrategy(group).outcome() {
        case .success(let told?): strategy = told
        case .success(nil):
            return .unknown(name, of: type, "EC2 does not tell the strategy of the group \(shown).")
        case .failure(let error):
            return .unanswered(
                name,
                of: type,
                "The strategy of the placement group \(shown)",
                error,
                action: "ec2:DescribePlacementGroups"
            )
        }
        let strategies = target.placementStrategies
        guard !strategies.isEmpty, !strategies.contains(strategy) else {
            return strategies.isEmpty
                ? .unknown(name, of: type, "EC2 does not tell in which placement groups it runs.")
                : .ok(name, of: type, "The group \(shown) places by \(strategy).")
        }
        return .refused(
            name,
            of: type,
            code: "placement_group_unsupported",
            "The instance is in the placement group \(shown), which places by "
                + "\(VisibleText.filtered(strategy)); \(type) does not run there.",
            hint: "Choose a type that does, or take the instance out while it is stopped: aws ec2 "
                + "modify-instance-placement --instance-id \(instance.id) --group-name \"\""
        )
    }

    private var boot: PreflightCheck {
        let name = "type_boot_mode"
        let offered = target.bootModes.joined(separator: "/")
        guard let wanted = instance.bootMode else {
            return .ok(name, of: type, "EC2 names no boot mode.")
        }
        guard !target.bootModes.isEmpty else {
            return .unknown(name, of: type, "EC2 does not tell how \(type) boots.")
        }
        guard wanted != "uefi-preferred", !target.bootModes.contains(wanted) else {
            return .ok(name, of: type, "\(offered); the image boots by \(wanted).")
        }
        return .refused(
            name,
            of: type,
            code: "wrong_boot_mode",
            "\(type) boots by \(offered), the instance by \(VisibleText.filtered(wanted)).",
            hint: "Choose a type that boots so; an instance cannot change the mode of its image."
        )
    }

    private var host: PreflightCheck {
        let name = "type_dedicated_host"
        guard instance.tenancy != nil else {
            return .unknown(name, of: type, "EC2 does not tell whose hardware the instance is on.")
        }
        guard instance.isOnDedicatedHost else {
            return .ok(name, of: type, "The instance is on no Dedicated Host.")
        }
        return target.supportsDedicatedHosts
            // Which types a host takes depends on how it was allocated; EC2 tells that at the start.
            ? .warning(
                name,
                of: type,
                "The instance is on a Dedicated Host, which has to take \(type) as well.",
                hint: "aws ec2 describe-hosts shows what it takes."
            )
            : .refused(
                name,
                of: type,
                code: "no_dedicated_host",
                "The instance is on a Dedicated Host, and \(type) does not run on any.",
                hint: "Choose a type that does, or another tenancy, while the instance is stopped."
            )
    }

    private var addresses: PreflightCheck {
        AddressCheck(
            name: "type_ipv4_addresses",
            code: "too_many_ipv4_addresses",
            family: "IPv4",
            called: "private IPv4 addresses",
            used: instance.addressesPerInterface,
            most: target.addressesPerInterface,
            remedy: "Choose a larger type"
        ).run(instance.id, type)
    }
}
