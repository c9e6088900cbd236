import Testing

@testable import GeuseRuntime

/// What the scripts find out about data, and the dumps that they take, on a host of files.
@Suite struct StatefulScriptTests {
    static let compose = """
        services:
          n8n:
            image: n8nio/n8n:1.0
            environment:
              N8N_ENCRYPTION_KEY: KEY
              DB_TYPE: postgresdb
            volumes:
              - type: bind
                source: MOUNT/n8n
                target: /home/node/.n8n
          postgres:
            image: postgres:15
          qdrant:
            image: qdrant/qdrant:v1.7.4
          ollama:
            image: ollama/ollama:0.1.20
        """

    func world(key: String = "of-the-first-day", config: String? = nil) throws -> HostWorld {
        let text = Self.compose.replacingOccurrences(of: "KEY: KEY", with: "KEY: \(key)")
        let world = try HostWorld(
            compose: text + "\n",
            images: ["qdrant/qdrant:v1.7.4", "ollama/ollama:0.1.20"]
        )
        try world.run("mkdir -p mnt/efs/postgres mnt/efs/qdrant docker/tools")
        for (service, target) in [
            ("n8n", "/home/node/.n8n"), ("postgres", "/var/lib/postgresql/data"),
            ("qdrant", "/qdrant/storage"),
        ] {
            try world.write(
                "docker/containers/\(HostWorld.hex(service))/volumes",
                "\(world.mount)/\(service)\t\(target)\n"
            )
        }
        try world.write("mnt/efs/postgres/PG_VERSION", "15\n")
        try world.write(
            "mnt/efs/n8n/config",
            config ?? "{\n\t\"encryptionKey\": \"of-the-first-day\"\n}"
        )
        try world.write(
            "docker/containers/\(HostWorld.hex("n8n"))/environment",
            "N8N_ENCRYPTION_KEY=hunter2\nDB_TYPE=postgresdb\nDB_POSTGRESDB_HOST=postgres\n"
        )
        try world.write(
            "docker/containers/\(HostWorld.hex("postgres"))/environment",
            "PG_MAJOR=15\nPGDATA=/var/lib/postgresql/data\nPOSTGRES_PASSWORD=hunter2\n"
        )
        for (tool, text) in Self.tools {
            try world.write("docker/tools/\(tool)", "#!/bin/sh\n" + text)
        }
        try world.run("chmod 755 docker/tools/*")
        return world
    }

    /// PostgreSQL's tools: a dump begins and ends with a word, and is whole only with both.
    private static let tools = [
        "psql": """
        [ "$PGPASSWORD" = hunter2 ] || exit 2
        case $* in *rolsuper*) echo t ;; *pg_database_size*) cat "$WORLD/size" 2>/dev/null || echo 8192 ;; *) echo geusemaker; echo 'a b' ;; esac

        """,
        "pg_dump": """
        [ ! -f "$WORLD/no_dump" ] || { echo "pg_dump: error: connection failed" >&2; exit 1; }
        echo "PGDMP $PGDATABASE"
        [ -f "$WORLD/cut" ] || echo END

        """,
        "pg_dumpall": """
        echo "pg_dumpall $*" >>"$WORLD/dumpall"
        echo 'CREATE ROLE app;'
        [ -f "$WORLD/cut_roles" ] || printf -- '\n--\n-- PostgreSQL database cluster dump complete\n--\n\n'

        """,
        "pg_restore":
            "[ \"$(tail -n 1)\" = END ] || { echo 'unexpected end of file' >&2; exit 1; }\n",
    ]

    func facts(_ world: HostWorld, _ service: String) throws -> StatefulFacts {
        let transport = LocalTransport(world)
        let facts = try world.host(transport).inspect(world.inspection())
        #expect(try world.unknownCalls() == "")
        return try #require(facts.stateful(ServiceName(unchecked: service)))
    }

    @Test func theDataTellsItsVersion() throws {
        let world = try world()
        let found = try facts(world, "postgres")
        #expect(found.kind == .postgres)
        #expect(found.isRunning)
        #expect(found.dataVersion == "15")
        #expect(found.dataPath == "/var/lib/postgresql/data")
        #expect(found.hostPath == world.mount + "/postgres")
        #expect(found.mountedAt == "/var/lib/postgresql/data")
        #expect(found.programVersion == "15")
        #expect(!found.setsDataPath)
        #expect(!found.isEmpty)
        try world.run("rm mnt/efs/postgres/PG_VERSION")
        let empty = try facts(world, "postgres")
        #expect(empty.dataVersion == nil)
        #expect(empty.isEmpty)
    }

