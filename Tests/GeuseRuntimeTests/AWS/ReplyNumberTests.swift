import Testing

@testable import GeuseRuntime

@Suite("A number in a reply that cannot be is none, and never the end of the program")
struct ReplyNumberTests {
    private static let numbers = [
        "4611686018427387904", "9223372036854775807", "9223372036854775808", "-1", "1e300", "nan",
        "", "0x10",
    ]

    private func parse(_ text: String) throws -> XMLElement {
        try XMLReader.parse(Array(text.utf8))
    }

    @Test("of a type", arguments: numbers)
    func types(_ number: String) throws {
        let gpu = "<item><count>\(number)</count></item>"
        let facts = try InstanceTypeFacts(
            parse(
                "<item><instanceType>g5.xlarge</instanceType>"
                    + "<vCpuInfo><defaultVCpus>\(number)</defaultVCpus></vCpuInfo>"
                    + "<memoryInfo><sizeInMiB>\(number)</sizeInMiB></memoryInfo>"
                    + "<gpuInfo><gpus>\(gpu)\(gpu)</gpus></gpuInfo><networkInfo>"
                    + "<maximumNetworkInterfaces>\(number)</maximumNetworkInterfaces>"
                    + "<ipv4AddressesPerInterface>\(number)</ipv4AddressesPerInterface>"
                    + "</networkInfo></item>"
            )
        )
        #expect(facts.vcpus == nil && facts.memoryMiB == nil && facts.gpus == nil)
        #expect(facts.maximumNetworkInterfaces == nil && facts.addressesPerInterface == nil)
    }

    @Test("of a price", arguments: ["1e300", "1e999", "nan", "-1", "0", "100000", "x"])
    func prices(_ dollars: String) throws {
        typealias D = AWSDoubles
        let http = D.HTTP()
        let client = PricingClient(try D.client(D.context(http), .pricing))
        let dimension: JSONValue = ["unit": "Hrs", "pricePerUnit": ["USD": .string(dollars)]]
        let product = JSONWriter.write([
            "terms": ["OnDemand": ["S": ["priceDimensions": ["R": dimension]]]]
        ])
        http.then(D.reply(200, JSONWriter.write(["PriceList": [.string(product)]])))
        let type = try InstanceType("t3.large")
        #expect(try client.onDemand(type, in: Region("us-east-1")) == nil)
    }

    @Test("of a group", arguments: numbers)
    func groups(_ number: String) throws {
        typealias D = AWSDoubles
        let http = D.HTTP()
        let client = AutoScalingClient(try D.client(D.context(http), .autoScaling))
        http.then(
            D.reply(
                200,
                "<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult>"
                    + "<AutoScalingGroups><member><AutoScalingGroupName>g</AutoScalingGroupName>"
                    + "<MinSize>1</MinSize><MaxSize>\(number)</MaxSize>"
                    + "<DesiredCapacity>1</DesiredCapacity></member></AutoScalingGroups>"
                    + "</DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>"
            )
        )
        expectDiagnostic("invalid_reply") { try client.group("g") }
    }

    @Test("whole numbers of any number")
    func saturating() {
        #expect(Int(saturating: 1.9) == 1 && Int(saturating: -1.9) == -1)
        #expect(Int(saturating: .nan) == 0)
        #expect(Int(saturating: 1e300) == .max && Int(saturating: -.infinity) == .min)
        #expect(Int.max.adding(saturating: 1) == .max && Int.min.adding(saturating: -1) == .min)
        #expect(2.adding(saturating: 3) == 5)
    }

    @Test("of a host's lease", arguments: ["9223372036854775807", "-1", "99999999999999"])
    func leases(_ number: String) throws {
        func facts(_ fence: String, _ beat: String) -> HostLeaseFacts? {
            HostPayload("lease \(fence) - - \(beat)\n".utf8).flatMap(LeaseReading.facts)
        }
        #expect(facts("7", "0")?.fence == 7)
        #expect(facts(number, "0") == nil && facts("7", number) == nil)
    }
}
