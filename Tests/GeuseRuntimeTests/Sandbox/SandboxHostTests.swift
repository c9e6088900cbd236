import Testing

@testable import GeuseRuntime

@Suite("Sandbox: docker on the host")
struct SandboxHostTests {
    @Test("a new stack has run for a day: five services, healthy, on EFS, from real-looking images")
    func newStack() throws {
        let bench = try SandboxBench()
        let facts = try bench.facts()
        #expect(
            facts.services.map(\.name.text) == ["n8n", "ollama", "qdrant", "crawl4ai", "postgres"]
        )
        #expect(facts.services.allSatisfy { $0.isWell && $0.health == .healthy })
        #expect(facts.services.allSatisfy { $0.image == $0.configuredImage && $0.restarts == 0 })
        #expect(Set(facts.services.map(\.containerID)).count == 5)
        let n8n = try #require(facts.service(ServiceName("n8n")))
        #expect(n8n.mounts == ["/home/node/.n8n": "/mnt/efs/n8n"])
        #expect(n8n.digest?.count == 71 && n8n.imageID?.count == 71 && n8n.digest != n8n.imageID)
        #expect(facts.storage.isMounted && facts.storage.type == "nfs4")
        #expect(
            facts.storage.source == "\(bench.stack.fileSystem).efs.us-east-1.amazonaws.com:/"
        )
        #expect(facts.storage.volumes.count == 4 && facts.storage.volumes.values.allSatisfy { $0 })
        #expect(facts.project.file == "/opt/geusemaker/docker-compose.yml")
        #expect(facts.architecture == "x86_64" && facts.freeBytes > 10_000_000_000)
        #expect(bench.stack.images.map(\.image) == facts.services.map(\.configuredImage))
        #expect(try bench.sandbox.world(bench.name).storedFiles["postgres/PG_VERSION"] == "15\n")
    }

    @Test("another image takes the place of the old one; everything else stays as it was")
    func update() throws {
        let bench = try SandboxBench()
        let before = try bench.facts()
        let data = try bench.sandbox.world(bench.name).storedFiles
        let pulled = try bench.host.pull(
            bench.step("1-pull"),
            [ImageReference("n8nio/n8n:1.20.0")]
        )
        #expect(pulled.first?.architecture == "amd64")
        let evidence = try bench.updateN8N(to: "n8nio/n8n:1.20.0")
        #expect(evidence.stage == .done && evidence.error == nil && evidence.logs.isEmpty)
        let after = try bench.facts()
        let n8n = try bench.service("n8n")
        #expect(n8n.image == "n8nio/n8n:1.20.0" && n8n.imageID == pulled.first?.imageID)
        #expect(n8n.digest == pulled.first?.digest && n8n.isWell)
        for service in before.services where service.name.text != "n8n" {
            #expect(after.service(service.name) == service)
        }
        let old = String(decoding: before.project.bytes, as: UTF8.self)
        #expect(
            String(decoding: after.project.bytes, as: UTF8.self)
                == old.replacing("n8nio/n8n:1.19.0", with: "n8nio/n8n:1.20.0")
        )
        #expect(after.project.sha256 == evidence.sha256)
        #expect(try bench.sandbox.world(bench.name).storedFiles == data)
    }

    @Test(
        "an image that can't be had is refused before anything changes",
        arguments: [
            ("n8nio/n8n:1.2.3", "image_not_found"), ("nobody/nothing:1", "image_not_found"),
            ("n8nio/n8n:1.20.0-arm64", "image_wrong_architecture"),
        ]
    )
    func unavailableImage(_ image: String, _ code: String) throws {
        let bench = try SandboxBench()
        let before = try bench.facts()
        let pull = { try bench.host.pull(bench.step("1-pull"), [ImageReference(image)]) }
        #expect(refusal(pull) == code)
        var after = try bench.facts()
        after.lease = before.lease
        #expect(after == before)
        let evidence = try bench.updateN8N(to: image)
        #expect(evidence.stage == .up)
        #expect(evidence.error?.contains("No such image") == true, "up does not pull")
        #expect(try bench.facts().services.map(\.containerID) == before.services.map(\.containerID))
    }

    @Test("an arm64 host pulls what an x86_64 host can't, and the other way round")
    func architecture() throws {
        var options = SandboxOptions()
        options.instanceType = try InstanceType("t4g.medium")
        let bench = try SandboxBench(options)
        #expect(try bench.facts().architecture == "aarch64")
        let step = bench.step("1-pull")
        let arm = try bench.host.pull(step, [ImageReference("n8nio/n8n:1.20.0-arm64")])
        #expect(arm.first?.architecture == "arm64")
        let wrong = refusal {
            try bench.host.pull(
                bench.step("2-pull"),
                [ImageReference("unclecode/crawl4ai:basic-amd64")]
            )
        }
        #expect(wrong == "image_wrong_architecture")
    }

    @Test("names of one image share its digest, and a digest names it too")
    func references() throws {
        let bench = try SandboxBench()
        let names = ["postgres:15.8", "postgres:15", "docker.io/library/postgres:15.8"]
        let images = try bench.host.pull(
            bench.step("1-pull"),
            names.map { try ImageReference($0) }
        )
        let digest = try #require(images.first?.digest)
        #expect(Set(images.map(\.digest)) == [digest])
        #expect(Set(images.map(\.imageID)).count == 1)
        let pinned = try bench.host.pull(
            bench.step("2-pull"),
            [ImageReference("postgres@\(digest)")]
        )
        #expect(pinned.first?.imageID == images.first?.imageID)
        let latest = try bench.host.pull(bench.step("3-pull"), [ImageReference("n8nio/n8n")])
        let newest = SandboxRegistry.entry(try ImageReference("n8nio/n8n:1.97.1"))
        #expect(latest.first?.digest == newest?.digest)
    }

    @Test("an image that exits at once restarts in a loop and is told from a slow one")
    func crashingImage() throws {
        let bench = try SandboxBench()
        let evidence = try bench.updateN8N(to: "n8nio/n8n:1.99.0-crash", pulling: true)
        #expect(evidence.stage == .health)
        let n8n = try #require(evidence.services.first { $0.name.text == "n8n" })
        #expect(n8n.state == "restarting" && n8n.exitCode == 1 && n8n.restarts > 0)
        #expect(evidence.logs["n8n"]?.isEmpty == false && evidence.logs.count == 1)
        let restarts = n8n.restarts
        bench.clock.advance(10)
        #expect(try bench.service("n8n").restarts > restarts)
    }

    @Test("an image that never gets healthy runs, but fails the health gate")
    func sickImage() throws {
        let bench = try SandboxBench()
        let evidence = try bench.updateN8N(to: "n8nio/n8n:1.98.0-sick", pulling: true)
        #expect(evidence.stage == .health)
        let n8n = try #require(evidence.services.first { $0.name.text == "n8n" })
        #expect(n8n.state == "running" && n8n.health == .unhealthy && n8n.restarts == 0)
    }

    @Test("a health gate that is too short says who it waited for")
    func healthTimeout() throws {
        var options = SandboxOptions()
        options.durations.health = 30
        let bench = try SandboxBench(options)
        let project = try bench.facts().project
        _ = try bench.host.pull(bench.step("0-pull"), [ImageReference("n8nio/n8n:1.20.0")])
        let change = try bench.edit(project, "n8n", "n8nio/n8n:1.19.0", "n8nio/n8n:1.20.0")
        let evidence = try bench.host.apply(
            bench.step("1-apply"),
            bench.request(project, change, services: ["n8n"], healthTimeout: 5)
        )
        #expect(evidence.stage == .health && evidence.error?.contains("n8n") == true)
        #expect(try bench.service("n8n").health == .starting)
    }

    @Test("postgres does not start on another major version's data")
    func postgresMajor() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        _ = try bench.host.pull(bench.step("0-pull"), [ImageReference("postgres:16.4")])
        let change = try bench.edit(project, "postgres", "postgres:15.5", "postgres:16.4")
        let evidence = try bench.host.apply(bench.step("1-apply"), bench.request(project, change))
        #expect(evidence.stage != .done)
        #expect(evidence.logs["postgres"]?.contains("incompatible") == true)
        let world = try bench.sandbox.world(bench.name)
        #expect(world.storedFiles["postgres/PG_VERSION"] == "15\n")
    }

    @Test("n8n waits until postgres is healthy, and is not started when that never comes")
    func dependency() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        try bench.host.stopServices(bench.step("1-stop"), project)
        try bench.inject("health=unhealthy:postgres*1")
        let evidence = try bench.host.apply(bench.step("2-apply"), bench.request(project))
        #expect(evidence.stage == .up && evidence.error?.contains("postgres") == true)
        #expect(try bench.service("n8n").state == "exited")
        #expect(try bench.service("postgres").health == .unhealthy)
    }

    @Test("a full disk refuses a pull, and what is there counts once under two names")
    func disk() throws {
        let bench = try SandboxBench()
        let free = try bench.facts().freeBytes
        _ = try bench.host.pull(
            bench.step("1-pull"),
            [ImageReference("docker.io/n8nio/n8n:1.19.0")]
        )
        #expect(try bench.facts().freeBytes == free)
        _ = try bench.host.pull(bench.step("2-pull"), [ImageReference("n8nio/n8n:1.25.1")])
        #expect(try bench.facts().freeBytes == free - 820_000_000)
    }
}
