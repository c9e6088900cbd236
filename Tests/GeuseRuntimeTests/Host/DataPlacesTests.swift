import Testing

@testable import GeuseRuntime

/// Where n8n keeps its SQLite database and its key: not where they are guessed to be, but where it puts them.
@Suite struct DataPlacesTests {
    private let stack = StatefulScriptTests()
    private let n8n = ServiceName(unchecked: "n8n")
    private let container = "docker/containers/\(HostWorld.hex("n8n"))"

    /// An n8n with volumes below the mount (directory and target) and with data in the directory `n8n`.
    private func world(
        _ environment: String,
        _ volumes: [(String, String)],
        database: String? = "n8n/database.sqlite"
    ) throws -> HostWorld {
        let world = try stack.world(key: "another")
        try world.write("\(container)/environment", environment)
        try world.write(
            "\(container)/volumes",
            volumes.map { "\(world.mount)/\($0.0)\t\($0.1)\n" }.joined()
        )
        try world.run("mkdir -p mnt/efs/n8ndb")
        if let database { try world.fillSQLite(database, rows: 500) }
        return world
    }

    private func need(_ world: HostWorld) throws -> DataDump.Need {
        let host = try world.host().inspect(world.inspection())
        let steps = [
            PlanStep.setImage(
                service: n8n,
                from: "n8nio/n8n:1.0",
                to: ImageReference(unchecked: "n8nio/n8n:2.0")
            )
        ]
        let target = try #require(StatefulTarget.of(steps, host).first { $0.facts.service == n8n })
        return DataDump.needed(for: target, host)
    }

    /// Environment, volumes, where the database is below the mount.
    private static let layouts: [(String, [(String, String)], String)] = [
        ("user=0:0\n", [("n8n", "/root/.n8n")], "n8n/database.sqlite"),
        ("user=node\nHOME=/srv\n", [("n8n", "/srv/.n8n")], "n8n/database.sqlite"),
        ("user=node\n", [("n8n", "/home/node/.n8n")], "n8n/database.sqlite"),
        ("N8N_USER_FOLDER=/data/\n", [("n8n", "/data/.n8n")], "n8n/database.sqlite"),
        (
            "user=node\nDB_SQLITE_DATABASE=/dbdata/n8n.sqlite\n",
            [("n8n", "/home/node/.n8n"), ("n8ndb", "/dbdata")], "n8ndb/n8n.sqlite"
        ),
        (
            "user=node\nDB_SQLITE_DATABASE=../db/./n8n.sqlite\n",
            [("n8n", "/home/node/.n8n"), ("n8ndb", "/home/node/db")], "n8ndb/n8n.sqlite"
        ),
    ]

    @Test(arguments: DataPlacesTests.layouts.indices)
    func itsDatabaseIsFoundDumpedAndPutBack(_ index: Int) throws {
        let (environment, volumes, file) = Self.layouts[index]
        let world = try world(environment, volumes, database: file)
        let found = try stack.facts(world, "n8n")
        #expect(found.key == .different)
        #expect(found.database == "sqlite")
        #expect(found.databaseFile == world.mount + "/" + file)
        #expect(!found.isEmpty)
        #expect(try need(world) == .dump(DataDump(kind: .sqlite, service: n8n, cause: n8n)))
        let dumps = try stack.secure(world, .sqlite, of: "n8n").dumps
        #expect(dumps.count == 1)
        try world.fillSQLite(file, rows: 7)
        let kept = try world.host().restoreData(
            HostWorld.step("2-restore"),
            DataRestoreRequest(
                project: world.project(),
                storage: world.inspection(nonce: HostWorld.nonce),
                dumps: dumps,
                stops: [n8n]
            )
        )
        #expect(try world.sqliteRows(file) == "500\n")
        #expect(kept.first?.place.hasPrefix(world.mount + "/" + file + ".before-") == true)
    }

    /// A running process knows its home better than any rule.
    @Test func theHomeOfItsProcessCounts() throws {
        let world = try world("user=1234\n", [("n8n", "/work/.n8n")])
        try world.write("\(container)/pid", "77")
        try world.run("mkdir -p proc/77/root && printf 'A=1\\0HOME=/work\\0' >proc/77/environ")
        #expect(try stack.facts(world, "n8n").dataPath == "/work/.n8n")
        #expect(try need(world) == .dump(DataDump(kind: .sqlite, service: n8n, cause: n8n)))
    }

    /// A file that is missing where it was looked for is no proof that there is no data.
    @Test(
        arguments: [
            ("user=node\n", [("n8n", "/opt/n8n")]),
            (
                "user=node\nDB_SQLITE_DATABASE=/dbdata/n8n.sqlite\n",
                [("n8n", "/home/node/.n8n"), ("n8ndb", "/dbdata")]
            ),
            ("N8N_USER_FOLDER=data\n", [("n8n", "/home/node/.n8n")]),
        ] as [(String, [(String, String)])]
    )
    func dataElsewhereIsNotTakenForNone(_ environment: String, _ volumes: [(String, String)]) throws
    {
        let world = try world(environment, volumes)
        let found = try stack.facts(world, "n8n")
        #expect(found.database == nil)
        #expect(!found.isEmpty)
        #expect(found.key != .absent)
        guard case .impossible(let why) = try need(world) else {
            Issue.record("not refused")
            return
        }
        #expect(why.contains("not known where it keeps it"))
    }

    @Test func whatHasNoDataYetNeedsNoDump() throws {
        let world = try world("user=node\n", [("n8n", "/home/node/.n8n")], database: nil)
        #expect(try stack.facts(world, "n8n").isEmpty)
        #expect(try need(world) == .nothing)
    }
}
