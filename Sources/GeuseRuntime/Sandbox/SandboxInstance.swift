/// The simulated EC2 instance and its life cycle.
struct SandboxInstance: Sendable, Equatable {
    /// A change of state that time will bring.
    struct Transition: Sendable, Equatable {
        var state: Instance.State
        var at: Timestamp
        var reason: String?
    }

    var id = InstanceID(unchecked: "")
    var type = InstanceType(unchecked: "")
    var state = Instance.State.running
    var stateReason: String?
    var transition: Transition?
    var zone = ""
    var architecture = ""
    var enaSupport = true
    var purchase = SandboxOptions.Purchase.onDemand
    /// What EC2's status check says since the last start, where it is not passed.
    var failedCheck: String?
    var isStopProtected = false
    var hasElasticIP = false
    var publicIP: String?
    var privateIP = ""
    /// How many public addresses it has had.
    var addresses = 0
    var tags: [String: String] = [:]
    var vpcID = ""
    var subnetID = ""
    var securityGroupID = ""
    var keyName = ""
    var instanceProfileARN = ""
    var launchTime = Timestamp(microseconds: 0)
    /// The reservation that it names.
    var capacityReservation: String?
    /// The rest of what it asks of reservations, where it is not `open`.
    var capacityPreference: String?
    var capacityGroup: String?
    /// Room that was held for it, oldest first.
    var reservations: [SandboxReservation] = []

    /// The next public address, from TEST-NET-3 (RFC 5737), never the one before.
    mutating func takeAddress() {
        guard publicIP == nil || !hasElasticIP else { return }
        publicIP = "203.0.113.\(10 + addresses % 240)"
        addresses += 1
    }

    /// As DescribeInstances shows it.
    var view: Instance {
        var view = Instance(
            id: id,
            type: type.text,
            state: state,
            stateReason: stateReason,
            zone: zone,
            architecture: architecture,
            publicIP: publicIP,
            privateIP: privateIP,
            enaSupport: enaSupport,
            lifecycle: purchase == .onDemand ? nil : "spot",
            spotRequestID: purchase == .onDemand
                ? nil : "sir-" + SandboxDigest.hex(id.text).prefix(8),
            tags: tags,
            vpcID: vpcID,
            subnetID: subnetID,
            hasElasticIP: hasElasticIP,
            securityGroupIDs: [securityGroupID],
            keyName: keyName,
            instanceProfileARN: instanceProfileARN,
            launchTime: launchTime.text
        )
        view.capacity = CapacityChoice(
            preference: capacityPreference,
            reservation: capacityReservation,
            group: capacityGroup
        )
        return view
    }
}

extension SandboxInstance.Transition: WorldRecord {
    static var blank: Self { .init(state: .running, at: Timestamp(microseconds: 0)) }
    static var fields: [WorldField<Self>] {
        [.init("state", \.state), .init("at", \.at), .init("reason", \.reason)]
    }
}

extension SandboxInstance: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("id", \.id), .init("type", \.type), .init("state", \.state),
            .init("state_reason", \.stateReason), .init("transition", \.transition),
            .init("zone", \.zone), .init("architecture", \.architecture),
            .init("ena_support", \.enaSupport), .init("purchase", \.purchase),
            .init("failed_check", \.failedCheck), .init("is_stop_protected", \.isStopProtected),
            .init("has_elastic_ip", \.hasElasticIP), .init("public_ip", \.publicIP),
            .init("private_ip", \.privateIP), .init("addresses", \.addresses),
            .init("tags", \.tags), .init("vpc_id", \.vpcID), .init("subnet_id", \.subnetID),
            .init("security_group_id", \.securityGroupID), .init("key_name", \.keyName),
            .init("instance_profile_arn", \.instanceProfileARN),
            .init("launch_time", \.launchTime),
            .init("capacity_reservation", \.capacityReservation),
            .init("capacity_preference", \.capacityPreference),
            .init("capacity_group", \.capacityGroup),
            .init("reservations", \.reservations),
        ]
    }
}
