/// The control plane of one region, as far as an update needs it.
///
/// Two things implement it: `AWSCloud` over the wire and `SandboxCloud` in a file. Every method makes
/// at most one logical request (retries of its own aside) and never waits for a state to be reached;
/// waiting is `Waiter`'s. All throw `Diagnostic` values; a service's refusal carries the service's own
/// code in `code`, such as `InsufficientInstanceCapacity`.
public protocol Cloud: AnyObject {
    /// Who the credentials belong to (STS GetCallerIdentity).
    func identity() throws -> CallerIdentity
    /// One instance as it is now (EC2 DescribeInstances); nil when the service does not know it.
    func instance(_ id: InstanceID) throws -> Instance?
    /// EC2's checks of an instance (EC2 DescribeInstanceStatus); nil where there are none yet.
    func statusChecks(_ id: InstanceID) throws -> StatusChecks?
    /// What a type is (EC2 DescribeInstanceTypes); nil when there is no such type in this region.
    func instanceType(_ type: InstanceType) throws -> InstanceTypeFacts?
    /// Whether a type can be had in an Availability Zone (EC2 DescribeInstanceTypeOfferings).
    func isOffered(_ type: InstanceType, zone: String) throws -> Bool
    /// Whether stop protection is on (EC2 DescribeInstanceAttribute, disableApiStop); nil when the service
    /// does not tell.
    func isStopProtected(_ id: InstanceID) throws -> Bool?
    /// Whether a public address is an Elastic IP of this account (EC2 DescribeAddresses).
    ///
    /// - Throws: `Diagnostic`, `UnauthorizedOperation` for most, where it may not be asked.
    func isElasticIP(_ address: String) throws -> Bool
    /// The strategy of a placement group, `cluster`, `partition` or `spread` (EC2 DescribePlacementGroups);
    /// nil when the service does not tell.
    func placementStrategy(_ group: String) throws -> String?
    /// The kind of a Spot request, `one-time` or `persistent` (EC2 DescribeSpotInstanceRequests); nil
    /// when the service does not know it any more.
    func spotRequestType(_ id: String) throws -> String?
    /// How many vCPUs a quota allows and how many count against it now.
    ///
    /// - Throws: `Diagnostic`, `AccessDeniedException` for most, where it may not be read.
    func usage(of quota: VCPUQuota) throws -> QuotaUsage
    /// What a type costs On-Demand in this region (Price List GetProducts); nil when that is not known.
    ///
    /// - Throws: `Diagnostic`, `AccessDeniedException` for most, where the list may not be read.
    func onDemandPrice(_ type: InstanceType) throws -> OnDemandPrice?
    /// Asks an instance to stop; already stopping or stopped is success. Forced, it is cut off without
    /// a shutdown, for one that does not stop (EC2 API, StopInstances, `Force`).
    func stop(_ id: InstanceID, force: Bool) throws
    /// Asks an instance to start; already pending or running is success.
    func start(_ id: InstanceID) throws
    /// Changes the type of a stopped instance (EC2 ModifyInstanceAttribute).
    func setType(_ id: InstanceID, to type: InstanceType) throws
    /// Holds room for one instance of a type, for those alone that name the reservation (EC2
    /// CreateCapacityReservation, targeted). Asked again for the same attempt of the run it is the same
    /// reservation, whatever became of it, and `IdempotentParameterMismatch` with another end.
    func reserveCapacity(
        _ type: InstanceType,
        for instance: Instance,
        run: RunID,
        attempt: Int,
        until end: Timestamp
    ) throws -> CapacityReservation
    /// Asks whether room for a type may be held, and holds none (EC2 CreateCapacityReservation, DryRun).
    ///
    /// - Throws: `Diagnostic`, `UnauthorizedOperation` where it may not.
    func dryRunReservation(_ type: InstanceType, for instance: Instance) throws
    /// The reservations that a run made, whatever became of them (EC2 DescribeCapacityReservations).
    func capacityReservations(of run: RunID) throws -> [CapacityReservation]
    /// One reservation; nil when the service does not know it any more.
    func capacityReservation(_ id: String) throws -> CapacityReservation?
    /// Sets in what reservations a stopped instance starts (EC2
    /// ModifyInstanceCapacityReservationAttributes).
    func setCapacity(_ id: InstanceID, to choice: CapacityChoice) throws
    /// Gives a reservation back; instances in it run on (EC2 CancelCapacityReservation).
    func cancelCapacityReservation(_ id: String) throws
    /// An Auto Scaling group (Auto Scaling DescribeAutoScalingGroups); nil when there is none so called.
    func autoScalingGroup(_ name: String) throws -> AutoScalingGroup?
    /// Sets how many instances a group is to have (Auto Scaling SetDesiredCapacity).
    func setDesiredCapacity(_ group: String, to count: Int) throws
    /// Why the group's newest activity failed (Auto Scaling DescribeScalingActivities); nil if it did not.
    func failedScaling(_ group: String) throws -> String?
    /// One EFS file system (EFS DescribeFileSystems); nil when it does not exist.
    func fileSystem(_ id: FileSystemID) throws -> FileSystemFacts?
    /// The mount targets of a file system (EFS DescribeMountTargets).
    func mountTargets(_ id: FileSystemID) throws -> [MountTarget]
    /// Whether the host's agent answers (SSM DescribeInstanceInformation); nil when not registered.
    func agent(_ id: InstanceID) throws -> AgentFacts?
    /// The same control plane over a connection of its own, for a thread of its own; nil where a call
    /// takes no time and there is nothing to gain.
    func another() throws -> (any Cloud)?
}

extension Cloud {
    /// Asks an instance to stop the usual way.
    public func stop(_ id: InstanceID) throws { try stop(id, force: false) }
}
