/// What a type changes for an instance that runs as another one.
///
/// Sources: EC2 User Guide, "Compatibility for changing the instance type" (NVMe) and "On-Demand Instance
/// quotas"; EC2 API Reference, InstanceTypeInfo.
struct TypeComparisonChecks {
    let instance: Instance
    let target: InstanceTypeFacts
    /// What the type is that the instance has now; nil where EC2 knows none of that name.
    let current: Result<InstanceTypeFacts?, Diagnostic>
    /// Whether the stack ran on the type before, which then is right without a GPU too.
    let wasThere: Bool
    /// Whether room for the type is held while the instance still runs as what it is.
    let reserves: Bool
    let lookups: CloudLookups

    private var type: String { target.type.text }
    /// What runs on a Dedicated Host counts against none of these.
    private var counted: VCPUQuota? {
        instance.isOnDedicatedHost ? nil : VCPUQuota(type: type)
    }

    func run() throws -> [PreflightCheck] {
        let known: InstanceTypeFacts
        switch current {
        case .success(let found?): known = found
        case .success(nil): return names.map(unlisted)
        case .failure(let error): return names.map { unanswered($0, error) }
        }
        return [nvme(known), gpu(known), store(known), memory(known), burst(known)]
            + (try counted.map { [try quota($0, known)] } ?? [])
    }

    // MARK: where there is nothing to compare with

    private var names: [String] {
        ["type_nvme", "gpu", "instance_store", "memory", "cpu_credits"]
            + (counted == nil ? [] : ["vcpu_quota"])
    }

    private func unlisted(_ name: String) -> PreflightCheck {
        .unknown(name, of: type, "EC2 does not list \(instance.type), which the instance is now.")
    }

    private func untold(_ name: String, _ what: String) -> PreflightCheck {
        .unknown(name, of: type, "EC2 does not tell \(what).")
    }

    private func unanswered(_ name: String, _ error: Diagnostic) -> PreflightCheck {
        .unanswered(
            name,
            of: type,
            "What a \(instance.type) is",
            error,
            action: "ec2:DescribeInstanceTypes"
        )
    }

    // MARK: one against the other

    private func nvme(_ current: InstanceTypeFacts) -> PreflightCheck {
        let isOptional = target.nvme.map { $0 != "required" } ?? false
        if isOptional || current.nvme == "required" {
            return .ok("type_nvme", of: type, "The devices keep their kind.")
        }
        guard target.nvme != nil, current.nvme != nil else {
            return untold("type_nvme", "whether EBS volumes are NVMe devices on both")
        }
        // What drivers the image has cannot be seen from outside.
        return .warning(
            "type_nvme",
            of: type,
            "EBS volumes are NVMe devices on \(target.type) and are not on \(current.type).",
            hint:
                "Make sure that the image has the NVMe drivers and that /etc/fstab mounts by UUID."
        )
    }

    private func gpu(_ current: InstanceTypeFacts) -> PreflightCheck {
        guard let gpus = target.gpus, let now = current.gpus else {
            return untold("gpu", "how many GPUs both have")
        }
        if now > 0, gpus == 0 {
            let summary = "\(current.type) has a GPU and \(target.type) has none."
            guard !wasThere else { return .warning("gpu", of: type, summary) }
            return .refused(
                "gpu",
                of: type,
                code: "gpu_lost",
                summary,
                hint: "Choose a type with a GPU; ollama would silently fall back to the CPU.",
                allowing: "gpu-lost"
            )
        }
        if gpus > 0, now == 0 {
            return .warning(
                "gpu",
                of: type,
                "\(target.type) has \(gpus) GPU(s), \(current.type) none.",
                hint:
                    "It needs the NVIDIA driver, the container toolkit and a device reservation in "
                    + "the compose file before ollama uses it."
            )
        }
        return .ok("gpu", of: type, "\(gpus) GPU(s), \(now) now.")
    }

    private func store(_ current: InstanceTypeFacts) -> PreflightCheck {
        guard let hasStore = current.hasInstanceStore else {
            return untold("instance_store", "whether a \(current.type) has an instance store")
        }
        return hasStore
            ? .warning(
                "instance_store",
                of: type,
                "The instance store volumes of the \(current.type) lose their data at the stop."
            ) : .ok("instance_store", of: type, "\(current.type) has no instance store.")
    }

    private func memory(_ current: InstanceTypeFacts) -> PreflightCheck {
        guard let memory = target.memoryMiB, let now = current.memoryMiB else {
            return untold("memory", "how much memory both have")
        }
        let text = "\(memory) MiB of memory, \(now) MiB now."
        return memory < now
            ? .warning("memory", of: type, "\(target.type) has " + text)
            : .ok("memory", of: type, text)
    }

    private func burst(_ current: InstanceTypeFacts) -> PreflightCheck {
        guard let isBurstable = target.isBurstable else {
            return untold("cpu_credits", "whether a \(target.type) is burstable")
        }
        guard isBurstable else {
            return .ok("cpu_credits", of: type, "\(target.type) has its full speed all the time.")
        }
        guard let wasBurstable = current.isBurstable else {
            return untold("cpu_credits", "whether a \(current.type) is burstable")
        }
        return wasBurstable
            ? .ok("cpu_credits", of: type, "Burstable as before; a new type starts afresh.")
            : .warning(
                "cpu_credits",
                of: type,
                "\(target.type) is burstable: once its CPU credits are spent it is slower, or costs more.",
                hint: "EC2 User Guide, \"Burstable performance instances\"."
            )
    }

    private func quota(
        _ quota: VCPUQuota,
        _ current: InstanceTypeFacts
    ) throws -> PreflightCheck {
        let name = "vcpu_quota"
        // While the instance is stopped its own vCPUs are free; what is reserved before that counts beside
        // them (EC2 User Guide, "Capacity Reservation limits").
        let free = VCPUQuota(type: instance.type) == quota ? instance.vcpus ?? current.vcpus : 0
        guard let wanted = target.vcpus, let own = free else {
            return untold(name, "how many vCPUs both have")
        }
        guard reserves || wanted > own else {
            return .ok(name, of: type, "It takes no more vCPUs than now.")
        }
        do {
            let usage = try lookups.usage(quota).value()
            // Just after a start the instance may not be among those that were counted.
            let others = max(usage.used - own, 0)
            let needed = others + wanted + (reserves ? own : 0)
            let beside = reserves ? " beside the instance as it is" : ""
            return needed <= usage.limit
                ? .ok(
                    name,
                    of: type,
                    "\(needed) of \(usage.limit) vCPUs "
                        + (reserves ? "with the room reserved\(beside)." : "afterwards.")
                )
                : .refused(
                    name,
                    of: type,
                    code: "vcpu_quota_reached",
                    "\(target.type)\(beside) would need \(needed) vCPUs; the quota \(quota.rawValue) "
                        + "allows \(usage.limit).",
                    hint: (reserves ? "Go without --reserve-capacity, or: " : "")
                        + "aws service-quotas request-service-quota-increase --service-code ec2 "
                        + "--quota-code \(quota.rawValue) --desired-value \(needed)"
                )
        } catch let error as Diagnostic where error.kind != .interrupted {
            return .unknown(
                name,
                of: type,
                "The quota \(quota.rawValue) could not be read (\(error.code)).",
                hint: "It takes servicequotas:GetServiceQuota and ec2:DescribeInstances."
            )
        }
    }
}
