import Testing

@testable import GeuseRuntime

@Suite("A container that was started before the mount came writes to the root disk")
struct StrayContainerTests {
    /// n8n runs as process 77, and its /data is on the device with that number; nil for the file system's.
    private func world(device: String?) throws -> HostWorld {
        let world = try HostWorld()
        let device = try device ?? world.device()
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
        let world = try world(device: nil)
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.storage.strays == [])
    }

    @Test("One with another device is shown, refused, and nothing is started")
    func stray() throws {
        let world = try world(device: "0:7777")
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
        let world = try world(device: "0:7777")
        try world.run("rm -r proc/77")
        #expect(try world.host().inspect(world.inspection()).storage.strays == [])
    }

    /// What docker calls the path, and what the kernel lists.
    @Test(
        "A path is the one that the kernel lists, however it has to write it",
        arguments: [
            ("/my data", #"/my\040data"#), ("/tab\there", #"/tab\011here"#),
            (#"/back\slash"#, #"/back\134slash"#), (#"/not\040blank"#, #"/not\134040blank"#),
        ]
    )
    func escaped(_ path: String, _ listed: String) throws {
        let cases: [(String?, [String])] = [(nil, []), ("0:7777", ["n8n:" + path])]
        for (device, expected) in cases {
            let world = try world(device: device)
            try world.write("docker/containers/\(HostWorld.hex("n8n"))/destination", path)
            try world.run("sed -i 's|/data|PATH|' proc/77/mountinfo")
            let text = try world.read("proc/77/mountinfo")
            try world.write("proc/77/mountinfo", text.replacing("PATH", with: listed))
            #expect(try world.host().inspect(world.inspection()).storage.strays == expected)
        }
    }

    @Test("One that is listed nowhere is not taken for well")
    func unlisted() throws {
        let world = try world(device: nil)
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/destination", "/other")
        try world.run("sed -i 's|/n8n|/else|' proc/77/mountinfo")
        #expect(try world.host().inspect(world.inspection()).storage.strays == ["n8n:/other"])
    }

    @Test("Docker follows the links of an image before it mounts")
    func behindALink() throws {
        let world = try world(device: nil)
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/destination", "/var/run/data")
        #expect(try world.host().inspect(world.inspection()).storage.strays == [])
        try world.run("sed -i 's|/data|/run/data|' proc/77/mountinfo")
        #expect(try world.host().inspect(world.inspection()).storage.strays == [])
    }

    @Test("What is bound is known by its place in the file system, wherever a link leads to")
    func behindALinkOfAnotherName() throws {
        for (device, strays) in [(nil, []), ("0:7777", ["n8n:/data"])] as [(String?, [String])] {
            let world = try world(device: device)
            try world.run("sed -i 's|/data|/srv/store|' proc/77/mountinfo")
            #expect(try world.host().inspect(world.inspection()).storage.strays == strays)
        }
    }

    @Test("One whose list cannot be opened any more ends, and says nothing")
    func ending() throws {
        let world = try world(device: "0:7777")
        try world.run("rm proc/77/mountinfo && mkdir proc/77/mountinfo")
        #expect(try world.host().inspect(world.inspection()).storage.strays == [])
    }

    @Test("What was mounted over it counts, in whatever order the kernel lists them")
    func over() throws {
        let world = try world(device: nil)
        let own = try world.read("proc/77/mountinfo")
        let other = "50 41 0:7777 / /data rw - x y rw\n"
        for text in [own + other, other + own] {
            try world.write("proc/77/mountinfo", text)
            #expect(try world.host().inspect(world.inspection()).storage.strays == ["n8n:/data"])
        }
    }
}
