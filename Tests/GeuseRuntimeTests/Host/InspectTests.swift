import Testing

@testable import GeuseRuntime

/// The inspect script, run by dash on a host of files.
@Suite struct InspectTests {
    @Test func itTellsTheWholeStack() throws {
        let world = try HostWorld()
        let transport = LocalTransport(world)
        let facts = try world.host(transport).inspect(world.inspection())
        #expect(facts.project.name == "stack")
        #expect(facts.project.file == world.file)
        #expect(facts.project.directory == world.root + "/stack")
        #expect(facts.services.map(\.name.text) == ["n8n", "postgres"])
        #expect(facts.services.map(\.configuredImage) == ["n8nio/n8n:1.0", "postgres:15"])
        #expect(facts.services.map(\.isWell) == [true, true])
        let n8n = try #require(facts.services.first)
        #expect(n8n.imageID == "sha256:" + HostWorld.hex("n8nio/n8n:1.0"))
        #expect(n8n.digest == "sha256:" + HostWorld.hex("dn8nio/n8n:1.0"))
        #expect(n8n.mounts == ["/data": world.mount + "/n8n"])
        #expect(facts.storage.isMounted)
        #expect(facts.storage.answer == .answered)
        #expect(facts.storage.volumes == [world.mount + "/n8n": true])
        #expect(facts.storage.nonceMatches == nil)
        #expect(facts.dockerVersion == "26.1.5")
        #expect(facts.composeVersion == "2.26.1")
        #expect(facts.freeBytes > 0)
        #expect(StorageProof.objections(facts.storage, expecting: HostWorld.fileSystem).isEmpty)
        #expect(try world.unknownCalls() == "")
        #expect(transport.scripts.count == 1)
    }

