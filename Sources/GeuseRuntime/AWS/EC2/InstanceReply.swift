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
            enaSupport: text("enaSupport").map { $0 == "true" },
            lifecycle: text("instanceLifecycle"),
            spotRequestID: text("spotInstanceRequestId"),
            tags: tags,
            vpcID: text("vpcId"),
            subnetID: text("subnetId"),
            networkInterfaces: item.items("networkInterfaceSet").count,
            hasElasticIP: item.items("networkInterfaceSet").contains {
                $0.string("association", "ipOwnerId").map { $0 != "amazon" } ?? false
            },
            canHibernate: item.string("hibernationOptions", "configured") == "true",
            securityGroupIDs: item.items("groupSet").compactMap { $0.string("groupId") },
            keyName: text("keyName"),
            instanceProfileARN: item.string("iamInstanceProfile", "arn"),
            launchTime: item.string("launchTime"),
            platform: text("platformDetails") ?? "Linux/UNIX",
            capacityReservation: item.string(
                "capacityReservationSpecification",
                "capacityReservationTarget",
                "capacityReservationId"
            )
        )
        bootMode = text("bootMode") ?? text("currentInstanceBootMode")
        placementGroup = item.string("placement", "groupName").flatMap { $0.isEmpty ? nil : $0 }
        isOnDedicatedHost = item.string("placement", "tenancy") == "host"
        // A stopped instance may show an interface without its addresses; it has one at least.
        addressesPerInterface = max(
            1,
            item.items("networkInterfaceSet")
                .map { $0.items("privateIpAddressesSet").count }.max() ?? 1
        )
    }
}

extension InstanceTypeFacts {
    /// Reads an `item` of an `instanceTypeSet` (EC2 API Reference, InstanceTypeInfo).
    init(_ item: XMLElement) throws {
        guard let type = item.string("instanceType") else {
            throw Diagnostic("invalid_reply", "EC2 described an instance type without its name.")
        }
        let gpus = item.items("gpuInfo", "gpus").compactMap {
            $0.string("count").flatMap { Int($0) }
        }
        self.init(
            type: try InstanceType(type),
            architectures: item.items("processorInfo", "supportedArchitectures").map(\.text),
            ena: item.string("networkInfo", "enaSupport"),
            virtualization: item.items("supportedVirtualizationTypes").map(\.text),
            nvme: item.string("ebsInfo", "nvmeSupport") ?? "supported",
            vcpus: item.string("vCpuInfo", "defaultVCpus").flatMap { Int($0) },
            memoryMiB: item.string("memoryInfo", "sizeInMiB").flatMap { Int($0) },
            gpus: gpus.reduce(0, +),
            maximumNetworkInterfaces: item.string("networkInfo", "maximumNetworkInterfaces")
                .flatMap { Int($0) },
            hasInstanceStore: item.string("instanceStorageSupported") == "true",
            isBurstable: item.string("burstablePerformanceSupported") == "true"
        )
        bootModes = item.items("supportedBootModes").map(\.text)
        placementStrategies = item.items("placementGroupInfo", "supportedStrategies").map(\.text)
        supportsDedicatedHosts = item.string("dedicatedHostsSupported") != "false"
        addressesPerInterface = item.string("networkInfo", "ipv4AddressesPerInterface")
            .flatMap { Int($0) }
    }
}
