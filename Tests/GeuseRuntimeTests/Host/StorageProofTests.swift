import Testing

@testable import GeuseRuntime

/// The verdict on a mount, from facts alone.
@Suite struct StorageProofTests {
    private static let good = StorageFacts(
        mountPoint: "/mnt/efs",
        isMounted: true,
        type: "nfs4",
        source: "fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/",
        isReadWrite: true,
        answer: .answered,
        nonceMatches: true,
        volumes: ["/mnt/efs/n8n": true]
    )

    /// Backs up, which writes on the mount.
    private func secure(_ world: HostWorld) throws {
        _ = try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce
            )
        )
    }

    private func codes(_ change: (inout StorageFacts) -> Void) -> [String] {
        var facts = Self.good
        change(&facts)
        return StorageProof.objections(facts, expecting: HostWorld.fileSystem).map(\.code)
    }

    @Test func aGoodMountIsProven() throws {
        try StorageProof.check(Self.good, expecting: HostWorld.fileSystem)
        #expect(codes { $0.nonceMatches = nil } == [])
        #expect(codes { $0.type = "nfs" } == [])
    }

    @Test(arguments: [
        ("fs-0123456789abcdef0:/", true),
        ("fs-0123456789abcdef0:/sub/dir", true),
        ("fs-0123456789abcdef0.efs.cn-north-1.amazonaws.com.cn:/", true),
        ("us-east-1a.fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/", true),
        ("fs-0123456789abcdef01:/", false),
        ("fs-01234567:/", false),
        ("x.example:/fs-0123456789abcdef0", false),
        ("127.0.0.1:/", false),
        ("", false),
    ])
    func theSourceMustBeTheFileSystem(_ source: String, _ isRight: Bool) {
        let found = codes { $0.source = source }
        #expect(found == (isRight ? [] : ["efs_wrong_file_system"]))
    }

    @Test func eachFaultHasItsName() {
        #expect(codes { $0.isMounted = false } == ["efs_not_mounted"])
        #expect(codes { $0.type = "ext4" } == ["efs_not_network"])
        #expect(codes { $0.type = nil } == ["efs_not_network"])
        #expect(codes { $0.isReadWrite = false } == ["efs_read_only"])
        #expect(codes { $0.answer = .hung } == ["efs_hung"])
        #expect(codes { $0.answer = .failed } == ["efs_failed"])
        for text in ["Stale file handle", "cat: x: Stale NFS file handle"] {
            let stale = codes {
                $0.answer = .failed
                $0.error = text
            }
            #expect(stale == ["efs_stale"])
        }
        #expect(codes { $0.nonceMatches = false } == ["efs_nonce_missing"])
        #expect(codes { $0.volumes["/mnt/efs/x"] = false } == ["efs_volume_outside"])
        #expect(codes { $0.strays = ["n8n:/data"] } == ["efs_container_outside"])
        let tunnel = codes {
            $0.source = "127.0.0.1:/"
            $0.tunnelFileSystem = "fs-0123456789abcdef0"
        }
        #expect(tunnel == [])
        let several = codes {
            $0.type = "ext4"
            $0.source = "/dev/sda1"
            $0.isReadWrite = false
        }
        #expect(several == ["efs_not_network", "efs_wrong_file_system", "efs_read_only"])
    }

    @Test func aRefusalCarriesItsEvidence() {
        var facts = Self.good
        facts.volumes["/mnt/efs/\u{1B}x"] = false
        let error = #expect(throws: Diagnostic.self) {
            try StorageProof.check(facts, expecting: HostWorld.fileSystem)
        }
        #expect(error?.detail == "Outside: \"/mnt/efs/^[x\".")
        #expect(error?.kind == .refused)
    }

    /// With IAM a mount that is denied is not there, or cannot be written: the permission is named.
    @Test func whatIamMayHaveDeniedIsNamed() {
        for change in [
            { (facts: inout StorageFacts) in facts.isMounted = false },
            { (facts: inout StorageFacts) in
                facts.answer = .failed
                facts.error = "tee: /mnt/efs/.geusemaker/probe.1: Permission denied"
            },
        ] {
            var facts = Self.good
            change(&facts)
            let error = StorageProof.objections(facts, expecting: HostWorld.fileSystem).first
            #expect(error?.hint?.contains("elasticfilesystem:ClientMount, ClientWrite") == true)
        }
    }

    @Test func theKernelsEscapesAreUndone() {
        #expect(StorageReading.unescaped("a\\040b\\134\\011") == "a b\\\t")
        #expect(StorageReading.unescaped("\\9") == "\\9")
    }

    @Test(arguments: ["Permission denied", "Operation not permitted"])
    func aDenialIsToldApart(_ words: String) throws {
        let world = try HostWorld()
        try world.run(
            "printf '#!/bin/sh\\necho ls: \(words) >&2; exit 2' >bin/ls; chmod 755 bin/ls"
        )
        let facts = try world.host().inspect(world.inspection()).storage
        let found = StorageProof.objections(facts, expecting: HostWorld.fileSystem)
        #expect(found.map(\.code) == ["efs_denied"])
        #expect(found.first?.detail?.contains(words) == true)
        #expect(found.first?.hint?.contains("ClientWrite and ClientRootAccess") == true)
    }

    @Test func theMountHelpersLogIsShown() throws {
        let world = try HostWorld()
        try world.write("proc/self/mountinfo", "")
        try world.run("mkdir -p var/log/amazon/efs")
        try world.write(
            "var/log/amazon/efs/mount.log",
            "2026-06-01 10:00:00 - INFO - version=1.35.0\n2026-06-01 10:00:01 - ERROR - "
                + "mount.nfs4: access denied by server while mounting 127.0.0.1:/\n"
        )
        let facts = try world.host().inspect(world.inspection()).storage
        let found = StorageProof.objections(facts, expecting: HostWorld.fileSystem)
        #expect(found.map(\.code) == ["efs_not_mounted"])
        #expect(found.first?.detail?.contains("access denied by server") == true)
    }

    /// Lists of the kernel in which something lies over the file system, by their lines in front of and
    /// behind its own; MOUNT is the mount point, ABOVE its parent, DEVICE what stat shows.
    @Test(arguments: [
        // Another disk was mounted over the parent later.
        ("", "50 22 8:2 / ABOVE rw shared:3 - ext4 /dev/sdb rw", "efs_not_mounted", "hidden"),
        // What was moved onto it keeps its early place in the list.
        ("35 36 DEVICE / MOUNT rw shared:3 - ext4 /dev/sdb rw", "", "efs_not_network", "ext4"),
        ("", "50 36 DEVICE / MOUNT rw shared:3 - ext4 /dev/sdb rw", "efs_not_network", "ext4"),
        // Below it, or beside: nothing that hides it.
        ("", "50 36 8:2 / MOUNT/x rw shared:3 - ext4 /dev/sdb rw", "", ""),
        ("35 22 8:2 / ABOVE rw shared:3 - ext4 /dev/sdb rw", "", "efs_not_mounted", "hidden"),
        ("", "", "", ""),
    ])
    func theFileSystemThatThePathLeadsToCounts(
        _ before: String,
        _ behind: String,
        _ code: String,
        _ word: String
    ) throws {
        let world = try HostWorld()
        let number = try world.device()
        let above = String(world.mount.dropLast("/efs".count))
        let list = try world.read("proc/self/mountinfo")
        let text =
            (before.isEmpty ? "" : before + "\n") + list + (behind.isEmpty ? "" : behind + "\n")
        try world.write(
            "proc/self/mountinfo",
            text.replacing("MOUNT", with: world.mount).replacing("ABOVE", with: above)
                .replacing("DEVICE", with: number)
        )
        let facts = try world.host().inspect(world.inspection()).storage
        let found = StorageProof.objections(facts, expecting: HostWorld.fileSystem)
        #expect((found.first?.code ?? "") == code)
        #expect(found.first?.detail?.contains(word) ?? true)
        let apply = try world.host().apply(HostWorld.step("1-apply"), ApplyTests.request(world))
        #expect(apply.stage == (code.isEmpty ? .done : .proof))
    }

    /// The list says one device, and the path leads to another.
    @Test func theDeviceAtThePathIsCompared() throws {
        let world = try HostWorld()
        try world.run(
            "sed -i 's/^36 22 [0-9:]*/36 22 0:70000/' proc/self/mountinfo; rm -rf mnt/efs/.geusemaker"
        )
        let facts = try world.host().inspect(world.inspection()).storage
        let found = StorageProof.objections(facts, expecting: HostWorld.fileSystem)
        #expect(found.map(\.code) == ["efs_not_mounted"])
        #expect(found.first?.detail?.hasPrefix("The kernel lists 0:70000") == true)
        #expect(found.first?.hint?.contains("findmnt") == true)
        // What is not known to be the file system is not written to.
        #expect(try world.run("ls -A mnt/efs") == "n8n\n")
        let error = #expect(throws: Diagnostic.self) {
            try secure(world)
        }
        #expect(error?.code == "efs_not_mounted")
    }

    /// The end of a script that only proves the mount, and tells the verdict.
    static let proof = """
        value "$G_MOUNT"; mount=$decoded
        value "$G_FILESYSTEM"; filesystem=$decoded
        value "$G_NONCE"; nonce=$decoded
        printf '%s\\n' "$mount/n8n" >"$work/list"
        look "$work/list"
        put verdict "$(objection)"
        finish done
        """

    /// The rules stand twice, here and in the script; random mounts must get one verdict.
    @Test func theScriptAndTheProofAgree() throws {
        let world = try HostWorld()
        var random = ComposeLayoutFuzzTests.Generator(state: 11)
        func pick<T>(_ choices: [T], _ fallback: T) -> T {
            choices.randomElement(using: &random) ?? fallback
        }
        let id = "fs-0123456789abcdef0"
        let sources = [
            id + ":/", id + ".efs.us-east-1.amazonaws.com:/", "a." + id + ".efs.x:/a\\040b",
            "127.0.0.1:/", "10.0.0.7:/", "[fd00::7]:/", "fs-00000000:/", id + "1:/",
            "x" + id + ":/", "/dev/sda1",
        ]
        let setups = [
            "touch var/run/efs/\(id).\(world.mount.dropFirst().replacing("/", with: ".")).20049",
            "echo '10.0.0.7 host \(id).efs.us-east-1.amazonaws.com' >etc/hosts",
            "echo 'fd00::7 host \(id).efs.us-east-1.amazonaws.com' >>etc/hosts",
            "echo \(HostWorld.nonce) >mnt/efs/.geusemaker/nonce", ":",
            "rmdir mnt/efs/n8n; ln -s /tmp mnt/efs/n8n", ":",
        ]
        var verdicts: Set<String> = []
        for round in 0..<60 {
            try world.run(
                "rm -rf var/run/efs/* etc/* mnt/efs/* mnt/efs/.geusemaker; "
                    + "mkdir -p mnt/efs/n8n mnt/efs/.geusemaker"
            )
            for setup in setups where Bool.random(using: &random) { try world.run(setup) }
            try world.mountLine(
                type: pick(["nfs4", "nfs4", "nfs", "ext4"], ""),
                source: pick(sources, ""),
                options: pick(["rw", "rw", "rw", "ro"], "")
            )
            if round % 20 == 0 { try world.write("proc/self/mountinfo", "") }
            let nonce = pick([nil, HostWorld.nonce], nil)
            let request = world.inspection(nonce: nonce)
            let text = HostScript.text(
                [HostScript.storage, Self.proof],
                step: "proof",
                root: world.root,
                StorageReading.values(of: request, networkTypes: ["nfs4", "nfs"])
            )
            let reply = try LocalTransport(world).run(text, comment: "", timeout: 30)
            let result = try #require(HostResult(reply.output, step: "proof"), "\(reply.errors)")
            let facts = try #require(
                StorageReading.facts(result.payload, mountPoint: world.mount)
            )
            let found = StorageProof.objections(facts, expecting: HostWorld.fileSystem)
            let verdict = result.payload.text("verdict") ?? ""
            #expect((found.first?.code ?? "") == verdict, "\(facts)")
            verdicts.insert(verdict)
        }
        #expect(verdicts.count >= 6, "\(verdicts)")
    }

    @Test func aMountThatTakesNothingSaysWhy() throws {
        let world = try HostWorld()
        try world.write(
            "bin/mkdir",
            "#!/bin/sh\ncase $* in *.geusemaker*) echo 'mkdir: Disk quota exceeded' >&2; exit 1 ;; esac\n"
                + "exec /bin/mkdir \"$@\"\n"
        )
        try world.run("chmod 755 bin/mkdir; rm -rf mnt/efs/.geusemaker")
        let error = #expect(throws: Diagnostic.self) {
            try secure(world)
        }
        #expect(error?.code == "efs_failed")
        #expect(error?.detail?.contains("Disk quota exceeded") == true)
        #expect(error?.summary.contains("mkdir") == false)
    }
}
