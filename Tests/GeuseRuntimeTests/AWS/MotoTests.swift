import Testing

@testable import GeuseRuntime

/// The clients over the real wire against moto behind a check of every signature.
@Suite(.serialized) struct MotoTests {
    static let server = Result { try PythonServer("signed_moto.py") }

    let server: PythonServer
    let log = AWSDoubles.Warnings()

    init() throws { server = try Self.server.get() }

    private func session(
        secret: String = "the-secret",
        extra: [String: String] = [:]
    ) throws -> AWSSession {
        let environment = [
            "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:\(server.port)",
            "AWS_EC2_METADATA_DISABLED": "true",
        ].merging(extra) { $1 }
        return try AWSSession(
            environment: environment,
            home: "/nonexistent",
            cancellation: Cancellation(),
            random: { 0 },
            warn: log.take
        )
    }

    @discardableResult
    private func control(_ path: String) throws -> String {
        let client = CurlHTTPClient(environment: [:], cancellation: Cancellation())
        let url = try HTTPURL("http://127.0.0.1:\(server.port)/_lab/\(path)")
        let response = try client.send(HTTPRequest("GET", url))
        #expect(response.status == 200)
        return String(decoding: response.body, as: UTF8.self)
    }

    private func operations() throws -> [String] {
        try JSONParser.parse(try control("log")).arrayValue?.compactMap(\.stringValue) ?? []
    }

    @Test func wholeResize() throws {
        let cloud = try session().cloud()
        let id = try InstanceID(try control("instance"))
        let before = try #require(try cloud.instance(id))
        #expect(before.type == "t3.medium")
        #expect(before.state == .running)
        #expect(before.tags == ["Stack": "a<&>\"'\u{fc}\u{1F642}"])
        #expect(before.zone.hasPrefix("us-east-1"))
        try cloud.stop(id)
        #expect(try cloud.instance(id)?.state == .stopped)
        try cloud.stop(id)
        let type = try InstanceType("t3.large")
        try cloud.setType(id, to: type)
        try cloud.start(id)
        let after = try #require(try cloud.instance(id))
        #expect(after.type == "t3.large")
        #expect(after.state == .running)
        #expect(try cloud.isStopProtected(id) == false)
        #expect(try cloud.identity().account == "123456789012")
    }

    @Test func factsOfTypes() throws {
        let cloud = try session().cloud()
        let arm = try #require(try cloud.instanceType(try InstanceType("t4g.large")))
        #expect(arm.architectures == ["arm64"])
        #expect(arm.vcpus == 2)
        #expect(arm.memoryMiB == 8192)
        #expect(arm.isBurstable == true)
        let gpu = try #require(try cloud.instanceType(try InstanceType("g5.xlarge")))
        #expect(gpu.gpus == 1)
        #expect(try cloud.instanceType(try InstanceType("zz.bogus")) == nil)
        #expect(try cloud.isOffered(try InstanceType("t3.large"), zone: "us-east-1a"))
        #expect(try cloud.isOffered(try InstanceType("t3.large"), zone: "us-east-1z") == false)
    }

    @Test func absentThingsAreNil() throws {
        let cloud = try session().cloud()
        #expect(try cloud.instance(try InstanceID("i-0123456789abcdef0")) == nil)
        #expect(try cloud.fileSystem(try FileSystemID("fs-0123456789abcdef0")) == nil)
    }

    /// moto names the account as the owner of every address, so that only the question tells.
    @Test func elasticAddresses() throws {
        let cloud = try session().cloud()
        let id = try InstanceID(try control("instance"))
        let given = try #require(try cloud.instance(id)?.publicIP)
        #expect(try cloud.isElasticIP(given) == false)
        let elastic = try control("address?instance=\(id)")
        let after = try #require(try cloud.instance(id))
        #expect(after.publicIP == elastic && after.hasElasticIP)
        #expect(try cloud.isElasticIP(elastic))
    }

    @Test func fileSystems() throws {
        let cloud = try session().cloud()
        let id = try FileSystemID(try control("efs"))
        #expect(try cloud.fileSystem(id)?.lifeCycleState == "available")
        let target = try #require(try cloud.mountTargets(id).first)
        #expect(target.id.hasPrefix("fsmt-"))
        #expect(target.lifeCycleState == "available")
        #expect(target.subnetID.hasPrefix("subnet-"))
    }

    @Test func wrongSecretIsRefused() throws {
        let cloud = try session(secret: "another").cloud()
        let id = try InstanceID("i-0123456789abcdef0")
        let error = #expect(throws: Diagnostic.self) { try cloud.instance(id) }
        #expect(error?.code == "SignatureDoesNotMatch")
        #expect(error?.detail?.contains("request id lab-1") == true)
        let other = #expect(throws: Diagnostic.self) {
            try session(secret: "another").transport(to: id).run("true", comment: "x", timeout: 5)
        }
        #expect(other?.code == "SignatureDoesNotMatch")
        let third = #expect(throws: Diagnostic.self) {
            try cloud.fileSystem(try FileSystemID("fs-0123456789abcdef0"))
        }
        #expect(third?.code == "SignatureDoesNotMatch")
    }

    @Test func serviceErrorsKeepTheirCode() throws {
        let cloud = try session().cloud()
        let id = try InstanceID("i-0123456789abcdef0")
        let error = #expect(throws: Diagnostic.self) { try cloud.stop(id) }
        #expect(error?.code == "InvalidInstanceID.NotFound")
        #expect(error?.detail?.contains("operation StopInstances, HTTP 400") == true)
    }

    @Test func readsAreRepeated() throws {
        try control(
            "fault?operation=DescribeInstances&code=RequestLimitExceeded&status=503&count=2"
        )
        let id = try InstanceID("i-0123456789abcdef0")
        #expect(try session().cloud().instance(id) == nil)
        try control("fault?operation=DescribeInstances&close=1")
        #expect(try session().cloud().instance(id) == nil)
    }

    @Test func aScriptRuns() throws {
        let id = try InstanceID(try control("instance"))
        let reply = try session().transport(to: id)
            .run("echo 'a\nb'", comment: "run-1", timeout: 5)
        #expect(reply.status == 0)
    }

    @Test func aLostReplyIsLookedUp() throws {
        let id = try InstanceID(try control("instance"))
        let before = try operations().count
        try control("fault?operation=SendCommand&close=1&run=1&code=x")
        let reply = try session().transport(to: id).run("true", comment: "lost-1", timeout: 5)
        #expect(reply.status == 0)
        #expect(
            try operations().dropFirst(before).filter { $0 != "GetCommandInvocation" }
                == ["SendCommand", "ListCommands"]
        )
    }
}