    /// A container may have been made from an image's id, which names no program.
    @Test func aProgramIsKnownWhereItsContainerNamesAnIdAlone() throws {
        let world = try world()
        let id = "sha256:" + HostWorld.hex("postgres:15")
        try world.write("docker/containers/\(HostWorld.hex("postgres"))/image", id)
        // By what the compose file says, where docker has no name for it.
        #expect(try facts(world, "postgres").kind == .postgres)
        // By docker's names of it: a step that takes dumps asks for nothing else.
        try world.run("mkdir docker/tags")
        try world.write(
            "docker/tags/\(HostWorld.hex(id))",
            "geusemaker.local/kept:0123\nregistry.test:5000/team/postgres:15\n"
        )
        #expect(try secure(world, .postgres, of: "postgres").dumps.count == 3)
        #expect(try world.unknownCalls() == "")
    }

    @Test func aVolumeMayHoldTheDataDeeper() throws {
        let world = try world()
        let id = HostWorld.hex("postgres")
        try world.run(
            "mkdir -p mnt/efs/postgres/18/docker && echo 18 >mnt/efs/postgres/18/docker/PG_VERSION"
        )
        try world.write(
            "docker/containers/\(id)/environment",
            "PGDATA=/var/lib/postgresql/18/docker\n"
        )
        try world.write(
            "docker/containers/\(id)/volumes",
            "\(world.mount)/postgres\t/var/lib/postgresql\n"
        )
        let found = try facts(world, "postgres")
        #expect(found.dataVersion == "18")
        #expect(found.mountedAt == "/var/lib/postgresql")
    }

    @Test(
        arguments: [
            ("of-the-first-day", nil, StatefulFacts.Key.same), ("\"of-the-first-day\"", nil, .same),
            ("'of-the-first-day'", nil, .same), ("another", nil, .different), ("\"\"", nil, .unset),
            ("null", nil, .unset), ("of-the-first-day", "{}", .absent),
            ("'it''s $$5'", "{\"encryptionKey\":\"it's $5\"}", .same),
            ("'a\"b\\c'", #"{"a": 1, "encryptionKey" : "a\"b\\c", "b": 2}"#, .same),
            ("\"a\\tb\"", nil, .unknown), ("x", #"{"encryptionKey": "\u0041"}"#, .unknown),
        ] as [(String, String?, StatefulFacts.Key)]
    )
    func keysAreComparedOnTheHost(
        _ key: String,
        _ config: String?,
        _ expected: StatefulFacts.Key
    ) throws {
        let world = try world(key: key, config: config)
        let found = try facts(world, "n8n")
        #expect(found.key == expected)
        #expect(found.database == "postgres")
    }

    @Test func noSecretLeavesTheHost() throws {
        let world = try world()
        let transport = LocalTransport(world)
        var output = ""
        transport.damage = {
            output += $0; return $0
        }
        _ = try world.host(transport).inspect(world.inspection())
        let line = try #require(output.split(separator: "\n").last)
        let json = try JSONParser.parse(String(line))
        let packed = try #require(Base64Text.decode(json["payload"]?.stringValue ?? ""))
        let text = String(decoding: try Gzip.decompress(packed, limit: 1 << 20), as: UTF8.self)
        let words = text.split(whereSeparator: { " \n:".contains($0) })
        for word in words {
            let plain = Base64Text.decode(word).map { String(decoding: $0, as: UTF8.self) } ?? ""
            #expect(!plain.contains("hunter2"))
            #expect(!plain.contains("of-the-first-day"))
        }
        #expect(!text.contains("hunter2"))
    }

    @Test func aGPUIsSeenByItsDevicesAndByWhatOllamaSays() throws {
        let world = try world()
        #expect(try facts(world, "ollama").seesGPU == nil)
        let container = "docker/containers/\(HostWorld.hex("ollama"))"
        try world.write("\(container)/pid", "77")
        #expect(try facts(world, "ollama").seesGPU == false)
        try world.run("mkdir -p proc/77/root/dev && : >proc/77/root/dev/nvidia0")
        try world.write("\(container)/log", "level=INFO msg=\"inference compute\" library=cuda\n")
        #expect(try facts(world, "ollama").seesGPU == true)
        try world.write(
            "\(container)/log",
            "level=INFO msg=\"inference compute\" id=0 library=cpu\n"
        )
        #expect(try facts(world, "ollama").seesGPU == false)
    }

    @Test func anApplyHoldsAServiceToItsGPU() throws {
        let world = try world()
        var request = try ApplyTests.request(world, .none)
        request.needsGPU = [ServiceName(unchecked: "ollama")]
        let evidence = try world.host().apply(HostWorld.step("1-apply"), request)
        #expect(evidence.stage == .health)
        #expect(evidence.withoutGPU == ["ollama"])
        #expect(evidence.error?.hasPrefix("service_without_gpu") == true)
        try world.write("docker/containers/\(HostWorld.hex("ollama"))/pid", "77")
        try world.run("mkdir -p proc/77/root/dev && : >proc/77/root/dev/nvidia0")
        #expect(try world.host().apply(HostWorld.step("2-apply"), request).stage == .done)
    }

    // MARK: dumps

    func secure(_ world: HostWorld, _ kind: DataDump.Kind, of service: String) throws
        -> SecureEvidence
    {
        let name = ServiceName(unchecked: service)
        return try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce,
                dumps: [DataDump(kind: kind, service: name, cause: ServiceName(unchecked: "n8n"))]
            )
        )
    }

