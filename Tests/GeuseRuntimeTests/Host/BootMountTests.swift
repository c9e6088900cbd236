import Testing

@testable import GeuseRuntime

/// What the host says of the mount at its next boot.
@Suite struct BootMountTests {
    /// A world with an fstab, and with systemd's facts of the mount unit.
    private static func world(fstab: String?, unit: String = "") throws -> HostWorld {
        let world = try HostWorld()
        if let fstab {
            try world.write("etc/fstab", fstab.replacing("MOUNT", with: world.mount) + "\n")
        }
        try world.run("mkdir units")
        try world.write("units/unit.mount", unit)
        try world.write("bin/systemd-escape", "#!/bin/sh\necho \"unit.${2#--suffix=}\"\n")
        try world.write(
            "bin/systemctl",
            "#!/bin/sh\ncat '\(world.root)/units/'\"$5\" 2>/dev/null\nexit 0\n"
        )
        try world.run("chmod 755 bin/*")
        return world
    }

    private static func look(_ world: HostWorld) throws -> StorageFacts {
        let storage = try world.host().inspect(world.inspection()).storage
        #expect(try world.unknownCalls() == "")
        return storage
    }

    @Test(arguments: [
        ("fs-1:/ MOUNT efs _netdev,tls 0 0", StorageFacts.BootMount.fstab),
        ("fs-1:/ MOUNT/ efs _netdev,nofail 0 0", .fstab),
        ("fs-1:/ MOUNT efs noauto,x-systemd.automount 0 0", .fstab),
        ("fs-1:/ MOUNT efs noauto,tls 0 0", .nothing),
        ("# fs-1:/ MOUNT efs tls 0 0", .nothing),
        ("fs-1:/ MOUNT-2 efs tls 0 0", .nothing),
    ])
    func fstabIsRead(_ line: String, _ expected: StorageFacts.BootMount) throws {
        #expect(try Self.look(Self.world(fstab: line)).bootMount == expected)
    }

    @Test(arguments: [
        ("/etc/systemd/system/x.mount", "enabled", "", StorageFacts.BootMount.unit),
        ("/etc/systemd/system/x.mount", "static", "docker.service", .unit),
        ("/etc/systemd/system/x.mount", "static", "", .unknown),
        ("/etc/systemd/system/x.mount", "disabled", "", .nothing),
        // By hand, and from an fstab that has no such line any more.
        ("", "", "", .nothing),
        ("/run/systemd/generator/x.mount", "generated", "remote-fs.target", .nothing),
    ])
    func unitsAreAskedFor(
        _ path: String,
        _ state: String,
        _ wants: String,
        _ expected: StorageFacts.BootMount
    ) throws {
        let unit = "FragmentPath=\(path)\nUnitFileState=\(state)\nWantedBy=\nRequiredBy=\(wants)\n"
        #expect(try Self.look(Self.world(fstab: "", unit: unit)).bootMount == expected)
    }

    @Test func aFileThatNamesItIsToldAndNotItsText() throws {
        let world = try Self.world(fstab: "")
        try world.write("etc/rc.local", "mount -t nfs4 -o password=hunter2 x:/ \(world.mount)\n")
        let storage = try Self.look(world)
        #expect(storage.bootMount == .named)
        #expect(storage.bootPlace == "/etc/rc.local")
    }

    @Test func nothingThatMountsItIsSeen() throws {
        let world = try Self.world(fstab: "")
        try world.write("etc/rc.local", "mount /somewhere/else\n")
        #expect(try Self.look(world).bootMount == .nothing)
    }

    @Test func whatCannotBeReadIsNotKnown() throws {
        #expect(try Self.look(Self.world(fstab: nil)).bootMount == .unknown)
        let world = try Self.world(fstab: "")
        try world.run("printf '#!/bin/sh\\nexit 1' >bin/systemctl")
        #expect(try Self.look(world).bootMount == .unknown)
    }
}
