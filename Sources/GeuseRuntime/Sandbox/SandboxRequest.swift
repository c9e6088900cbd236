/// One entry of the request log.
public struct SandboxRequest: Sendable, Equatable {
    /// When it arrived.
    public internal(set) var time: Timestamp
    /// The operation, such as `StopInstances` or `host.apply`.
    public internal(set) var operation: String
    /// What it was about, such as an instance type or a step.
    public internal(set) var subject: String?
    /// The code of the refusal, nil when it was served.
    public internal(set) var refusal: String?
    /// Whether it changed the instance, the host's files or docker, its own marker aside.
    public internal(set) var hadEffect = false

    /// The operations that change something.
    static let changing = [
        "StopInstances", "StartInstances", "ModifyInstanceAttribute", "CreateCapacityReservation",
        "ModifyInstanceCapacityReservationAttributes", "CancelCapacityReservation", "host.secure",
        "host.pull",
        "host.stop", "host.apply", "host.exec", "host.prune", "host.rotate", "SetDesiredCapacity",
    ]
}

extension SandboxRequest: WorldRecord {
    static var blank: Self { .init(time: .init(microseconds: 0), operation: "") }
    static var fields: [WorldField<Self>] {
        [
            .init("time", \.time), .init("operation", \.operation), .init("subject", \.subject),
            .init("refusal", \.refusal), .init("had_effect", \.hadEffect),
        ]
    }
}
