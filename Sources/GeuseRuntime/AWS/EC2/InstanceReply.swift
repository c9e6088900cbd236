extension Instance {
    /// Reads an `item` of an `instancesSet` (EC2 API Reference, Instance); unknown members are ignored.
    init(_ item: XMLElement) throws {
        guard let id = item.string("instanceId"), let type = item.string("instanceType"),
            let state = item.string("instanceState", "name").flatMap(State.init),
            let zone = item.string("placement", "availabilityZone")
        else {
            throw Diagnostic(
                "invalid_reply",
                "EC2 described an instance without id, type, known state or zone."
            )
        }
        func text(_ name: String) -> String? {
            item.string(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        var tags: [String: String] = [:]
        for tag in item.items("tagSet") { tags[tag.string("key") ?? ""] = tag.string("value") }
        self.init(
            id: try InstanceID(id),
            type: type,
            state: state,
            stateReason: item.string("stateReason", "code"),
            zone: zone,
            architecture: text("architecture"),
            publicIP: text("ipAddress"),
            privateIP: text("privateIpAddress"),
            rootDeviceType: text("rootDeviceType"),
            virtualization: text("virtualizationType"),
            // Some clouds leave it out, which says nothing.
            enaSupport: item.flag("enaSupport"),
            lifecycle: text("instanceLifecycle"),
            spotRequestID: text("spotInstanceRequestId"),
            tags: tags,
            vpcID: text("vpcId"),
            subnetID: text("subnetId"),
            networkInterfaces: item.items("networkInterfaceSet").count,
            canHibernate: item.flag("hibernationOptions", "configured"),
            securityGroupIDs: item.items("groupSet").compactMap { $0.string("groupId") },
            keyName: text("keyName"),
            instanceProfileARN: item.string("iamInstanceProfile", "arn"),
            launchTime: item.string("launchTime"),
            platform: text("platformDetails") ?? "Linux/UNIX"
        )
        capacity = CapacityChoice(item["capacityReservationSpecification"])
        addressOwner = Self.addressOwner(item, of: text("ipAddress"))
        bootMode = text("bootMode") ?? text("currentInstanceBootMode")
        placementGroup = item.string("placement", "groupName").flatMap { $0.isEmpty ? nil : $0 }
        tenancy = item.string("placement", "tenancy").flatMap { $0.isEmpty ? nil : $0 }
        vcpus = Self.vcpus(item)
        // A stopped instance may show an interface without its addresses; it has one at least.
        addressesPerInterface = max(
            1,
            item.items("networkInterfaceSet")
                .map { $0.items("privateIpAddressesSet").count }.max() ?? 1
        )
        let interfaces = item.items("networkInterfaceSet")
        ipv6AddressesPerInterface = interfaces.map { $0.items("ipv6AddressesSet").count }.max() ?? 0
        elasticFabricAdapters = interfaces.count {
            ["efa", "efa-only"].contains($0.string("interfaceType") ?? "")
        }
        hasNitroTPM = text("tpmSupport") != nil
        hasEnclaves = item.flag("enclaveOptions", "enabled") ?? false
    }

    /// Whose its public address is: of several interfaces, and of several addresses of one, another may
    /// have an Elastic IP.
    private static func addressOwner(_ item: XMLElement, of address: String?) -> AddressOwner {
        guard let address else { return .untold }
        let owners = item.items("networkInterfaceSet")
            .flatMap { [$0] + $0.items("privateIpAddressesSet") }
            .compactMap { $0["association"] }
            .filter { $0.string("publicIp") == address }
            .compactMap { $0.string("ipOwnerId") }
            .filter { !$0.isEmpty }
        guard !owners.isEmpty else { return .untold }
        return owners.allSatisfy { $0 == "amazon" } ? .amazon : .other
    }

    /// The vCPUs of an `item` of an `instancesSet`; nil where the reply does not have them.
    static func vcpus(_ item: XMLElement) -> Int? {
        guard let cores = item.count("cpuOptions", "coreCount", upTo: 1000),
            let threads = item.count("cpuOptions", "threadsPerCore", upTo: 1000),
            cores * threads > 0
        else { return nil }
        return cores * threads
    }
}

extension InstanceTypeFacts {
    /// Reads an `item` of an `instanceTypeSet` (EC2 API Reference, InstanceTypeInfo).
    init(_ item: XMLElement) throws {
        guard let type = item.string("instanceType") else {
            throw Diagnostic("invalid_reply", "EC2 described an instance type without its name.")
        }
        let gpus = item.items("gpuInfo", "gpus").map { $0.count("count", upTo: 1000) }
        self.init(
            type: try InstanceType(type),
            architectures: item.items("processorInfo", "supportedArchitectures").map(\.text),
            ena: item.string("networkInfo", "enaSupport"),
            virtualization: item.items("supportedVirtualizationTypes").map(\.text),
            nvme: item.string("ebsInfo", "nvmeSupport").flatMap { $0.isEmpty ? nil : $0 },
            vcpus: item.count("vCpuInfo", "defaultVCpus"),
            // 24 TiB is the most so far.
            memoryMiB: item.count("memoryInfo", "sizeInMiB", upTo: 1_000_000_000),
            // A type without any has no element of them; one whose number is not told has some.
            gpus: item["gpuInfo"] == nil
                ? 0
                : gpus.isEmpty
                    ? nil
                    : gpus.reduce(0) { sum, count in
                        sum.flatMap { sum in count.map { sum.adding(saturating: $0) } }
                    },
            maximumNetworkInterfaces: item.count("networkInfo", "maximumNetworkInterfaces"),
            hasInstanceStore: item.flag("instanceStorageSupported"),
            isBurstable: item.flag("burstablePerformanceSupported")
        )
        bootModes = item.items("supportedBootModes").map(\.text)
        placementStrategies = item.items("placementGroupInfo", "supportedStrategies").map(\.text)
        supportsDedicatedHosts = item.flag("dedicatedHostsSupported") ?? true
        addressesPerInterface = item.count("networkInfo", "ipv4AddressesPerInterface")
        ipv6AddressesPerInterface =
            item.flag("networkInfo", "ipv6Supported") == false
            ? 0 : item.count("networkInfo", "ipv6AddressesPerInterface")
        hasEFA = item.flag("networkInfo", "efaSupported")
        hasNitroTPM = Self.isSupported(item.string("nitroTpmSupport"))
        hasEnclaves = Self.isSupported(item.string("nitroEnclavesSupport"))
    }

    private static func isSupported(_ word: String?) -> Bool? {
        switch word {
        case "supported": true
        case "unsupported": false
        default: nil
        }
    }
}
