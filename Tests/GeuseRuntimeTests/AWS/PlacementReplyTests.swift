import Testing

@testable import GeuseRuntime

@Suite("What EC2 says of instances and types is read, and what it leaves out")
struct PlacementReplyTests {
    private func parse(_ text: String) throws -> XMLElement {
        try XMLReader.parse(Array(text.utf8))
    }

    private func instance(_ more: String) throws -> Instance {
        try Instance(
            parse(
                "<item><instanceId>i-0123456789abcdef0</instanceId>"
                    + "<instanceType>t3.medium</instanceType>"
                    + "<instanceState><code>16</code><name>running</name></instanceState>"
                    + more + "</item>"
            )
        )
    }

    @Test("of an instance")
    func instances() throws {
        let zone = "<availabilityZone>us-east-1a</availabilityZone>"
        let plain = try instance("<placement>\(zone)</placement>")
        #expect(plain.bootMode == nil && !plain.isOnDedicatedHost)
        #expect(plain.addressesPerInterface == 1)
        let address = "<item><privateIpAddress>10.0.0.1</privateIpAddress></item>"
        let full = try instance(
            "<placement>\(zone)<tenancy>host</tenancy><groupName>near</groupName></placement>"
                + "<bootMode>uefi-preferred</bootMode>"
                + "<currentInstanceBootMode>uefi</currentInstanceBootMode>"
                + "<networkInterfaceSet><item><privateIpAddressesSet>\(address)\(address)"
                + "</privateIpAddressesSet></item></networkInterfaceSet>"
        )
        #expect(full.bootMode == "uefi-preferred" && full.isOnDedicatedHost)
        #expect(full.addressesPerInterface == 2)
        #expect(full.placementGroup == "near" && plain.placementGroup == nil)
        let booted = try instance(
            "<placement>\(zone)<groupName/></placement>"
                + "<currentInstanceBootMode>legacy-bios</currentInstanceBootMode>"
        )
        #expect(booted.bootMode == "legacy-bios" && booted.placementGroup == nil)
    }

    @Test("of what an instance uses that not every type has")
    func features() throws {
        let zone = "<placement><availabilityZone>us-east-1a</availabilityZone></placement>"
        let plain = try instance(zone)
        #expect(!plain.hasNitroTPM && !plain.hasEnclaves)
        #expect(plain.elasticFabricAdapters == 0 && plain.ipv6AddressesPerInterface == 0)
        let address = "<item><ipv6Address>2001:db8::1</ipv6Address></item>"
        let full = try instance(
            zone + "<tpmSupport>v2.0</tpmSupport>"
                + "<enclaveOptions><enabled>true</enabled></enclaveOptions><networkInterfaceSet>"
                + "<item><interfaceType>efa</interfaceType><ipv6AddressesSet>\(address)\(address)"
                + "</ipv6AddressesSet></item><item><interfaceType>interface</interfaceType></item>"
                + "</networkInterfaceSet>"
        )
        #expect(full.hasNitroTPM && full.hasEnclaves)
        #expect(full.elasticFabricAdapters == 1 && full.ipv6AddressesPerInterface == 2)
        func type(_ more: String) throws -> InstanceTypeFacts {
            try InstanceTypeFacts(
                parse("<item><instanceType>m5.large</instanceType>\(more)</item>")
            )
        }
        let untold = try type("")
        #expect(untold.hasNitroTPM == nil && untold.hasEnclaves == nil && untold.hasEFA == nil)
        #expect(untold.ipv6AddressesPerInterface == nil)
        let told = try type(
            "<nitroTpmSupport>unsupported</nitroTpmSupport>"
                + "<nitroEnclavesSupport>supported</nitroEnclavesSupport>"
                + "<networkInfo><efaSupported>false</efaSupported><ipv6Supported>true"
                + "</ipv6Supported><ipv6AddressesPerInterface>10</ipv6AddressesPerInterface>"
                + "</networkInfo>"
        )
        #expect(told.hasNitroTPM == false && told.hasEnclaves == true && told.hasEFA == false)
        #expect(told.ipv6AddressesPerInterface == 10)
        let without = try type("<networkInfo><ipv6Supported>false</ipv6Supported></networkInfo>")
        #expect(without.ipv6AddressesPerInterface == 0)
    }

    @Test("only an Elastic IP at the instance's own address keeps that")
    func addresses() throws {
        let zone = "<placement><availabilityZone>us-east-1a</availabilityZone></placement>"
        func interface(_ address: String, _ owner: String) -> String {
            "<item><association><publicIp>\(address)</publicIp><ipOwnerId>\(owner)</ipOwnerId>"
                + "</association></item>"
        }
        func isElastic(_ interfaces: String...) throws -> Bool {
            try instance(
                zone + "<ipAddress>192.0.2.1</ipAddress><networkInterfaceSet>"
                    + interfaces.joined() + "</networkInterfaceSet>"
            ).hasElasticIP
        }
        let own = interface("192.0.2.1", "amazon")
        #expect(try !isElastic())
        #expect(try !isElastic("<item/>"))
        #expect(try !isElastic(own))
        #expect(try isElastic(interface("192.0.2.1", "123456789012")))
        // That the second interface has one does not keep the first one's.
        #expect(try !isElastic(own, interface("192.0.2.2", "123456789012")))
        #expect(try isElastic(interface("192.0.2.2", "amazon"), interface("192.0.2.1", "1")))
        let none = try instance(
            zone + "<ipAddress/><networkInterfaceSet><item><association>"
                + "<ipOwnerId>123456789012</ipOwnerId></association></item></networkInterfaceSet>"
        )
        #expect(!none.hasElasticIP)
    }

