/// The Auto Scaling group of a simulated stack.
struct SandboxGroup: Sendable, Equatable {
    /// One of its instances; only the stack's own is simulated as a machine.
    struct Member: Sendable, Equatable {
        var id = InstanceID(unchecked: "")
        /// When it is in service; nil for never.
        var readyAt: Timestamp?
        var isProtected = false
    }

    var name = ""
    var minimum = 1
    var maximum = 1
    var desired = 1
    var members: [Member] = []
    /// How many instances it has launched.
    var launched = 0
    /// Why its newest activity failed.
    var failure: String?

    /// As DescribeAutoScalingGroups shows it.
    func view(at time: Timestamp) -> AutoScalingGroup {
        AutoScalingGroup(
            name: name,
            minimum: minimum,
            maximum: maximum,
            desired: desired,
            members: members.map { member in
                let isReady = member.readyAt.map { $0 <= time } ?? false
                return AutoScalingGroup.Member(
                    instance: member.id,
                    lifecycle: isReady ? "InService" : "Pending",
                    isProtected: member.isProtected
                )
            }
        )
    }

    /// Launches or ends instances until there are as many as asked for; the newest ones go first, those
    /// that are protected never.
    mutating func set(_ count: Int, at time: Timestamp, taking seconds: Double, failure: String?) {
        desired = count
        self.failure = nil
        while members.count > count,
            let last = members.lastIndex(where: { !$0.isProtected })
        {
            members.remove(at: last)
        }
        while members.count < count {
            guard failure == nil else {
                self.failure = failure
                return
            }
            launched += 1
            let id = SandboxDigest.resourceID("i", "\(name) \(launched)")
            members.append(
                Member(id: InstanceID(unchecked: id), readyAt: time.adding(seconds: seconds))
            )
        }
    }
}

extension SandboxWorld {
    /// The desired capacity of the Auto Scaling group; nil for a stack without one.
    public var capacity: Int? { group?.desired }
}

extension SandboxGroup.Member: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("id", \.id), .init("ready_at", \.readyAt),
            .init("is_protected", \.isProtected),
        ]
    }
}

extension SandboxGroup: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("name", \.name), .init("minimum", \.minimum), .init("maximum", \.maximum),
            .init("desired", \.desired), .init("members", \.members),
            .init("launched", \.launched), .init("failure", \.failure),
        ]
    }
}

extension SandboxCloud {
    /// The group, if the stack has one of that name.
    public func autoScalingGroup(_ name: String) throws -> AutoScalingGroup? {
        try request("DescribeAutoScalingGroups", name) { world in
            world.group.flatMap { $0.name == name ? $0.view(at: world.time) : nil }
        }
    }

    /// Sets its desired capacity; instances come and go from then on.
    public func setDesiredCapacity(_ group: String, to count: Int) throws {
        try request("SetDesiredCapacity", group) { world in
            guard var found = world.group, found.name == group else {
                throw Self.refusal("ValidationError", "SetDesiredCapacity of \(group)")
            }
            guard (found.minimum...found.maximum).contains(count) else {
                throw Self.refusal("ValidationError", "A desired capacity of \(count)")
            }
            // A lack of capacity strikes where there is something to launch.
            let fault = world.takeFault(.scale) {
                $0.value != "InsufficientInstanceCapacity" || count > found.members.count
            }?.value
            let isAsynchronous = fault == "InsufficientInstanceCapacity"
            if let fault, !isAsynchronous {
                throw Self.refusal(fault, "SetDesiredCapacity of \(group)")
            }
            found.set(
                count,
                at: world.time,
                taking: world.durations.start + world.durations.boot,
                failure: isAsynchronous
                    ? "We currently do not have sufficient capacity. Launching EC2 instance failed."
                    : nil
            )
            world.group = found
        }
    }

    /// Why its newest activity failed.
    public func failedScaling(_ group: String) throws -> String? {
        try request("DescribeScalingActivities", group) { $0.group?.failure }
    }
}
