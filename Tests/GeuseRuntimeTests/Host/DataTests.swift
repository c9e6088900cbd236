import Testing

@testable import GeuseRuntime

/// The data on the mount between a stop and the next start, as the real scripts see it.
@Suite struct DataTests {
    private static let small = "mnt/efs/n8n/small file"

    /// A world with data of all kinds.
    private static func filled() throws -> HostWorld {
        let world = try HostWorld()
        try world.run(
            """
            printf 'key\\n' >'\(small)'
            printf x >"mnt/efs/n8n/two
            lines"
            mkdir mnt/efs/n8n/empty; ln -s nowhere mnt/efs/n8n/link; : >mnt/efs/n8n/nothing
            head -c 200000 /dev/zero >mnt/efs/n8n/large
            mkdir -p mnt/efs/.geusemaker mnt/efs/other; echo no >mnt/efs/other/x
            """
        )
        return world
    }

    private static func stop(_ world: HostWorld, _ step: String = "1-stop") throws -> DataFacts? {
        try world.host().stopServices(
            HostWorld.step(step),
            try world.project(),
            recordingDataAt: world.mount
        )
    }

    private static func apply(
        _ world: HostWorld,
        restoring: Bool = false,
        step: String = "2-apply"
    ) throws -> ApplyEvidence {
        var request = try ApplyTests.request(world)
        if restoring {
            try world.run("mkdir -p var; cp stack/docker-compose.yml var/saved.yml")
            request.change = .restore(
                path: world.root + "/var/saved.yml",
                sha256: request.project.sha256
            )
        }
        return try world.host().apply(HostWorld.step(step), request)
    }

    private static func runs(_ world: HostWorld) throws -> Bool {
        try world.host().inspect(world.inspection()).services.contains { $0.state == "running" }
    }