    @Test func eachDatabaseIsDumpedAndReadBack() throws {
        let world = try world()
        let evidence = try secure(world, .postgres, of: "postgres")
        #expect(evidence.dumps.map(\.name) == ["roles", "geusemaker", "a b"])
        #expect(evidence.dumps.map(\.kind) == [.roles, .postgres, .postgres])
        #expect(evidence.dumps.map(\.cause.text) == ["n8n", "n8n", "n8n"])
        let dump = try #require(evidence.dumps.last)
        #expect(dump.path == world.mount + "/.geusemaker/dumps/run-1/postgres-2.dump")
        let text = try world.read("mnt/efs/.geusemaker/dumps/run-1/postgres-2.dump")
        #expect(text == "PGDMP a b\nEND\n")
        #expect(dump.bytes == text.utf8.count)
        #expect(dump.sha256 == HostWorld.hex(text))
        let modes = try world.run(
            "stat -c %a mnt/efs/.geusemaker/dumps/run-1{,/postgres-2.dump}".replacingOccurrences(
                of: "{,/postgres-2.dump}",
                with: " mnt/efs/.geusemaker/dumps/run-1/postgres-2.dump"
            )
        )
        #expect(modes == "700\n600\n")
        #expect(try !world.read("docker/calls").contains("hunter2"))
        #expect(try world.unknownCalls() == "")
    }

