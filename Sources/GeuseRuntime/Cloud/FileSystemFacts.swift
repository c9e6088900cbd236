/// An EFS file system as the control plane sees it.
public struct FileSystemFacts: Sendable, Equatable {
    /// The id.
    public var id: FileSystemID
    /// `creating`, `available`, `updating`, `deleting`, `deleted` or `error`.
    public var lifeCycleState: String

    /// Makes the value.
    public init(id: FileSystemID, lifeCycleState: String) {
        self.id = id
        self.lifeCycleState = lifeCycleState
    }
}

/// A mount target of an EFS file system.
public struct MountTarget: Sendable, Equatable {
    /// The id, `fsmt-…`.
    public var id: String
    /// The Availability Zone it is in, where the service tells it.
    public var zone: String?
    /// The subnet.
    public var subnetID: String
    /// `available` when it can be mounted.
    public var lifeCycleState: String
    /// Its IPv4 address.
    public var ipAddress: String?

    /// Makes the value.
    public init(
        id: String,
        zone: String?,
        subnetID: String,
        lifeCycleState: String,
        ipAddress: String?
    ) {
        self.id = id
        self.zone = zone
        self.subnetID = subnetID
        self.lifeCycleState = lifeCycleState
        self.ipAddress = ipAddress
    }
}

/// What SSM knows of the agent on an instance.
public struct AgentFacts: Sendable, Equatable {
    /// `Online`, `ConnectionLost` or `Inactive`.
    public var pingStatus: String
    /// The agent's version.
    public var version: String?

    /// Makes the value.
    public init(pingStatus: String, version: String? = nil) {
        self.pingStatus = pingStatus
        self.version = version
    }
}