    @Test func whatDockerHasUnderTheNamesOfTheFileIsTold() throws {
        let world = try HostWorld()
        try world.run("rm docker/images/\(HostWorld.hex("n8nio/n8n:1.0"))")
        let services = try world.host().inspect(world.inspection()).services
        #expect(
            services.map(\.local) == [
                .missing, .image("sha256:" + HostWorld.hex("postgres:15")),
            ]
        )
    }

    /// A container as docker tells it, and the configuration as compose does; what is left out is as in the image.
    @Test func whatTheFileWouldChangeIsTold() throws {
        let world = try HostWorld()
        try world.write(
            "docker/config.json",
            #"""
            {"services":{"n8n":{"image":"n8nio/n8n:1.0","environment":{"SAME":"a $$b \u0026 c","TWICE":"pa$$$$word","EDITED":"new",
              "SHELL_ONLY":"","UNSET":null,"PG/ODD":"1"},"command":["n8n","--x=$$y"],"user":"1000",
              "volumes":[{"type":"bind","source":"/mnt/efs/n8n/","target":"/data"},
                {"type":"volume","source":"cache","target":"/cache"}],
              "ports":[{"mode":"ingress","host_ip":"127.0.0.1","target":5678,"published":"5678","protocol":"tcp"}]},
             "postgres":{"image":"postgres:15","entrypoint":[""],"command":["postgres"],"environment":{"POSTGRES_PASSWORD":"rotated"},
              "volumes":[{"type":"bind","source":"/mnt/efs/postgres-new","target":"/var/lib/postgresql/data"}]}},
             "volumes":{"cache":{"name":"stack_cache"}}}
            """#
        )
        let n8n = HostWorld.hex("n8n")
        let postgres = HostWorld.hex("postgres")
        let id = { (image: String) in "sha256:" + HostWorld.hex(image) }
        try world.write(
            "docker/containers/\(n8n)/made",
            #"{"service":"n8n","oneoff":"False","image":"\#(id("n8nio/n8n:1.0"))","user":"1000","#
                + #""env":["SAME=a $b \u0026 c","TWICE=pa$$word","EDITED=old-hunter2","SHELL_ONLY=k3y","PG/ODD=1","PATH=/bin","GONE=1","#
                + #""HTTPS_PROXY=x"],"command":["n8n","--x=$y"],"entrypoint":["tini"],"mounts":["#
                + #"{"Type":"bind","Source":"/mnt/efs/n8n","Destination":"/data"},"#
                + #"{"Type":"volume","Name":"stack_cache","Source":"/v","Destination":"/cache"}],"#
                + #""ports":{"5678/tcp":[{"HostIp":"127.0.0.1","HostPort":"5678"}]}}"#
        )
        try world.write(
            "docker/containers/\(postgres)/made",
            #"{"service":"postgres","oneoff":"False","image":"\#(id("postgres:15"))","user":"","#
                + #""env":["POSTGRES_PASSWORD=first","PGDATA=/d"],"command":["postgres"],"entrypoint":null,"#
                + #""mounts":[{"Type":"bind","Source":"/mnt/efs/postgres","Destination":"/var/lib/postgresql/data"}],"#
                + #""ports":{}}"#
        )
        try world.run("mkdir docker/image_made")
        try world.write(
            "docker/image_made/\(HostWorld.hex("n8nio/n8n:1.0"))",
            #"{"id":"\#(id("n8nio/n8n:1.0"))","user":"node","env":["PATH=/bin"],"command":["n8n"],"entrypoint":["tini"]}"#
        )
        try world.write(
            "docker/image_made/\(HostWorld.hex("postgres:15"))",
            #"{"id":"\#(id("postgres:15"))","user":"","env":["PGDATA=/d"],"command":["postgres"],"entrypoint":null}"#
        )
        for shell in [["/bin/dash"], ["busybox", "sh"]] {
            let hasBusyBox = try !world.run("command -v busybox || :").isEmpty
            guard shell.count == 1 || hasBusyBox else {
                continue
            }
            world.shell =
                shell.count == 1
                ? shell : ["/usr/bin/env", "PATH=\(world.root)/bin:/usr/bin:/bin"] + shell
            let transport = LocalTransport(world)
            let services = try world.host(transport).inspect(world.inspection()).services
            #expect(
                services.map(\.differences) == [
                    ["environment EDITED", "environment GONE", "environment SHELL_ONLY"],
                    ["mount /var/lib/postgresql/data"],
                ]
            )
            #expect(try world.unknownCalls() == "")
        }
    }

    /// What stands in the file is not in the long form with every tool that calls itself compose.
    @Test func aConfigurationInItsShortFormIsNoDifference() throws {
        let world = try HostWorld()
        try world.write(
            "docker/config.json",
            #"""
            {"services":{"n8n":{"image":"n8nio/n8n:1.0","environment":["SAME=a=b","EDITED=new","FROM_SHELL"],
              "env_file":["runtime.env"],"command":"n8n --x","volumes":["/mnt/efs/n8n:/data"],"ports":["5678:5678"]}}}
            """#
        )
        let image = "sha256:" + HostWorld.hex("n8nio/n8n:1.0")
        try world.write(
            "docker/containers/\(HostWorld.hex("n8n"))/made",
            #"{"service":"n8n","oneoff":"False","image":"\#(image)","user":"","#
                + #""env":["SAME=a=b","EDITED=old","OF_THE_FILE=1"],"command":["n8n","--x"],"entrypoint":null,"mounts":["#
                + #"{"Type":"bind","Source":"/mnt/efs/n8n","Destination":"/data"}],"#
                + #""ports":{"5678/tcp":[{"HostIp":"","HostPort":"5678"}]}}"#
        )
        try world.run("mkdir docker/image_made")
        try world.write(
            "docker/image_made/\(HostWorld.hex("n8nio/n8n:1.0"))",
            #"{"id":"\#(image)","user":"","env":[],"command":["n8n"],"entrypoint":null}"#
        )
        let services = try world.host().inspect(world.inspection()).services
        #expect(services.map(\.differences) == [["environment EDITED"], []])
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        ("1000 5000 2000", 2000 << 10, 2000), ("0 0 0", 0, nil), ("x", Int.max, nil),
        ("9 9 9999999999999999999", Int.max, nil),
        ("9 9 999999999999999999", Int.max, 999_999_999_999_999_999),
    ])
    func theRoomOnTheDiskIsTold(_ numbers: String, _ bytes: Int, _ inodes: Int?) throws {
        let world = try HostWorld()
        try world.write("bin/df", "#!/bin/sh\necho head\necho /dev/x \(numbers) 1% /\n")
        try world.run("chmod 755 bin/df")
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.freeBytes == bytes)
        #expect(facts.freeInodes == inodes)
    }

    /// Its disk, that of a partition, and one below a RAID.
    @Test(arguments: [
        ("nvme1n1", "nvme1n1/device", "Amazon EC2 NVMe Instance Storage", true),
        ("nvme0n1", "nvme0n1/device", "Amazon Elastic Block Store", false),
        ("nvme1n1p1", "nvme1n1p1/../device", "Amazon EC2 NVMe Instance Storage", true),
        ("md0", "md0/slaves/nvme1n1/device", "Amazon EC2 NVMe Instance Storage", true),
        ("none", "other/device", "Amazon EC2 NVMe Instance Storage", false),
    ])
    func dockersDiskIsKnownByItsModel(
        _ disk: String,
        _ place: String,
        _ model: String,
        _ isStore: Bool
    ) throws {
        let world = try HostWorld()
        try world.write("bin/df", "#!/bin/sh\necho head\necho /dev/\(disk) 9 1 8 1% /\n")
        try world.run(
            "chmod 755 bin/df; mkdir -p dev sys/class/block/\(disk); "
                + "cd sys/class/block && mkdir -p \(place) && echo '\(model)' >\(place)/model"
        )
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.keepsDockerOnInstanceStore == isStore)
        #expect(facts.freeBytes == 8 * 1024)
        #expect(try world.unknownCalls() == "")
    }

    @Test func secretsAreMaskedAndOffsetsHold() throws {
        let world = try HostWorld()
        let facts = try world.host().inspect(world.inspection())
        let real = try world.read("stack/docker-compose.yml")
        let shown = String(decoding: facts.project.bytes, as: UTF8.self)
        #expect(facts.project.sha256 == HostWorld.hex(real))
        #expect(shown == real.replacingOccurrences(of: "hunter2", with: "xxxxxxx"))
    }

    @Test func theFallbackFileIsFoundWithoutContainers() throws {
        let world = try HostWorld()
        try world.run(
            "rm -r docker/containers/* && mkdir -p opt/geusemaker/runtime "
                + "&& mv stack/docker-compose.yml opt/geusemaker/runtime/ "
                + "&& echo POSTGRES_PASSWORD=a >opt/geusemaker/runtime.env"
        )
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.project.file == world.root + "/opt/geusemaker/runtime/docker-compose.yml")
        #expect(facts.project.name == "stack")
        #expect(facts.project.environmentFiles == [world.root + "/opt/geusemaker/runtime.env"])
        #expect(facts.services.map(\.state) == [nil, nil])
        #expect(
            try world.read("docker/calls").contains(
                "--env-file \(world.root)/opt/geusemaker/runtime.env"
            )
        )
    }

    @Test func theEnvironmentOfTheLabelWins() throws {
        let world = try HostWorld()
        try world.run("echo A=1 >stack/runtime.env")
        let first = try world.host().inspect(world.inspection())
        #expect(first.project.environmentFiles == [world.root + "/stack/runtime.env"])
        try world.run("echo B=1 >stack/.env")
        let second = try world.host().inspect(world.inspection())
        #expect(
            second.project.environmentFiles
                == [world.root + "/stack/.env", world.root + "/stack/runtime.env"]
        )
        for id in ["n8n", "postgres"] {
            try world.write("docker/containers/\(HostWorld.hex(id))/environment_file", "/a,/b c")
        }
        let third = try world.host().inspect(world.inspection())
        #expect(third.project.environmentFiles == ["/a", "/b c"])
    }

    @Test(arguments: [
        ("echo other >docker/containers/POSTGRES/project", "compose_several_projects"),
        ("printf /a.yml,/b.yml >docker/containers/N8N/config_files", "compose_file_missing"),
        ("rm stack/docker-compose.yml", "compose_file_missing"),
        ("rm -r docker/containers/*", "compose_not_found"),
        ("printf '!!bad' >>stack/docker-compose.yml", "compose_config_failed"),
        ("printf '#!/bin/sh\\nexit 1\\n' >bin/docker", "docker_unavailable"),
        (
            "yes '# 0123456789012345678901234567890' | head -c 1100000 >>stack/docker-compose.yml",
            "compose_too_complex"
        ),
        (
            "head -c 60000 /dev/urandom | base64 | sed 's/^/# /' >>stack/docker-compose.yml",
            "host_output_too_large"
        ),
    ])
    func whatIsWrongIsNamed(_ damage: String, _ code: String) throws {
        let world = try HostWorld()
        let command = damage.replacingOccurrences(of: "POSTGRES", with: HostWorld.hex("postgres"))
            .replacingOccurrences(of: "N8N", with: HostWorld.hex("n8n"))
        try world.run(command)
        let error = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(error?.code == code)
        #expect(error?.detail?.contains("hunter2") != true)
    }

    @Test func aLongValueIsReadAndAFileThatCouldNotBeMaskedIsNot() throws {
        let world = try HostWorld()
        try world.run(
            "sed -i \"s/hunter2/$(printf %024000d 7)/\" stack/docker-compose.yml"
        )
        let real = try world.read("stack/docker-compose.yml")
        let shown = try world.host().inspect(world.inspection()).project.bytes
        #expect(shown.count == real.utf8.count)
        #expect(!String(decoding: shown, as: UTF8.self).contains("007"))
        try world.write(
            "bin/timeout",
            "#!/bin/sh\nif [ \"$4\" = awk ]; then exit 124; fi\nexec /usr/bin/timeout \"$@\"\n"
        )
        try world.run("chmod 755 bin/timeout")
        let error = #expect(throws: Diagnostic.self) {
            try world.host().inspect(world.inspection())
        }
        #expect(error?.code == "compose_unmasked")
    }

    @Test func ofSeveralProjectsTheOneInItsPlaceIsMeant() throws {
        let world = try HostWorld()
        let other = HostWorld.hex("postgres")
        try world.run(
            "echo other >docker/containers/\(other)/project; mkdir -p opt/geusemaker; "
                + "mv stack/docker-compose.yml opt/geusemaker/"
        )
        let place = world.root + "/opt/geusemaker"
        let own = HostWorld.hex("n8n")
        try world.write("docker/containers/\(own)/config_files", place + "/docker-compose.yml")
        try world.write("docker/containers/\(own)/working_dir", place)
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.project.name == "stack")
        #expect(facts.project.file == place + "/docker-compose.yml")
    }

    @Test func aHungMountDoesNotHangTheScript() throws {
        let world = try HostWorld()
        // A read of a FIFO that nobody writes blocks, as a hard NFS mount does.
        try world.run(
            "rm -rf mnt/efs/.geusemaker; printf '#!/bin/sh\\ncat \(world.root)/fifo' >bin/ls; "
                + "chmod 755 bin/ls; mkfifo fifo"
        )
        let facts = try world.host().inspect(world.inspection(nonce: HostWorld.nonce))
        #expect(facts.storage.answer == .hung)
        #expect(facts.storage.nonceMatches == false)
        #expect(facts.services.count == 2)
    }

    @Test func aBrokenMountSaysWhy() throws {
        let world = try HostWorld()
        try world.run(
            "printf '#!/bin/sh\\necho Stale file handle >&2; exit 2' >bin/ls; chmod 755 bin/ls"
        )
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.storage.answer == .failed)
        #expect(facts.storage.error == "Stale file handle")
    }

    @Test func volumesThatLeadAwayAreSeen() throws {
        let world = try HostWorld()
        try world.run("rmdir mnt/efs/n8n; mkdir elsewhere; ln -s ../../elsewhere mnt/efs/n8n")
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.storage.volumes == [world.mount + "/n8n": false])
    }

    @Test(arguments: [
        ("touch var/run/efs/fs-0123456789abcdef0.DOTTED.20049", "fs-0123456789abcdef0"),
        ("touch var/run/efs/fs-0123456789abcdef0.DOTTED.20050", nil),
        ("touch var/run/efs/fs-0123456789abcdef0.mnt.other.20049", nil),
        ("echo 'fs-0123456789abcdef0:/ MOUNT efs tls 0 0' >etc/fstab", "fs-0123456789abcdef0"),
        ("echo '#fs-0123456789abcdef0:/ MOUNT efs tls 0 0' >etc/fstab", nil),
        (
            "echo '127.0.0.1 fs-0123456789abcdef0.efs.eu-west-1.amazonaws.com' >etc/hosts",
            "fs-0123456789abcdef0"
        ),
        (":", nil),
    ])
    func aTunnelIsTracedToItsFileSystem(_ setup: String, _ expected: String?) throws {
        let world = try HostWorld()
        try world.mountLine(source: "127.0.0.1:/")
        let dotted = world.mount.dropFirst().replacing("/", with: ".")
        try world.run(
            setup.replacingOccurrences(of: "DOTTED", with: String(dotted))
                .replacingOccurrences(of: "MOUNT", with: world.mount)
        )
        let facts = try world.host().inspect(world.inspection())
        #expect(facts.storage.tunnelFileSystem == expected)
        let codes = StorageProof.objections(facts.storage, expecting: HostWorld.fileSystem).map(
            \.code
        )
        #expect(codes == (expected == nil ? ["efs_wrong_file_system"] : []))
    }
}