    @Test func itIsWrittenDownAndTheSame() throws {
        let world = try Self.filled()
        let recorded = try Self.stop(world)
        // Of the services alone: neither ours nor another directory of the mount.
        #expect(recorded == DataFacts(.recorded, files: 4, bytes: 200_005, hashed: 4))
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .done)
        #expect(evidence.data == DataFacts(.same, files: 4, bytes: 200_005, hashed: 4))
        // Services write from then on, so nothing is compared a second time.
        #expect(try world.run("ls var/lib/geusemaker/runs").contains("-data") == false)
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        // Another content alone: size and time are what they were.
        (
            "touch -r 'F' ref; printf 'kay\\n' >'F'; touch -r ref 'F'", "changed", "changed"
        ),
        ("touch -d 2001-01-01 'F'", "changed", "changed"),
        ("chmod 777 'F'", "changed", "changed"),
        (
            "touch -r 'mnt/efs/n8n/large' ref; printf y | dd of=mnt/efs/n8n/large conv=notrunc 2>&1; "
                + "touch -r ref mnt/efs/n8n/large", "changed", "changed"
        ),
        (": >mnt/efs/n8n/new", "changed", "added"),
        // What a link leads to, though its length and time stay.
        (
            ": >ref; touch -hr mnt/efs/n8n/link ref; ln -sfn nothing mnt/efs/n8n/link; touch -hr ref mnt/efs/n8n/link",
            "changed", "changed"
        ),
        ("rm 'F'", "lost", "lost"),
        ("rmdir mnt/efs/n8n/empty", "lost", "lost"),
        ("rm mnt/efs/n8n/two*", "lost", "lost"),
        ("rm -rf mnt/efs/n8n/*", "lost", "lost"),
    ])
    func whatMovedStartsNothing(_ damage: String, _ verdict: String, _ word: String) throws {
        let world = try Self.filled()
        _ = try Self.stop(world)
        try world.run(damage.replacing("'F'", with: "'\(Self.small)'"))
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .proof)
        #expect(evidence.error?.hasPrefix("data_\(verdict)") == true)
        #expect(evidence.data?.verdict.rawValue == verdict)
        #expect(evidence.data?.differences.first?.hasPrefix(word + " " + world.mount) == true)
        #expect((evidence.data?.differences.count ?? 0) <= 5)
        #expect(try Self.runs(world) == false)
    }

    @Test func aFileThatWasRemovedWhileItWasOpenIsNone() throws {
        let world = try Self.filled()
        try world.run("echo gone >mnt/efs/n8n/.nfs00000000000a1b2c00000001")
        #expect(try Self.stop(world)?.files == 4)
        try world.run("rm mnt/efs/n8n/.nfs*")
        // The directory is another one by its time alone.
        #expect(try Self.apply(world).data?.verdict == .same)
    }

    @Test func whatALinkLeadsToIsListed() throws {
        let world = try Self.filled()
        try world.run("mv mnt/efs/n8n mnt/efs/real && ln -s real mnt/efs/n8n")
        #expect(try Self.stop(world)?.files == 4)
        try world.run("rm 'mnt/efs/real/small file'")
        #expect(try Self.apply(world).data?.verdict == .lost)
        // The same files behind another link are not what was there.
        _ = try Self.stop(world, "3-stop")
        try world.run("cp -a mnt/efs/real mnt/efs/copy && ln -sfn copy mnt/efs/n8n")
        #expect(try Self.apply(world, step: "4-apply").data?.verdict == .changed)
    }

    @Test func goingBackStartsOnChangedDataAndNotOnLostData() throws {
        let changed = try Self.filled()
        _ = try Self.stop(changed)
        try changed.run(": >mnt/efs/n8n/new")
        let evidence = try Self.apply(changed, restoring: true)
        #expect(evidence.stage == .done)
        #expect(evidence.data?.verdict == .changed)
        let lost = try Self.filled()
        _ = try Self.stop(lost)
        try lost.run("rm '\(Self.small)'")
        #expect(try Self.apply(lost, restoring: true).stage == .proof)
        #expect(try Self.runs(lost) == false)
    }

    @Test func servicesThatRanSinceMayHaveWritten() throws {
        let world = try Self.filled()
        _ = try Self.stop(world)
        try world.run("rm '\(Self.small)'")
        for name in ["n8n", "postgres"] {
            try world.write(
                "docker/containers/\(HostWorld.hex(name))/started",
                "2999-01-01T00:00:00Z"
            )
        }
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .done)
        #expect(evidence.data?.verdict == .written)
        // A clock that was set back says so, too.
        #expect(evidence.data?.sentence.contains("by their start times") == true)
    }

    @Test func aSecondStopWritesItDownAnew() throws {
        let world = try Self.filled()
        _ = try Self.stop(world)
        try world.run("rm '\(Self.small)'")
        #expect(try Self.stop(world, "3-stop")?.files == 3)
        #expect(try Self.apply(world).data?.verdict == .same)
    }

    @Test func anotherRunsRecordIsNone() throws {
        let world = try Self.filled()
        _ = try Self.stop(world)
        try world.run("rm '\(Self.small)'; cd var/lib/geusemaker/runs; mv *-data other-data")
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .done)
        #expect(evidence.data == nil)
    }

    @Test func whatCannotBeListedIsNoReasonToStayDown() throws {
        let world = try Self.filled()
        try world.run("printf '#!/bin/sh\\nexit 1' >bin/find; chmod 755 bin/find")
        #expect(try Self.stop(world)?.verdict == .slow)
        #expect(try Self.apply(world).stage == .done)
        try world.write("proc/self/mountinfo", "")
        #expect(try Self.stop(world, "3-stop")?.verdict == .unmounted)
    }

    /// coreutils 8.22, as in Amazon Linux 2.
    private static let oldSHA256Sum = """
        #!/bin/sh
        case " $* " in *' -z '*) echo "sha256sum: invalid option -- 'z'" >&2; exit 1 ;; esac
        exec /usr/bin/sha256sum "$@"
        """

    @Test func aHostWhoseToolsKnowNoNULsComparesContentToo() throws {
        let world = try Self.filled()
        try world.run("cat >bin/sha256sum; chmod 755 bin/sha256sum", input: Self.oldSHA256Sum)
        #expect(try Self.stop(world)?.hashed == 4)
        // Size and time are what they were.
        let small = Self.small
        try world.run(
            "touch -r '\(small)' ref; printf 'kay\\n' >'\(small)'; touch -r ref '\(small)'"
        )
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .proof)
        #expect(evidence.data?.verdict == .changed)
    }

    @Test func namesAloneAreNotTheSame() throws {
        let world = try Self.filled()
        try world.run("printf '#!/bin/sh\\nexit 1' >bin/xargs; chmod 755 bin/xargs")
        #expect(try Self.stop(world)?.hashed == 0)
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .done)
        #expect(evidence.data?.verdict == .unread)
        #expect(evidence.data?.sentence.contains("content of none could be compared") == true)
    }

    /// A newline in a name is told apart from the byte that stands for it.
    @Test func aNameThatCannotBeHandledIsNotCalledCompared() throws {
        let world = try Self.filled()
        try world.run("printf secret >\"mnt/efs/n8n/$(printf 'a\\001b')\"")
        #expect(try Self.stop(world)?.files == 5)
        let evidence = try Self.apply(world)
        #expect(evidence.stage == .done)
        #expect(evidence.data?.verdict == .unread)
        #expect(evidence.data?.files == 5)
        #expect(evidence.data?.hashed == 4)
        #expect(evidence.data?.sentence.contains("of some it could not be") == true)
        // That it is gone, or has another size, is seen all the same.
        _ = try Self.stop(world, "3-stop")
        try world.run("rm \"mnt/efs/n8n/$(printf 'a\\001b')\"")
        #expect(try Self.apply(world, step: "4-apply").data?.verdict == .lost)
    }

    /// Nothing reads on where services are about to start.
    @Test func whatTakesTooLongIsEndedWithAllThatItStarted() throws {
        let world = try HostWorld()
        try world.run(
            "cd mnt/efs/n8n; i=0; while [ $i -lt 400 ]; do echo $i >$i; i=$((i+1)); done"
        )
        try world.run(
            "cat >bin/sha256sum && chmod 755 bin/sha256sum",
            input: """
                #!/bin/sh
                [ $# -gt 1 ] || exit 0
                sleep 5
                echo "$$" >>"\(world.root)/ended"

                """
        )
        try world.run(
            "cat >script && mkdir work && PATH=$PWD/bin:$PATH /bin/dash script",
            input: "work=$PWD/work mount=$PWD/mnt/efs\necho \"$mount/n8n\" >work/data.paths\n"
                + HostScript.data + "\ngather_data 1\n"
        )
        #expect(try world.run("sleep 6; cat ended 2>/dev/null || :") == "")
    }

    /// A large tree at a network's latency: without the list nothing would be known of the data.
    @Test(arguments: [
        ("sleep 3; exec /usr/bin/find \"$@\"", ":", "400 1490 400\n"),
        // As long as it grows, and no longer than its limit.
        ("printf 'd'; sleep 9", "list_seconds=2", "gone\n"),
        ("printf 'd'; sleep 9", "still_seconds=2", "gone\n"),
    ])
    func aListThatTakesLongIsWaitedFor(_ find: String, _ setting: String, _ told: String) throws {
        let world = try HostWorld()
        try world.run(
            "cd mnt/efs/n8n; i=0; while [ $i -lt 400 ]; do echo $i >$i; i=$((i+1)); done"
        )
        try world.run("cat >bin/find && chmod 755 bin/find", input: "#!/bin/sh\n\(find)\n")
        let result = try world.run(
            "cat >script && mkdir work && PATH=$PWD/bin:$PATH timeout 8 /bin/dash script",
            input: "work=$PWD/work mount=$PWD/mnt/efs\necho \"$mount/n8n\" >work/data.paths\n"
                + HostScript.data
                + "\n\(setting)\nif gather_data 1; then data_counts; else echo gone; fi\n"
        )
        #expect(result == told)
    }

    @Test func noFilesAtAllAreSaidToBeNone() {
        #expect(DataFacts(.same).sentence.contains("nothing of the services' data was found"))
        #expect(DataFacts(.recorded).sentence.contains("nothing of the services' data was found"))
    }

    @Test func manyFilesAreAllLookedInto() throws {
        let world = try HostWorld()
        try world.run(
            "cd mnt/efs/n8n; mkdir -p d/e; i=0; while [ $i -lt 1500 ]; do echo $i >d/e/$i; i=$((i+1)); done; "
                + "i=0; while [ $i -lt 70 ]; do head -c 65537 /dev/zero >d/big$i; i=$((i+1)); done"
        )
        let facts = try Self.stop(world)
        #expect(facts?.files == 1570)
        #expect((1524...1532).contains(facts?.hashed ?? 0))
        #expect(try Self.apply(world).data?.verdict == .same)
    }

    @Test(arguments: [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (1249, "1.2 kB"), (12_345, "12 kB"),
        (999_999, "1 MB"), (1_200_000_000, "1.2 GB"), (5_000_000_000_000_000_000, "5000 PB"),
    ])
    func bytesAreReadable(_ bytes: Int, _ text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}
