import Testing

@testable import GeuseRuntime

/// Which service a database is, under whatever name n8n knows it, and whose image it may be of.
@Suite struct DatabaseLookTests {
    private let stack = StatefulScriptTests()

    private func world(host: String) throws -> HostWorld {
        let world = try stack.world()
        try world.write(
            "docker/containers/\(HostWorld.hex("n8n"))/environment",
            "DB_TYPE=postgresdb\nDB_POSTGRESDB_HOST=\(host)\n"
        )
        return world
    }

    @Test(arguments: [
        ("postgres", "postgres"), ("n8n-db", "postgres"), ("pg", "postgres"), ("main", "postgres"),
        ("stack-qdrant-1", "qdrant"), ("db.example", "db.example"), ("shared", "shared"),
        ("", "localhost"),
    ])
    func aHostNameOfTheProjectIsToldAsItsService(_ host: String, _ expected: String) throws {
        let world = try world(host: host)
        let database = "docker/containers/\(HostWorld.hex("postgres"))"
        try world.write("\(database)/name", "n8n-db")
        try world.write("\(database)/aliases", "pg main shared")
        // A name that two services share stands for neither.
        try world.write("docker/containers/\(HostWorld.hex("qdrant"))/aliases", "shared")
        #expect(try stack.facts(world, "n8n").database == expected)
    }