    @Test("an owner that no association of the address tells is not made up")
    func addressOwners() throws {
        let zone = "<placement><availabilityZone>us-east-1a</availabilityZone></placement>"
        func owner(_ interfaces: String) throws -> Instance.AddressOwner {
            try instance(zone + "<ipAddress>192.0.2.1</ipAddress>" + interfaces).addressOwner
        }
        func association(_ owner: String) -> String {
            "<association><publicIp>192.0.2.1</publicIp>\(owner)</association>"
        }
        func set(_ content: String) -> String {
            "<networkInterfaceSet><item>\(content)</item></networkInterfaceSet>"
        }
        func deep(_ owner: String) -> String {
            let owner = "<ipOwnerId>\(owner)</ipOwnerId>"
            return set(
                "<privateIpAddressesSet><item>\(association(owner))</item></privateIpAddressesSet>"
            )
        }
        for untold in [
            "", "<networkInterfaceSet/>", set(""), set(association("")),
            set(association("<ipOwnerId/>")),
        ] {
            #expect(try owner(untold) == .untold, "\(untold)")
        }
        #expect(try owner(set(association("<ipOwnerId>amazon</ipOwnerId>"))) == .amazon)
        #expect(try owner(deep("amazon")) == .amazon)
        #expect(try owner(deep("123456789012")) == .other)
    }

    @Test("what a reply leaves out is not made up")
    func leftOut() throws {
        let poor = try instance(
            "<placement><availabilityZone>us-east-1a</availabilityZone></placement>"
                + "<architecture/>"
        )
        #expect(poor.architecture == nil && poor.rootDeviceType == nil)
        #expect(poor.virtualization == nil && poor.enaSupport == nil)
        let type = try InstanceTypeFacts(
            parse("<item><instanceType>t3.large</instanceType></item>")
        )
        #expect(type.architectures.isEmpty && type.virtualization.isEmpty)
        #expect(type.ena == nil && type.vcpus == nil && type.memoryMiB == nil)
        #expect(type.maximumNetworkInterfaces == nil)
        #expect(type.nvme == nil && type.hasInstanceStore == nil && type.isBurstable == nil)
        #expect(poor.tenancy == nil && poor.vcpus == nil && poor.canHibernate == nil)
        #expect(type.gpus == 0)
        for (gpus, expected) in [
            ("<gpus/>", nil), ("<gpus><item><count>1</count></item><item/></gpus>", nil),
            ("<gpus><item><count>2</count></item></gpus>", 2),
        ] as [(String, Int?)] {
            let type = try InstanceTypeFacts(
                parse(
                    "<item><instanceType>g5.xlarge</instanceType><gpuInfo>\(gpus)</gpuInfo></item>"
                )
            )
            #expect(type.gpus == expected)
        }
        let zone = "<placement><availabilityZone>us-east-1a</availabilityZone></placement>"
        #expect(try instance(zone + "<enaSupport>TRUE</enaSupport>").enaSupport == true)
        #expect(try instance(zone + "<enaSupport>maybe</enaSupport>").enaSupport == nil)
        #expect(throws: Diagnostic.self) { try InstanceTypeFacts(parse("<item></item>")) }
    }

    @Test("of a type")
    func types() throws {
        let type = try InstanceTypeFacts(
            parse(
                "<item><instanceType>t3.large</instanceType>"
                    + "<vCpuInfo><defaultVCpus>2</defaultVCpus></vCpuInfo>"
                    + "<memoryInfo><sizeInMiB>8192</sizeInMiB></memoryInfo>"
                    + "<supportedBootModes><item>legacy-bios</item><item>uefi</item>"
                    + "</supportedBootModes><dedicatedHostsSupported>false</dedicatedHostsSupported>"
                    + "<placementGroupInfo><supportedStrategies><item>partition</item><item>spread</item>"
                    + "</supportedStrategies></placementGroupInfo>"
                    + "<networkInfo><ipv4AddressesPerInterface>12</ipv4AddressesPerInterface>"
                    + "</networkInfo><ebsInfo><nvmeSupport>required</nvmeSupport></ebsInfo>"
                    + "<instanceStorageSupported>false</instanceStorageSupported>"
                    + "<burstablePerformanceSupported>true</burstablePerformanceSupported></item>"
            )
        )
        #expect(type.nvme == "required" && type.hasInstanceStore == false)
        #expect(type.isBurstable == true && type.vcpus == 2 && type.memoryMiB == 8192)
        #expect(type.bootModes == ["legacy-bios", "uefi"])
        #expect(!type.supportsDedicatedHosts)
        #expect(type.placementStrategies == ["partition", "spread"])
        #expect(type.addressesPerInterface == 12)
    }
}
