/// What DescribeInstanceTypes says of a type, as far as a change of type depends on it.
public struct InstanceTypeFacts: Sendable, Equatable {
    /// The type.
    public var type: InstanceType
    /// Supported architectures, such as `x86_64` or `arm64`; empty where EC2 does not tell.
    public var architectures: [String]
    /// `required`, `supported` or `unsupported`; nil where EC2 does not tell.
    public var ena: String?
    /// Supported virtualization types; empty where EC2 does not tell.
    public var virtualization: [String]
    /// Whether EBS volumes are NVMe devices: `required`, `supported` or `unsupported`; nil where EC2
    /// does not tell.
    public var nvme: String?
    /// Number of vCPUs; nil where EC2 does not tell.
    public var vcpus: Int?
    /// Memory in MiB; nil where EC2 does not tell.
    public var memoryMiB: Int?
    /// Number of GPUs; nil where EC2 does not tell.
    public var gpus: Int?
    /// How many network interfaces it can have; nil where EC2 does not tell.
    public var maximumNetworkInterfaces: Int?
    /// Whether it has instance store volumes, which a stop empties; nil where EC2 does not tell.
    public var hasInstanceStore: Bool?
    /// Whether it has burstable credits; nil where EC2 does not tell.
    public var isBurstable: Bool?
    /// Supported boot modes, `legacy-bios` and `uefi`; empty where EC2 does not tell.
    public var bootModes: [String] = []
    /// Whether it runs on Dedicated Hosts.
    public var supportsDedicatedHosts = true
    /// Placement strategies, such as `cluster`; empty where EC2 does not tell.
    public var placementStrategies: [String] = []
    /// How many private IPv4 addresses an interface can have; nil where EC2 does not tell.
    public var addressesPerInterface: Int?
    /// How many IPv6 addresses an interface can have; nil where EC2 does not tell, as with the next three.
    public var ipv6AddressesPerInterface: Int?
    /// Whether it can have Elastic Fabric Adapters.
    public var hasEFA: Bool?
    /// Whether it can have a NitroTPM.
    public var hasNitroTPM: Bool?
    /// Whether it can run Nitro Enclaves.
    public var hasEnclaves: Bool?

    /// Makes the value.
    public init(
        type: InstanceType,
        architectures: [String],
        ena: String? = "supported",
        virtualization: [String] = ["hvm"],
        nvme: String? = "supported",
        vcpus: Int?,
        memoryMiB: Int?,
        gpus: Int? = 0,
        maximumNetworkInterfaces: Int? = 3,
        hasInstanceStore: Bool? = false,
        isBurstable: Bool? = false
    ) {
        self.type = type
        self.architectures = architectures
        self.ena = ena
        self.virtualization = virtualization
        self.nvme = nvme
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.gpus = gpus
        self.maximumNetworkInterfaces = maximumNetworkInterfaces
        self.hasInstanceStore = hasInstanceStore
        self.isBurstable = isBurstable
    }
}