    @Test(
        arguments: [
            ("touch docker/no_dump", "dump_failed"), ("touch docker/cut", "dump_not_whole"),
            ("touch docker/cut_roles", "dump_not_whole"),
            ("printf 'exit 1' >docker/tools/pg_dumpall", "dump_failed"),
            ("echo 9999999999999999 >docker/size", "dump_no_space"),
            ("printf exited >docker/containers/ID/state", "dump_failed"),
        ]
    )
    func aDumpThatFailsLeavesNothing(_ damage: String, _ code: String) throws {
        let world = try world()
        try world.run(damage.replacingOccurrences(of: "ID", with: HostWorld.hex("postgres")))
        let error = #expect(throws: Diagnostic.self) {
            try secure(world, .postgres, of: "postgres")
        }
        #expect(error?.code == code)
        #expect(try world.run("ls -A mnt/efs/.geusemaker/dumps") == "")
    }

    @Test func whereTheRolesCannotBeListedTheDumpSaysSo() throws {
        let world = try world()
        // This machine may have one of its own.
        try world.run(
            "rm docker/tools/pg_dumpall; ln -s /bin/sh /bin/cat /usr/bin/tail docker/tools/; "
                + "echo \"PATH=$PWD/docker/tools POSTGRES_PASSWORD=hunter2\" >docker/exec_environment"
        )
        let dumps = try secure(world, .postgres, of: "postgres").dumps
        #expect(dumps.map(\.kind) == [.postgres, .postgres])
        #expect(dumps.allSatisfy { $0.note?.contains("pg_dumpall") == true })
    }

    @Test func sqliteIsCopiedWithWhatIsInItsLog() throws {
        let world = try world()
        try world.write(
            "docker/containers/\(HostWorld.hex("n8n"))/environment",
            "N8N_ENCRYPTION_KEY=hunter2\n"
        )
        // A writer that is still there, its last rows in the write-ahead log alone.
        try world.run(
            """
            python3 -c '
            import os, sqlite3
            database = sqlite3.connect("mnt/efs/n8n/database.sqlite")
            database.execute("pragma journal_mode=wal")
            database.execute("create table flow (id integer)")
            database.executemany("insert into flow values (?)", [(n,) for n in range(500)])
            database.commit()
            os._exit(0)
            '
            """
        )
        #expect(try facts(world, "n8n").database == "sqlite")
        let evidence = try secure(world, .sqlite, of: "n8n")
        #expect(evidence.dumps.map(\.name) == ["database.sqlite"])
        let rows = try world.run(
            """
            gzip -dc mnt/efs/.geusemaker/dumps/run-1/n8n.sqlite.gz >copy
            python3 -c 'import sqlite3; print(sqlite3.connect("copy").execute("select count(*) from flow").fetchone()[0])'
            """
        )
        #expect(rows == "500\n")
        try world.run(
            "rm -r mnt/efs/.geusemaker/dumps && echo damaged >mnt/efs/n8n/database.sqlite"
        )
        let error = #expect(throws: Diagnostic.self) {
            _ = try world.host().secure(
                HostWorld.step("2-secure"),
                SecureRequest(
                    project: world.project(),
                    mountPoint: world.mount,
                    nonce: HostWorld.nonce,
                    dumps: [
                        DataDump(
                            kind: .sqlite,
                            service: ServiceName(unchecked: "n8n"),
                            cause: ServiceName(unchecked: "n8n")
                        )
                    ]
                )
            )
        }
        #expect(error?.code == "dump_failed")
    }

    @Test func qdrantWithoutItsInterfaceIsCopiedAndSaysSo() throws {
        let world = try world()
        try world.write("mnt/efs/qdrant/raft_state.json", "{}")
        let evidence = try secure(world, .qdrant, of: "qdrant")
        let dump = try #require(evidence.dumps.first)
        #expect(dump.note?.contains("did not answer") == true)
        #expect(
            try world.run("tar -tzf mnt/efs/.geusemaker/dumps/run-1/qdrant.tar.gz").contains(
                "raft_state"
            )
        )
    }

    @Test func qdrantsSnapshotsAreFetchedAndRemoved() throws {
        let world = try world()
        try world.write("docker/containers/\(HostWorld.hex("qdrant"))/address", "172.18.0.5\n")
        try world.write(
            "docker/containers/\(HostWorld.hex("qdrant"))/environment",
            "QDRANT__SERVICE__API_KEY=hunter2\n"
        )
        try world.write(
            "bin/curl",
            """
            #!/bin/sh
            echo "$*" >>"\(world.root)/docker/curls"
            case $* in
                *'-X DELETE'*) ;;
                *'-X POST'*) printf '{"result":{"name":"a-1.snapshot","size":4},"status":"ok"}' ;;
                */snapshots/a-1.snapshot) printf data ;;
                */collections) printf '{"result":{"collections":[{"name":"articles"}]},"status":"ok"}' ;;
                *) exit 22 ;;
            esac

            """
        )
        try world.run("chmod 755 bin/curl")
        let evidence = try secure(world, .qdrant, of: "qdrant")
        #expect(evidence.dumps.map(\.name) == ["articles"])
        #expect(evidence.dumps.map(\.note) == [nil])
        #expect(evidence.dumps.map(\.bytes) == [4])
        let calls = try world.read("docker/curls")
        #expect(
            calls.contains(
                "-X DELETE http://172.18.0.5:6333/collections/articles/snapshots/a-1.snapshot"
            )
        )
        #expect(!calls.contains("hunter2"))
        // A proxy in the agent's environment has nothing to do with a container next to it.
        #expect(calls.split(separator: "\n").allSatisfy { $0.contains("--noproxy *") })
    }
}
