/// A limit on the vCPUs of running On-Demand Instances of some families.
///
/// EC2 User Guide, "Amazon EC2 On-Demand Instance quotas"; the codes are those of Service Quotas.
public enum VCPUQuota: String, Sendable, CaseIterable {
    /// A, C, D, H, I, M, R, T and Z families.
    case standard = "L-1216C47A"
    /// F families.
    case fpga = "L-74FC7D96"
    /// G and VT families.
    case graphics = "L-DB2E81BA"
    /// Inf families.
    case inference = "L-1945791B"
    /// P families.
    case accelerated = "L-417A185B"
    /// Trn families.
    case training = "L-2C3B7624"
    /// X families.
    case memory = "L-7295265B"

    /// The quota that a type counts against; nil for families whose quota is not known here.
    ///
    /// - Parameter type: the type's name, such as `t3.large`.
    public init?(type: String) {
        let family = type.prefix { $0.isASCII && $0.isLetter }
        switch family {
        case "a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z": self = .standard
        case "f": self = .fpga
        case "g", "gr", "vt": self = .graphics
        case "inf": self = .inference
        case "p": self = .accelerated
        case "trn": self = .training
        case "x": self = .memory
        default: return nil
        }
    }

    /// The quota that has to be known for a change of type, as far as names tell; nil where none has.
    ///
    /// A guess at what the check will ask for once the facts of both types are there: a wrong one costs a
    /// look-up that nobody uses, or one that begins later.
    ///
    /// - Parameters:
    ///   - type: the new type.
    ///   - instance: the instance as it is.
    /// - Returns: the quota.
    static func perhapsReached(by type: InstanceType, insteadOf instance: Instance) -> Self? {
        guard let quota = Self(type: type.text) else { return nil }
        guard Self(type: instance.type) == quota,
            let own = instance.vcpus ?? usualVCPUs(of: instance.type),
            let wanted = usualVCPUs(of: type.text)
        else { return quota }
        return wanted > own ? quota : nil
    }

    /// The vCPUs that most types of a size have; nil for those whose size does not tell.
    private static func usualVCPUs(of type: String) -> Int? {
        let size = type.split(separator: ".").last ?? ""
        if ["nano", "micro", "small", "medium", "large"].contains(size) { return 2 }
        guard size.hasSuffix("xlarge") else { return nil }
        let times = size.dropLast("xlarge".count)
        return times.isEmpty ? 4 : Int(times).flatMap { $0 < 1000 ? $0 * 4 : nil }
    }
}

/// How much of a quota is used.
public struct QuotaUsage: Sendable, Equatable {
    /// vCPUs that may run at the same time.
    public var limit: Int
    /// vCPUs that run now, those of the stack's own instance among them.
    public var used: Int

    /// Makes the value.
    public init(limit: Int, used: Int) {
        self.limit = limit
        self.used = used
    }
}
