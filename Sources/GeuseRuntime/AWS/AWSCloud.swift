/// The control plane of one AWS region.
public final class AWSCloud: Cloud {
    private let ec2: EC2Client
    private let efs: EFSClient
    private let ssm: SSMClient
    private let sts: STSClient
    private let quotas: QuotasClient
    private let pricing: (client: PricingClient, region: Region)
    private let autoScaling: AutoScalingClient
    private let copy: () throws -> AWSCloud?

    /// Calls through these clients; `copy` makes another one over connections of its own.
    init(
        ec2: EC2Client,
        efs: EFSClient,
        ssm: SSMClient,
        sts: STSClient,
        quotas: QuotasClient,
        pricing: (client: PricingClient, region: Region),
        autoScaling: AutoScalingClient,
        copy: @escaping () throws -> AWSCloud? = { nil }
    ) {
        self.ec2 = ec2
        self.efs = efs
        self.ssm = ssm
        self.sts = sts
        self.quotas = quotas
        self.pricing = pricing
        self.autoScaling = autoScaling
        self.copy = copy
    }

    /// STS GetCallerIdentity.
    public func identity() throws -> CallerIdentity { try sts.callerIdentity() }

    /// EC2 DescribeInstances; nil for `InvalidInstanceID.NotFound`.
    public func instance(_ id: InstanceID) throws -> Instance? {
        try absent(on: "InvalidInstanceID.NotFound") { try ec2.describeInstance(id) }
    }

    /// EC2 DescribeInstanceStatus; nil for `InvalidInstanceID.NotFound`.
    public func statusChecks(_ id: InstanceID) throws -> StatusChecks? {
        try absent(on: "InvalidInstanceID.NotFound") { try ec2.statusChecks(id) }
    }

    /// EC2 DescribeInstanceTypes; nil for `InvalidInstanceType`.
    public func instanceType(_ type: InstanceType) throws -> InstanceTypeFacts? {
        try absent(on: "InvalidInstanceType") { try ec2.describeType(type) }
    }

    /// EC2 DescribeInstanceTypeOfferings.
    public func isOffered(_ type: InstanceType, zone: String) throws -> Bool {
        try ec2.isOffered(type, zone: zone)
    }

    /// EC2 DescribeInstanceAttribute of disableApiStop.
    public func isStopProtected(_ id: InstanceID) throws -> Bool? { try ec2.isStopProtected(id) }

    /// EC2 DescribeAddresses.
    public func isElasticIP(_ address: String) throws -> Bool { try ec2.isElastic(address) }

    /// EC2 DescribePlacementGroups.
    public func placementStrategy(_ group: String) throws -> String? {
        try ec2.placementStrategy(group)
    }

    /// EC2 StopInstances; the service takes it as done when the instance is stopping or stopped.
    public func stop(_ id: InstanceID, force: Bool) throws {
        _ = try ec2.stop(id, force: force)
    }

    /// EC2 StartInstances; the service takes it as done when the instance is pending or running.
    public func start(_ id: InstanceID) throws { _ = try ec2.start(id) }

    /// EC2 ModifyInstanceAttribute of the type.
    public func setType(_ id: InstanceID, to type: InstanceType) throws {
        try ec2.setType(id, type)
    }

    /// EC2 CreateCapacityReservation.
    public func reserveCapacity(
        _ type: InstanceType,
        for instance: Instance,
        run: RunID,
        attempt: Int,
        until end: Timestamp
    ) throws -> CapacityReservation {
        try ec2.reserveCapacity(type, for: instance, run: run, attempt: attempt, until: end)
    }

    /// EC2 CreateCapacityReservation with DryRun; where that is not known, a CancelCapacityReservation too.
    ///
    /// Then the same of what has the stopped instance start in the reservation.
    public func dryRunReservation(_ type: InstanceType, for instance: Instance) throws {
        let end = ssm.context.signingTime.adding(seconds: 3600)
        try ec2.dryRunReservation(type, for: instance, until: end)
        try ec2.dryRunCapacity(instance)
    }

