/// The calls of EC2 that an update makes (Query protocol, version 2016-11-15).
final class EC2Client {
    private static let version = "2016-11-15"

    private let client: ServiceClient

    /// Calls through a client of EC2.
    init(_ client: ServiceClient) { self.client = client }

    /// Makes a call and reads its reply.
    func call(_ operation: String, _ parameters: [(String, String)]) throws -> XMLElement {
        let response = try client.call(
            .query(operation, version: Self.version, parameters)
        )
        let reply = try XMLReader.parse(response.body)
        guard reply.name == "\(operation)Response" else {
            throw Diagnostic(
                "invalid_reply",
                "What answered EC2 \(operation) is not EC2.",
                detail: "The reply is a \(VisibleText.quoted(reply.name)) element.",
                hint: "Check the proxy variables and AWS_ENDPOINT_URL."
            )
        }
        return reply
    }

    /// DescribeInstances of one id; empty when the service knows none.
    func describeInstance(_ id: InstanceID) throws -> Instance? {
        let reply = try call("DescribeInstances", [("InstanceId.1", id.text)])
        return try reply.items("reservationSet").lazy.flatMap { $0.items("instancesSet") }.first
            .map { try Instance($0) }
    }

    /// DescribeInstanceStatus of one id; empty for an instance that does not run.
    func statusChecks(_ id: InstanceID) throws -> StatusChecks? {
        let reply = try call("DescribeInstanceStatus", [("InstanceId.1", id.text)])
        return reply.items("instanceStatusSet").first.map {
            StatusChecks(
                system: $0.string("systemStatus", "status") ?? "unknown",
                instance: $0.string("instanceStatus", "status") ?? "unknown",
                volumes: $0.string("attachedEbsStatus", "status")
            )
        }
    }

    /// DescribeInstanceTypes of one type.
    func describeType(_ type: InstanceType) throws -> InstanceTypeFacts? {
        let reply = try call("DescribeInstanceTypes", [("InstanceType.1", type.text)])
        return try reply.items("instanceTypeSet").first.map { try InstanceTypeFacts($0) }
    }

    /// DescribeInstanceTypeOfferings: whether a type can be had in an Availability Zone.
    func isOffered(_ type: InstanceType, zone: String) throws -> Bool {
        let reply = try call(
            "DescribeInstanceTypeOfferings",
            [
                ("LocationType", "availability-zone"),
                ("Filter.1.Name", "instance-type"), ("Filter.1.Value.1", type.text),
                ("Filter.2.Name", "location"), ("Filter.2.Value.1", zone),
            ]
        )
        return reply.items("instanceTypeOfferingSet").contains {
            $0.string("instanceType") == type.text && $0.string("location") == zone
        }
    }

    /// DescribeInstanceAttribute of disableApiStop; nil where the reply does not have it.
    func isStopProtected(_ id: InstanceID) throws -> Bool? {
        let reply = try call(
            "DescribeInstanceAttribute",
            [("InstanceId", id.text), ("Attribute", "disableApiStop")]
        )
        return reply.string("disableApiStop", "value").map { $0 == "true" }
    }

    /// DescribePlacementGroups of one name: its strategy.
    func placementStrategy(_ group: String) throws -> String? {
        let reply = try call("DescribePlacementGroups", [("GroupName.1", group)])
        return reply.items("placementGroupSet").first?.string("strategy")
    }

    /// StopInstances of one id; the state it is in after the call.
    @discardableResult
    func stop(_ id: InstanceID, force: Bool = false) throws -> Instance.State? {
        let forced = force ? [("Force", "true")] : []
        return try changedState(call("StopInstances", [("InstanceId.1", id.text)] + forced))
    }

    /// StartInstances of one id; the state it is in after the call.
    @discardableResult
    func start(_ id: InstanceID) throws -> Instance.State? {
        do {
            return try changedState(call("StartInstances", [("InstanceId.1", id.text)]))
        } catch let error as Diagnostic where Self.isLaunchPlanRace(error) {
            throw Diagnostic(
                Self.launchPlanMismatch,
                "EC2 does not see the new instance type yet.",
                detail: error.detail,
                cause: error
            )
        }
    }

    /// The code of a start that came before the change of the type was seen everywhere.
    static let launchPlanMismatch = "launch_plan_mismatch"

    /// Of all that `InvalidParameterValue` can mean only the message tells this one, which passes by
    /// itself (boto3 issue 2190, terraform-provider-aws issue
    /// 16433); any other is permanent.
    private static func isLaunchPlanRace(_ error: Diagnostic) -> Bool {
        error.code == "InvalidParameterValue"
            && error.summary.contains("LaunchPlan instance type does not match attribute value")
    }

    private func changedState(_ reply: XMLElement) -> Instance.State? {
        reply.items("instancesSet").first?.string("currentState", "name")
            .flatMap(Instance.State.init)
    }

    /// ModifyInstanceAttribute of the type.
    func setType(_ id: InstanceID, _ type: InstanceType) throws {
        _ = try call(
            "ModifyInstanceAttribute",
            [("InstanceId", id.text), ("InstanceType.Value", type.text)]
        )
    }

    /// DescribeSpotInstanceRequests of one id: `one-time` or `persistent`.
    func spotRequestType(_ id: String) throws -> String? {
        let reply = try call(
            "DescribeSpotInstanceRequests",
            [("SpotInstanceRequestId.1", id)]
        )
        return reply.items("spotInstanceRequestSet").first?.string("type")
    }

    /// DescribeInstances of all On-Demand Instances that run, page by page: the vCPUs that count
    /// against a quota (cpuOptions: cores times threads).
    func runningVCPUs(of quota: VCPUQuota) throws -> Int {
        var sum = 0
        var token: String?
        repeat {
            var parameters = [
                ("MaxResults", "1000"), ("Filter.1.Name", "instance-state-name"),
                ("Filter.1.Value.1", "pending"), ("Filter.1.Value.2", "running"),
            ]
            if let token { parameters.append(("NextToken", token)) }
            let reply = try call("DescribeInstances", parameters)
            for item in reply.items("reservationSet").flatMap({ $0.items("instancesSet") })
            where item.string("instanceLifecycle") ?? "" == "" {
                guard VCPUQuota(type: item.string("instanceType") ?? "") == quota else { continue }
                let cores = item.string("cpuOptions", "coreCount").flatMap { Int($0) } ?? 0
                let threads = item.string("cpuOptions", "threadsPerCore").flatMap { Int($0) } ?? 0
                sum += cores * threads
            }
            token = reply.string("nextToken").flatMap { $0.isEmpty ? nil : $0 }
        } while token != nil
        return sum
    }
}
