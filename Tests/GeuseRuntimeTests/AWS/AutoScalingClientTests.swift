import Testing

@testable import GeuseRuntime

/// Requests and replies of EC2 Auto Scaling, as its API reference writes them.
@Suite struct AutoScalingClientTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let client: AutoScalingClient

    init() throws { client = AutoScalingClient(try D.client(D.context(http), .autoScaling)) }

    private func body(_ index: Int) -> String {
        String(decoding: http.requests[index].body, as: UTF8.self)
    }

    @Test func aGroup() throws {
        http.then(
            D.reply(
                200,
                """
                <DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
                <DescribeAutoScalingGroupsResult><AutoScalingGroups><member>
                <AutoScalingGroupName>my group</AutoScalingGroupName><MinSize>1</MinSize>
                <MaxSize>4</MaxSize><DesiredCapacity>2</DesiredCapacity>
                <SuspendedProcesses><member><ProcessName>Launch</ProcessName></member></SuspendedProcesses>
                <Instances><member><InstanceId>i-0123456789abcdef0</InstanceId>
                <LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus>
                <ProtectedFromScaleIn>true</ProtectedFromScaleIn></member>
                <member><InstanceId>i-0123456789abcdef1</InstanceId>
                <LifecycleState>Terminating:Wait</LifecycleState><HealthStatus>Unhealthy</HealthStatus>
                <ProtectedFromScaleIn>false</ProtectedFromScaleIn></member></Instances>
                </member></AutoScalingGroups></DescribeAutoScalingGroupsResult>
                </DescribeAutoScalingGroupsResponse>
                """
            )
        )
        let group = try #require(try client.group("my group"))
        #expect(body(0).contains("AutoScalingGroupNames.member.1=my%20group"))
        #expect(body(0).contains("Version=2011-01-01"))
        #expect([group.minimum, group.maximum, group.desired, group.inService] == [1, 4, 2, 1])
        #expect(group.members.map(\.isProtected) == [true, false])
        #expect(group.suspended == ["Launch"])
        #expect(!group.isSettled(at: 2))
    }

    @Test func noGroup() throws {
        http.then(
            D.reply(
                200,
                """
                <DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups/>
                </DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>
                """
            )
        )
        #expect(try client.group("other") == nil)
    }

    @Test func theCapacityIsSetWithoutACooldown() throws {
        http.then(D.reply(200, "<SetDesiredCapacityResponse/>"))
        try client.setDesiredCapacity("my group", to: 3)
        #expect(body(0).contains("DesiredCapacity=3"))
        #expect(body(0).contains("HonorCooldown=false"))
    }

    @Test(arguments: [("Failed", "No room."), ("Successful", nil), ("InProgress", nil)])
    func whyItsNewestActivityFailed(_ status: String, _ expected: String?) throws {
        http.then(
            D.reply(
                200,
                """
                <DescribeScalingActivitiesResponse><DescribeScalingActivitiesResult><Activities><member>
                <StatusCode>\(status)</StatusCode><StatusMessage>No room.</StatusMessage>
                </member></Activities></DescribeScalingActivitiesResult></DescribeScalingActivitiesResponse>
                """
            )
        )
        #expect(try client.failedActivity("my group") == expected)
    }

    @Test func itsEndpointIsCalledAsInOtherPrograms() throws {
        let resolver = EndpointResolver(
            environment: ["AWS_ENDPOINT_URL_AUTO_SCALING": "http://127.0.0.1:1"],
            config: SharedConfig(),
            profile: "default"
        )
        let region = Region(unchecked: "eu-central-1")
        #expect(try resolver.endpoint(.autoScaling, region).description.contains("127.0.0.1:1"))
        let standard = EndpointResolver(
            environment: [:],
            config: SharedConfig(),
            profile: "default"
        )
        #expect(
            try standard.endpoint(.autoScaling, region).description
                .contains("autoscaling.eu-central-1.amazonaws.com")
        )
    }
}
