import Testing

@testable import GeuseRuntime

@Suite("Services that keep state meet their data with an image that can use it")
struct StatefulChecksTests {
    private func set(_ service: String, _ image: String, _ fixture: PreflightFixture) throws -> Plan
    {
        var plan = Plan(stack: fixture.stack.name)
        let name = ServiceName(unchecked: service)
        let now = try fixture.stack.facts().host?.service(name)?.configuredImage ?? ""
        plan.steps = [.setImage(service: name, from: now, to: try ImageReference(image))]
        return plan
    }

    private func change(
        _ service: String,
        _ edit: @escaping (inout StatefulFacts) -> Void
    ) -> (inout LiveFacts) -> Void {
        { facts in
            guard
                let index = facts.host?.stateful.firstIndex(where: { $0.service.text == service }),
                var found = facts.host?.stateful[index]
            else { return }
            edit(&found)
            facts.host?.stateful[index] = found
        }
    }

    @Test(
        "the data directory's version decides, not the tag that runs",
        arguments: [
            ("postgres:16.1", PreflightCheck.Outcome.refused), ("postgres:15.6", .ok),
            ("postgres:latest", .unknown), ("pgvector/pgvector:pg16", .refused),
            ("pgvector/pgvector:pg15", .ok),
        ]
    )
    func major(_ image: String, _ expected: PreflightCheck.Outcome) throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "postgres_major",
            of: "postgres",
            set("postgres", image, fixture)
        )
        #expect(check.outcome == expected)
        if expected == .refused {
            #expect(check.refusal?.code == "postgres_other_major")
            #expect(check.allowName == "pg-major")
        }
    }

    @Test("what lies there counts even when the tag says otherwise")
    func onDisk() throws {
        let fixture = try PreflightFixture()
        let plan = try set("postgres", "postgres:15.6", fixture)
        let check = try fixture.check(
            "postgres_major",
            of: "postgres",
            plan,
            change("postgres") { $0.dataVersion = "14" }
        )
        #expect(check.refusal?.code == "postgres_other_major")
        let unread = try fixture.check(
            "postgres_major",
            of: "postgres",
            plan,
            change("postgres") { $0.dataVersion = nil }
        )
        #expect(unread.outcome == .unknown)
    }

    @Test(
        "before 10 the first two numbers are the major version",
        arguments: [
            ("9.6", "postgres:9.6.24", PreflightCheck.Outcome.ok), ("9.6", "postgres:9.6", .ok),
            ("9.5", "postgres:9.6.24", .refused), ("9.6", "postgres:10.23", .refused),
            ("9.6", "postgres:9", .unknown),
        ]
    )
    func oldMajor(_ found: String, _ image: String, _ expected: PreflightCheck.Outcome) throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "postgres_major",
            of: "postgres",
            set("postgres", image, fixture),
            change("postgres") { $0.dataVersion = found }
        )
        #expect(check.outcome == expected)
    }

    @Test("a compose file that names another version is seen when everything is started anew")
    func written() throws {
        let fixture = try PreflightFixture()
        for plan in [
            try fixture.resize("t3.large"), try set("n8n", "n8nio/n8n:1.20.0", fixture),
        ] {
            let check = try fixture.check("postgres_major", of: "postgres", plan) { facts in
                let index = facts.host?.services.firstIndex { $0.name.text == "postgres" }
                if let index { facts.host?.services[index].configuredImage = "postgres:16.4" }
            }
            #expect(check.refusal?.code == "postgres_other_major")
        }
    }

    @Test("from 18 on the data lies elsewhere, unless the compose file says where")
    func path() throws {
        let fixture = try PreflightFixture()
        let plan = try set("postgres", "postgres:18.0", fixture)
        let check = try fixture.check("postgres_data_path", of: "postgres", plan)
        #expect(check.refusal?.code == "postgres_data_path_moved")
        #expect(check.allowName == "pg-data-path")
        let set = try fixture.check(
            "postgres_data_path",
            of: "postgres",
            plan,
            change("postgres") { $0.setsDataPath = true }
        )
        #expect(set.outcome == .ok)
        let moved = try fixture.check(
            "postgres_data_path",
            of: "postgres",
            plan,
            change("postgres") { $0.mountedAt = "/var/lib/postgresql" }
        )
        #expect(moved.outcome == .ok)
    }

    @Test(
        "another C library sorts otherwise",
        arguments: [
            ("postgres:15.5-alpine", PreflightCheck.Outcome.warning), ("postgres:15.6", .unknown),
            ("postgres:15.6-trixie", .warning), ("postgres:15.6-bookworm", .ok),
        ]
    )
    func libc(_ image: String, _ expected: PreflightCheck.Outcome) throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "postgres_libc",
            of: "postgres",
            set("postgres", image, fixture),
            change("postgres") { $0.release = "bookworm" }
        )
        #expect(check.outcome == expected)
    }

    @Test(
        "a repository whose tags do not tell that it is Alpine makes no alarm",
        arguments: [
            (
                "timescale/timescaledb:2.14.1-pg15", "timescale/timescaledb:2.14.2-pg15",
                PreflightCheck.Outcome.unknown
            ),
            ("postgres:15.5-alpine", "postgres:15.6", .warning),
            ("postgres:15.5-alpine", "postgres:15.6-alpine", .ok),
            ("timescale/timescaledb:2.14.1-pg15", "postgres:15.6", .warning),
            (
                "timescale/timescaledb:2.14.1-pg15", "timescale/timescaledb:2-pg15-bookworm",
                .warning
            ),
        ]
    )
    func silentTags(
        _ current: String,
        _ image: String,
        _ expected: PreflightCheck.Outcome
    ) throws {
        let fixture = try PreflightFixture()
        var facts = try #require(
            try fixture.stack.facts().host?.stateful(ServiceName(unchecked: "postgres"))
        )
        facts.system = "alpine"
        let target = StatefulTarget(
            facts: facts,
            current: try ImageReference(current),
            image: try ImageReference(image)
        )
        let check = PostgresChecks(target: target).run().first { $0.name == "postgres_libc" }
        #expect(check?.outcome == expected)
    }

    @Test("n8n's key has to be that of its data where n8n is started anew")
    func key() throws {
        let fixture = try PreflightFixture()
        let own = try set("n8n", "n8nio/n8n:1.20.0", fixture)
        #expect(try fixture.check("n8n_encryption_key", of: "n8n", own).outcome == .ok)
        let other = change("n8n") { $0.key = .different }
        let refused = try fixture.check("n8n_encryption_key", of: "n8n", own, other)
        #expect(refused.refusal?.code == "n8n_key_mismatch")
        #expect(refused.allowName == "n8n-key")
        let resize = try fixture.resize("t3.large")
        #expect(try fixture.check("n8n_encryption_key", resize, other).outcome == .refused)
        let qdrant = try set("qdrant", "qdrant/qdrant:v1.7.4", fixture)
        #expect(try fixture.check("n8n_encryption_key", qdrant, other).outcome == .warning)
        let unknown = change("n8n") { $0.key = .unknown }
        #expect(try fixture.check("n8n_encryption_key", own, unknown).outcome == .unknown)
    }

    @Test("the sandbox compares the keys, too")
    func sandboxKey() throws {
        let fixture = try PreflightFixture()
        _ = try fixture.stack.sandbox.change(fixture.stack.name) {
            $0.storage.files["n8n/config"] = FileBytes("{\"encryptionKey\": \"another\"}")
        }
        let facts = try fixture.stack.facts()
        #expect(facts.host?.stateful(ServiceName(unchecked: "n8n"))?.key == .different)
    }

    @Test("n8n does not go back by an update unless it is said to")
    func downgrade() throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "n8n_downgrade",
            of: "n8n",
            set("n8n", "n8nio/n8n:1.9.0", fixture)
        )
        #expect(check.refusal?.code == "n8n_downgrade")
        #expect(check.allowName == "n8n-downgrade")
        #expect(check.hint?.contains("geusemaker backup list my-dev-stack") == true)
        let up = try fixture.check("n8n_downgrade", set("n8n", "n8nio/n8n:1.20.0", fixture))
        #expect(up.outcome == .ok)
        for tag in ["1.19", "1"] {
            let same = try fixture.check("n8n_downgrade", set("n8n", "n8nio/n8n:\(tag)", fixture))
            #expect(same.outcome == .ok, "\(tag)")
        }
        let latest = try fixture.check("n8n_downgrade", set("n8n", "n8nio/n8n:latest", fixture))
        #expect(latest.outcome == .unknown)
        #expect(latest.hint?.contains("when the image is there") == true)
        // What runs tells its version where its tag does not.
        let old = try set("n8n", "n8nio/n8n:1.9.0", fixture)
        let back = try fixture.check("n8n_downgrade", of: "n8n", old) { facts in
            change("n8n") { $0.programVersion = "2.0.0" }(&facts)
            let index = facts.host?.services.firstIndex { $0.name.text == "n8n" }
            if let index { facts.host?.services[index].image = "n8nio/n8n:latest" }
        }
        #expect(back.refusal?.code == "n8n_downgrade")
        #expect(back.evidence.contains("from 2.0.0"))
    }

    @Test("an update of n8n dumps the database that it uses, or is refused")
    func dumps() throws {
        let fixture = try PreflightFixture()
        let plan = try set("n8n", "n8nio/n8n:1.20.0", fixture)
        #expect(try fixture.check("data_dump", of: "n8n", plan).outcome == .ok)
        for edit in [
            change("postgres") { $0.isRunning = false },
            change("n8n") { $0.database = "db.example" },
            change("n8n") { $0.database = nil },
        ] {
            let check = try fixture.check("data_dump", of: "n8n", plan, edit)
            #expect(check.refusal?.code == "dump_impossible")
            #expect(check.allowName == "no-dump")
        }
        // A service that has no container is only started by a resize, and keeps nobody from it.
        let absent = try fixture.checks(fixture.resize("t3.large")) { facts in
            change("n8n") { $0.isRunning = false }(&facts)
            change("postgres") { $0.isRunning = false }(&facts)
            for (index, service) in (facts.host?.services ?? []).enumerated()
            where ["n8n", "postgres"].contains(service.name.text) {
                var gone = ServiceFacts(
                    name: service.name,
                    configuredImage: service.configuredImage
                )
                gone.local = service.local
                facts.host?.services[index] = gone
            }
        }
        #expect(absent.filter { $0.outcome == .refused }.isEmpty)
        let ollama = try fixture.checks(set("ollama", "ollama/ollama:0.1.32", fixture))
        #expect(!ollama.contains { $0.name == "data_dump" })
    }

    @Test(
        "qdrant goes one minor version at a time",
        arguments: [
            ("v1.7.4", PreflightCheck.Outcome.ok, nil), ("v1.8.4", .ok, nil),
            ("v1.9.7", .refused, "qdrant_skips_minor"), ("v1.6.0", .refused, "qdrant_downgrade"),
            ("v2.0.0", .refused, "qdrant_skips_minor"), ("latest", .unknown, nil),
        ] as [(String, PreflightCheck.Outcome, String?)]
    )
    func qdrant(_ tag: String, _ expected: PreflightCheck.Outcome, _ code: String?) throws {
        let fixture = try PreflightFixture()
        let check = try fixture.check(
            "qdrant_minor",
            of: "qdrant",
            set("qdrant", "qdrant/qdrant:\(tag)", fixture)
        )
        #expect(check.outcome == expected)
        #expect(check.refusal?.code == code)
        if tag == "v1.9.7" {
            let hops = ["v1.8", "v1.9.7"].map { hop in
                fixture.stack.directory.command(
                    "update my-dev-stack --image qdrant=qdrant/qdrant:\(hop)"
                )
            }
            #expect(check.hint == "One after the other: " + hops.joined(separator: "; "))
        }
    }

    @Test("a GPU that is seen is told, and so is the CPU")
    func gpu() throws {
        let fixture = try PreflightFixture()
        let plan = try fixture.resize("t3.large")
        #expect(try fixture.check("ollama_gpu", plan).evidence.contains("CPU"))
        let seen = try fixture.check("ollama_gpu", plan, change("ollama") { $0.seesGPU = true })
        #expect(seen.evidence.contains("afterwards"))
        let unknown = try fixture.check("ollama_gpu", plan, change("ollama") { $0.seesGPU = nil })
        #expect(unknown.outcome == .unknown)
    }

    @Test("what does not lie on the file system is told in the plan")
    func atRisk() throws {
        let fixture = try PreflightFixture()
        var host = try #require(try fixture.stack.facts().host)
        host.services[0].volumes = ["/cache"]
        host.services[1].mounts = ["/root/.ollama": "/srv/ollama"]
        let told = DataAtRisk.sentences(host, mountPoint: "/mnt/efs")
        #expect(
            told == [
                "On the instance's own disk, not on the file system: n8n /cache, "
                    + "ollama /root/.ollama.",
                "Without a volume, so that nothing it writes outlives its container: crawl4ai.",
            ]
        )
    }
}
