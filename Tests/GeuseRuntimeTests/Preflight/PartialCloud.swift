@testable import GeuseRuntime

/// A control plane that refuses some questions, and tells less of a type than another one.
final class PartialCloud: Cloud {
    private let cloud: any Cloud
    /// Errors by operation, or by operation and subject, such as `DescribeInstanceTypes t3.large`.
    var refused: [String: Diagnostic] = [:]
    /// Whether it says whether stop protection is on.
    var tellsProtection = true
    /// Whether the run's tag finds its reservations already.
    var listsReservations = true
    /// What it says of every public address; nil for what is so.
    var elastic: Bool?
    /// What counts against every quota; nil for what does.
    var usage: QuotaUsage?
    /// Strategies of placement groups.
    var strategies: [String: String] = [:]
    /// What is left of the facts of a type.
    var describe: (inout InstanceTypeFacts) -> Void = { _ in }

    init(_ cloud: any Cloud) { self.cloud = cloud }

    private func check(_ operation: String, _ subject: String) throws {
        if let error = refused[operation] ?? refused["\(operation) \(subject)"] { throw error }
    }

    func instanceType(_ type: InstanceType) throws -> InstanceTypeFacts? {
        try check("DescribeInstanceTypes", type.text)
        var facts = try cloud.instanceType(type)
        if var known = facts {
            describe(&known)
            facts = known
        }
        return facts
    }

    func isOffered(_ type: InstanceType, zone: String) throws -> Bool {
        try check("DescribeInstanceTypeOfferings", type.text)
        return try cloud.isOffered(type, zone: zone)
    }

    func isStopProtected(_ id: InstanceID) throws -> Bool? {
        try check("DescribeInstanceAttribute", id.text)
        return tellsProtection ? try cloud.isStopProtected(id) : nil
    }

    func isElasticIP(_ address: String) throws -> Bool {
        try check("DescribeAddresses", address)
        return try elastic ?? cloud.isElasticIP(address)
    }

    func placementStrategy(_ group: String) throws -> String? {
        try check("DescribePlacementGroups", group)
        return try strategies[group] ?? cloud.placementStrategy(group)
    }

    func spotRequestType(_ id: String) throws -> String? {
        try check("DescribeSpotInstanceRequests", id)
        return try cloud.spotRequestType(id)
    }

    func capacityReservation(_ id: String) throws -> CapacityReservation? {
        try check("DescribeCapacityReservations", id)
        return try cloud.capacityReservation(id)
    }

    func fileSystem(_ id: FileSystemID) throws -> FileSystemFacts? {
        try check("DescribeFileSystems", id.text)
        return try cloud.fileSystem(id)
    }

    func mountTargets(_ id: FileSystemID) throws -> [MountTarget] {
        try check("DescribeMountTargets", id.text)
        return try cloud.mountTargets(id)
    }

    func usage(of quota: VCPUQuota) throws -> QuotaUsage {
        try check("GetServiceQuota", quota.rawValue)
        return try usage ?? cloud.usage(of: quota)
    }

    // MARK: as it is

    func identity() throws -> CallerIdentity { try cloud.identity() }
    func instance(_ id: InstanceID) throws -> Instance? { try cloud.instance(id) }
    func statusChecks(_ id: InstanceID) throws -> StatusChecks? { try cloud.statusChecks(id) }
    func onDemandPrice(_ type: InstanceType) throws -> OnDemandPrice? {
        try cloud.onDemandPrice(type)
    }
    func stop(_ id: InstanceID, force: Bool) throws { try cloud.stop(id, force: force) }
    func start(_ id: InstanceID) throws { try cloud.start(id) }
    func setType(_ id: InstanceID, to type: InstanceType) throws {
        try cloud.setType(id, to: type)
    }
    func reserveCapacity(
        _ type: InstanceType,
        for instance: Instance,
        run: RunID,
        attempt: Int,
        until end: Timestamp
    ) throws -> CapacityReservation {
        try check("CreateCapacityReservation", type.text)
        return try cloud.reserveCapacity(
            type,
            for: instance,
            run: run,
            attempt: attempt,
            until: end
        )
    }
    func dryRunReservation(_ type: InstanceType, for instance: Instance) throws {
        try check("CreateCapacityReservation", type.text)
        try cloud.dryRunReservation(type, for: instance)
    }
    func capacityReservations(of run: RunID) throws -> [CapacityReservation] {
        try check("DescribeCapacityReservations", run.text)
        let found = try cloud.capacityReservations(of: run)
        return listsReservations ? found : []
    }
    func setCapacity(_ id: InstanceID, to choice: CapacityChoice) throws {
        try cloud.setCapacity(id, to: choice)
    }
    func cancelCapacityReservation(_ id: String) throws {
        try check("CancelCapacityReservation", id)
        try cloud.cancelCapacityReservation(id)
    }
    func autoScalingGroup(_ name: String) throws -> AutoScalingGroup? {
        try cloud.autoScalingGroup(name)
    }
    func setDesiredCapacity(_ group: String, to count: Int) throws {
        try cloud.setDesiredCapacity(group, to: count)
    }
    func failedScaling(_ group: String) throws -> String? { try cloud.failedScaling(group) }
    func agent(_ id: InstanceID) throws -> AgentFacts? { try cloud.agent(id) }
    func another() throws -> (any Cloud)? { nil }
}
