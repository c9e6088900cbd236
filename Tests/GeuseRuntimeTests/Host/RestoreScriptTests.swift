import Testing

@testable import GeuseRuntime

/// Putting an SQLite database back by the host's script, and taking that back; PostgreSQL's way is held
/// against a real server in the lab.
@Suite struct RestoreScriptTests {
    private let n8n = ServiceName(unchecked: "n8n")

    private func world() throws -> HostWorld {
        let world = try HostWorld()
        let container = "docker/containers/\(HostWorld.hex("n8n"))"
        try world.write("\(container)/volumes", "\(world.mount)/n8n\t/home/node/.n8n\n")
        try world.write("\(container)/environment", "DB_TYPE=sqlite\n")
        try world.fillSQLite(rows: 500)
        return world
    }

    private func dump(_ world: HostWorld) throws -> [SavedDump] {
        try world.host().secure(
            HostWorld.step("1-secure"),
            SecureRequest(
                project: world.project(),
                mountPoint: world.mount,
                nonce: HostWorld.nonce,
                dumps: [DataDump(kind: .sqlite, service: n8n, cause: n8n)]
            )
        ).dumps
    }

    private func request(_ world: HostWorld, _ dumps: [SavedDump], undoes: Bool = false) throws
        -> DataRestoreRequest
    {
        DataRestoreRequest(
            project: try world.project(),
            storage: world.inspection(nonce: HostWorld.nonce),
            dumps: dumps,
            stops: [n8n],
            undoes: undoes
        )
    }