    @Test func aDatabaseByTheNameOfItsContainerIsDumped() throws {
        let world = try world(host: "n8n-db")
        try world.write("docker/containers/\(HostWorld.hex("postgres"))/name", "n8n-db")
        let host = try world.host().inspect(world.inspection())
        let n8n = ServiceName(unchecked: "n8n")
        let postgres = ServiceName(unchecked: "postgres")
        let steps = [
            PlanStep.setImage(
                service: n8n,
                from: "n8nio/n8n:1.0",
                to: ImageReference(unchecked: "n8nio/n8n:2.0")
            )
        ]
        let target = try #require(StatefulTarget.of(steps, host).first { $0.facts.service == n8n })
        #expect(
            DataDump.needed(for: target, host)
                == .dump(DataDump(kind: .postgres, service: postgres, cause: n8n))
        )
    }

    @Test(arguments: [
        ("N8N_VERSION=2.0.0\n", "2.0.0"), ("N8N_VERSION=latest\nlabel=2.1.0\n", "2.1.0"),
        ("label=main\n", nil),
    ])
    func n8nTellsItsVersionWhateverItsTag(_ environment: String, _ expected: String?) throws {
        let world = try stack.world()
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/environment", environment)
        #expect(try stack.facts(world, "n8n").programVersion == expected)
    }

    /// What an image is called is its maker's choice; the official one's variables stay in what is built on it.
    @Test(arguments: [
        ("PG_MAJOR=15\nPGDATA=/var/lib/postgresql/data\n", true), ("PG_MAJOR=15\n", false),
        ("PGDATA=/var/lib/postgresql/data\n", false),
    ])
    func anImageBuiltOnPostgresIsPostgres(_ environment: String, _ isKnown: Bool) throws {
        let world = try world(host: "postgres")
        let container = "docker/containers/\(HostWorld.hex("postgres"))"
        try world.write("\(container)/image", "paradedb/paradedb:0.8.0")
        try world.write("\(container)/environment", environment)
        let host = try world.host().inspect(world.inspection())
        let found = host.stateful(ServiceName(unchecked: "postgres"))
        #expect((found?.kind == .postgres) == isKnown)
        #expect(found?.dataVersion == (isKnown ? "15" : nil))
        let steps = [
            PlanStep.setImage(
                service: ServiceName(unchecked: "n8n"),
                from: "n8nio/n8n:1.0",
                to: ImageReference(unchecked: "n8nio/n8n:2.0")
            )
        ]
        let target = try #require(
            StatefulTarget.of(steps, host).first { $0.facts.service.text == "n8n" }
        )
        switch DataDump.needed(for: target, host) {
        case .dump(let dump): #expect(isKnown && dump.service.text == "postgres")
        case .impossible(let why):
            #expect(!isKnown)
            #expect(why.contains("the service postgres, whose image is not known"))
        case .nothing: Issue.record("nothing would be dumped")
        }
        if isKnown {
            #expect(try stack.secure(world, .postgres, of: "postgres").dumps.count == 3)
        }
    }

    @Test(
        arguments: [
            ("5433\n", "5433"), (nil, "none"),
        ] as [(String?, String)]
    )
    func theServersOwnPortIsAsked(_ port: String?, _ expected: String) throws {
        let world = try stack.world()
        try world.run("mkdir docker/data")
        if let port { try world.write("docker/data/postmaster.pid", "1\n/data\n0\n\(port)") }
        try world.write(
            "docker/exec_environment",
            "POSTGRES_PASSWORD=hunter2 PGDATA=\(world.root)/docker/data\n"
        )
        try world.run(#"sed -i '2i echo "${PGPORT-none}" >>"$WORLD/ports"' docker/tools/psql"#)
        _ = try stack.secure(world, .postgres, of: "postgres")
        #expect(try Set(world.read("docker/ports").split(separator: "\n")) == [expected[...]])
    }

    @Test(arguments: [("0", ["roles", "geusemaker"]), ("1", ["roles", "geusemaker", "postgres"])])
    func theServersOwnDatabaseIsLeftOutWhereNothingIsInIt(_ count: String, _ names: [String]) throws
    {
        let world = try stack.world()
        try world.write("docker/count", count + "\n")
        try world.run(
            "cat >docker/tools/psql",
            input: #"""
                #!/bin/sh
                case $* in
                    *rolsuper*) echo t ;;
                    *pg_database_size*) echo 8192 ;;
                    *pg_largeobject_metadata*) cat "$WORLD/count"; echo "$*" >"$WORLD/asked" ;;
                    *) echo geusemaker; echo postgres; echo "$*" >"$WORLD/listed" ;;
                esac
                """#
        )
        #expect(try stack.secure(world, .postgres, of: "postgres").dumps.map(\.name) == names)
        let asked = try world.read("docker/asked")
        for catalog in ["pg_class", "pg_proc", "pg_type", "pg_extension"] {
            #expect(asked.contains(catalog), "\(catalog)")
        }
        // A template of somebody's is data too.
        #expect(try !world.read("docker/listed").contains("datistemplate"))
    }

    /// n8n takes its variables from files too; where it is not known what it takes, nothing is said to be empty.
    @Test(
        arguments: [
            ("DB_TYPE_FILE=/f/type", "postgresdb\n", "localhost"),
            ("DB_TYPE_FILE=/f/type\nDB_POSTGRESDB_HOST=postgres", "postgresdb", "postgres"),
            ("DB_TYPE=postgresdb\nDB_TYPE_FILE=/f/type", "postgresdb", "localhost"),
            ("DB_TYPE=sqlite\nDB_TYPE_FILE=/f/type", "postgresdb", nil),
            ("DB_TYPE_FILE=/f/none", "postgresdb", nil), ("DB_TYPE_FILE=f/type", "postgresdb", nil),
            ("DB_TYPE_FILE=/f/link", "postgresdb", nil), ("DB_TYPE_FILE=/f/type", "", nil),
            ("DB_TYPE_FILE=/f/type", "postgres db", nil), ("DB_TYPE_FILE=/f/type", "a\nb", nil),
            ("DB_TYPE=postgresdb\nDB_POSTGRESDB_HOST_FILE=/f/type", "postgres", "postgres"),
            ("DB_TYPE=postgresdb\nDB_POSTGRESDB_HOST_FILE=/f/none", "postgres", nil),
            ("DB_SQLITE_DATABASE_FILE=/f/none", "a.sqlite", nil),
            ("DB_SQLITE_DATABASE_FILE=/f/type", "a.sqlite", "sqlite"),
            ("N8N_USER_FOLDER_FILE=/f/type", "/data", nil),
            ("N8N_CONFIG_FILES=/f/type", "{}", nil),
            ("N8N_CONFIG_FILES=/f/type\nDB_TYPE=postgresdb", "{}", nil),
            (
                "N8N_CONFIG_FILES=/f/type\nDB_TYPE=postgresdb\nDB_POSTGRESDB_HOST=postgres", "{}",
                "postgres"
            ),
            ("DB_TYPE=mariadb", "", "mariadb"), ("DB_TYPE_FILE=/f/type", "mysqldb", "mysqldb"),
        ] as [(String, String, String?)]
    )
    func aVariableOfN8nMayStandInAFile(
        _ environment: String,
        _ text: String,
        _ expected: String?
    ) throws {
        let world = try stack.world()
        let container = "docker/containers/\(HostWorld.hex("n8n"))"
        try world.write("\(container)/environment", environment + "\n")
        try world.write("\(container)/pid", "77")
        try world.run("mkdir -p proc/77/root/f && ln -s type proc/77/root/f/link")
        try world.write("proc/77/root/f/type", text)
        let found = try stack.facts(world, "n8n")
        #expect(found.database == expected)
        // Without a word on its database it has one, of which no dump can be taken.
        let host = try world.host().inspect(world.inspection())
        let step = PlanStep.setImage(
            service: found.service,
            from: "n8nio/n8n:1.0",
            to: ImageReference(unchecked: "n8nio/n8n:2.0")
        )
        let target = try #require(
            StatefulTarget.of([step], host).first { $0.facts.service == found.service }
        )
        switch DataDump.needed(for: target, host) {
        case .nothing: #expect(expected == "sqlite")
        case .dump(let dump): #expect(expected == "postgres" && dump.kind == .postgres)
        case .impossible: #expect(expected != "postgres" && expected != "sqlite")
        }
    }

    // MARK: Bitnami

    private func bitnami(_ environment: String, at target: String) throws -> HostWorld {
        let world = try stack.world()
        let container = "docker/containers/\(HostWorld.hex("postgres"))"
        try world.write("\(container)/image", "bitnami/postgresql:15.4.0")
        try world.write("\(container)/environment", environment)
        try world.write("\(container)/volumes", "\(world.mount)/postgres\t\(target)\n")
        try world.run("mkdir -p mnt/efs/postgres/data && echo 15 >mnt/efs/postgres/data/PG_VERSION")
        return world
    }

    @Test(arguments: [
        ("", "/bitnami/postgresql/data"),
        ("POSTGRESQL_VOLUME_DIR=/bitnami/pg\n", "/bitnami/pg/data"),
        ("POSTGRESQL_DATA_DIR=/srv/pg/data\n", "/srv/pg/data"), ("PGDATA=/p/data\n", "/p/data"),
    ])
    func theDataOfBitnamisImageIsFound(_ environment: String, _ path: String) throws {
        let top = String(path.dropLast("/data".utf8.count))
        let world = try bitnami("BITNAMI_APP_NAME=postgresql\n" + environment, at: top)
        let found = try stack.facts(world, "postgres")
        #expect(found.kind == .postgres)
        #expect(found.dataPath == path)
        #expect(found.hostPath == world.mount + "/postgres/data")
        #expect(found.dataVersion == "15")
        #expect(StatefulFacts.Kind(ImageReference(unchecked: "bitnami/postgresql")) == .postgres)
    }

    @Test(arguments: [
        ("BITNAMI_APP_NAME=postgresql POSTGRESQL_PASSWORD=hunter2", "postgres"),
        (
            "BITNAMI_APP_NAME=postgresql POSTGRESQL_USERNAME=n8n POSTGRESQL_PASSWORD=hunter2",
            "n8n"
        ),
        (
            "BITNAMI_APP_NAME=postgresql POSTGRESQL_USERNAME=n8n POSTGRESQL_PASSWORD=other "
                + "POSTGRESQL_POSTGRES_PASSWORD=hunter2", "postgres"
        ),
        ("BITNAMI_APP_NAME=postgresql POSTGRESQL_PASSWORD_FILE=WORLD/word", "postgres"),
        // Another image's variables are not read by mistake.
        ("POSTGRES_USER=own POSTGRES_PASSWORD=hunter2 POSTGRESQL_USERNAME=n8n", "own"),
    ])
    func aDumpLogsInAsTheImageDoes(_ environment: String, _ user: String) throws {
        let world = try bitnami("BITNAMI_APP_NAME=postgresql\n", at: "/bitnami/postgresql")
        try world.write("docker/word", "hunter2\n")
        try world.write(
            "docker/exec_environment",
            environment.replacingOccurrences(of: "WORLD", with: world.root + "/docker")
        )
        try world.run(
            #"sed -i '2i echo "$PGUSER" >>"$WORLD/users"' docker/tools/psql"#
        )
        let evidence = try stack.secure(world, .postgres, of: "postgres")
        #expect(evidence.dumps.map(\.name) == ["roles", "geusemaker", "a b"])
        #expect(try Set(world.read("docker/users").split(separator: "\n")) == [user[...]])
    }
}
