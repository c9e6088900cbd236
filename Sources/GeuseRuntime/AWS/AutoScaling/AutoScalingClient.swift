/// The calls of EC2 Auto Scaling that are needed (Query protocol, version 2011-01-01).
final class AutoScalingClient {
    private static let version = "2011-01-01"

    private let client: ServiceClient

    /// Calls through a client of Auto Scaling.
    init(_ client: ServiceClient) { self.client = client }

    /// DescribeAutoScalingGroups of one name; nil when there is no such group.
    func group(_ name: String) throws -> AutoScalingGroup? {
        let reply = try call(
            "DescribeAutoScalingGroups",
            [("AutoScalingGroupNames.member.1", name)]
        )
        let result = reply["DescribeAutoScalingGroupsResult"]
        guard let item = Self.members(result?["AutoScalingGroups"]).first else { return nil }
        guard let name = item.string("AutoScalingGroupName"),
            let minimum = item.string("MinSize").flatMap({ Int($0) }),
            let maximum = item.string("MaxSize").flatMap({ Int($0) }),
            let desired = item.string("DesiredCapacity").flatMap({ Int($0) })
        else {
            throw Diagnostic("invalid_reply", "Auto Scaling answered without a group's capacity.")
        }
        return AutoScalingGroup(
            name: name,
            minimum: minimum,
            maximum: maximum,
            desired: desired,
            members: Self.members(item["Instances"]).compactMap(Self.member),
            suspended: Self.members(item["SuspendedProcesses"]).compactMap {
                $0.string("ProcessName")
            }
        )
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
        let reply = try call(
            "DescribeScalingActivities",
            [("AutoScalingGroupName", group), ("MaxRecords", "1")]
        )
        let result = reply["DescribeScalingActivitiesResult"]
        guard let newest = Self.members(result?["Activities"]).first,
            ["Failed", "Cancelled"].contains(newest.string("StatusCode"))
        else { return nil }
        return newest.string("StatusMessage") ?? newest.string("Description")
    }

    /// The lists of this service are of `member` elements.
    private static func members(_ list: XMLElement?) -> [XMLElement] {
        list?.children.filter { $0.name == "member" } ?? []
    }

    private func call(_ operation: String, _ parameters: [(String, String)]) throws -> XMLElement {
        let response = try client.call(.query(operation, version: Self.version, parameters))
        return try XMLReader.parse(response.body)
    }
}
