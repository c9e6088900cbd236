/// The calls of EC2 Auto Scaling that are needed (Query protocol, version 2011-01-01).
final class AutoScalingClient {
    private static let version = "2011-01-01"

    private let client: ServiceClient

    /// Calls through a client of Auto Scaling.
    init(_ client: ServiceClient) { self.client = client }

    /// DescribeAutoScalingGroups of one name; nil when there is no such group.
    func group(_ name: String) throws -> AutoScalingGroup? {
        let found = try first(
            "DescribeAutoScalingGroups",
            [("AutoScalingGroupNames.member.1", name)],
            "AutoScalingGroups"
        )
        guard let item = found else { return nil }
        guard let name = item.string("AutoScalingGroupName"), let minimum = item.count("MinSize"),
            let maximum = item.count("MaxSize"), let desired = item.count("DesiredCapacity")
        else {
            throw Diagnostic("invalid_reply", "Auto Scaling answered without a group's capacity.")
        }
        var group = AutoScalingGroup(
            name: name,
            minimum: minimum,
            maximum: maximum,
            desired: desired,
            members: Self.members(item["Instances"]).compactMap(Self.member),
            suspended: Self.members(item["SuspendedProcesses"]).compactMap {
                $0.string("ProcessName")
            }
        )
        group.status = item.string("Status").flatMap { $0.isEmpty ? nil : $0 }
        return group
    }

    private static func member(_ item: XMLElement) -> AutoScalingGroup.Member? {
        guard let id = item.string("InstanceId").flatMap({ try? InstanceID($0) }) else {
            return nil
        }
        return AutoScalingGroup.Member(
            instance: id,
            lifecycle: item.string("LifecycleState") ?? "",
            isHealthy: item.string("HealthStatus").map { $0.lowercased() == "healthy" } ?? true,
            isProtected: item.string("ProtectedFromScaleIn") == "true"
        )
    }

    /// SetDesiredCapacity, without waiting for a cooldown that is for automatic scaling.
    func setDesiredCapacity(_ group: String, to count: Int) throws {
        _ = try call(
            "SetDesiredCapacity",
            [
                ("AutoScalingGroupName", group), ("DesiredCapacity", String(count)),
                ("HonorCooldown", "false"),
            ]
        )
    }

    /// The message of the newest of DescribeScalingActivities, if that one failed.
    func failedActivity(_ group: String) throws -> String? {
        let found = try first(
            "DescribeScalingActivities",
            [("AutoScalingGroupName", group), ("MaxRecords", "1")],
            "Activities"
        )
        guard let newest = found, ["Failed", "Cancelled"].contains(newest.string("StatusCode"))
        else { return nil }
        return newest.string("StatusMessage") ?? newest.string("Description")
    }

    /// The lists of this service are of `member` elements.
    private static func members(_ list: XMLElement?) -> [XMLElement] {
        list?.children.filter { $0.name == "member" } ?? []
    }

    private func call(_ operation: String, _ parameters: [(String, String)]) throws -> XMLElement {
        try client.query(operation, version: Self.version, parameters)
    }

    /// The first member of a list, whatever page it is on.
    private func first(
        _ operation: String,
        _ parameters: [(String, String)],
        _ list: String
    ) throws -> XMLElement? {
        var found: XMLElement?
        try Pages.each("Auto Scaling \(operation)") { token in
            let page = token.map { [("NextToken", $0)] } ?? []
            let reply = try call(operation, parameters + page)
            // Without it nothing is said of the list, not even that it is empty.
            guard let result = reply["\(operation)Result"] else {
                throw Diagnostic("invalid_reply", "Auto Scaling answered without a result.")
            }
            found = Self.members(result[list]).first
            return found == nil ? result.string("NextToken") : nil
        }
        return found
    }
}
