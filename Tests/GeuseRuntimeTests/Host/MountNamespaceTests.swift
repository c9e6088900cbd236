import Testing

@testable import GeuseRuntime

/// The proof in a mount namespace of its own, on what the kernel itself lists.
@Suite struct MountNamespaceTests {
    /// Only root may make one, and some containers do not let it.
    static func isThere() -> Bool {
        guard let world = try? HostWorld() else { return false }
        return (try? world.run("unshare -m mount -t tmpfs none mnt")) != nil
    }

    /// ROOT is the world's directory, MOUNT its mount point.
    @Test(
        .enabled(
            if: MountNamespaceTests.isThere(),
            "Not run: `unshare -m mount -t tmpfs none DIRECTORY` does not work here; it needs root."
        ),
        arguments: [
            ("mount -t tmpfs efs MOUNT", ""),
            ("mount -t tmpfs efs MOUNT && mount -t tmpfs other ROOT/mnt", "efs_not_mounted"),
            (
                "mount -t tmpfs efs MOUNT && mount -t tmpfs other ROOT/mnt && mkdir MOUNT && "
                    + "mount -t tmpfs efs MOUNT", ""
            ),
            (
                "mkdir ROOT/x && mount -t ramfs moved ROOT/x && mount -t tmpfs efs MOUNT && "
                    + "mount --move ROOT/x MOUNT", "efs_not_network"
            ),
        ]
    )
    func whatThePathLeadsToIsJudged(_ setup: String, _ code: String) throws {
        let world = try HostWorld()
        // The kernel's own list, of whoever reads it.
        try world.run("rm proc/self/mountinfo && ln -s /proc/self/mountinfo proc/self/mountinfo")
        let mounts = setup.replacing("MOUNT", with: world.mount).replacing("ROOT", with: world.root)
        let unshare = try world.run("printf %s \"$(command -v unshare)\"")
        world.shell = [
            unshare, "-m", "--propagation", "private", "/bin/sh", "-c",
            "{ \(mounts) && mkdir -p \(world.mount)/n8n; } >&2 || exit; exec /bin/sh \"$@\"", "sh",
        ]
        let request = HostInspection(fileSystem: nil, mountPoint: world.mount)
        let text = HostScript.text(
            [HostScript.storage, StorageProofTests.proof],
            step: "proof",
            root: world.root,
            StorageReading.values(of: request, networkTypes: ["tmpfs"])
        )
        let reply = try LocalTransport(world).run(text, comment: "", timeout: 30)
        let result = try #require(HostResult(reply.output, step: "proof"), "\(reply.errors)")
        #expect(result.payload.text("verdict") == code)
        let facts = try #require(StorageReading.facts(result.payload, mountPoint: world.mount))
        let found = StorageProof.objections(facts, expecting: nil, networkTypes: ["tmpfs"])
        #expect((found.first?.code ?? "") == code)
    }
}
