import Testing

@testable import GeuseRuntime

/// Named volumes whose driver binds a directory, or mounts a network file system.
@Suite struct NamedVolumeTests {
    /// postgres has its data in the volume `data`, which is what its options say.
    private static func world(_ options: String) throws -> HostWorld {
        let compose = """
            services:
              n8n:
                image: n8nio/n8n:1.0
              postgres:
                image: postgres:15
                volumes:
                  - type: volume
                    source: data
                    target: /named
            volumes:
              data:
                name: stack_data
                driver: local
                driver_opts:
                  device: "MOUNT/postgres"
                  o: bind
                  type: none

            """
        let world = try HostWorld(compose: compose)
        try world.run("mkdir -p mnt/efs/postgres docker/volumes elsewhere")
        try world.write("docker/volumes/stack_data", options)
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/binds", "")
        let postgres = "docker/containers/\(HostWorld.hex("postgres"))"
        try world.write("\(postgres)/named", "stack_data\n")
        try world.write("\(postgres)/environment", "PGDATA=/named\nPG_MAJOR=15\n")
        try world.write("\(postgres)/volumes", "\(world.root)/docker/volumes/stack_data\t/named\n")
        try world.write("mnt/efs/postgres/PG_VERSION", "15\n")
        return world
    }

    private static func bound(_ place: String) throws -> (world: HostWorld, facts: HostFacts) {
        let world = try world("")
        try world.write("docker/volumes/stack_data", "none\trw,bind\t\(world.root)/\(place)")
        return (world, try world.host().inspect(world.inspection()))
    }

    @Test func oneThatIsBoundToTheFileSystemLiesOnIt() throws {
        let (world, facts) = try Self.bound("mnt/efs/postgres")
        #expect(facts.storage.volumes == [world.mount + "/postgres": true])
        let postgres = try #require(facts.service(ServiceName("postgres")))
        #expect(postgres.mounts == ["/named": world.mount + "/postgres"])
        #expect(postgres.volumes.isEmpty)
        // Nothing is at docker's own place of the volume: the data is looked for where it lies.
        #expect(facts.stateful.first { $0.kind == .postgres }?.dataVersion == "15")
        let told = DataAtRisk.sentences(facts, mountPoint: world.mount)
        #expect(!told.contains { $0.contains("postgres") })
        #expect(try world.unknownCalls() == "")
    }

    @Test func itsDataIsWrittenDownAndCompared() throws {
        let (world, _) = try Self.bound("mnt/efs/postgres")
        let facts = try world.host().stopServices(
            HostWorld.step("1-stop"),
            world.project(),
            recordingDataAt: world.mount
        )
        #expect(facts == DataFacts(.recorded, files: 1, bytes: 3, hashed: 1))
        // What the file alone says counts too, for a container that is not there yet.
        try world.run("rm -r docker/containers/\(HostWorld.hex("postgres"))")
        let again = try world.host().stopServices(
            HostWorld.step("2-stop"),
            world.project(),
            recordingDataAt: world.mount
        )
        #expect(again?.files == 1)
        #expect(try world.unknownCalls() == "")
    }

    @Test func oneThatIsLinkedOffTheFileSystemIsRefused() throws {
        let (world, _) = try Self.bound("mnt/efs/postgres")
        try world.run("rm -r mnt/efs/postgres; ln -s \"$PWD/elsewhere\" mnt/efs/postgres")
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .proof)
        #expect(evidence.error?.hasPrefix("efs_volume_outside") == true)
    }

    @Test func aContainerFromBeforeTheMountIsFound() throws {
        let (world, _) = try Self.bound("mnt/efs/postgres")
        try world.write("docker/containers/\(HostWorld.hex("postgres"))/pid", "77")
        try world.run("mkdir -p proc/77")
        try world.write("proc/77/mountinfo", "41 40 0:7777 /postgres /named rw - x y rw\n")
        let storage = try world.host().inspect(world.inspection()).storage
        #expect(storage.strays == ["postgres:/named"])
    }

    @Test func oneThatIsBoundElsewhereIsAtRisk() throws {
        // Nothing is there: all that is lies on the device that stands for EFS.
        let (world, facts) = try Self.bound("nowhere")
        #expect(
            DataAtRisk.sentences(facts, mountPoint: world.mount).contains {
                $0.contains("On the instance's own disk") && $0.contains("postgres /named")
            }
        )
    }

    @Test func aNetworkVolumeIsNoted() throws {
        let world = try Self.world("nfs\taddr=10.0.0.1,rw\t:/data")
        let facts = try world.host().inspect(world.inspection())
        #expect(try facts.service(ServiceName("postgres"))?.networkVolumes == ["/named"])
        let told = DataAtRisk.sentences(facts, mountPoint: world.mount)
        #expect(told.contains { $0.hasPrefix("On network volumes") })
        #expect(!told.contains { $0.contains("own disk") })
    }
}
