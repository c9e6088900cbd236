import Glibc
import Testing

@testable import GeuseRuntime

/// The protocol under faults: cut texts, lost and damaged replies, killed scripts, locks.
@Suite struct ProtocolTests {
    /// Every script as it is sent, by name.
    static func scripts(root: String = "") throws -> [(name: String, text: String)] {
        let project = ComposeProject(
            name: "p",
            file: "/f/docker-compose.yml",
            directory: "/f",
            environmentFiles: ["/e"],
            sha256: "00",
            bytes: []
        )
        let look = HostInspection(fileSystem: nil)
        let operations: [(String, HostOperationScript)] = [
            ("inspect", InspectOperation(request: look).script),
            (
                "secure",
                SecureOperation(
                    request: SecureRequest(project: project, mountPoint: "/m", nonce: "00"),
                    run: RunID(unchecked: "r")
                ).script
            ),
            (
                "dump",
                SecureOperation(
                    request: SecureRequest(
                        project: project,
                        mountPoint: "/mnt/efs",
                        nonce: HostWorld.nonce,
                        dumps: [
                            DataDump(
                                kind: .postgres,
                                service: ServiceName(unchecked: "postgres"),
                                cause: ServiceName(unchecked: "n8n")
                            )
                        ]
                    ),
                    run: RunID(unchecked: "r")
                ).script
            ),
            (
                "restore",
                RestoreOperation(
                    request: DataRestoreRequest(
                        project: project,
                        storage: look,
                        dumps: [],
                        stops: []
                    ),
                    run: RunID(unchecked: "r")
                ).script
            ),
            ("pull", PullOperation(images: [try ImageReference("a")], limit: 1).script),
            ("registry", RegistryOperation.images([try ImageReference("a")])),
            ("tags", RegistryOperation.tags(of: try ImageReference("a"), beginningWith: "1.")),
            ("stop", StopOperation(project: project).script),
            (
                "rotation",
                RotationOperation(
                    request: RotationRequest(
                        project: project,
                        storage: look,
                        networkTypes: ["nfs4"],
                        target: CredentialTarget(
                            service: ServiceName(unchecked: "n8n"),
                            database: ServiceName(unchecked: "postgres"),
                            variables: ["POSTGRES_PASSWORD"],
                            files: ["/e"]
                        ),
                        phase: .rotate,
                        timeout: 1
                    ),
                    run: RunID(unchecked: "r")
                ).script
            ),
            (
                "apply",
                ApplyOperation(request: ApplyRequest(project: project, storage: look)).script
            ),
        ]
        return operations.map { name, script in
            (name, HostScript.text(script.parts, step: "r-" + name, root: root, script.values))
        }
    }

    @Test func scriptsAreValidForEachShell() throws {
        let world = try HostWorld()
        for (name, text) in try Self.scripts() {
            try world.write(name, text)
            for shell in ["dash", "busybox sh", "bash --posix"] {
                try world.run("! command -v \(shell.prefix { $0 != " " }) || \(shell) -n \(name)")
            }
            try world.run(
                "! command -v shellcheck || shellcheck -s sh -S warning -e SC1010,SC2034,SC2046,SC2154 \(name)"
            )
            // SendCommand's parameters are limited; leave room for many edits and services. A look takes neither.
            let room = name == "inspect" ? 36_000 : 32_000
            #expect(text.utf8.count < room, "\(name) has \(text.utf8.count) bytes")
        }
    }

