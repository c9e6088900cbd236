import Testing

@testable import GeuseRuntime

@Suite(
    "The mount is found behind links, second mounts and automounts, and counts before what compose reads"
)
struct MountPathsTests {
    @Test(
        "Data that is reached by another path lies on the mount, is written down and has to be there again"
    )
    func anotherPath() throws {
        let world = try HostWorld()
        try world.run("mkdir -p mnt/efs/vectors && echo 1 >mnt/efs/vectors/x && ln -s mnt/efs data")
        let path = "\(world.root)/data/vectors"
        try world.write(
            "docker/containers/\(HostWorld.hex("n8n"))/binds",
            "\(world.mount)/n8n\n\(path)\n"
        )
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.storage.volumes[path] == true)
        let recorded = try world.host().stopServices(
            HostWorld.step("1-stop"),
            facts.project,
            recordingDataAt: world.mount
        )
        #expect(recorded?.files == 1)
        // After the boot the link leads nowhere, and its name alone is known.
        try world.run("rm data && ln -s nowhere data")
        let evidence = try world.host().apply(
            HostWorld.step("2-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .proof)
        #expect(evidence.error?.hasPrefix("efs_volume_outside") == true)
        #expect(try world.read("docker/ups") == "")
    }

    @Test("Where the mount is what is wrong, what compose could not read is not blamed")
    func composeReadsOnIt() throws {
        let world = try HostWorld()
        try world.write("docker/config_reads", world.mount + "/env")
        let listed = try world.read("proc/self/mountinfo")
        try world.write("proc/self/mountinfo", "")
        let error = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(error?.code == "efs_not_mounted")
        let request = try ApplyTests.request(world)
        let late = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(late.stage == .proof)
        #expect(late.error?.hasPrefix("efs_not_mounted") == true)
        try world.write("proc/self/mountinfo", listed)
        let broken = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(broken?.code == "compose_config_failed")
        try world.run("touch mnt/efs/env")
        #expect(try world.host().apply(HostWorld.step("2-apply"), request).stage == .done)
    }

    @Test("An automount of a directory above is looked into")
    func automount() throws {
        let world = try HostWorld()
        let lines = try world.read("proc/self/mountinfo").split(separator: "\n")
        try world.write("line", lines[1].replacing("36 22 ", with: "36 30 ") + "\n")
        try world.write(
            "proc/self/mountinfo",
            lines[0] + "\n30 22 0:50 / \(world.root)/mnt rw - autofs auto rw\n"
        )
        try world.run(
            "cat >bin/ls && chmod 755 bin/ls",
            input: """
                #!/bin/sh
                case "$*" in *mnt/efs/.) cat '\(world.root)/line' >>'\(world.root)/proc/self/mountinfo' ;; esac
                exec /bin/ls "$@"
                """
        )
        let storage = try world.host().inspect(world.inspection()).storage
        #expect(storage.isMounted)
        #expect(storage.answer == .answered)
    }

    @Test("A container of somebody else's that has a part of the mount is seen")
    func foreign() throws {
        let world = try HostWorld()
        try world.run("mkdir -p docker/others mnt/efs/side proc/77")
        let id = HostWorld.hex("side")
        try world.write("docker/others/\(id)", "side|always|running|\(world.mount)/side|77\n")
        try world.write(
            "proc/77/mountinfo",
            "40 1 0:99 / / rw - overlay overlay rw\n41 40 0:7777 / /data rw - x y rw\n"
        )
        let facts = try world.host().inspect(world.inspection())
        #expect(
            facts.foreign == [ForeignContainer(name: "side", policy: "always", state: "running")]
        )
        #expect(facts.storage.strays == ["side:/data"])
        #expect(try world.unknownCalls() == "")
    }

    @Test("A container of `docker compose run` is told by its name")
    func oneOff() throws {
        let world = try HostWorld()
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/oneoff", "True")
        #expect(try world.host().inspect(world.inspection()).oneOffs == ["stack-n8n-1"])
    }
}
