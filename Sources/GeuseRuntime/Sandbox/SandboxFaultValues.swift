/// What each kind of fault can be set to.
enum SandboxFaultValues {
    /// EC2 error codes that any operation can meet (EC2 API reference, common client error codes).
    private static let common = [
        "RequestLimitExceeded", "UnauthorizedOperation", "InternalError", "Unavailable",
        "RequestExpired", "ExpiredToken",
    ]

    /// Those that an operation on an instance can meet besides.
    private static var instance: [String] { ["InvalidInstanceID.NotFound"] + common }

    static func known(_ kind: SandboxFault.Kind) -> [String] {
        switch kind {
        case .start:
            [
                "InsufficientInstanceCapacity", "Server.InsufficientInstanceCapacity",
                "ReservationCapacityExceeded", "VcpuLimitExceeded", "Unsupported",
                "Server.InternalError", "IncorrectInstanceState", EC2Client.launchPlanMismatch,
                "stuck",
            ] + instance
        case .stop:
            ["stuck", "IncorrectInstanceState", "OperationNotPermitted", "UnsupportedOperation"]
                + instance
        case .modify:
            [
                "InvalidInstanceAttributeValue", "InvalidParameterValue", "Unsupported",
                "IncorrectInstanceState",
            ] + instance
        case .reserve:
            [
                "failed", "pending", "pending-failed", "InsufficientInstanceCapacity",
                "Unsupported", "InstanceLimitExceeded",
            ] + common
        case .describe: instance
        case .status: ["impaired", "initializing", "insufficient-data"]
        case .pull:
            [
                "toomanyrequests", "manifest-unknown", "unauthorized", "disk-full",
                "no-matching-manifest", "moved",
            ]
        case .registry:
            [
                "toomanyrequests", "manifest-unknown", "unauthorized", "down", "exhausted",
                "few-left",
            ]
        case .up: ["fail"]
        case .health: ["unhealthy:SERVICE"]
        case .rotate: ["unproven", "refused", "unused"]
        case .efs:
            ["missing", "late", "wrong", "read-only", "hung", "stale"].flatMap {
                $0 == "late" ? [$0] : [$0, $0 + ":now", $0 + ":boot"]
            }
        case .data: ["changed", "lost"]
        case .dump: ["fail", "truncated", "no-space"]
        case .restore: ["fail"]
        case .gpu: ["lost"]
        case .target: ["missing", "creating"]
        case .agent: ["offline", "InvalidInstanceId", "ThrottlingException"]
        case .exec: ["fail", "timeout", "fail:WORD", "timeout:WORD"]
        case .scale: ["InsufficientInstanceCapacity", "ScalingActivityInProgress"] + common
        case .quota: ["reached", "AccessDeniedException"]
        case .reply: ["lost"]
        case .kill: SandboxRequest.changing
        }
    }

    static func accepts(_ kind: SandboxFault.Kind, _ value: String) -> Bool {
        if kind == .exec {
            let parts = value.split(separator: ":", maxSplits: 1)
            return parts.first.map { ["fail", "timeout"].contains($0) } == true
                && !value.hasSuffix(":") && !value.contains("*") && !value.contains("@")
        }
        guard kind == .health else { return known(kind).contains(value) }
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "unhealthy" && ServiceName.accepts(String(parts[1]))
    }
}

extension SandboxFault {
    /// Every kind with what it can be set to, one line each, for help texts.
    public static var known: [String] {
        Kind.allCases.map {
            "\($0.rawValue)=" + SandboxFaultValues.known($0).joined(separator: "|")
        }
    }

    /// The instance types that a fault can be limited to.
    public static var instanceTypes: [String] { InstanceTypeCatalogue.names }

    /// The service that a fault of the health is of.
    public var service: String? {
        guard kind == .health else { return nil }
        return value.split(separator: ":").last.map(String.init)
    }

    /// What a mount fault does to the mount, without the word on when.
    var mountCondition: SandboxMount.Condition? {
        kind == .efs ? SandboxMount.Condition(rawValue: String(value.prefix { $0 != ":" })) : nil
    }

    /// Whether a mount fault strikes the mount that is there, and not only the next one.
    ///
    /// A hung, stale or read-only file system shows at once; a mount that is missing, late or another is what a
    /// boot makes.
    var strikesNow: Bool {
        if value.hasSuffix(":now") { return true }
        if value.hasSuffix(":boot") { return false }
        return [.hung, .stale, .readOnly].contains(mountCondition)
    }
}
