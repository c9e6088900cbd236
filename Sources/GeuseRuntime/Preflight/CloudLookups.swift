/// What the checks ask the control plane: each question once, and all of them side by side.
public final class CloudLookups {
    private let cloud: any Cloud
    private let isSideBySide: Bool
    private let reservesCapacity: Bool
    private var fileSystems: [FileSystemID: Lookup<FileSystemFacts?>] = [:]
    private var targets: [FileSystemID: Lookup<[MountTarget]>] = [:]
    private var types: [InstanceType: Lookup<InstanceTypeFacts?>] = [:]
    private var offers: [String: Lookup<Bool>] = [:]
    private var protections: [InstanceID: Lookup<Bool?>] = [:]
    private var addresses: [String: Lookup<Bool>] = [:]
    private var strategies: [String: Lookup<String?>] = [:]
    private var spotRequests: [String: Lookup<String?>] = [:]
    private var reservations: [String: Lookup<CapacityReservation?>] = [:]
    private(set) var dryRuns: [InstanceType: Lookup<Bool>] = [:]
    private var groups: [String: Lookup<AutoScalingGroup?>] = [:]
    private(set) var quotas: [VCPUQuota: Lookup<QuotaUsage>] = [:]
    private var prices: [InstanceType: Lookup<OnDemandPrice?>] = [:]

    /// Look-ups over a control plane; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - cloud: the control plane.
    ///   - isSideBySide: whether each question goes over a connection of its own, at once; if not it is
    ///     asked when its answer is wanted.
    ///   - reservesCapacity: whether the run is to hold room for a new type.
    public init(_ cloud: any Cloud, isSideBySide: Bool = true, reservesCapacity: Bool = false) {
        self.cloud = cloud
        self.reservesCapacity = reservesCapacity
        self.isSideBySide = isSideBySide
    }

    /// Begins to ask for a file system and its mount targets.
    func begin(_ id: FileSystemID) {
        _ = fileSystem(id)
        _ = mountTargets(id)
    }

    func fileSystem(_ id: FileSystemID) -> Lookup<FileSystemFacts?> {
        ask(&fileSystems[id]) { try $0.fileSystem(id) }
    }

    func mountTargets(_ id: FileSystemID) -> Lookup<[MountTarget]> {
        ask(&targets[id]) { try $0.mountTargets(id) }
    }

    /// Begins to ask what a change of type needs to know.
    ///
    /// - Parameters:
    ///   - instance: the instance.
    ///   - types: the types that it may be changed to.
    public func begin(_ instance: Instance, _ types: [InstanceType]) {
        _ = isStopProtected(instance.id)
        if let request = instance.spotRequestID { _ = spotRequestType(request) }
        if let named = instance.capacityReservation { _ = reservation(named) }
        _ = elasticIP(of: instance)
        if let group = instance.placementGroup { _ = placementStrategy(group) }
        for type in types {
            _ = facts(type)
            _ = isOffered(type, instance.zone)
            if let quota = VCPUQuota.perhapsReached(by: type, insteadOf: instance) {
                _ = usage(quota)
            }
        }
        if let now = try? InstanceType(instance.type) {
            _ = facts(now)
            _ = price(now)
        }
        if let wanted = types.first { _ = price(wanted) }
    }

    /// Begins to ask whether room for types may be held, where the run is to hold some.
    func beginReserving(_ types: [InstanceType], for instance: Instance) {
        guard reservesCapacity, !instance.isOnDedicatedHost else { return }
        for type in types { _ = mayReserve(type, for: instance) }
    }

    func facts(_ type: InstanceType) -> Lookup<InstanceTypeFacts?> {
        ask(&types[type]) { try $0.instanceType(type) }
    }

    func isOffered(_ type: InstanceType, _ zone: String) -> Lookup<Bool> {
        ask(&offers["\(type) \(zone)"]) { try $0.isOffered(type, zone: zone) }
    }

    func isStopProtected(_ instance: InstanceID) -> Lookup<Bool?> {
        ask(&protections[instance]) { try $0.isStopProtected(instance) }
    }

    /// Begins to ask whether an instance is protected against being stopped.
    public func beginProtection(of instance: InstanceID) { _ = isStopProtected(instance) }

    /// Whether an instance is protected against being stopped, as far as the control plane tells.
    public func protection(of instance: InstanceID) -> StopProtection {
        StopProtection((try? isStopProtected(instance).value()) ?? nil)
    }

    /// Whether an instance's public address is an Elastic IP; nil where its owner is Amazon, so that it is none.
    ///
    /// Another owner does not settle it: some clouds name the account for every address, and some replies
    /// name no owner.
    func elasticIP(of instance: Instance) -> Lookup<Bool>? {
        guard instance.addressOwner != .amazon, let address = instance.publicIP else { return nil }
        return ask(&addresses[address]) { try $0.isElasticIP(address) }
    }

    /// Whether an instance has a public address that a stop leaves to it; by its owner where EC2 does not
    /// tell more.
    ///
    /// - Throws: the `Diagnostic` of what would keep every other question from being answered, too.
    func keepsAddress(_ instance: Instance) throws -> Bool {
        guard let question = elasticIP(of: instance) else { return false }
        guard case .success(let isElastic) = try question.outcome() else {
            return instance.hasElasticIP
        }
        return isElastic
    }

    func placementStrategy(_ group: String) -> Lookup<String?> {
        ask(&strategies[group]) { try $0.placementStrategy(group) }
    }

    func spotRequestType(_ id: String) -> Lookup<String?> {
        ask(&spotRequests[id]) { try $0.spotRequestType(id) }
    }

    func reservation(_ id: String) -> Lookup<CapacityReservation?> {
        ask(&reservations[id]) { try $0.capacityReservation(id) }
    }

    /// Whether room for a type may be held; an error is the refusal, or why that is not known.
    func mayReserve(_ type: InstanceType, for instance: Instance) -> Lookup<Bool> {
        ask(&dryRuns[type]) {
            try $0.dryRunReservation(type, for: instance)
            return true
        }
    }

    func group(_ name: String) -> Lookup<AutoScalingGroup?> {
        ask(&groups[name]) { try $0.autoScalingGroup(name) }
    }

    func usage(_ quota: VCPUQuota) -> Lookup<QuotaUsage> {
        ask(&quotas[quota]) { try $0.usage(of: quota) }
    }

    private func price(_ type: InstanceType) -> Lookup<OnDemandPrice?> {
        ask(&prices[type]) { try $0.onDemandPrice(type) }
    }

    /// A type's price in AWS's list; nil where the list does not have it or may not be read.
    public func knownPrice(_ type: InstanceType) -> OnDemandPrice? {
        try? price(type).value()
    }

    private func ask<Value: Sendable>(
        _ known: inout Lookup<Value>?,
        _ question: @escaping @Sendable (any Cloud) throws -> Value
    ) -> Lookup<Value> {
        if let known { return known }
        let lookup: Lookup<Value>
        if isSideBySide, let other = try? cloud.another() {
            let own = Own(cloud: other)
            lookup = Lookup(inBackground: { try question(own.cloud) })
        } else {
            lookup = Lookup(whenAsked: { [cloud] in try question(cloud) })
        }
        known = lookup
        return lookup
    }
}

/// A control plane that nobody else has: made here, used by one thread.
private struct Own: @unchecked Sendable {
    let cloud: any Cloud
}
