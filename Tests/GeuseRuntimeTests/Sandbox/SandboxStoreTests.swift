import Testing

@testable import GeuseRuntime

@Suite("Sandbox: the file")
struct SandboxStoreTests {
    @Test("another program sees the same world, in the middle of things")
    func persistence() throws {
        let bench = try SandboxBench()
        try bench.inject("start=Server.InsufficientInstanceCapacity*1")
        try bench.cloud.stop(bench.id)
        let other = bench.another()
        #expect(try other.list() == [bench.name] && other.contains(bench.name))
        #expect(try other.cloud(bench.name).instance(bench.id)?.state == .stopping)
        bench.clock.advance(2)
        try other.cloud(bench.name).start(bench.id)
        #expect(try bench.state() == .pending)
        bench.clock.advance(2)
        #expect(try bench.state() == .stopped)
        #expect(try other.world(bench.name) == bench.sandbox.world(bench.name))
    }

    @Test("the world comes out of its file as it went in, whatever has happened to it")
    func roundTrip() throws {
        let bench = try SandboxBench()
        let project = try bench.facts().project
        _ = try bench.host.secure(
            bench.step("1-secure"),
            SecureRequest(project: project, mountPoint: "/mnt/efs", nonce: "aa")
        )
        #expect(try bench.updateN8N(to: "n8nio/n8n:1.99.0-crash", pulling: true).stage == .health)
        try bench.inject("efs=late")
        try bench.restart()
        var world = try bench.sandbox.world(bench.name)
        world.machine.files["/root/odd"] = FileBytes([0xFF, 0x00, 0x0D, 0x0A])
        #expect(world.machine.mountAt != nil && world.machine.steps.count == 3)
        #expect(
            try SandboxWorld(worldJSON: JSONParser.parse(JSONWriter.write(world.worldJSON)))
                == world
        )
    }

    @Test("a world of an earlier version, which had fewer members, is read")
    func earlier() throws {
        let bench = try SandboxBench()
        let text = JSONWriter.write(try bench.sandbox.world(bench.name).worldJSON)
        let world = try #require(JSONParser.parse(text).objectValue)
        var machine = try #require(world["machine"]?.objectValue)
        var instance = try #require(world["instance"]?.objectValue)
        for name in ["capacity_preference", "capacity_group"] { instance[name] = nil }
        machine["containers"] = .array(
            (machine["containers"]?.arrayValue ?? []).map { container in
                var container = container.objectValue ?? JSONObject()
                for name in ["is_held", "environment"] { container[name] = nil }
                return .object(container)
            }
        )
        var old = world
        old["machine"] = .object(machine)
        old["instance"] = .object(instance)
        #expect(try SandboxWorld(worldJSON: .object(old)).machine.containers.count == 5)
    }

    @Test("time that passes while nobody looks happens in order, once")
    func elapsed() throws {
        let bench = try SandboxBench()
        try bench.inject("efs=late*1")
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        try bench.cloud.start(bench.id)
        bench.clock.advance(3600)
        let facts = try bench.facts()
        #expect(facts.storage.isMounted && facts.storage.strays.contains { $0.hasPrefix("n8n:/") })
        #expect(facts.services.allSatisfy { $0.isWell })
        let started = try #require(facts.services.first?.startedAt.flatMap { Timestamp($0) })
        #expect(bench.clock.now().seconds - started.seconds > 3590)
    }

    @Test("a name is given once, and what is not there is not made up")
    func names() throws {
        let bench = try SandboxBench()
        #expect(refusal { try bench.sandbox.create(bench.name) } == "sandbox_exists")
        let other = try StackName("other")
        #expect(!bench.sandbox.contains(other))
        let empty = Sandbox(
            root: "/empty",
            files: bench.files,
            clock: bench.clock,
            cancellation: Cancellation()
        )
        #expect(try empty.list().isEmpty)
        #expect(refusal { try empty.cloud(other).identity() } == "unknown_sandbox")
        #expect(refusal { try bench.sandbox.world(other) } == "unknown_sandbox")
        #expect(refusal { try bench.sandbox.cloud(other).identity() } == "unknown_sandbox")
        #expect(refusal { try bench.sandbox.remove(other) } == "unknown_sandbox")
        _ = try bench.sandbox.create(other)
        #expect(try bench.sandbox.list().map(\.text) == ["my-dev-stack", "other"])
        #expect(try bench.sandbox.stack(other).instance.id != bench.id)
        try bench.sandbox.remove(bench.name)
        #expect(try bench.sandbox.list() == [other])
    }

    @Test("options that no stack could have are refused before there is a file")
    func options() throws {
        let files = MemoryFileSystem()
        var type = SandboxOptions()
        type.instanceType = try InstanceType("z9.large")
        #expect(refusal { try SandboxBench(type, files: files) } == "unknown_instance_type")
        var zone = SandboxOptions()
        zone.zoneLetter = "e"
        #expect(refusal { try SandboxBench(zone, files: files) } == "unknown_instance_type")
        zone.zoneLetter = "a\u{1B}"
        #expect(refusal { try SandboxBench(zone, files: files) } == "unknown_zone")
        var service = SandboxOptions()
        service.images = [try ServiceName("redis"): try ImageReference("redis:7")]
        #expect(refusal { try SandboxBench(service, files: files) } == "unknown_service")
        var image = SandboxOptions()
        image.images = [try ServiceName("n8n"): try ImageReference("n8nio/n8n:0.0.1")]
        #expect(refusal { try SandboxBench(image, files: files) } == "image_not_found")
        #expect(files.paths.isEmpty)
        image.images = [try ServiceName("n8n"): try ImageReference("n8nio/n8n:1.25.1")]
        let bench = try SandboxBench(image, files: files)
        #expect(bench.stack.images.first?.image == "n8nio/n8n:1.25.1")
        #expect(try bench.service("n8n").isWell)
    }

    @Test("a file that is not a world is refused and left alone")
    func corrupt() throws {
        let bench = try SandboxBench()
        let path = "/state/sandbox/my-dev-stack.json"
        let good = String(decoding: try bench.files.read(path), as: UTF8.self)
        for (text, code) in [
            ("{", "invalid_json"), ("[]", "sandbox_unreadable"), ("{}", "sandbox_unreadable"),
            (good.replacing("\"running\"", with: "\"dancing\""), "sandbox_unreadable"),
            (good.replacing("\"is_up\": true,", with: ""), "sandbox_unreadable"),
        ] {
            bench.files.plant(path, text)
            #expect(refusal { try bench.state() } == code)
            #expect(try bench.files.read(path) == Array(text.utf8))
        }
    }

    @Test("a write that fails is an error, and the world stays what it was")
    func fullDisk() throws {
        let bench = try SandboxBench()
        bench.files.failWrites(after: 0)
        #expect(refusal { try bench.cloud.stop(bench.id) } == "disk_full")
        #expect(!bench.files.isLocked)
        #expect(try bench.sandbox.stack(bench.name).instance.state == .running)
    }

    @Test("the request log names every request with its outcome, and nothing else")
    func log() throws {
        let bench = try SandboxBench()
        #expect(try bench.operations().isEmpty, "making a stack is no request")
        try bench.inject("stop=UnauthorizedOperation*1")
        _ = refusal { try bench.cloud.stop(bench.id) }
        _ = try bench.cloud.identity()
        _ = try bench.facts()
        _ = try bench.sandbox.stack(bench.name)
        #expect(try bench.updateN8N(to: "n8nio/n8n:1.20.0", pulling: true).stage == .done)
        let log = try bench.sandbox.world(bench.name).log
        #expect(
            log.map(\.operation) == [
                "StopInstances", "GetCallerIdentity", "host.inspect", "host.pull", "host.inspect",
                "host.apply",
            ]
        )
        #expect(log.map(\.refusal) == ["UnauthorizedOperation", nil, nil, nil, nil, nil])
        #expect(log.first?.subject == bench.id.text)
        try bench.sandbox.clearLog(bench.name)
        #expect(try bench.operations().isEmpty)
    }

    @Test("no lock is held while an apply waits, so that others can look and interfere")
    func waiting() throws {
        let files = MemoryFileSystem()
        let clock = SimulatedClock {
            guard !files.isLocked else { throw Diagnostic("held", "A lock is held asleep.") }
        }
        let bench = try SandboxBench(files: files, clock: clock)
        #expect(try bench.updateN8N(to: "n8nio/n8n:1.20.0", pulling: true).stage == .done)
    }

    @Test("requests of many threads on one file are all served and none is lost")
    func concurrency() async throws {
        let files = MemoryFileSystem()
        let clock = SimulatedClock()
        let bench = try SandboxBench(files: files, clock: clock)
        let name = bench.name
        try bench.inject("describe=InvalidInstanceID.NotFound*60")
        let id = bench.id
        let hidden = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 1...4 {
                group.addTask {
                    let sandbox = Sandbox(
                        root: "/state",
                        files: files,
                        clock: clock,
                        cancellation: Cancellation()
                    )
                    let cloud = sandbox.cloud(name)
                    return try (1...25).count { _ in try cloud.instance(id) == nil }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(hidden == 60, "each strike of a counted fault is felt once")
        let world = try bench.sandbox.world(name)
        #expect(world.log.count == 100 && world.faults.isEmpty)
    }
}