    /// EC2 DescribeCapacityReservations by the run's tag.
    public func capacityReservations(of run: RunID) throws -> [CapacityReservation] {
        try ec2.capacityReservations([
            ("Filter.1.Name", "tag:" + CapacityReservation.tag), ("Filter.1.Value.1", run.text),
        ])
    }

    /// EC2 DescribeCapacityReservations of one id; nil for `InvalidCapacityReservationId.NotFound`.
    public func capacityReservation(_ id: String) throws -> CapacityReservation? {
        try absent(on: CapacityReservation.notFound) {
            try ec2.capacityReservations([("CapacityReservationId.1", id)]).first
        }
    }

    /// EC2 ModifyInstanceCapacityReservationAttributes.
    public func setCapacity(_ id: InstanceID, to choice: CapacityChoice) throws {
        try ec2.setCapacity(id, to: choice)
    }

    /// EC2 CancelCapacityReservation.
    public func cancelCapacityReservation(_ id: String) throws {
        try ec2.cancelCapacityReservation(id)
    }

    /// Auto Scaling DescribeAutoScalingGroups.
    public func autoScalingGroup(_ name: String) throws -> AutoScalingGroup? {
        try autoScaling.group(name)
    }

    /// Auto Scaling SetDesiredCapacity.
    public func setDesiredCapacity(_ group: String, to count: Int) throws {
        try autoScaling.setDesiredCapacity(group, to: count)
    }

    /// Auto Scaling DescribeScalingActivities.
    public func failedScaling(_ group: String) throws -> String? {
        try autoScaling.failedActivity(group)
    }

    /// EFS DescribeFileSystems; nil for `FileSystemNotFound`.
    public func fileSystem(_ id: FileSystemID) throws -> FileSystemFacts? {
        try absent(on: "FileSystemNotFound") { try efs.describeFileSystem(id) }
    }

    /// EFS DescribeMountTargets.
    public func mountTargets(_ id: FileSystemID) throws -> [MountTarget] {
        try efs.describeMountTargets(id)
    }

    /// SSM DescribeInstanceInformation.
    public func agent(_ id: InstanceID) throws -> AgentFacts? { try ssm.agent(on: id) }

    /// EC2 DescribeSpotInstanceRequests: `one-time` or `persistent`; nil when the request is gone.
    ///
    /// A one-time Spot Instance can't be stopped.
    public func spotRequestType(_ id: String) throws -> String? {
        try absent(on: "InvalidSpotInstanceRequestID.NotFound") { try ec2.spotRequestType(id) }
    }

    /// Service Quotas GetServiceQuota, EC2 DescribeInstances and, for what that leaves out,
    /// DescribeInstanceTypes; the limit is asked for meanwhile where there is a connection to spare.
    public func usage(of quota: VCPUQuota) throws -> QuotaUsage {
        guard let other = try? copy() else {
            return QuotaUsage(limit: try quotas.limit(quota), used: try ec2.runningVCPUs(of: quota))
        }
        let own = Own(cloud: other)
        let limit = Lookup(inBackground: { try own.cloud.quotas.limit(quota) })
        let used = Result { try ec2.runningVCPUs(of: quota) }
        return QuotaUsage(limit: try limit.value(), used: try used.get())
    }

    /// Price List GetProducts.
    public func onDemandPrice(_ type: InstanceType) throws -> OnDemandPrice? {
        try pricing.client.onDemand(type, in: pricing.region)
    }

    /// The same region with the credentials of now, over connections of its own.
    public func another() throws -> (any Cloud)? { try copy() }

    private func absent<Value>(on code: String, _ read: () throws -> Value?) throws -> Value? {
        do {
            return try read()
        } catch let error as Diagnostic where error.code == code {
            return nil
        }
    }
}

/// A copy that nobody else has: made here, used by one thread.
private struct Own: @unchecked Sendable {
    let cloud: AWSCloud
}
