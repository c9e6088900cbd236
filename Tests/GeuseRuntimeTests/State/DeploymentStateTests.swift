import Testing

@testable import GeuseRuntime

@Suite("DeploymentState")
struct DeploymentStateTests {
    @Test("a file read and written has the same bytes", arguments: ["dev-v2.json", "asg-v2.json"])
    func roundTrip(file: String) throws {
        #expect(try Fixture.state(file).bytes() == Fixture.bytes(file))
    }

    @Test("what no version knows stays where it is, with the text of its numbers")
    func unknownFields() throws {
        var document = try Fixture.document("dev-v2.json")
        document.set("x_first", ["b": .number("1.10"), "a": .number("1E2")], order: ["x_first"])
        var state = try DeploymentState(document)
        state.setInstanceType(try InstanceType("t3.large"))
        let text = String(decoding: try state.bytes(), as: UTF8.self)
        #expect(text.hasPrefix("{\n  \"x_first\": {\n    \"b\": 1.10,\n    \"a\": 1E2\n  },"))
        #expect(state.document.keys == document.keys)
    }

    @Test("files with random fields that nobody knows, as Python writes them, keep their bytes")
    func randomUnknownFields() throws {
        let script = """
            import json, random, sys
            random.seed(5)
            base = json.load(sys.stdin)
            def value(depth):
                kind = random.randrange(8 if depth < 3 else 5)
                text = "".join(chr(random.choice([65, 34, 92, 10, 127, 233, 8232, 128512]))
                               for _ in range(random.randrange(5)))
                if kind > 5: return {f"{text}{i}": value(depth + 1) for i in range(kind)}
                if kind == 5: return [value(depth + 1) for _ in range(random.randrange(4))]
                return [text, random.random() * 10 ** random.randrange(-9, 20),
                        random.randrange(-10 ** 30, 10 ** 30), None, True][kind]
            def scatter(object):
                members = [(k, scatter(v) if k in ("config", "cost") else v)
                           for k, v in object.items()]
                for i in range(3):
                    members.insert(random.randrange(len(members) + 1), (f"x_{i}", value(0)))
                return dict(members)
            for _ in range(60):
                text = json.dumps(scatter(base), indent=2, ensure_ascii=False)
                sys.stdout.buffer.write(text.encode() + b"\\0")
            """
        let output = try PythonProgram.run(script, input: Fixture.bytes("dev-v2.json"))
        let files = output.split(separator: 0)
        try #require(files.count == 60)
        for file in files {
            let loaded = try FileStateStore.read(Array(file), StackName("my-dev-stack"))
            #expect(try loaded.state.bytes() == Array(file))
        }
    }

