/// An Auto Scaling group as DescribeAutoScalingGroups shows it (Amazon EC2 Auto Scaling API).
public struct AutoScalingGroup: Sendable, Equatable {
    /// One of its instances.
    public struct Member: Sendable, Equatable {
        /// The instance.
        public var instance: InstanceID
        /// Such as `Pending`, `InService` or `Terminating` (LifecycleState).
        public var lifecycle: String
        /// Whether the group takes it for healthy (HealthStatus).
        public var isHealthy: Bool
        /// Whether the group never chooses it when it scales in (ProtectedFromScaleIn).
        public var isProtected: Bool

        /// Makes the value.
        public init(
            instance: InstanceID,
            lifecycle: String,
            isHealthy: Bool = true,
            isProtected: Bool = false
        ) {
            self.instance = instance
            self.lifecycle = lifecycle
            self.isHealthy = isHealthy
            self.isProtected = isProtected
        }
    }

    /// The name.
    public var name: String
    /// The least that it may be set to.
    public var minimum: Int
    /// The most that it may be set to.
    public var maximum: Int
    /// How many instances it is to have.
    public var desired: Int
    /// Its instances.
    public var members: [Member]
    /// The processes that somebody has suspended, such as `Launch`.
    public var suspended: [String]
    /// What becomes of it while it is deleted, such as `Delete in progress`; nil otherwise.
    public var status: String?

    /// Makes the value.
    public init(
        name: String,
        minimum: Int,
        maximum: Int,
        desired: Int,
        members: [Member],
        suspended: [String] = []
    ) {
        self.name = name
        self.minimum = minimum
        self.maximum = maximum
        self.desired = desired
        self.members = members
        self.suspended = suspended
    }

    /// How many of its instances are in service and healthy.
    public var inService: Int {
        members.count { $0.lifecycle == "InService" && $0.isHealthy }
    }

    /// Whether it has as many instances as it is to have, all in service, and none on its way out.
    func isSettled(at count: Int) -> Bool {
        desired == count && inService == count
            && !members.contains { $0.lifecycle.hasPrefix("Terminating") }
    }
}
