import Testing

@testable import GeuseRuntime

/// Requests and replies of `AWSCloud`, as the API references write them.
@Suite struct AWSCloudTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let id: InstanceID
    let cloud: AWSCloud

    init() throws {
        cloud = try D.cloud(http, pricesOf: "eu-west-1")
        id = try InstanceID("i-0123456789abcdef0")
    }

    private func body(_ index: Int) -> String {
        String(decoding: http.requests[index].body, as: UTF8.self)
    }

    private static func instance(_ state: String, _ more: String = "") -> D.HTTP.Answer {
        D.reply(
            200,
            """
            <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
            <reservationSet><item><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId>
            <instanceState><code>80</code><name>\(state)</name></instanceState>
            <instanceType>t3.large</instanceType><architecture>x86_64</architecture>
            <placement><availabilityZone>us-east-1b</availabilityZone></placement>
            <ipAddress/><unknownThing><item>x</item></unknownThing>\(more)
            </item></instancesSet></item></reservationSet></DescribeInstancesResponse>
            """
        )
    }

    @Test func allOfAnInstance() throws {
        http.then(
            Self.instance(
                "stopped",
                """
                <stateReason><code>Server.InsufficientInstanceCapacity</code></stateReason>
                <instanceLifecycle>spot</instanceLifecycle>
                <spotInstanceRequestId>sir-1</spotInstanceRequestId>
                <privateIpAddress>10.0.0.7</privateIpAddress><rootDeviceType>ebs</rootDeviceType>
                <virtualizationType>hvm</virtualizationType><enaSupport>true</enaSupport>
                <vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId><keyName>k</keyName>
                <groupSet><item><groupId>sg-1</groupId></item><item><groupId>sg-2</groupId></item>
                </groupSet><iamInstanceProfile><arn>arn:p</arn></iamInstanceProfile>
                <launchTime>2026-01-01T00:00:00.000Z</launchTime>
                <networkInterfaceSet><item/><item/></networkInterfaceSet>
                <hibernationOptions><configured>true</configured></hibernationOptions>
                <tagSet><item><key>aws:autoscaling:groupName</key><value>asg</value></item></tagSet>
                """
            )
        )
        var expected = Instance(
            id: id,
            type: "t3.large",
            state: .stopped,
            stateReason: "Server.InsufficientInstanceCapacity",
            zone: "us-east-1b",
            architecture: "x86_64",
            publicIP: nil,
            privateIP: "10.0.0.7",
            lifecycle: "spot",
            spotRequestID: "sir-1",
            tags: ["aws:autoscaling:groupName": "asg"],
            vpcID: "vpc-1",
            subnetID: "subnet-1",
            networkInterfaces: 2,
            canHibernate: true,
            securityGroupIDs: ["sg-1", "sg-2"],
            keyName: "k",
            instanceProfileARN: "arn:p",
            launchTime: "2026-01-01T00:00:00.000Z"
        )
        // The reply has none.
        expected.tenancy = nil
        expected.addressOwner = .untold
        let found = try cloud.instance(id)
        #expect(found == expected)
        #expect(found?.autoScalingGroup == "asg")
        #expect(
            body(0)
                == "Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0"
        )
    }

    @Test func statusChecks() throws {
        let status = { (system: String, more: String) in
            D.reply(
                200,
                """
                <DescribeInstanceStatusResponse><instanceStatusSet><item>
                <systemStatus><status>\(system)</status></systemStatus>
                <instanceStatus><status>ok</status></instanceStatus>\(more)
                </item></instanceStatusSet></DescribeInstanceStatusResponse>
                """
            )
        }
        let volumes = "<attachedEbsStatus><status>impaired</status></attachedEbsStatus>"
        http.then(status("ok", ""))
        http.then(status("initializing", ""))
        http.then(status("ok", volumes))
        http.then(
            D.reply(
                200,
                "<DescribeInstanceStatusResponse><instanceStatusSet/></DescribeInstanceStatusResponse>"
            )
        )
        http.then(D.refusal("InvalidInstanceID.NotFound"))
        #expect(try cloud.statusChecks(id)?.arePassed == true)
        #expect(try cloud.statusChecks(id)?.description == "system initializing, instance ok")
        #expect(try cloud.statusChecks(id)?.arePassed == false)
        #expect(try cloud.statusChecks(id) == nil)
        #expect(try cloud.statusChecks(id) == nil)
        #expect(
            body(0) == "Action=DescribeInstanceStatus&Version=2016-11-15"
                + "&InstanceId.1=i-0123456789abcdef0"
        )
    }

    @Test func aStateOfTheFutureIsAnErrorNotAGuess() {
        http.then(Self.instance("hibernating"))
        let error = #expect(throws: Diagnostic.self) { try cloud.instance(id) }
        #expect(error?.code == "invalid_reply")
    }

    @Test func changesAsTheyAreWritten() throws {
        http.then(D.reply(200, "<StopInstancesResponse/>"))
        http.then(D.reply(200, "<ModifyInstanceAttributeResponse/>"))
        http.then(D.reply(200, "<StartInstancesResponse/>"))
        try cloud.stop(id)
        try cloud.setType(id, to: try InstanceType("m5.large"))
        try cloud.start(id)
        #expect(
            (0..<3).map(body) == [
                "Action=StopInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0",
                "Action=ModifyInstanceAttribute&Version=2016-11-15&InstanceId=i-0123456789abcdef0"
                    + "&InstanceType.Value=m5.large",
                "Action=StartInstances&Version=2016-11-15&InstanceId.1=i-0123456789abcdef0",
            ]
        )
        let date = "20261123"
        #expect(
            http.requests.allSatisfy {
                $0.header("authorization")?
                    .contains("Credential=AKIATEST/\(date)/us-east-1/ec2/aws4_request") == true
            }
        )
    }

    @Test func roomIsReservedAsItIsWritten() throws {
        http.then(Self.instance("running"))
        http.then(
            D.reply(
                200,
                """
                <CreateCapacityReservationResponse><capacityReservation>
                <capacityReservationId>cr-1</capacityReservationId><state>active</state>
                </capacityReservation></CreateCapacityReservationResponse>
                """
            )
        )
        http.then(
            D.reply(
                200,
                """
                <DescribeCapacityReservationsResponse><capacityReservationSet><item>
                <capacityReservationId>cr-1</capacityReservationId><state>active</state>
                <instanceType>m5.large</instanceType></item></capacityReservationSet>
                </DescribeCapacityReservationsResponse>
                """
            )
        )
        http.then(D.reply(200, "<ModifyInstanceCapacityReservationAttributesResponse/>"))
        http.then(D.reply(200, "<ModifyInstanceCapacityReservationAttributesResponse/>"))
        http.then(D.reply(200, "<CancelCapacityReservationResponse/>"))
        http.then(D.refusal("InvalidCapacityReservationId.NotFound"))
        let instance = try #require(try cloud.instance(id))
        let run = try RunID("20261123-110923-0a1b2c3d")
        let made = try cloud.reserveCapacity(
            try InstanceType("m5.large"),
            for: instance,
            run: run,
            attempt: 0,
            until: Timestamp(microseconds: 0)
        )
        let expected = CapacityReservation(id: "cr-1", type: "m5.large", state: "active")
        #expect(made == expected)
        #expect(try cloud.capacityReservations(of: run) == [expected])
        try cloud.setCapacity(id, to: CapacityChoice(reservation: "cr-1"))
        try cloud.setCapacity(id, to: .open)
        try cloud.cancelCapacityReservation("cr-1")
        #expect(try cloud.capacityReservation("cr-1") == nil)
        let zone = instance.zone
        #expect(
            (1..<7).map(body) == [
                "Action=CreateCapacityReservation&Version=2016-11-15"
                    + "&ClientToken=geusemaker-20261123-110923-0a1b2c3d-m5.large"
                    + "&InstanceType=m5.large&InstancePlatform=Linux%2FUNIX&AvailabilityZone=\(zone)"
                    + "&InstanceCount=1&InstanceMatchCriteria=targeted&EndDateType=limited"
                    + "&EndDate=1970-01-01T00%3A00%3A00Z"
                    + "&TagSpecifications.1.ResourceType=capacity-reservation"
                    + "&TagSpecifications.1.Tag.1.Key=geusemaker%3Arun"
                    + "&TagSpecifications.1.Tag.1.Value=20261123-110923-0a1b2c3d",
                "Action=DescribeCapacityReservations&Version=2016-11-15"
                    + "&Filter.1.Name=tag%3Ageusemaker%3Arun"
                    + "&Filter.1.Value.1=20261123-110923-0a1b2c3d",
                "Action=ModifyInstanceCapacityReservationAttributes&Version=2016-11-15"
                    + "&InstanceId=i-0123456789abcdef0&CapacityReservationSpecification"
                    + ".CapacityReservationTarget.CapacityReservationId=cr-1",
                "Action=ModifyInstanceCapacityReservationAttributes&Version=2016-11-15"
                    + "&InstanceId=i-0123456789abcdef0&CapacityReservationSpecification"
                    + ".CapacityReservationPreference=open",
                "Action=CancelCapacityReservation&Version=2016-11-15&CapacityReservationId=cr-1",
                "Action=DescribeCapacityReservations&Version=2016-11-15"
                    + "&CapacityReservationId.1=cr-1",
            ]
        )
    }

    private static func refusal(_ code: String, _ message: String) -> D.HTTP.Answer {
        D.reply(
            400,
            "<Response><Errors><Error><Code>\(code)</Code><Message>\(message)</Message></Error>"
                + "</Errors><RequestID>r-1</RequestID></Response>"
        )
    }

    /// Only the message tells the race after a change of type from a value that is really invalid.
    @Test(arguments: [
        (
            "InvalidParameterValue",
            "LaunchPlan instance type does not match attribute value.", "launch_plan_mismatch"
        ),
        ("InvalidParameterValue", "Invalid value for instance type.", "InvalidParameterValue"),
        (
            "InvalidParameterCombination",
            "LaunchPlan instance type does not match attribute value.",
            "InvalidParameterCombination"
        ),
    ])
    func theLaunchPlanRaceIsToldFromAnInvalidValue(code: String, message: String, expected: String)
    {
        http.then(Self.refusal(code, message))
        let error = #expect(throws: Diagnostic.self) { try cloud.start(id) }
        #expect(error?.code == expected)
        #expect(error?.detail?.contains("r-1") == true)
        #expect(http.isDone)
    }

    @Test func placementGroups() throws {
        http.then(
            D.reply(
                200,
                "<DescribePlacementGroupsResponse><placementGroupSet><item><strategy>cluster</strategy>"
                    + "<groupName>near</groupName></item></placementGroupSet>"
                    + "</DescribePlacementGroupsResponse>"
            )
        )
        #expect(try cloud.placementStrategy("near") == "cluster")
        #expect(http.isDone)
    }

    @Test func elasticAddresses() throws {
        let answer = { (items: String) in
            D.reply(
                200,
                "<DescribeAddressesResponse><addressesSet>\(items)</addressesSet>"
                    + "</DescribeAddressesResponse>"
            )
        }
        http.then(answer("<item><publicIp>192.0.2.1</publicIp></item>"))
        http.then(answer(""))
        #expect(try cloud.isElasticIP("192.0.2.1"))
        #expect(try !cloud.isElasticIP("192.0.2.1"))
        #expect(
            body(0) == "Action=DescribeAddresses&Version=2016-11-15"
                + "&Filter.1.Name=public-ip&Filter.1.Value.1=192.0.2.1"
        )
    }

    @Test func protectionAndSpotRequests() throws {
        http.then(
            D.reply(
                200,
                "<DescribeInstanceAttributeResponse><disableApiStop><value>true</value>"
                    + "</disableApiStop></DescribeInstanceAttributeResponse>"
            )
        )
        #expect(try cloud.isStopProtected(id) == true)
        http.then(D.reply(200, "<DescribeInstanceAttributeResponse/>"))
        #expect(try cloud.isStopProtected(id) == nil)
        http.then(
            D.reply(
                200,
                "<DescribeSpotInstanceRequestsResponse><spotInstanceRequestSet><item>"
                    + "<type>one-time</type></item></spotInstanceRequestSet>"
                    + "</DescribeSpotInstanceRequestsResponse>"
            )
        )
        #expect(try cloud.spotRequestType("sir-1") == "one-time")
        http.then(
            D.reply(
                400,
                "<Response><Errors><Error><Code>InvalidSpotInstanceRequestID.NotFound</Code>"
                    + "<Message>x</Message></Error></Errors></Response>"
            )
        )
        #expect(try cloud.spotRequestType("sir-1") == nil)
    }

    @Test func mountTargetsOfAllPages() throws {
        http.then(
            D.reply(
                200,
                """
                {"NextMarker":"m/1","MountTargets":[{"MountTargetId":"fsmt-1","SubnetId":"s-1",
                "LifeCycleState":"available","AvailabilityZoneName":"us-east-1a",
                "IpAddress":"10.0.0.1","New":1}]}
                """
            )
        )
        http.then(
            D.reply(
                200,
                """
                {"MountTargets":[{"MountTargetId":"fsmt-2","SubnetId":"s-2",
                "LifeCycleState":"creating"}]}
                """
            )
        )
        let file = try FileSystemID("fs-0123456789abcdef0")
        let targets = try cloud.mountTargets(file)
        #expect(targets.map(\.id) == ["fsmt-1", "fsmt-2"])
        #expect(targets.map(\.zone) == ["us-east-1a", nil])
        #expect(
            http.requests.map { "\($0.method) \($0.url.path)?\($0.url.query)" } == [
                "GET /2015-02-01/mount-targets?FileSystemId=fs-0123456789abcdef0",
                "GET /2015-02-01/mount-targets?FileSystemId=fs-0123456789abcdef0&Marker=m%2F1",
            ]
        )
        http.then(D.reply(200, "{\"MountTargets\":[{\"SubnetId\":\"s\"}]}"))
        let error = #expect(throws: Diagnostic.self) { try cloud.mountTargets(file) }
        #expect(error?.code == "invalid_reply")
    }

    @Test func theAgent() throws {
        http.then(
            D.reply(
                200,
                "{\"InstanceInformationList\":[{\"PingStatus\":\"Online\",\"AgentVersion\":\"3\"}]}"
            )
        )
        #expect(try cloud.agent(id) == AgentFacts(pingStatus: "Online", version: "3"))
        #expect(body(0).contains("\"Key\":\"InstanceIds\""))
        http.then(D.reply(200, "{\"InstanceInformationList\":[]}"))
        #expect(try cloud.agent(id) == nil)
    }

    /// A product of the price list, as the Price List Query API writes it: JSON in a string.
    private static func product(_ dollars: String, unit: String = "Hrs") -> JSONValue {
        let dimension: JSONValue = [
            "unit": .string(unit), "pricePerUnit": ["USD": .string(dollars)],
        ]
        return .string(
            JSONWriter.write([
                "product": ["attributes": ["instanceType": "t3.large"]],
                "terms": ["OnDemand": ["S.T": ["priceDimensions": ["S.T.R": dimension]]]],
            ])
        )
    }

    @Test func thePriceOfAType() throws {
        let type = try InstanceType("t3.large")
        func answer(_ products: JSONValue...) {
            http.then(D.reply(200, JSONWriter.write(["PriceList": .array(products)])))
        }
        answer(Self.product("0.0912000000"))
        #expect(try cloud.onDemandPrice(type) == OnDemandPrice(hourly: 0.0912))
        #expect(http.requests[0].header("x-amz-target") == "AWSPriceListService.GetProducts")
        #expect(body(0).contains(#""Field":"regionCode","Value":"eu-west-1""#))
        answer(Self.product("0.0912"), Self.product("0.0912"), Self.product("0.0000"))
        #expect(try cloud.onDemandPrice(type)?.hourly == 0.0912)
        // Another unit, none, several: not known.
        answer(Self.product("66.5", unit: "Month"))
        answer()
        answer(Self.product("0.0912"), Self.product("0.1"))
        for _ in 0..<3 { #expect(try cloud.onDemandPrice(type) == nil) }
        http.then(D.reply(400, #"{"__type":"AccessDeniedException","message":"no"}"#))
        let error = #expect(throws: Diagnostic.self) { try cloud.onDemandPrice(type) }
        #expect(error?.code == "AccessDeniedException")
    }

    @Test(
        arguments: [
            ("true", true), ("True", true), (" 1\n", true), ("false", false), ("FALSE", false),
            ("0", false), ("", nil), ("yes", nil), ("2", nil),
        ] as [(String, Bool?)]
    )
    func protectionHoweverItIsWritten(text: String, expected: Bool?) throws {
        http.then(
            D.reply(
                200,
                "<DescribeInstanceAttributeResponse><disableApiStop><value>\(text)</value>"
                    + "</disableApiStop></DescribeInstanceAttributeResponse>"
            )
        )
        #expect(try cloud.isStopProtected(id) == expected)
    }

    /// A reply without its list says nothing of what is there, not even that it is nothing.
    @Test func repliesWithoutTheirList() throws {
        let type = try InstanceType("t3.large")
        let calls: [(String, () throws -> Void)] = [
            ("DescribeInstances", { _ = try cloud.instance(id) }),
            ("DescribeInstanceStatus", { _ = try cloud.statusChecks(id) }),
            ("DescribeInstanceTypes", { _ = try cloud.instanceType(type) }),
            (
                "DescribeInstanceTypeOfferings",
                { _ = try cloud.isOffered(type, zone: "us-east-1a") }
            ),
            ("DescribeAddresses", { _ = try cloud.isElasticIP("192.0.2.1") }),
            ("DescribeCapacityReservations", { _ = try cloud.capacityReservation("cr-1") }),
            ("DescribePlacementGroups", { _ = try cloud.placementStrategy("near") }),
            ("DescribeSpotInstanceRequests", { _ = try cloud.spotRequestType("sir-1") }),
        ]
        for (operation, call) in calls {
            http.then(
                D.reply(
                    200,
                    "<\(operation)Response><requestId>r</requestId></\(operation)Response>"
                )
            )
            let error = #expect(throws: Diagnostic.self, "\(operation)") { try call() }
            #expect(error?.code == "invalid_reply", "\(operation)")
        }
    }

    @Test func repliesAboutSomethingElse() throws {
        let file = try FileSystemID("fs-0123456789abcdef0")
        let type = try InstanceType("t3.large")
        let other = try InstanceID("i-0fedcba9876543210")
        http.then(Self.instance("running"))
        let instance = #expect(throws: Diagnostic.self) { try cloud.instance(other) }
        #expect(instance?.code == "invalid_reply")
        http.then(
            D.reply(
                200,
                "<DescribeInstanceTypesResponse><instanceTypeSet><item><instanceType>m5.large"
                    + "</instanceType></item></instanceTypeSet></DescribeInstanceTypesResponse>"
            )
        )
        let facts = #expect(throws: Diagnostic.self) { try cloud.instanceType(type) }
        #expect(facts?.code == "invalid_reply")
        http.then(
            D.reply(
                200,
                #"{"FileSystems":[{"FileSystemId":"fs-0fedcba9876543210","LifeCycleState":"available"}]}"#
            )
        )
        let found = #expect(throws: Diagnostic.self) { try cloud.fileSystem(file) }
        #expect(found?.code == "invalid_reply")
    }

    /// A captive portal or a wrong proxy answers 200 with something else: never "absent", never "done".
    @Test(arguments: [
        "", "<a", "{}", "<html/>", "[]", "null",
        "<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>",
        "<Response><Errors><Error><Code>X</Code></Error></Errors></Response>",
    ])
    func repliesThatAreNone(text: String) throws {
        let file = try FileSystemID("fs-0123456789abcdef0")
        let type = try InstanceType("t3.large")
        let calls: [() throws -> Void] = [
            { _ = try cloud.identity() }, { _ = try cloud.instance(id) }, { try cloud.stop(id) },
            { try cloud.start(id) }, { try cloud.setType(id, to: type) },
            { _ = try cloud.instanceType(type) }, { _ = try cloud.isStopProtected(id) },
            { _ = try cloud.isOffered(type, zone: "us-east-1a") },
            { _ = try cloud.fileSystem(file) }, { _ = try cloud.mountTargets(file) },
            { _ = try cloud.agent(id) }, { _ = try cloud.onDemandPrice(type) },
            { _ = try cloud.isElasticIP("192.0.2.1") }, { _ = try cloud.autoScalingGroup("g") },
            { try cloud.setDesiredCapacity("g", to: 1) }, { _ = try cloud.failedScaling("g") },
        ]
        for call in calls {
            http.then(D.reply(200, text))
            #expect(throws: Diagnostic.self) { try call() }
        }
    }
}
