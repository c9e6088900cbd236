/// Whether an instance can be changed to a type in place.
///
/// Sources: EC2 User Guide, "Change the instance type" and "Compatibility for changing the instance
/// type"; "Stop and start Amazon EC2 instances"; "Hibernate your Amazon EC2 instance". Whether the
/// operating system has NVMe drivers cannot be seen from outside.
public struct ResizeChecks {
    private let cloud: any Cloud
    private let instance: Instance

    /// Checks for one instance.
    public init(cloud: any Cloud, instance: Instance) {
        self.cloud = cloud
        self.instance = instance
    }

    /// Refuses what EC2 would refuse later, before anything is touched.
    ///
    /// - Parameter type: the type asked for.
    /// - Returns: what the user should know.
    /// - Throws: `Diagnostic` of kind refused, with a code per reason.
    public func check(_ type: InstanceType) throws -> [String] {
        try checkInstance()
        let target = try facts(of: type)
        try checkCompatibility(target)
        guard try cloud.isOffered(type, zone: instance.zone) else {
            throw refuse(
                "type_not_offered",
                "\(type) is not offered in \(instance.zone).",
                hint: "Choose a type that is offered there; an instance cannot change its zone."
            )
        }
        var warnings: [String] = []
        if let current = try cloud.instanceType(InstanceType(instance.type)) {
            guard current.gpus == 0 || target.gpus > 0 else {
                throw refuse(
                    "gpu_lost",
                    "\(instance.type) has a GPU and \(type) has none.",
                    hint: "Choose a type with a GPU; ollama would silently fall back to the CPU."
                )
            }
            if current.hasInstanceStore {
                warnings.append(
                    "The instance store volumes of the \(instance.type) lose their data at the stop."
                )
            }
            if target.memoryMiB < current.memoryMiB {
                warnings.append(
                    "\(type) has \(target.memoryMiB) MiB of memory, \(current.memoryMiB) MiB now."
                )
            }
        }
        return warnings
    }

    private func checkInstance() throws {
        guard instance.state == .running else {
            throw refuse(
                "instance_not_running",
                "The instance \(instance.id) is \(instance.state.rawValue), not running.",
                hint: "Start it, or wait until it is running, and try again."
            )
        }
        if let group = instance.autoScalingGroup {
            throw refuse(
                "auto_scaling_member",
                "The instance belongs to the Auto Scaling group \(VisibleText.quoted(group)).",
                hint: "The group would terminate a stopped member; change its launch template."
            )
        }
        if instance.lifecycle == "spot" {
            throw refuse(
                "spot_instance",
                "The instance is a Spot Instance; its type cannot be changed in place.",
                hint: "Launch the stack on demand (use_spot: false) to be able to resize it."
            )
        }
        guard instance.rootDeviceType == "ebs" else {
            throw refuse(
                "instance_store_root",
                "The root device is an instance store; the instance cannot be stopped.",
                hint: "Only instances with an EBS root volume can change their type."
            )
        }
        guard !instance.canHibernate else {
            throw refuse(
                "hibernation_enabled",
                "Hibernation is enabled on \(instance.id); EC2 does not change the type of such an "
                    + "instance.",
                hint: "Hibernation can only be chosen at launch; make a new instance without it."
            )
        }
        guard try !cloud.isStopProtected(instance.id) else {
            throw refuse(
                "stop_protected",
                "Stop protection is on for \(instance.id).",
                hint: "Switch it off first: aws ec2 modify-instance-attribute --instance-id "
                    + "\(instance.id) --no-disable-api-stop"
            )
        }
    }

    private func facts(of type: InstanceType) throws -> InstanceTypeFacts {
        guard let facts = try cloud.instanceType(type) else {
            throw refuse(
                "unknown_instance_type",
                "There is no instance type \(type) in this region.",
                hint: "aws ec2 describe-instance-types lists them."
            )
        }
        return facts
    }

    private func checkCompatibility(_ target: InstanceTypeFacts) throws {
        guard target.architectures.contains(instance.architecture) else {
            throw refuse(
                "wrong_architecture",
                "\(target.type) is \(target.architectures.joined(separator: "/")), the instance "
                    + "runs \(instance.architecture).",
                hint: "Choose a type for \(instance.architecture)."
            )
        }
        guard target.virtualization.contains(instance.virtualization) else {
            throw refuse(
                "wrong_virtualization",
                "\(target.type) does not support \(instance.virtualization) virtualization."
            )
        }
        guard instance.enaSupport || target.ena != "required" else {
            throw refuse(
                "ena_required",
                "\(target.type) needs ENA, which is not enabled on the instance.",
                hint: "Enable enhanced networking with ENA first."
            )
        }
        guard instance.networkInterfaces <= target.maximumNetworkInterfaces else {
            throw refuse(
                "too_many_network_interfaces",
                "\(instance.id) has \(instance.networkInterfaces) network interfaces, \(target.type) "
                    + "takes \(target.maximumNetworkInterfaces).",
                hint: "Choose a larger type, or detach interfaces that are not needed."
            )
        }
    }

    private func refuse(_ code: String, _ summary: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(code, summary, detail: "Nothing was touched.", hint: hint, kind: .refused)
    }
}