    /// What is packed is the same program; the shell above only saw its wrapping.
    @Test func aPackedProgramIsValidAndOneThatDoesNotUnpackDoesNothing() throws {
        let world = try HostWorld()
        let (_, text) = try #require(Self.scripts().first { $0.0 == "apply" })
        let marker = "| base64 -d | gzip -dc"
        let line = try #require(text.split(separator: "\n").first { $0.contains(marker) })
        let packed = String(try #require(line.split(separator: "'").dropFirst().first))
        try world.write("packed", packed)
        try world.run("base64 -d packed | gzip -dc >program")
        #expect(try world.read("program").utf8.count > HostScript.readableBytes)
        for shell in ["dash", "busybox sh", "bash --posix"] {
            try world.run("! command -v \(shell.prefix { $0 != " " }) || \(shell) -n program")
        }
        let damaged = text.replacing(packed, with: packed.dropLast(8) + "AAAAAAAA")
        let reply = try LocalTransport(world).run(damaged, comment: "", timeout: 30)
        #expect(reply.output.isEmpty)
        #expect(try world.read("docker/calls").isEmpty)
    }

    @Test func aTextCutOnItsWayDoesNothing() throws {
        let world = try HostWorld()
        let request = try ApplyTests.request(world)
        let script = ApplyOperation(request: request).script
        let text = Array(
            HostScript.text(
                script.parts,
                step: "run-1-cut",
                root: world.root,
                script.values + LeaseReading.values(HostWorld.step("cut"))
            ).utf8
        )
        let transport = LocalTransport(world)
        for cut in stride(from: 0, to: text.count - 12, by: text.count / 40) + [text.count - 3] {
            let part = String(decoding: text[..<cut], as: UTF8.self)
            let reply = try transport.run(part, comment: "", timeout: 30)
            #expect(reply.output.isEmpty)
        }
        #expect(try world.read("docker/calls").isEmpty)
        #expect(try world.run("ls -d var/*") == "var/run\n")
    }

    @Test func aDamagedReplyIsNeverSuccess() throws {
        let world = try HostWorld()
        let image = try ImageReference("n8nio/n8n:2.0")
        let script = PullOperation(images: [image], limit: 60).script
        let text = HostScript.text(
            script.parts,
            step: "run-1-pull",
            root: world.root,
            script.values + LeaseReading.values(HostWorld.step("pull"))
        )
        let line = try LocalTransport(world).run(text, comment: "", timeout: 30).output
        #expect(HostResult(line, step: "run-1-pull")?.outcome == .done)
        #expect(HostResult("noise\n" + line + "\n \n", step: "run-1-pull")?.outcome == .done)
        #expect(HostResult(line, step: "run-1-other") == nil)
        #expect(HostResult(line + "more\n", step: "run-1-pull") == nil)
        #expect(
            HostResult(line.replacing("\"done\"", with: "\"failed\""), step: "run-1-pull") == nil
        )
        let characters = Array(line.utf8).dropLast()
        for cut in stride(from: 0, to: characters.count, by: 7) {
            let part = String(decoding: characters.prefix(cut), as: UTF8.self)
            #expect(HostResult(part, step: "run-1-pull") == nil)
        }
        for index in stride(from: 0, to: characters.count, by: 3) {
            var damaged = Array(characters)
            damaged[index] = damaged[index] == 0x41 ? 0x42 : 0x41
            let text = String(decoding: damaged, as: UTF8.self)
            // gzip's header holds a byte that says nothing (RFC 1952, OS); the payload must agree.
            let result = HostResult(text, step: "run-1-pull")
            #expect(result == nil || result == HostResult(line, step: "run-1-pull"))
        }
    }

    @Test func aLostReplyIsAskedForAgainAndNothingIsDoneTwice() throws {
        let world = try HostWorld()
        let transport = LocalTransport(world)
        transport.damage = { [unowned transport] output in
            transport.scripts.count == 1 ? String(output.prefix(200)) : output
        }
        let change = try ApplyTests.change(world, to: "n8nio/n8n:2.0")
        let evidence = try world.host(transport).apply(
            HostWorld.step("1-apply"),
            ApplyTests.request(world, change, services: ["n8n"])
        )
        #expect(evidence.stage == .done)
        #expect(transport.scripts.count == 2)
        #expect(try world.read("docker/ups") == "n8n n8nio/n8n:1.0 -> n8nio/n8n:2.0\n")
    }

