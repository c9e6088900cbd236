import Testing

@testable import GeuseRuntime

/// The real script for commands, with words that a shell would trip over.
@Suite("A command on the host")
struct ExecTests {
    private let world: HostWorld

    init() throws { world = try HostWorld() }

    private func exec(
        _ words: [String],
        in service: String? = nil,
        timeout: Int = 20,
        step: String = "5-exec",
        _ transport: LocalTransport? = nil
    ) throws -> CommandEvidence {
        let command = try HostCommand(
            service: service.map { ServiceName(unchecked: $0) },
            words: words,
            timeout: timeout
        )
        return try world.host(transport).exec(HostWorld.step(step), world.project(), command)
    }

    @Test(
        "gets its words as they are, and no shell reads them",
        arguments: ["/bin/dash", "/bin/bash"]
    )
    func words(_ shell: String) throws {
        world.shell = [shell]
        let words = [
            "$(id)", "`id`", "a b", "", "'", "\"", "\\", "*", "-n", "--", "line\nline\n", "\u{e9}",
        ]
        let evidence = try exec(["printf", "<%s>"] + words)
        #expect(evidence.code == 0)
        #expect(evidence.output == words.map { "<\($0)>" }.joined())
        #expect(!evidence.isCut)
    }

    @Test("tells its code and both outputs, without secrets and terminal control")
    func output() throws {
        let text = "echo PASSWORD=hunter2; printf '\\033[2Jred\\n' >&2; exit 3"
        let evidence = try exec(["sh", "-c", text])
        #expect(evidence.code == 3)
        #expect(evidence.output == "PASSWORD=xxxxxxx\n^[[2Jred")
    }

    @Test("that is not there says so by its code")
    func missing() throws {
        #expect(try exec(["geusemaker-no-such-program"]).code == 127)
    }

    @Test("is run once, however often it is asked for")
    func once() throws {
        for _ in 0..<2 {
            let evidence = try exec(["sh", "-c", "echo x >>'\(world.root)/count'; echo done"])
            #expect(evidence.output == "done")
        }
        #expect(try world.read("count") == "x\n")
    }

    @Test("that writes without end, or much, is bounded")
    func bounded() throws {
        let much = try exec([
            "sh", "-c", "yes 0123456789abcdef | head -c 3000000; echo; echo last >&2",
        ])
        #expect(much.code == 0 && much.isCut)
        #expect(much.output.utf8.count <= 12000)
    }

    @Test("that takes too long is ended with all that it started, and its place is free again")
    func late() throws {
        let text = "sh -c 'sleep 1000' & echo begun; sleep 1000"
        let error = #expect(throws: Diagnostic.self) { try exec(["sh", "-c", text], timeout: 1) }
        #expect(error?.code == "exec_timed_out")
        #expect(error?.detail?.contains("begun") == true)
        #expect(try exec(["true"], step: "6-exec").code == 0)
    }

    @Test("that leaves something running is not waited for")
    func background() throws {
        let evidence = try exec(["sh", "-c", "sleep 15 & echo begun"], timeout: 10)
        #expect(evidence == CommandEvidence(code: 0, output: "begun"))
    }

    @Test("in a service becomes the arguments of docker exec, its container found by its labels")
    func inService() throws {
        let evidence = try exec(["n8n", "export", "a b;"], in: "n8n")
        #expect(evidence.output == "<n8n><export><a b;>")
        #expect(try world.read("docker/execs") == "\(HostWorld.hex("n8n"))\n")
        #expect(try world.unknownCalls() == "")
    }

    @Test("in a service that does not run is refused")
    func down() throws {
        try world.write("docker/containers/\(HostWorld.hex("n8n"))/state", "exited")
        let error = #expect(throws: Diagnostic.self) { try exec(["true"], in: "n8n") }
        #expect(error?.code == "exec_service_down")
    }
}
