import Testing

@testable import GeuseRuntime

/// What the host itself tries a second time, and only that.
@Suite("A second try on the host")
struct SecondTryTests {
    private func apply(_ world: HostWorld) throws -> ApplyEvidence {
        try world.host().apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world, try ApplyTests.change(world, to: "n8nio/n8n:2.0"), health: 3)
        )
    }

    private func ups(_ world: HostWorld) throws -> Int {
        try world.read("docker/calls").split(separator: "\n").count { $0.contains(" up -d ") }
    }

    @Test("is made when a dependency was not healthy in time")
    func dependency() throws {
        let world = try HostWorld()
        try world.write("docker/unhealthy", "once\n")
        #expect(try apply(world).stage == .done)
        #expect(try ups(world) == 2)
    }

    @Test("is the last one for a dependency that stays unhealthy")
    func dependencyForEver() throws {
        let world = try HostWorld()
        try world.write("docker/unhealthy", "once\ntwice\nthrice\n")
        let evidence = try apply(world)
        #expect(evidence.stage == .up)
        #expect(evidence.error?.contains("dependency failed to start: container") == true)
        #expect(try ups(world) == 2)
    }

    @Test("is not made for anything else")
    func otherwise() throws {
        let world = try HostWorld()
        try world.run("rm docker/images/\(HostWorld.hex("n8nio/n8n:2.0"))")
        #expect(try apply(world).stage == .up)
        #expect(try ups(world) == 1)
    }

    /// A world whose mount is stale until it is mounted again; `mended` says whether that helps.
    private func stale(mended: Bool = true, fstab: Bool = true) throws -> HostWorld {
        let world = try HostWorld()
        try world.write(
            "bin/ls",
            "#!/bin/sh\necho \"ls: cannot access '$3': Stale file handle\" >&2\nexit 2\n"
        )
        try world.write("bin/umount", "#!/bin/sh\necho umount \"$@\" >>\(world.root)/mounts\n")
        try world.write(
            "bin/mount",
            "#!/bin/sh\necho mount \"$@\" >>\(world.root)/mounts\n"
                + (mended ? "rm -f \(world.root)/bin/ls\n" : "")
        )
        if fstab {
            try world.write("etc/fstab", "fs-0123456789abcdef0:/ \(world.mount) efs tls 0 0\n")
        }
        try world.run("chmod 755 bin/*")
        return world
    }

    private func stop(_ world: HostWorld) throws {
        try world.run("for c in docker/containers/*; do printf exited >$c/state; done")
    }

    @Test("is made for a stale mount that no service uses")
    func remount() throws {
        let world = try stale()
        try stop(world)
        #expect(try apply(world).stage == .done)
        #expect(try world.read("mounts") == "umount -l \(world.mount)\nmount \(world.mount)\n")
    }

    @Test("that leaves the mount stale is the last, and nothing is started")
    func staysStale() throws {
        let world = try stale(mended: false)
        try stop(world)
        let evidence = try apply(world)
        #expect(evidence.stage == .proof)
        #expect(evidence.error?.hasPrefix("efs_stale") == true)
        #expect(try world.read("mounts").split(separator: "\n").count == 2)
        #expect(try ups(world) == 0)
    }

    /// A world whose mount did not come, and comes when it is asked for.
    private func unmounted(unit: String = "failed") throws -> HostWorld {
        let world = try HostWorld()
        try world.write("bin/systemctl", "#!/bin/sh\necho \(unit)\n")
        try world.mountOnRequest(isThere: false)
        return world
    }

    @Test("is made for a mount of fstab's that did not come at boot")
    func mounted() throws {
        let world = try unmounted()
        try stop(world)
        #expect(try apply(world).stage == .done)
        #expect(try world.read("mounts") == "mount \(world.mount)\n")
    }

    @Test(
        "is not made for it under a service that runs, nor while systemd is at it",
        arguments: [true, false]
    )
    func notMountedUnderServices(_ runs: Bool) throws {
        let world = try unmounted(unit: runs ? "failed" : "activating")
        if !runs { try stop(world) }
        #expect(try apply(world).error?.hasPrefix("efs_not_mounted") == true)
        #expect(try world.read("mounts") == "")
        #expect(try ups(world) == 0)
    }

    @Test(
        "is not made under a service that runs, nor where fstab has no such mount",
        arguments: [true, false]
    )
    func leftAlone(_ runs: Bool) throws {
        let world = try stale(fstab: runs)
        if !runs { try stop(world) }
        #expect(try apply(world).error?.hasPrefix("efs_stale") == true)
        #expect(try world.read("mounts") == "")
    }
}