    @Test func aScriptKilledHalfWayIsInterrupted() throws {
        let world = try HostWorld()
        try world.write("docker/slow", "3")
        let transport = LocalTransport(world)
        transport.timeout = 1.5
        let error = #expect(throws: Diagnostic.self) {
            try world.host(transport).apply(HostWorld.step("1-apply"), ApplyTests.request(world))
        }
        #expect(error?.code == "host_step_interrupted")
        #expect(error?.kind == .needsAttention)
        #expect(try world.read("var/lib/geusemaker/runs/run-1-1-apply").hasPrefix("started "))
        // Another step is free to go on.
        try world.run("rm docker/slow")
        let evidence = try world.host().apply(
            HostWorld.step("2-apply"),
            ApplyTests.request(world)
        )
        #expect(evidence.stage == .done)
    }

    @Test func aStepThatStillRunsSaysSo() throws {
        let world = try HostWorld()
        try world.run(
            "mkdir -p var/lib/geusemaker/runs; "
                + "echo started $PPID $(sed 's/^.*) //' /proc/$PPID/stat | cut -d ' ' -f 20) "
                + ">var/lib/geusemaker/runs/run-1-stop"
        )
        let script = StopOperation(project: try world.project()).script
        let text = HostScript.text(
            script.parts,
            step: "run-1-stop",
            root: world.root,
            script.values
        )
        let reply = try LocalTransport(world).run(text, comment: "", timeout: 30)
        #expect(HostResult(reply.output, step: "run-1-stop")?.outcome == .running)
        #expect(try world.read("docker/calls").isEmpty)
    }

    @Test func theLockOfAnotherStepIsRespected() throws {
        let world = try HostWorld()
        try world.run(
            "mkdir -p var/lib/geusemaker; "
                + "(exec 9>>var/lib/geusemaker/lock; flock 9; echo $$ >held; exec sleep 20) "
                + "</dev/null >/dev/null 2>&1 & until [ -s held ]; do sleep 0.05; done"
        )
        let script = StopOperation(project: try world.project()).script
        let text = HostScript.text(
            script.parts,
            step: "run-1-stop",
            root: world.root,
            patience: 1,
            script.values
        )
        let reply = try LocalTransport(world).run(text, comment: "", timeout: 30)
        let result = try #require(HostResult(reply.output, step: "run-1-stop"))
        #expect(result.outcome == .locked)
        #expect(HostFailure.diagnostic(result, step: "run-1-stop").kind == .locked)
        #expect(try world.read("docker/calls").isEmpty)
        #expect(try world.run("ls var/lib/geusemaker/runs") == "")
    }

    static let hostile = [
        "$(touch PWNED)", "`touch PWNED`", "'; touch PWNED; '", "\"; touch PWNED; \"", "--help",
        "a\nb\n\n", "\\", "%s%n", "*", "-", "\u{1B}[31m", "'\"'\"'", "${IFS}touch${IFS}PWNED", "é🎉",
    ]

    @Test(arguments: hostile)
    func noValueBecomesShellSource(_ value: String) throws {
        let world = try HostWorld()
        let transport = LocalTransport(world)
        var project = try world.project()
        project.name = value
        project.directory = value
        project.environmentFiles = [value, value]
        project.overrides = [ComposeOverride(path: value, sha256: value, bytes: [])]
        let edit = ComposeEdit(service: try ServiceName("n8n"), offset: 0, old: value, new: value)
        let looks = HostInspection(fileSystem: nil, mountPoint: "/" + value, nonce: value)
        let request = ApplyRequest(
            project: project,
            storage: looks,
            networkTypes: [value],
            change: .edits([edit], before: value),
            services: [ServiceName(unchecked: value)],
            expectedImages: [ServiceName(unchecked: value): ImageReference(unchecked: value)]
        )
        let name = "run-1-hostile"
        let secure = SecureRequest(project: project, mountPoint: "/" + value, nonce: value)
        for (index, script) in [
            ApplyOperation(request: request).script,
            StopOperation(project: project).script,
            PullOperation(images: [ImageReference(unchecked: value)], limit: 5).script,
            SecureOperation(request: secure, run: RunID(unchecked: "r")).script,
            InspectOperation(request: looks).script,
        ].enumerated() {
            let step = "\(name)\(index)"
            let lease = LeaseReading.values(HostWorld.step("x", run: value, replaces: value))
            let text = HostScript.text(
                script.parts,
                step: step,
                root: world.root,
                script.values + lease
            )
            let reply = try transport.run(text, comment: "", timeout: 30)
            #expect(HostResult(reply.output, step: step) != nil, "\(index): \(reply.errors)")
        }
        #expect(try world.run("find . -name 'PWNED*'") == "")
        #expect(access("PWNED", F_OK) != 0)
    }

    @Test func aStepNameThatIsAPathIsRefused() throws {
        let world = try HostWorld()
        for name in ["../x", "", "a b", "a/b", String(repeating: "a", count: 65)] {
            let error = #expect(throws: Diagnostic.self) {
                try world.host().pull(HostWorld.step(name), [])
            }
            #expect(error?.code == "invalid_step")
        }
    }
}
