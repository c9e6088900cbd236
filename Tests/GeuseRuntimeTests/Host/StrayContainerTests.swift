import Testing

@testable import GeuseRuntime

@Suite("A container that was started before the mount came writes to the root disk")
struct StrayContainerTests {
    /// n8n runs as process 77, and its /data is on the device with that number.
    private func world(device: String) throws -> HostWorld {
        let world = try HostWorld()
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/pid", "77")
        try world.run("mkdir -p proc/77")
        try world.write(
            "proc/77/mountinfo",
            "40 1 0:99 / / rw - overlay overlay rw\n41 40 \(device) /n8n /data rw - x y rw\n"
        )
        return world
    }

    @Test("One that has the file system's device is none")
    func inPlace() throws {
        let world = try world(device: "0:40")
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.storage.strays == [])
    }

    @Test("One with another device is shown, refused, and nothing is started")
    func stray() throws {
        let world = try world(device: "8:1")
        let storage = try world.host().inspect(world.inspection()).storage
        #expect(storage.strays == ["n8n:/data"])
        let found = StorageProof.objections(storage, expecting: HostWorld.fileSystem)
        #expect(found.map(\.code) == ["efs_container_outside"])
        let evidence = try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .proof)
        #expect(evidence.error?.hasPrefix("efs_container_outside") == true)
        #expect(try world.read("docker/ups") == "")
        #expect(try world.unknownCalls() == "")
    }

    @Test("One that ended meanwhile says nothing")
    func ended() throws {
        let world = try world(device: "8:1")
        try world.run("rm -r proc/77")
        #expect(try world.host().inspect(world.inspection()).storage.strays == [])
    }
}
