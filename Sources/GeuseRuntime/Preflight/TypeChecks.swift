/// Whether an instance can run as another type.
///
/// Sources: EC2 User Guide, "Compatibility for changing the instance type" (architecture,
/// virtualization, ENA, network interfaces); EC2 API Reference, InstanceTypeInfo.
struct TypeChecks {
    /// The name under which a type of which nothing is known is allowed.
    static let allowName = "type-unknown"

    let instance: Instance
    let type: InstanceType
    /// Whether the stack ran on the type before, which then is right without a GPU too.
    var wasThere = false
    /// Whether room for the type is held while the instance still runs as what it is.
    var reserves = false
    let lookups: CloudLookups

    func run() throws -> [PreflightCheck] {
        let target: InstanceTypeFacts
        switch try lookups.facts(type).outcome() {
        case .success(let found?): target = found
        case .success(nil):
            return [
                .refused(
                    "type_exists",
                    of: type.text,
                    code: "unknown_instance_type",
                    "There is no instance type \(type) in this region.",
                    hint: "aws ec2 describe-instance-types lists them."
                )
            ]
        case .failure(let error):
            // Nothing of what follows could be looked at, not even whether it is for the same processor.
            return [
                .refusedUnanswered(
                    "type_exists",
                    of: type.text,
                    code: "type_facts_unknown",
                    "What a \(type) is",
                    error,
                    action: "ec2:DescribeInstanceTypes",
                    allowing: Self.allowName
                ), try offered(),
            ]
        }
        let current = try lookups.facts(InstanceType(instance.type)).outcome()
        let known = (try? current.get()) ?? nil
        return [
            PreflightCheck.ok(
                "type_exists",
                of: type.text,
                "\(target.vcpus.map(String.init) ?? "?") vCPUs, "
                    + "\(target.memoryMiB.map(String.init) ?? "?") MiB."
            ),
            try offered(), architecture(target), virtualization(target), ena(target, known),
            interfaces(target),
        ] + FeatureChecks(instance: instance, target: target).run()
            + (try PlacementChecks(instance: instance, target: target, lookups: lookups).run())
            + (try TypeComparisonChecks(
                instance: instance,
                target: target,
                current: current,
                wasThere: wasThere,
                reserves: reserves,
                lookups: lookups
            ).run())
    }

    private func offered() throws -> PreflightCheck {
        let isOffered: Bool
        switch try lookups.isOffered(type, instance.zone).outcome() {
        case .success(let answer): isOffered = answer
        case .failure(let error):
            return .unanswered(
                "type_offered",
                of: type.text,
                "Whether \(type) is offered in \(instance.zone)",
                error,
                action: "ec2:DescribeInstanceTypeOfferings"
            )
        }
        return isOffered
            ? .ok("type_offered", of: type.text, "Offered in \(instance.zone).")
            : .refused(
                "type_offered",
                of: type.text,
                code: "type_not_offered",
                "\(type) is not offered in \(instance.zone).",
                hint: "Choose a type that is offered there; an instance cannot change its zone."
            )
    }

    private func architecture(_ target: InstanceTypeFacts) -> PreflightCheck {
        guard let wanted = instance.architecture, !wanted.isEmpty, !target.architectures.isEmpty
        else {
            return untold("type_architecture", "for which architecture the instance or the type is")
        }
        let offered = target.architectures.joined(separator: "/")
        return target.architectures.contains(wanted)
            ? .ok("type_architecture", of: type.text, "\(offered), as the instance.")
            : .refused(
                "type_architecture",
                of: type.text,
                code: "wrong_architecture",
                "\(type) is \(offered), the instance runs \(wanted).",
                hint: "Choose a type for \(wanted)."
            )
    }

    private func virtualization(_ target: InstanceTypeFacts) -> PreflightCheck {
        guard let wanted = instance.virtualization, !wanted.isEmpty, !target.virtualization.isEmpty
        else {
            return untold("type_virtualization", "how the instance or the type is virtualized")
        }
        return target.virtualization.contains(wanted)
            ? .ok("type_virtualization", of: type.text, wanted + ".")
            : .refused(
                "type_virtualization",
                of: type.text,
                code: "wrong_virtualization",
                "\(type) does not support \(wanted) virtualization."
            )
    }

    private func untold(_ name: String, _ what: String) -> PreflightCheck {
        .unknown(name, of: type.text, "EC2 does not tell \(what).")
    }

    private func ena(_ target: InstanceTypeFacts, _ current: InstanceTypeFacts?) -> PreflightCheck {
        let name = "type_ena"
        if instance.enaSupport == true { return .ok(name, of: type.text, "The instance has ENA.") }
        // An instance that runs on such a type has it, whatever the reply says or leaves out.
        if current?.ena == "required" {
            return .ok(name, of: type.text, "\(instance.type) needs ENA, too.")
        }
        guard let wanted = target.ena else { return untold(name, "whether \(type) needs ENA") }
        guard wanted == "required" else { return .ok(name, of: type.text, "ENA is \(wanted).") }
        guard instance.enaSupport != nil else {
            return .unknown(
                name,
                of: type.text,
                "\(type) needs ENA; EC2 does not tell whether it is enabled on the instance.",
                hint: "aws ec2 describe-instances --instance-ids \(instance.id) --query "
                    + "'Reservations[].Instances[].EnaSupport'"
            )
        }
        return .refused(
            name,
            of: type.text,
            code: "ena_required",
            "\(type) needs ENA, which is not enabled on the instance.",
            hint: "Enable enhanced networking with ENA first."
        )
    }

    private func interfaces(_ target: InstanceTypeFacts) -> PreflightCheck {
        // Every instance has an interface: none is what a reply without them is read as.
        guard let most = target.maximumNetworkInterfaces, instance.networkInterfaces > 0 else {
            return untold(
                "type_network_interfaces",
                "how many network interfaces the instance has or the type takes"
            )
        }
        return instance.networkInterfaces <= most
            ? .ok(
                "type_network_interfaces",
                of: type.text,
                "\(instance.networkInterfaces) of at most \(most)."
            )
            : .refused(
                "type_network_interfaces",
                of: type.text,
                code: "too_many_network_interfaces",
                "\(instance.id) has \(instance.networkInterfaces) network interfaces, \(type) takes "
                    + "\(most).",
                hint: "Choose a larger type, or detach interfaces that are not needed."
            )
    }
}
