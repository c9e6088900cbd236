/// How long things take in a simulated stack, in seconds.
public struct SandboxDurations: Sendable, Equatable {
    /// From StopInstances to `stopped`.
    public var stop = 1.5
    /// From StartInstances to `running`.
    public var start = 2.0
    /// From `running` to an agent that answers.
    public var boot = 0.3
    /// From a container's start to its first health result.
    public var health = 0.3
    /// For each image that has to be pulled.
    public var pull = 0.2
    /// For `compose stop`.
    public var serviceStop = 0.2
    /// From the end of boot to a late EFS mount.
    public var lateMount = 3.0
    /// The time limit of a look at a mount that hangs.
    public var probe = 1.0

    /// The default durations.
    public init() {}
}

extension SandboxDurations: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("stop", \.stop), .init("start", \.start), .init("boot", \.boot),
            .init("health", \.health), .init("pull", \.pull),
            .init("service_stop", \.serviceStop), .init("late_mount", \.lateMount),
            .init("probe", \.probe),
        ]
    }
}

/// What a new simulated stack is to be like.
public struct SandboxOptions: Sendable, Equatable {
    /// How the instance was bought.
    public enum Purchase: String, Sendable, Equatable {
        /// On demand.
        case onDemand = "on-demand"
        /// A one-time spot request: it can't be stopped.
        case oneTimeSpot = "one-time-spot"
        /// A persistent spot request: it can be stopped.
        case persistentSpot = "persistent-spot"
    }

    /// The region.
    public var region = Region(unchecked: "us-east-1")
    /// The letter of the Availability Zone.
    public var zoneLetter = "a"
    /// The instance type; it decides the architecture too.
    public var instanceType = InstanceType(unchecked: "t3.medium")
    /// How the instance was bought.
    public var purchase = Purchase.onDemand
    /// Whether stop protection is on.
    public var isStopProtected = false
    /// The Auto Scaling group that owns the instance.
    public var autoScalingGroup: String?
    /// Whether the group leaves the instance alone when it scales in.
    public var isProtectedFromScaleIn = true
    /// Whether its public address is an elastic one, which a stop does not change.
    public var hasElasticIP = false
    /// Images other than the usual ones, by service.
    public var images: [ServiceName: ImageReference] = [:]
    /// How long things take.
    public var durations = SandboxDurations()
    /// How many times faster than real time waits on it pass.
    public var speed = 1.0

    /// The usual stack: t3.medium, on demand, in us-east-1a.
    public init() {}
}

extension SandboxOptions.Purchase: WorldValue {}
