import Testing

@testable import GeuseRuntime

/// Requests and replies of EC2's capacity reservations.
@Suite struct CapacityReservationTests {
    typealias D = AWSDoubles

    let http = D.HTTP()
    let ec2: EC2Client
    let type = InstanceType(unchecked: "m5.large")

    init() throws { ec2 = EC2Client(try D.client(D.context(http), .ec2)) }

    private var bodies: [String] {
        http.requests.map { String(decoding: $0.body, as: UTF8.self) }
    }

    private var instance: Instance {
        Instance(
            id: InstanceID(unchecked: "i-0123456789abcdef0"),
            type: "t3.large",
            state: .running,
            zone: "us-east-1b",
            architecture: "x86_64"
        )
    }

    private static func page(_ items: String, next: String?) -> D.HTTP.Answer {
        D.reply(
            200,
            "<DescribeCapacityReservationsResponse><capacityReservationSet>\(items)"
                + "</capacityReservationSet>" + (next.map { "<nextToken>\($0)</nextToken>" } ?? "")
                + "</DescribeCapacityReservationsResponse>"
        )
    }

    private static func refusal(_ code: String, status: Int = 400) -> D.HTTP.Answer {
        D.reply(
            status,
            "<Response><Errors><Error><Code>\(code)</Code><Message>m</Message></Error></Errors>"
                + "<RequestID>r-1</RequestID></Response>"
        )
    }

    private static func made() -> D.HTTP.Answer {
        D.reply(
            200,
            "<CreateCapacityReservationResponse><capacityReservation><capacityReservationId>cr-1"
                + "</capacityReservationId><state>active</state></capacityReservation>"
                + "</CreateCapacityReservationResponse>"
        )
    }

    @Test func dedicatedHardwareIsReservedForADedicatedInstance() throws {
        for (tenancy, isAsked) in [("dedicated", true), ("default", false), (nil, false)]
            as [(String?, Bool)]
        {
            var instance = instance
            instance.tenancy = tenancy
            http.then(Self.made())
            _ = try ec2.reserveCapacity(
                type,
                for: instance,
                run: try RunID("20261123-110923-0a1b2c3d"),
                attempt: 0,
                until: Timestamp(microseconds: 0)
            )
            #expect(bodies.last?.contains("&Tenancy=dedicated") == isAsked)
        }
    }

    @Test func whatAnInstanceAsksOfReservationsIsReadAndWritten() throws {
        let id = instance.id
        let prefix = "&CapacityReservationSpecification.CapacityReservation"
        let arn = "arn:aws:resource-groups:us-east-1:123456789012:group/g"
        let target =
            "<capacityReservationTarget><capacityReservationResourceGroupArn>\(arn)"
            + "</capacityReservationResourceGroupArn></capacityReservationTarget>"
        let only =
            "<capacityReservationPreference>capacity-reservations-only"
            + "</capacityReservationPreference>"
        let cases: [(String, CapacityChoice, String)] = [
            ("", CapacityChoice(), "Preference=open"),
            (
                "<capacityReservationPreference>none</capacityReservationPreference>",
                CapacityChoice(preference: "none"), "Preference=none"
            ),
            (
                target, CapacityChoice(group: arn),
                "Target.CapacityReservationResourceGroupArn=arn%3Aaws"
            ),
            (
                only + target,
                CapacityChoice(preference: CapacityChoice.reservedOnly, group: arn),
                "Preference=capacity-reservations-only"
            ),
        ]
        for (text, expected, parameter) in cases {
            let reply = try XMLReader.parse(
                Array(
                    "<capacityReservationSpecification>\(text)</capacityReservationSpecification>"
                        .utf8
                )
            )
            let choice = CapacityChoice(reply)
            #expect(choice == expected)
            #expect(CapacityChoice(json: choice.json) == choice)
            http.then(D.reply(200, "<ModifyInstanceCapacityReservationAttributesResponse/>"))
            try ec2.setCapacity(id, to: choice)
            #expect(bodies.last?.contains(prefix + parameter) == true, "\(parameter)")
        }
    }

    @Test func anEmptyPageHasMoreBehindIt() throws {
        http.then(Self.page("", next: "n1"))
        http.then(
            Self.page(
                "<item><capacityReservationId>cr-1</capacityReservationId><state>active</state>"
                    + "<instanceType>m5.large</instanceType></item>",
                next: nil
            )
        )
        let found = try ec2.capacityReservations([("A", "b")])
        #expect(found == [CapacityReservation(id: "cr-1", type: "m5.large", state: "active")])
        #expect(
            bodies == [
                "Action=DescribeCapacityReservations&Version=2016-11-15&A=b",
                "Action=DescribeCapacityReservations&Version=2016-11-15&A=b&NextToken=n1",
            ]
        )
    }

    @Test func thePageThatComesAgainEndsIt() {
        http.then(Self.page("", next: "n1"))
        http.then(Self.page("", next: "n1"))
        let error = #expect(throws: Diagnostic.self) { try ec2.capacityReservations([]) }
        #expect(error?.code == "invalid_reply")
    }

    @Test func aDryRunIsPermittedOrNot() throws {
        http.then(Self.refusal("DryRunOperation", status: 412))
        try ec2.dryRunReservation(type, for: instance, until: Timestamp(microseconds: 0))
        #expect(bodies.first?.hasSuffix("&DryRun=true") == true)
        http.then(Self.refusal("UnauthorizedOperation", status: 403))
        let error = #expect(throws: Diagnostic.self) {
            try ec2.dryRunReservation(type, for: instance, until: Timestamp(microseconds: 0))
        }
        #expect(error?.code == "UnauthorizedOperation")
        #expect(http.isDone)
    }

    @Test func thatTheInstanceMayBeToldOfItIsAskedByADryRun() throws {
        for code in ["DryRunOperation", "IncorrectInstanceState"] {
            http.then(Self.refusal(code, status: 412))
            try ec2.dryRunCapacity(instance)
        }
        #expect(
            bodies.last?.contains("Action=ModifyInstanceCapacityReservationAttributes") == true
        )
        #expect(bodies.last?.hasSuffix("&DryRun=true") == true)
        for code in ["UnauthorizedOperation", "InvalidAction"] {
            http.then(Self.refusal(code, status: 403))
            let error = #expect(throws: Diagnostic.self) { try ec2.dryRunCapacity(instance) }
            #expect(error?.code == code)
        }
        #expect(http.isDone)
    }

    @Test func whatADryRunMadeAllTheSameIsCancelled() throws {
        http.then(Self.made())
        http.then(D.reply(200, "<CancelCapacityReservationResponse/>"))
        try ec2.dryRunReservation(type, for: instance, until: Timestamp(microseconds: 0))
        #expect(
            bodies.last
                == "Action=CancelCapacityReservation&Version=2016-11-15&CapacityReservationId=cr-1"
        )
        http.then(Self.made())
        http.then(Self.refusal("UnauthorizedOperation", status: 403))
        let error = #expect(throws: Diagnostic.self) {
            try ec2.dryRunReservation(type, for: instance, until: Timestamp(microseconds: 0))
        }
        #expect(error?.code == "reservation_left")
        #expect(error?.hint?.hasSuffix("--capacity-reservation-id cr-1") == true)
    }
}
