import Testing

@testable import GeuseRuntime

@Suite("Adopting a stack reads what is there")
struct AdoptionReaderTests {
    private func adopt(
        _ fixture: StackFixture,
        as name: String = "my-dev-stack",
        id: InstanceID? = nil
    ) throws -> DeploymentState {
        try AdoptionReader(
            cloud: fixture.sandbox.cloud(fixture.name),
            host: fixture.sandbox.host(fixture.name)
        ).read(
            StackName(name),
            id ?? fixture.target().instance,
            mountPoint: "/mnt/efs",
            now: fixture.clock.now()
        )
    }

    @Test("the state says what runs")
    func adopts() throws {
        let fixture = try StackFixture()
        let state = try adopt(fixture)
        let facts = try fixture.facts()
        #expect(state.status == .running)
        #expect(state.instanceID == facts.instance.id)
        #expect(state.fileSystemID == facts.fileSystem?.id)
        #expect(state.config.region.text == "us-east-1")
        #expect(state.containerImages.count == 5)
    }

    @Test("what contradicts the name, or is not there, is refused")
    func refused() throws {
        let fixture = try StackFixture()
        let other = #expect(throws: Diagnostic.self) { try adopt(fixture, as: "other") }
        #expect(other?.code == "stack_tag_differs")
        let none = #expect(throws: Diagnostic.self) {
            try adopt(fixture, id: InstanceID("i-00000000000000000"))
        }
        #expect(none?.code == "instance_not_found")
        try fixture.sandbox.cloud(fixture.name).stop(fixture.target().instance)
        fixture.clock.advance(60)
        let stopped = #expect(throws: Diagnostic.self) { try adopt(fixture) }
        #expect(stopped?.code == "instance_not_running")
    }

    @Test(
        "zones lead to their regions",
        arguments: [
            ("us-east-1a", "us-east-1"), ("us-gov-west-1b", "us-gov-west-1"),
            ("us-west-2-lax-1a", "us-west-2"), ("ap-southeast-2c", "ap-southeast-2"),
        ]
    )
    func regions(_ zone: String, _ region: String) {
        #expect(AdoptionReader.region(ofZone: zone) == region)
    }

    @Test("the file system is found by name and behind a tunnel")
    func sources() {
        func found(_ source: String?, _ tunnel: String? = nil, mounted: Bool = true) -> String? {
            AdoptionReader.fileSystem(
                of: StorageFacts(
                    mountPoint: "/mnt/efs",
                    isMounted: mounted,
                    type: "nfs4",
                    source: source,
                    tunnelFileSystem: tunnel,
                    isReadWrite: true,
                    answer: .answered
                )
            )?.text
        }
        #expect(
            found("fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/") == "fs-0123456789abcdef0"
        )
        #expect(found("fs-0123456789abcdef0:/") == "fs-0123456789abcdef0")
        #expect(found("127.0.0.1:/", "fs-0123456789abcdef0") == "fs-0123456789abcdef0")
        #expect(found("10.0.0.1:/") == nil)
        #expect(found("fs-0123456789abcdef0:/", mounted: false) == nil)
    }
}
