import Testing

@testable import GeuseRuntime

@Suite("A list is read to its end, whatever its first page says")
struct PagesTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let id: InstanceID
    let file: FileSystemID
    let type: InstanceType
    let cloud: AWSCloud

    init() throws {
        cloud = try D.cloud(http, pricesOf: "us-east-1")
        id = try InstanceID("i-0123456789abcdef0")
        file = try FileSystemID("fs-0123456789abcdef0")
        type = try InstanceType("t3.large")
    }

    /// A question of a list: what its pages look like, and whether it found what is on the second one.
    private struct Question {
        let name: String
        /// A page without anything that names the next one.
        let empty: String
        /// The page with what is looked for.
        let full: String
        let isFound: (AWSCloud) throws -> Bool
    }

    private static func xml(_ operation: String, _ content: String) -> String {
        "<\(operation)Response>\(content)</\(operation)Response>"
    }

    private static func ec2(
        _ operation: String,
        _ set: String,
        _ item: String,
        _ isFound: @escaping (AWSCloud) throws -> Bool
    ) -> Question {
        Question(
            name: operation,
            empty: xml(operation, "<\(set)/><nextToken>next/1</nextToken>"),
            full: xml(operation, "<\(set)><item>\(item)</item></\(set)>"),
            isFound: isFound
        )
    }

    private static func autoScaling(
        _ operation: String,
        _ list: String,
        _ member: String,
        _ isFound: @escaping (AWSCloud) throws -> Bool
    ) -> Question {
        let result = { (content: String) in
            xml(operation, "<\(operation)Result>\(content)</\(operation)Result>")
        }
        return Question(
            name: operation,
            empty: result("<\(list)/><NextToken>next/1</NextToken>"),
            full: result("<\(list)><member>\(member)</member></\(list)>"),
            isFound: isFound
        )
    }

    private var questions: [Question] {
        let (id, file, type) = (self.id, self.file, self.type)
        let instance =
            "<instancesSet><item><instanceId>\(id)</instanceId><instanceType>t3.large</instanceType>"
            + "<instanceState><name>running</name></instanceState>"
            + "<placement><availabilityZone>us-east-1a</availabilityZone></placement></item>"
            + "</instancesSet>"
        let group =
            "<AutoScalingGroupName>g</AutoScalingGroupName><MinSize>1</MinSize>"
            + "<MaxSize>1</MaxSize><DesiredCapacity>1</DesiredCapacity>"
        let dimension: JSONValue = ["unit": "Hrs", "pricePerUnit": ["USD": "0.0832"]]
        let product = JSONWriter.write([
            "terms": ["OnDemand": ["S": ["priceDimensions": ["R": dimension]]]]
        ])
        return [
            Self.ec2("DescribeInstances", "reservationSet", instance) {
                try $0.instance(id) != nil
            },
            Self.ec2("DescribeInstanceStatus", "instanceStatusSet", "<x/>") {
                try $0.statusChecks(id) != nil
            },
            Self.ec2(
                "DescribeInstanceTypes",
                "instanceTypeSet",
                "<instanceType>t3.large</instanceType>"
            ) { try $0.instanceType(type) != nil },
            Self.ec2(
                "DescribeInstanceTypeOfferings",
                "instanceTypeOfferingSet",
                "<instanceType>t3.large</instanceType><location>us-east-1a</location>"
            ) { try $0.isOffered(type, zone: "us-east-1a") },
            Self.ec2(
                "DescribeSpotInstanceRequests",
                "spotInstanceRequestSet",
                "<type>one-time</type>"
            ) {
                try $0.spotRequestType("sir-1") == "one-time"
            },
            Self.autoScaling("DescribeAutoScalingGroups", "AutoScalingGroups", group) {
                try $0.autoScalingGroup("g") != nil
            },
            Self.autoScaling(
                "DescribeScalingActivities",
                "Activities",
                "<StatusCode>Failed</StatusCode><StatusMessage>No room.</StatusMessage>"
            ) { try $0.failedScaling("g") == "No room." },
            Question(
                name: "DescribeInstanceInformation",
                empty: #"{"InstanceInformationList":[],"NextToken":"next/1"}"#,
                full: #"{"InstanceInformationList":[{"PingStatus":"Online"}]}"#
            ) { try $0.agent(id)?.pingStatus == "Online" },
            Question(
                name: "DescribeFileSystems",
                empty: #"{"FileSystems":[],"NextMarker":"next/1"}"#,
                full: #"{"FileSystems":[{"FileSystemId":"\#(file)","LifeCycleState":"available"}]}"#
            ) { try $0.fileSystem(file) != nil },
            Question(
                name: "DescribeMountTargets",
                empty: #"{"MountTargets":[],"NextMarker":"next/1"}"#,
                full:
                    #"{"MountTargets":[{"MountTargetId":"m","SubnetId":"s","LifeCycleState":"x"}]}"#
            ) { try $0.mountTargets(file).count == 1 },
            Question(
                name: "GetProducts",
                empty: #"{"PriceList":[],"NextToken":"next/1"}"#,
                full: JSONWriter.write(["PriceList": [.string(product)]])
            ) { try $0.onDemandPrice(type)?.hourly == 0.0832 },
        ]
    }

    @Test("an empty first page is not the end")
    func emptyFirstPage() throws {
        for question in questions {
            let before = http.requests.count
            http.then(D.reply(200, question.empty))
            http.then(D.reply(200, question.full))
            #expect(try question.isFound(cloud), "\(question.name)")
            #expect(http.requests.count == before + 2 && http.isDone, "\(question.name)")
            let second = try #require(http.requests.last)
            let asked = String(decoding: second.body, as: UTF8.self) + second.url.query
            #expect(asked.contains("next%2F1") || asked.contains("next/1"), "\(question.name)")
        }
    }

    @Test("a token that comes back is no list, and no loop")
    func repeatedToken() throws {
        for question in questions {
            for _ in 0..<2 { http.then(D.reply(200, question.empty)) }
            expectDiagnostic("invalid_reply", question.name) { try question.isFound(cloud) }
            #expect(http.isDone, "\(question.name)")
        }
    }

    @Test("nor is one without an end")
    func endless() {
        var pages = 0
        expectDiagnostic("invalid_reply") {
            try Pages.each("a test") { _ in
                pages += 1
                return "\(pages)"
            }
        }
        #expect(pages == Pages.limit)
    }

    @Test(
        "the vCPUs that run are those of all pages, and of a type where a reply does not have them"
    )
    func runningVCPUs() throws {
        let ec2 = EC2Client(try D.client(D.context(http), .ec2))
        func instances(_ items: String..., next: String = "") -> String {
            Self.xml(
                "DescribeInstances",
                "<reservationSet><item><instancesSet>"
                    + items.map { "<item>\($0)</item>" }.joined()
                    + "</instancesSet></item></reservationSet><nextToken>\(next)</nextToken>"
            )
        }
        func instance(_ type: String, _ more: String = "") -> String {
            "<instanceType>\(type)</instanceType>" + more
        }
        func options(_ cores: String, _ threads: String) -> String {
            "<cpuOptions><coreCount>\(cores)</coreCount><threadsPerCore>\(threads)</threadsPerCore>"
                + "</cpuOptions>"
        }
        func types(_ counts: (String, Int)...) -> String {
            let items = counts.map {
                "<item><instanceType>\($0.0)</instanceType><vCpuInfo><defaultVCpus>\($0.1)"
                    + "</defaultVCpus></vCpuInfo></item>"
            }
            return Self.xml(
                "DescribeInstanceTypes",
                "<instanceTypeSet>\(items.joined())</instanceTypeSet>"
            )
        }
        http.then(D.reply(200, instances(next: "2")))
        http.then(
            D.reply(
                200,
                instances(
                    instance("m5.large", options("1", "2")),
                    instance("m5.large", "<instanceLifecycle>spot</instanceLifecycle>"),
                    instance("g5.xlarge", options("2", "2")),
                    instance(
                        "m5.large",
                        options("1", "2") + "<placement><tenancy>host</tenancy></placement>"
                    ),
                    instance("t3.medium"),
                    instance("t3.medium"),
                    // What no machine has is not taken for a count, nor multiplied.
                    instance("c5.large", options("4611686018427387904", "4"))
                )
            )
        )
        http.then(D.reply(200, types(("t3.medium", 2), ("c5.large", 2))))
        #expect(try ec2.runningVCPUs(of: .standard) == 8)
        let asked = try #require(http.requests.last)
        #expect(
            String(decoding: asked.body, as: UTF8.self)
                .hasSuffix("&InstanceType.1=c5.large&InstanceType.2=t3.medium")
        )
        // A type that nobody knows leaves the sum unknown.
        http.then(D.reply(200, instances(instance("t3.medium"))))
        http.then(D.reply(200, types()))
        expectDiagnostic("invalid_reply") { try ec2.runningVCPUs(of: .standard) }
        #expect(http.isDone)
    }
}
