/// What the checks ask the control plane: each question once, and all of them side by side.
public final class CloudLookups {
    private let cloud: any Cloud
    private var types: [InstanceType: Lookup<InstanceTypeFacts?>] = [:]
    private var offers: [String: Lookup<Bool>] = [:]
    private var protections: [InstanceID: Lookup<Bool>] = [:]
    private var spotRequests: [String: Lookup<String?>] = [:]
    private var reservations: [String: Lookup<CapacityReservation?>] = [:]
    private var groups: [String: Lookup<AutoScalingGroup?>] = [:]
    private var quotas: [VCPUQuota: Lookup<QuotaUsage>] = [:]

    /// Look-ups over a control plane; nothing is asked yet.
    public init(_ cloud: any Cloud) { self.cloud = cloud }

    /// Begins to ask what a change of type needs to know.
    ///
    /// - Parameters:
    ///   - instance: the instance.
    ///   - types: the types that it may be changed to.
    public func begin(_ instance: Instance, _ types: [InstanceType]) {
        _ = isStopProtected(instance.id)
        if let request = instance.spotRequestID { _ = spotRequestType(request) }
        if let named = instance.capacityReservation { _ = reservation(named) }
        for type in types {
            _ = facts(type)
            _ = isOffered(type, instance.zone)
        }
        if let now = try? InstanceType(instance.type) { _ = facts(now) }
    }

    func facts(_ type: InstanceType) -> Lookup<InstanceTypeFacts?> {
        ask(&types[type]) { try $0.instanceType(type) }
    }

    func isOffered(_ type: InstanceType, _ zone: String) -> Lookup<Bool> {
        ask(&offers["\(type) \(zone)"]) { try $0.isOffered(type, zone: zone) }
    }

    func isStopProtected(_ instance: InstanceID) -> Lookup<Bool> {
        ask(&protections[instance]) { try $0.isStopProtected(instance) }
    }

    func spotRequestType(_ id: String) -> Lookup<String?> {
        ask(&spotRequests[id]) { try $0.spotRequestType(id) }
    }

    func reservation(_ id: String) -> Lookup<CapacityReservation?> {
        ask(&reservations[id]) { try $0.capacityReservation(id) }
    }

    func group(_ name: String) -> Lookup<AutoScalingGroup?> {
        ask(&groups[name]) { try $0.autoScalingGroup(name) }
    }

    func usage(_ quota: VCPUQuota) -> Lookup<QuotaUsage> {
        ask(&quotas[quota]) { try $0.usage(of: quota) }
    }

    private func ask<Value: Sendable>(
        _ known: inout Lookup<Value>?,
        _ question: @escaping @Sendable (any Cloud) throws -> Value
    ) -> Lookup<Value> {
        if let known { return known }
        let lookup: Lookup<Value>
        if let other = try? cloud.another() {
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
