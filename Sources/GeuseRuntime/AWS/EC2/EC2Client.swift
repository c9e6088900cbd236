/// The calls of EC2 that an update makes (Query protocol, version 2016-11-15).
final class EC2Client {
    private static let version = "2016-11-15"

    private let client: ServiceClient

    /// Calls through a client of EC2.
    init(_ client: ServiceClient) { self.client = client }

    /// Makes a call and reads its reply.
    func call(_ operation: String, _ parameters: [(String, String)]) throws -> XMLElement {
        try client.query(operation, version: Self.version, parameters)
    }

    /// The items of all pages of a list, or of those up to the first that has one.
    func list(
        _ operation: String,
        _ parameters: [(String, String)],
        untilFound: Bool = false,
        _ items: (XMLElement) throws -> [XMLElement]
    ) throws -> [XMLElement] {
        var found: [XMLElement] = []
        try Pages.each("EC2 \(operation)") { token in
            let page = token.map { [("NextToken", $0)] } ?? []
            let reply = try call(operation, parameters + page)
            found += try items(reply)
            return untilFound && !found.isEmpty ? nil : reply.string("nextToken")
        }
        return found
    }

    /// The first item of a list, whatever page it is on.
    private func first(
        _ operation: String,
        _ parameters: [(String, String)],
        _ items: (XMLElement) throws -> [XMLElement]
    ) throws -> XMLElement? {
        try list(operation, parameters, untilFound: true, items).first
    }

    private static func instances(_ reply: XMLElement) throws -> [XMLElement] {
        try reply.list("reservationSet").flatMap { try $0.list("instancesSet") }
    }

    /// The reply is about what was asked for.
    private func same(_ found: String, as asked: String) throws {
        guard found == asked else {
            throw Diagnostic(
                "invalid_reply",
                "EC2 was asked for \(asked) and described \(VisibleText.quoted(found))."
            )
        }
    }

    /// DescribeInstances of one id; empty when the service knows none.
    func describeInstance(_ id: InstanceID) throws -> Instance? {
        let found = try first("DescribeInstances", [("InstanceId.1", id.text)], Self.instances)
            .map { try Instance($0) }
        if let found { try same(found.id.text, as: id.text) }
        return found
    }

    /// DescribeInstanceStatus of one id; empty for an instance that does not run.
    func statusChecks(_ id: InstanceID) throws -> StatusChecks? {
        try first("DescribeInstanceStatus", [("InstanceId.1", id.text)]) {
            try $0.list("instanceStatusSet")
        }.map {
            StatusChecks(
                system: $0.string("systemStatus", "status") ?? "unknown",
                instance: $0.string("instanceStatus", "status") ?? "unknown",
                volumes: $0.string("attachedEbsStatus", "status")
            )
        }
    }

    /// DescribeInstanceTypes of one type.
    func describeType(_ type: InstanceType) throws -> InstanceTypeFacts? {
        let found = try first("DescribeInstanceTypes", [("InstanceType.1", type.text)]) {
            try $0.list("instanceTypeSet")
        }.map { try InstanceTypeFacts($0) }
        if let found { try same(found.type.text, as: type.text) }
        return found
    }

    /// DescribeInstanceTypeOfferings: whether a type can be had in an Availability Zone.
    func isOffered(_ type: InstanceType, zone: String) throws -> Bool {
        let parameters = [
            ("LocationType", "availability-zone"),
            ("Filter.1.Name", "instance-type"), ("Filter.1.Value.1", type.text),
            ("Filter.2.Name", "location"), ("Filter.2.Value.1", zone),
        ]
        return try first("DescribeInstanceTypeOfferings", parameters) {
            try $0.list("instanceTypeOfferingSet").filter {
                $0.string("instanceType") == type.text && $0.string("location") == zone
            }
        } != nil
    }

    /// DescribeAddresses: whether an address is an Elastic IP of this account.
    func isElastic(_ address: String) throws -> Bool {
        let reply = try call(
            "DescribeAddresses",
            [("Filter.1.Name", "public-ip"), ("Filter.1.Value.1", address)]
        )
        return try reply.list("addressesSet").contains { $0.string("publicIp") == address }
    }

    /// DescribeInstanceAttribute of disableApiStop; nil where the reply does not have it.
    func isStopProtected(_ id: InstanceID) throws -> Bool? {
        let reply = try call(
            "DescribeInstanceAttribute",
            [("InstanceId", id.text), ("Attribute", "disableApiStop")]
        )
        return reply.flag("disableApiStop", "value")
    }

    /// DescribePlacementGroups of one name: its strategy.
    func placementStrategy(_ group: String) throws -> String? {
        let reply = try call("DescribePlacementGroups", [("GroupName.1", group)])
        return try reply.list("placementGroupSet").first?.string("strategy")
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
        try first("DescribeSpotInstanceRequests", [("SpotInstanceRequestId.1", id)]) {
            try $0.list("spotInstanceRequestSet")
        }?.string("type")
    }

    /// DescribeInstances of all On-Demand Instances that run: the vCPUs that count against a quota.
    ///
    /// Those of an instance are its cores times their threads; where a reply does not have them, as many
    /// as its type has (DescribeInstanceTypes).
    func runningVCPUs(of quota: VCPUQuota) throws -> Int {
        let parameters = [
            ("MaxResults", "1000"), ("Filter.1.Name", "instance-state-name"),
            ("Filter.1.Value.1", "pending"), ("Filter.1.Value.2", "running"),
        ]
        var sum = 0
        var untold: [String: Int] = [:]
        for item in try list("DescribeInstances", parameters, Self.instances)
        where item.string("instanceLifecycle") ?? "" == ""
            // A Dedicated Host has a quota of its own, for the whole of it.
            && item.string("placement", "tenancy") != "host"
        {
            let type = item.string("instanceType") ?? ""
            guard VCPUQuota(type: type) == quota else { continue }
            if let own = Instance.vcpus(item) { sum += own } else { untold[type, default: 0] += 1 }
        }
        guard !untold.isEmpty else { return sum }
        let defaults = try defaultVCPUs(untold.keys.sorted())
        for (type, count) in untold {
            guard let each = defaults[type] else {
                throw Diagnostic(
                    "invalid_reply",
                    "EC2 does not tell how many vCPUs a \(VisibleText.filtered(type)) has."
                )
            }
            sum += count * each
        }
        return sum
    }

    /// DescribeInstanceTypes of several types, a hundred at a time: how many vCPUs they have.
    private func defaultVCPUs(_ types: [String]) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for start in stride(from: 0, to: types.count, by: 100) {
            let names = types[start..<min(start + 100, types.count)].enumerated()
                .map { ("InstanceType.\($0.offset + 1)", $0.element) }
            for item in try list("DescribeInstanceTypes", names, { try $0.list("instanceTypeSet") })
            {
                guard let type = item.string("instanceType") else { continue }
                found[type] = item.count("vCpuInfo", "defaultVCpus")
            }
        }
        return found
    }
}
