/// Whether an instance can run as another type.
///
/// Sources: EC2 User Guide, "Compatibility for changing the instance type" (architecture,
/// virtualization, ENA, NVMe, network interfaces) and "On-Demand Instance quotas"; EC2 API Reference,
/// InstanceTypeInfo.
struct TypeChecks {
    let instance: Instance
    let type: InstanceType
    /// Whether the stack ran on the type before, which then is right without a GPU too.
    var wasThere = false
    let lookups: CloudLookups

    func run() throws -> [PreflightCheck] {
        guard let target = try lookups.facts(type).value() else {
            return [
                .refused(
                    "type_exists",
                    of: type.text,
                    code: "unknown_instance_type",
                    "There is no instance type \(type) in this region.",
                    hint: "aws ec2 describe-instance-types lists them."
                )
            ]
        }
        var checks = [
            PreflightCheck.ok(
                "type_exists",
                of: type.text,
                "\(target.vcpus) vCPUs, \(target.memoryMiB) MiB."
            ),
            try offered(), architecture(target), virtualization(target), ena(target),
            interfaces(target),
        ]
        checks += PlacementChecks(instance: instance, target: target).run()
        if let current = try lookups.facts(InstanceType(instance.type)).value() {
            checks += [
                nvme(target, current), gpu(target, current), store(target, current),
                memory(target, current), burst(target, current),
            ]
            if let quota = VCPUQuota(type: type.text) {
                checks.append(self.quota(quota, target, current))
            }
        }
        return checks
    }

    private func offered() throws -> PreflightCheck {
        try lookups.isOffered(type, instance.zone).value()
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
        let offered = target.architectures.joined(separator: "/")
        return target.architectures.contains(instance.architecture)
            ? .ok("type_architecture", of: type.text, "\(offered), as the instance.")
            : .refused(
                "type_architecture",
                of: type.text,
                code: "wrong_architecture",
                "\(type) is \(offered), the instance runs \(instance.architecture).",
                hint: "Choose a type for \(instance.architecture)."
            )
    }

    private func virtualization(_ target: InstanceTypeFacts) -> PreflightCheck {
        target.virtualization.contains(instance.virtualization)
            ? .ok("type_virtualization", of: type.text, instance.virtualization + ".")
            : .refused(
                "type_virtualization",
                of: type.text,
                code: "wrong_virtualization",
                "\(type) does not support \(instance.virtualization) virtualization."
            )
    }

    private func ena(_ target: InstanceTypeFacts) -> PreflightCheck {
        instance.enaSupport || target.ena != "required"
            ? .ok("type_ena", of: type.text, "ENA is \(target.ena).")
            : .refused(
                "type_ena",
                of: type.text,
                code: "ena_required",
                "\(type) needs ENA, which is not enabled on the instance.",
                hint: "Enable enhanced networking with ENA first."
            )
    }

    private func interfaces(_ target: InstanceTypeFacts) -> PreflightCheck {
        let most = target.maximumNetworkInterfaces
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

    private func nvme(
        _ target: InstanceTypeFacts,
        _ current: InstanceTypeFacts
    ) -> PreflightCheck {
        guard target.nvme == "required", current.nvme != "required" else {
            return .ok("type_nvme", of: type.text, "The devices keep their kind.")
        }
        // What drivers the image has cannot be seen from outside.
        return .warning(
            "type_nvme",
            of: type.text,
            "EBS volumes are NVMe devices on \(type) and are not on \(current.type).",
            hint:
                "Make sure that the image has the NVMe drivers and that /etc/fstab mounts by UUID."
        )
    }

    private func gpu(_ target: InstanceTypeFacts, _ current: InstanceTypeFacts) -> PreflightCheck {
        if current.gpus > 0, target.gpus == 0 {
            let summary = "\(current.type) has a GPU and \(type) has none."
            guard !wasThere else { return .warning("gpu", of: type.text, summary) }
            return .refused(
                "gpu",
                of: type.text,
                code: "gpu_lost",
                summary,
                hint: "Choose a type with a GPU; ollama would silently fall back to the CPU.",
                allowing: "gpu-lost"
            )
        }
        if target.gpus > 0, current.gpus == 0 {
            return .warning(
                "gpu",
                of: type.text,
                "\(type) has \(target.gpus) GPU(s), \(current.type) none.",
                hint:
                    "It needs the NVIDIA driver, the container toolkit and a device reservation in "
                    + "the compose file before ollama uses it."
            )
        }
        return .ok("gpu", of: type.text, "\(target.gpus) GPU(s), \(current.gpus) now.")
    }

    private func store(_ target: InstanceTypeFacts, _ current: InstanceTypeFacts) -> PreflightCheck
    {
        current.hasInstanceStore
            ? .warning(
                "instance_store",
                of: type.text,
                "The instance store volumes of the \(current.type) lose their data at the stop."
            ) : .ok("instance_store", of: type.text, "\(current.type) has no instance store.")
    }

    private func memory(_ target: InstanceTypeFacts, _ current: InstanceTypeFacts) -> PreflightCheck
    {
        let text = "\(target.memoryMiB) MiB of memory, \(current.memoryMiB) MiB now."
        return target.memoryMiB < current.memoryMiB
            ? .warning("memory", of: type.text, "\(type) has " + text)
            : .ok("memory", of: type.text, text)
    }

    private func burst(_ target: InstanceTypeFacts, _ current: InstanceTypeFacts) -> PreflightCheck
    {
        guard target.isBurstable else {
            return .ok("cpu_credits", of: type.text, "\(type) has its full speed all the time.")
        }
        return current.isBurstable
            ? .ok("cpu_credits", of: type.text, "Burstable as before; a new type starts afresh.")
            : .warning(
                "cpu_credits",
                of: type.text,
                "\(type) is burstable: once its CPU credits are spent it is slower, or costs more.",
                hint: "EC2 User Guide, \"Burstable performance instances\"."
            )
    }

    private func quota(
        _ quota: VCPUQuota,
        _ target: InstanceTypeFacts,
        _ current: InstanceTypeFacts
    ) -> PreflightCheck {
        // While the instance is stopped its own vCPUs are free.
        let own = VCPUQuota(type: instance.type) == quota ? current.vcpus : 0
        guard target.vcpus > own else {
            return .ok("vcpu_quota", of: type.text, "It takes no more vCPUs than now.")
        }
        do {
            let usage = try lookups.usage(quota).value()
            let needed = usage.used - own + target.vcpus
            return needed <= usage.limit
                ? .ok("vcpu_quota", of: type.text, "\(needed) of \(usage.limit) vCPUs afterwards.")
                : .refused(
                    "vcpu_quota",
                    of: type.text,
                    code: "vcpu_quota_reached",
                    "\(type) would need \(needed) vCPUs; the quota \(quota.rawValue) allows "
                        + "\(usage.limit).",
                    hint: "aws service-quotas request-service-quota-increase --service-code ec2 "
                        + "--quota-code \(quota.rawValue) --desired-value \(needed)"
                )
        } catch {
            let code = (error as? Diagnostic)?.code ?? "internal_error"
            return .unknown(
                "vcpu_quota",
                of: type.text,
                "The quota \(quota.rawValue) could not be read (\(code)).",
                hint: "It takes servicequotas:GetServiceQuota and ec2:DescribeInstances."
            )
        }
    }
}
