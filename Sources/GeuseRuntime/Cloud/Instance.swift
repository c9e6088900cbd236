/// An EC2 instance as DescribeInstances shows it.
public struct Instance: Sendable, Equatable {
    /// The life-cycle state (EC2 API, InstanceState).
    public enum State: String, Sendable, Equatable {
        /// On its way up.
        case pending
        /// Up.
        case running
        /// On its way down for good.
        case shuttingDown = "shutting-down"
        /// Gone.
        case terminated
        /// On its way down.
        case stopping
        /// Down; its root volume is kept.
        case stopped
    }

    /// Whose a public address is (EC2 API, InstanceNetworkInterfaceAssociation, IpOwnerId).
    public enum AddressOwner: Sendable, Equatable {
        /// Amazon's, given until the next stop.
        case amazon
        /// Somebody's, as an Elastic IP is.
        case other
        /// EC2 does not tell.
        case untold
    }

    /// The id.
    public var id: InstanceID
    /// The type now.
    public var type: String
    /// The state now.
    public var state: State
    /// Code of the reason for the last state change, such as `Server.InsufficientInstanceCapacity`.
    public var stateReason: String?
    /// The Availability Zone, such as `us-east-1a`.
    public var zone: String
    /// `x86_64` or `arm64`; nil where EC2 does not tell, as with the next three.
    public var architecture: String?
    /// The public IPv4 address, if it has one now.
    public var publicIP: String?
    /// The private IPv4 address.
    public var privateIP: String?
    /// `ebs` or `instance-store`.
    public var rootDeviceType: String?
    /// `hvm` or `paravirtual`.
    public var virtualization: String?
    /// Whether ENA is enabled.
    public var enaSupport: Bool?
    /// `spot`, `scheduled`, or nil for on-demand (instanceLifecycle).
    public var lifecycle: String?
    /// The spot request it came from.
    public var spotRequestID: String?
    /// Tags by key, among them `Stack` and `aws:autoscaling:groupName`.
    public var tags: [String: String]
    /// The VPC.
    public var vpcID: String?
    /// The subnet.
    public var subnetID: String?
    /// How many network interfaces are attached.
    public var networkInterfaces: Int
    /// Whose its public address is.
    public var addressOwner = AddressOwner.untold
    /// Whether hibernation was enabled at launch (hibernationOptions); nil where EC2 does not tell.
    public var canHibernate: Bool?
    /// Ids of its security groups.
    public var securityGroupIDs: [String]
    /// The key pair's name.
    public var keyName: String?
    /// ARN of the instance profile.
    public var instanceProfileARN: String?
    /// When it was last started.
    public var launchTime: String?
    /// What it is billed as, such as `Linux/UNIX` (platformDetails).
    public var platform: String
    /// In what reservations of capacity it starts.
    public var capacity = CapacityChoice()
    /// How its image boots: `legacy-bios`, `uefi` or `uefi-preferred`; where the image does not say, how it is
    /// booted now.
    public var bootMode: String?
    /// Whose hardware it is on, `default`, `dedicated` or `host` (placement.tenancy); nil where EC2 does
    /// not tell.
    public var tenancy: String? = "default"
    /// How many vCPUs it has (cpuOptions); nil where EC2 does not tell.
    public var vcpus: Int?
    /// The placement group that it is in (placement.groupName).
    public var placementGroup: String?
    /// The most private IPv4 addresses that one of its interfaces has.
    public var addressesPerInterface = 1
    /// The most IPv6 addresses that one of its interfaces has.
    public var ipv6AddressesPerInterface = 0
    /// How many of its interfaces are Elastic Fabric Adapters (interfaceType).
    public var elasticFabricAdapters = 0
    /// Whether it has a NitroTPM (tpmSupport).
    public var hasNitroTPM = false
    /// Whether it may run Nitro Enclaves (enclaveOptions).
    public var hasEnclaves = false

    /// Makes the value.
    public init(
        id: InstanceID,
        type: String,
        state: State,
        stateReason: String? = nil,
        zone: String,
        architecture: String?,
        publicIP: String? = nil,
        privateIP: String? = nil,
        rootDeviceType: String? = "ebs",
        virtualization: String? = "hvm",
        enaSupport: Bool? = true,
        lifecycle: String? = nil,
        spotRequestID: String? = nil,
        tags: [String: String] = [:],
        vpcID: String? = nil,
        subnetID: String? = nil,
        networkInterfaces: Int = 1,
        hasElasticIP: Bool = false,
        canHibernate: Bool? = false,
        securityGroupIDs: [String] = [],
        keyName: String? = nil,
        instanceProfileARN: String? = nil,
        launchTime: String? = nil,
        platform: String = "Linux/UNIX",
        capacityReservation: String? = nil
    ) {
        self.id = id
        self.type = type
        self.state = state
        self.stateReason = stateReason
        self.zone = zone
        self.architecture = architecture
        self.publicIP = publicIP
        self.privateIP = privateIP
        self.rootDeviceType = rootDeviceType
        self.virtualization = virtualization
        self.enaSupport = enaSupport
        self.lifecycle = lifecycle
        self.spotRequestID = spotRequestID
        self.tags = tags
        self.vpcID = vpcID
        self.subnetID = subnetID
        self.networkInterfaces = networkInterfaces
        addressOwner = hasElasticIP ? .other : .amazon
        self.canHibernate = canHibernate
        self.securityGroupIDs = securityGroupIDs
        self.keyName = keyName
        self.instanceProfileARN = instanceProfileARN
        self.launchTime = launchTime
        self.platform = platform
        capacity.reservation = capacityReservation
    }

    /// Whether its public address is an Elastic IP, which a stop does not change, as far as its owner
    /// tells.
    public var hasElasticIP: Bool {
        get { addressOwner == .other }
        set { addressOwner = newValue ? .other : .amazon }
    }

    /// The capacity reservation that it names and can only start in, `cr-…`.
    public var capacityReservation: String? {
        get { capacity.reservation }
        set { capacity.reservation = newValue }
    }

    /// Whether it runs on a Dedicated Host.
    public var isOnDedicatedHost: Bool { tenancy == "host" }

    /// The Auto Scaling group that owns it, if one does.
    public var autoScalingGroup: String? { tags["aws:autoscaling:groupName"] }
}