    @Test func aDatabaseComesBackAndCanBeTakenBack() throws {
        let world = try world()
        let dumps = try dump(world)
        try world.run("chmod 640 mnt/efs/n8n/database.sqlite")
        try world.fillSQLite(rows: 7)
        let kept = try world.host().restoreData(
            HostWorld.step("2-restore"),
            request(world, dumps)
        )
        #expect(try world.sqliteRows() == "500\n")
        #expect(try world.run("stat -c %a mnt/efs/n8n/database.sqlite") == "640\n")
        #expect(kept.map(\.service) == [n8n])
        let aside = try #require(kept.first?.place.split(separator: "/").last).description
        #expect(aside.hasPrefix("database.sqlite.before-"))
        #expect(try world.sqliteRows("n8n/\(aside)") == "7\n")
        #expect(try world.read("docker/containers/\(HostWorld.hex("n8n"))/state") == "exited")
        for step in ["3-unrestore", "4-unrestore"] {
            _ = try world.host().restoreData(
                HostWorld.step(step),
                request(world, [], undoes: true)
            )
            #expect(try world.sqliteRows() == "7\n")
        }
        #expect(try world.run("ls mnt/efs/n8n") == "database.sqlite\n")
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        ("truncate -s -1 PATH", "dump_damaged"), ("rm PATH", "dump_damaged"),
        ("rm -r docker/containers/ID", "restore_failed"),
    ])
    func whatIsNotRightChangesNothing(_ damage: String, _ code: String) throws {
        let world = try world()
        let dumps = try dump(world)
        try world.fillSQLite(rows: 7)
        let path = try #require(dumps.first?.path)
        try world.run(
            damage.replacingOccurrences(of: "PATH", with: path)
                .replacingOccurrences(of: "ID", with: HostWorld.hex("n8n"))
        )
        let error = #expect(throws: Diagnostic.self) {
            try world.host().restoreData(HostWorld.step("2-restore"), request(world, dumps))
        }
        #expect(error?.code == code)
        #expect(try world.sqliteRows() == "7\n")
    }

    @Test func nothingIsPutOnAnUnprovenMount() throws {
        let world = try world()
        let dumps = try dump(world)
        try world.fillSQLite(rows: 7)
        try world.mountLine(type: "ext4")
        let error = #expect(throws: Diagnostic.self) {
            try world.host().restoreData(HostWorld.step("2-restore"), request(world, dumps))
        }
        #expect(error?.code == "efs_not_network")
        #expect(try world.sqliteRows() == "7\n")
    }

    /// A server that knows the names of its databases and writes down what it is told.
    private func server(_ world: HostWorld, databases: [String]) throws {
        try world.run(
            "mkdir docker/tools && cat >docker/tools/psql && cp /bin/true docker/tools/pg_isready "
                + "&& cp /bin/true docker/tools/pg_restore && chmod 755 docker/tools/psql",
            input: #"""
                #!/bin/sh
                for word; do case $word in a=*) a=${word#a=} ;; esac; done
                text=$(cat)
                printf '%s: %s\n' "$a" "$text" >>"$WORLD/sql"
                case $text in
                    'select 1 from pg_database'*) if grep -qxF "$a" "$WORLD/databases"; then echo 1; fi ;;
                esac
                """#
        )
        try world.write("docker/databases", databases.map { $0 + "\n" }.joined())
    }

    /// The swap locks everybody out before it changes names; killed in between, nothing lies aside.
    @Test func aDatabaseThatASwapLockedIsOpenedAgain() throws {
        let world = try world()
        // The mark on the mount is that of the run's backup.
        _ = try dump(world)
        try server(world, databases: ["n8n"])
        let words = ["postgres", "n8n", "n8n_before_run_1"].map {
            Base64Text.encode(Array($0.utf8))
        }
        try world.run("mkdir -p var/lib/geusemaker/runs")
        try world.write(
            "var/lib/geusemaker/runs/run-1-restored",
            "postgres \(words.joined(separator: " "))\n"
        )
        _ = try world.host().restoreData(
            HostWorld.step("3-unrestore"),
            request(world, [], undoes: true)
        )
        let told = try world.read("docker/sql")
        #expect(told.contains("n8n: alter database :\"a\" with allow_connections true;"))
        #expect(!told.contains("rename"))
        #expect(try world.unknownCalls() == "")
    }

    /// What a real server makes of it is held in the lab; on 14 and older the clause has to stay away.
    @Test func aNewDatabaseGetsTheLocaleProviderOfTheOld() throws {
        let world = try world()
        // The mark on the mount is that of the run's backup.
        _ = try dump(world)
        try server(world, databases: ["n8n"])
        let path = world.mount + "/dump"
        try world.run("echo dump >'\(path)'")
        let dump = SavedDump(
            kind: .postgres,
            service: ServiceName(unchecked: "postgres"),
            cause: n8n,
            name: "n8n",
            path: path,
            bytes: 5,
            sha256: HostWorld.hex("dump\n")
        )
        _ = try world.host().restoreData(HostWorld.step("2-restore"), request(world, [dump]))
        let told = try world.read("docker/sql")
        // What is in no dump comes over from the present one before the two change places.
        let carried = try #require(told.firstRange(of: "aclexplode(datacl)"))
        let swapped = try #require(told.firstRange(of: "rename to"))
        #expect(carried.upperBound < swapped.lowerBound)
        for word in ["datconnlimit", "pg_db_role_setting", "shobj_description", "tablespace %I"] {
            #expect(told.contains(word), "\(word)")
        }
        #expect(told.contains("when 'i' then ' locale_provider icu icu_locale '"))
        #expect(told.contains("coalesce(j->>'datlocale', j->>'daticulocale')"))
        #expect(told.contains("lateral to_jsonb(d) j"))
    }

    private func saved(_ kind: DataDump.Kind, _ name: String, _ path: String, _ text: String)
        -> SavedDump
    {
        SavedDump(
            kind: kind,
            service: ServiceName(unchecked: "postgres"),
            cause: n8n,
            name: name,
            path: path,
            bytes: text.utf8.count,
            sha256: HostWorld.hex(text)
        )
    }

    /// A dump that somebody's comment makes look as if it had another statement.
    private static let roles = #"""
        \restrict abc
        SET standard_conforming_strings = on;
        CREATE ROLE app;
        ALTER ROLE app WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:verifier';
        COMMENT ON ROLE app IS 'x
        CREATE ROLE evil SUPERUSER;';
        CREATE ROLE boss;
        ALTER ROLE boss WITH SUPERUSER PASSWORD 'old';
        CREATE ROLE "a ""b""";
        ALTER ROLE app SET search_path TO 'a', E'b\'c;\\d';
        GRANT "a ""b""" TO app WITH ADMIN OPTION GRANTED BY boss;
        GRANT pg_monitor TO boss GRANTED BY boss;
        GRANT SET ON PARAMETER work_mem TO app;
        CREATE ROLE odd; \! touch "$WORLD/odd"
        ;
        -- PostgreSQL database cluster dump complete

        """#

    @Test func rolesThatAreMissingAreMadeBeforeTheirData() throws {
        let world = try world()
        _ = try dump(world)
        try server(world, databases: [])
        // The roles that there are.
        try world.run(
            #"sed -i '2i case $* in *pg_roles*) echo boss; exit ;; esac' docker/tools/psql"#
        )
        let roles = world.root + "/roles", path = world.root + "/dump"
        try world.write("roles", Self.roles)
        try world.write("dump", "dump\n")
        let dumps = [
            saved(.roles, "roles", roles, Self.roles), saved(.postgres, "n8n", path, "dump\n"),
        ]
        _ = try world.host().restoreData(HostWorld.step("2-restore"), request(world, dumps))
        let told = try world.read("docker/sql")
        #expect(told.contains("CREATE ROLE app;\n"))
        #expect(told.contains("ALTER ROLE app WITH NOSUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256"))
        #expect(told.contains(#"CREATE ROLE "a ""b""";"#))
        #expect(told.contains(#"ALTER ROLE app SET search_path TO 'a', E'b\'c;\\d';"#))
        #expect(told.contains(#"GRANT "a ""b""" TO app WITH ADMIN OPTION;"#))
        for word in ["evil", "ROLE boss", "pg_monitor", "ON PARAMETER", "touch"] {
            #expect(!told.contains(word), "\(word)")
        }
        let made = try #require(told.firstRange(of: "CREATE ROLE app"))
        let created = try #require(told.firstRange(of: "create database"))
        #expect(made.upperBound < created.lowerBound)
        // No log of the server's is to hold a verifier, nor any argument.
        #expect(told.contains("set log_statement = none;"))
        #expect(try !world.read("docker/calls").contains("SCRAM"))

        _ = try world.host().restoreData(
            HostWorld.step("3-unrestore"),
            request(world, [], undoes: true)
        )
        let undone = try world.read("docker/sql").dropFirst(told.count)
        #expect(undone.contains(#"app: drop role if exists :"a";"#))
        // There was no database of that name, and there is none again; its owner goes after it.
        let dropped = try #require(undone.firstRange(of: #"drop database if exists :"a";"#))
        let role = try #require(undone.firstRange(of: "drop role"))
        #expect(dropped.upperBound < role.lowerBound)
        #expect(try world.unknownCalls() == "")
    }

    @Test func aServerThatHasTheRolesIsLeftAsItIs() throws {
        let world = try world()
        _ = try dump(world)
        try server(world, databases: ["n8n"])
        try world.run(
            #"sed -i '2i case $* in *pg_roles*) printf "%s\\n" boss app odd "a \\"b\\""; exit ;; esac' "#
                + "docker/tools/psql"
        )
        try world.write("roles", Self.roles)
        let dumps = [saved(.roles, "roles", world.root + "/roles", Self.roles)]
        _ = try world.host().restoreData(HostWorld.step("2-restore"), request(world, dumps))
        #expect(try !world.read("docker/sql").contains("ROLE"))
    }

    @Test func timescaleIsToldOfARestore() throws {
        let world = try world()
        _ = try dump(world)
        try server(world, databases: ["n8n"])
        try world.run(
            "cat >docker/tools/pg_restore",
            input: #"""
                #!/bin/sh
                case $* in *-l*) echo '2; 3079 16385 EXTENSION - timescaledb ' ;; *) echo "restored: $*" >>"$WORLD/sql" ;; esac
                """#
        )
        try world.write("dump", "dump\n")
        let dumps = [saved(.postgres, "n8n", world.root + "/dump", "dump\n")]
        _ = try world.host().restoreData(HostWorld.step("2-restore"), request(world, dumps))
        let told = try world.read("docker/sql")
        let pre = try #require(told.firstRange(of: "timescaledb_pre_restore()"))
        let filled = try #require(told.firstRange(of: "restored:"))
        let post = try #require(told.firstRange(of: "timescaledb_post_restore()"))
        #expect(pre.upperBound < filled.lowerBound && filled.upperBound < post.lowerBound)
    }

    /// Names of PostgreSQL have at most 63 bytes; the run's time has up to fifteen of them.
    @Test func whatLiesBesideHasANameOfItsOwn() throws {
        let long = String(repeating: "a", count: 40)
        let umlauts = String(repeating: "a", count: 28) + String(repeating: "ü", count: 9)
        var asides: Set<String> = []
        let names = [
            "n8n", long + "b", long + "c", umlauts, "a" + umlauts,
            String(repeating: "デ", count: 20),
        ]
        for name in names {
            let world = try world()
            _ = try self.dump(world)
            try server(world, databases: [name])
            try world.run("echo dump >dump")
            let dump = SavedDump(
                kind: .postgres,
                service: ServiceName(unchecked: "postgres"),
                cause: n8n,
                name: name,
                path: world.root + "/dump",
                bytes: 5,
                sha256: HostWorld.hex("dump\n")
            )
            let kept = try world.host().restoreData(
                HostWorld.step(
                    "2-restore",
                    run: "20260601-101010-abcdef01",
                    fence: 2,
                    replaces: "run-1"
                ),
                request(world, [dump])
            )
            let aside = try #require(kept.first?.place)
            #expect(aside.hasSuffix("_before_20260601_101010"))
            #expect(aside.utf8.count <= 63)
            // A letter that was cut in two would not be decoded.
            #expect(!aside.contains("\u{FFFD}"))
            asides.insert(aside)
        }
        #expect(asides.count == names.count)
        #expect(asides.contains("n8n_before_20260601_101010"))
    }
}