    @Test("typed readings")
    func readings() throws {
        let state = try Fixture.state("asg-v2.json")
        #expect(state.name.text == "prod-asg" && state.status == .running)
        #expect(state.instanceID?.text == "i-0a1b2c3d4e5f60718")
        #expect(state.fileSystemID.text == "fs-0a1b2c3d4e5f60718")
        #expect(state.mountTargetIDs == ["fsmt-0a1b2c3d4e5f60718"])
        #expect(state.autoScalingGroup == "prod-asg-asg")
        #expect(state.launchTemplateID == "lt-0a1b2c3d4e5f60718")
        #expect(state.publicIP == "54.1.2.3" && state.privateIP == "10.0.0.10")
        #expect(
            state.containerImages.map(\.service.text) == ["n8n", "ollama", "qdrant", "postgres"]
        )
        #expect(state.image(of: try ServiceName("qdrant"))?.tag == "v1.7.0")
        let config = state.config
        #expect(config.region.text == "us-east-1" && config.instanceType.text == "m6i.large")
        #expect(config.architecture == "x86_64" && config.rollsBackOnFailure)
        #expect(config.rollbackTimeoutMinutes == 15 && state.costInstanceType == "t3.medium")
        #expect(state.createdAt?.text == "2026-11-23T11:09:23.493224Z")
        #expect(state.lastHealthyState == nil && state.previousStates.isEmpty)
    }

    @Test("a config field that is left out has GeuseMaker's default")
    func defaults() throws {
        var document = try Fixture.document("dev-v2.json")
        document["config"] = ["stack_name": "my-dev-stack", "tier": "dev"]
        let config = try DeploymentState(document).config
        #expect(config.region.text == "us-east-1" && config.instanceType.text == "t3.medium")
        #expect(config.usesSpot && config.rollsBackOnFailure && config.rollbackTimeoutMinutes == 15)
    }

    @Test("changes touch what they are about and nothing else")
    func setters() throws {
        let before = try Fixture.state()
        var state = before
        state.setInstanceType(try InstanceType("m7g.large"))
        state.setArchitecture("arm64")
        state.setImage(try ServiceName("n8n"), try ImageReference("n8nio/n8n:1.20.0"))
        state.setImage(try ServiceName("crawl4ai"), try ImageReference("unclecode/crawl4ai:0.6"))
        state.status = .updating
        #expect(state.config.instanceType.text == "m7g.large")
        #expect(state.costInstanceType == "m7g.large" && state.config.architecture == "arm64")
        #expect(state.containerImages.map(\.service.text).last == "crawl4ai")
        #expect(state.containerImages.first?.image.text == "n8nio/n8n:1.20.0")
        let differing = state.document.keys.filter { state.document[$0] != before.document[$0] }
        #expect(differing == ["status", "container_images", "cost", "config"])
        #expect(state.document.keys == before.document.keys)
        #expect(try DeploymentState(state.document) == state)
    }

    @Test("a new address goes into the links that had the old one as their host")
    func addresses() throws {
        var state = try Fixture.state()
        state.setAddresses(publicIP: "54.9.9.9", privateIP: nil)
        #expect(state.n8nURL == "http://54.9.9.9:5678" && state.privateIP == "10.0.0.10")
        #expect(state.httpsEndpoint == "https://54.9.9.9")
        state.setAddresses(publicIP: nil, privateIP: "10.0.0.11")
        #expect(state.publicIP == nil && state.n8nURL == "http://10.0.0.11:5678")
        #expect(state.document.keys.contains("public_ip") == false)
        state.setAddresses(publicIP: "54.1.2.3", privateIP: "10.0.0.10")
        #expect(try state.bytes() == Fixture.bytes("dev-v2.json"))
    }

    @Test(
        "only a host is replaced",
        arguments: [
            ("http://1.2.3.4:5678/x?h=1.2.3.4", "http://NEW:5678/x?h=1.2.3.4"),
            ("http://1.2.3.40:5678", "http://1.2.3.40:5678"), ("https://1.2.3.4", "https://NEW"),
            ("https://n8n.example.com/1.2.3.4", "https://n8n.example.com/1.2.3.4"),
            ("1.2.3.4", "1.2.3.4"), ("", ""),
        ]
    )
    func hosts(url: String, expected: String) {
        let replaced = DeploymentState.url(url, replacingHost: ["1.2.3.4"], with: "NEW")
        #expect(replaced == expected)
    }

    @Test("a snapshot is what GeuseMaker would make of the state")
    func snapshot() throws {
        let snapshot = try Fixture.state().snapshot()
        #expect(snapshot.document.keys == ["config", "container_images", "status", "created_at"])
        #expect(snapshot.createdAt?.text == "2026-11-23T11:09:23.491371Z")
        #expect(snapshot.status == .running && snapshot.config.tier == "dev")
        #expect(snapshot.containerImages.count == 4)
    }

    @Test("five previous states are kept, the newest first")
    func previousStates() throws {
        var state = try Fixture.state()
        for type in ["a.a", "b.b", "c.c", "d.d", "e.e", "f.f"] {
            state.setInstanceType(try InstanceType(type))
            state.pushPreviousState(state.snapshot())
        }
        let types = state.previousStates.map(\.config.instanceType.text)
        #expect(types == ["f.f", "e.e", "d.d", "c.c", "b.b"])
        #expect(try DeploymentState(state.document) == state)
    }

    @Test("going back to a snapshot restores configuration, images and the cost's type")
    func goingBack() throws {
        let before = try Fixture.state()
        var state = before
        let snapshot = state.snapshot()
        state.setInstanceType(try InstanceType("t3.large"))
        state.setImage(try ServiceName("extra"), try ImageReference("a/b"))
        state.setConfig(from: snapshot)
        state.setImages(from: snapshot)
        #expect(state == before)
        state.setLastHealthyState(snapshot)
        #expect(state.lastHealthyState == snapshot)
    }

    @Test("rollbacks are added behind the others in the schema's words")
    func rollbacks() throws {
        var state = try Fixture.state()
        let record = RollbackRecord(
            time: try #require(Timestamp("2026-11-23T12:00:00Z")),
            trigger: .healthCheckFailed,
            success: false,
            error: "n8n is unhealthy",
            version: 2,
            changes: ["instance_type:t3.medium"]
        )
        state.appendRollback(record)
        #expect(state.rollbackHistory.count == 2 && state.rollbackHistory.last == record)
        #expect(state.rollbackHistory.first?.trigger == .manual)
        #expect(try DeploymentState(state.document) == state)
    }

    @Test("every status word is known, others are kept")
    func statuses() {
        let words = [
            "creating", "running", "updating", "rolling_back", "destroying", "failed", "terminated",
        ]
        for word in words {
            #expect(DeploymentStatus(word).isKnown && DeploymentStatus(word).description == word)
        }
        #expect(!DeploymentStatus("paused").isKnown)
        #expect(DeploymentStatus("paused").description == "paused")
    }
}
