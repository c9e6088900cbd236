import Testing

@testable import GeuseRuntime

/// The OpenSSH client's call and what its failures are taken for.
@Suite struct SSHTransportTests {
    /// Gives prepared ends in turn, keeps the commands, and fails loudly when run once more.
    final class ScriptedProcesses: ProcessRunner {
        var results: [ProcessResult]
        var commands: [ProcessCommand] = []

        init(_ results: [ProcessResult]) { self.results = results }

        func run(_ command: ProcessCommand, _ cancellation: Cancellation) throws -> ProcessResult {
            commands.append(command)
            guard !results.isEmpty else {
                Issue.record("run once too often")
                throw Diagnostic("unexpected_call", command.path)
            }
            return results.removeFirst()
        }
    }

    private static func end(_ end: ProcessResult.End, _ output: String, _ errors: String)
        -> ProcessResult
    {
        ProcessResult(end: end, output: Array(output.utf8), errors: Array(errors.utf8))
    }

    private static func settings(user: String = "ubuntu") throws -> SSHSettings {
        try SSHSettings(
            instance: InstanceID("i-0123456789abcdef0"),
            user: user,
            identityFile: "/home/a b/key",
            knownHostsFile: "/state dir/known%hosts",
            environment: ["HOME": "/home/a", "LC_ALL": "de_DE"]
        )
    }

    private static func transport(
        _ processes: any ProcessRunner,
        user: String = "ubuntu",
        address: @escaping () throws -> String = { "10.0.0.1" }
    ) throws -> SSHTransport {
        SSHTransport(
            settings: try settings(user: user),
            processes: processes,
            cancellation: Cancellation(),
            address: address
        )
    }

    @Test func theCallIsFixedAndTheAddressAskedEachTime() throws {
        let processes = ScriptedProcesses([
            Self.end(.exited(0), "one\n", "e"), Self.end(.exited(3), "two\n", ""),
        ])
        var addresses = ["10.0.0.1", "fd00::1"]
        let transport = try Self.transport(processes) { addresses.removeFirst() }
        let first = try transport.run("echo 'x'", comment: "c", timeout: 30)
        #expect(first == HostReply(status: 0, output: "one\n", errors: "e"))
        #expect(try transport.run("s", comment: "c", timeout: 30).status == 3)
        let command = try #require(processes.commands.first)
        #expect(command.path == "/usr/bin/ssh")
        #expect(command.input == Array("echo 'x'".utf8))
        #expect(command.environment == ["HOME": "/home/a", "LC_ALL": "C"])
        #expect(command.timeout == 40)
        #expect(command.patience == 2)
        #expect(command.arguments.suffix(5) == ["-l", "ubuntu", "--", "10.0.0.1", "sudo -n sh -s"])
        for option in [
            "BatchMode=yes", "HostKeyAlias=i-0123456789abcdef0", "StrictHostKeyChecking=accept-new",
            "UserKnownHostsFile=\"/state dir/known%%hosts\"", "ConnectTimeout=10", "/home/a b/key",
        ] { #expect(command.arguments.contains(option)) }
        #expect(processes.commands.last?.arguments.contains("fd00::1") == true)
    }

    @Test func rootNeedsNoSudoAndStrictMeansStrict() throws {
        var settings = try Self.settings(user: "root")
        settings.isStrict = true
        #expect(settings.shell("sh -s") == "sh -s")
        let arguments = settings.arguments(host: "h", command: "c")
        #expect(arguments.contains("StrictHostKeyChecking=yes"))
    }

    @Test(arguments: [
        (
            "@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n",
            "ssh_host_key_changed"
        ),
        (
            "No ED25519 host key is known for i-0 and you have requested strict checking.\n"
                + "Host key verification failed.\r\n", "ssh_host_key_changed"
        ),
        ("ssh: connect to host 10.0.0.1 port 22: Connection refused\r\n", "ssh_unreachable"),
        ("ssh: connect to host 10.0.0.1 port 22: Connection timed out\n", "ssh_unreachable"),
        ("ssh: Could not resolve hostname x: Name or service not known\n", "ssh_unreachable"),
        ("kex_exchange_identification: Connection closed by remote host\n", "ssh_unreachable"),
        (
            "Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: x\n",
            "ssh_unreachable"
        ),
        (
            "channel 0: open failed: connect failed: No route to host\nstdio forwarding failed\n",
            "ssh_unreachable"
        ),
        ("ubuntu@10.0.0.1: Permission denied (publickey).\n", "ssh_denied"),
        // These may come while a script runs, too.
        ("Connection closed by 10.0.0.1 port 22\n", "host_outcome_unknown"),
        ("client_loop: send disconnect: Broken pipe\n", "host_outcome_unknown"),
        ("Timeout, server 10.0.0.1 not responding.\n", "host_outcome_unknown"),
        // What a script says must not be taken for the client's own words.
        ("mkdir: cannot create directory: Permission denied\n", "host_outcome_unknown"),
        ("", "host_outcome_unknown"),
    ])
    func aFailureOfTheClientHasItsCode(_ errors: String, _ code: String) throws {
        let transport = try Self.transport(ScriptedProcesses([Self.end(.exited(255), "", errors)]))
        let error = #expect(throws: Diagnostic.self) {
            try transport.run("s", comment: "c", timeout: 1)
        }
        #expect(error?.code == code)
    }

    /// A look at a host whose connection ends so, and so again.
    private static func look(endingTwice result: ProcessResult) throws {
        let host = LiveHost(
            transport: try transport(ScriptedProcesses([result, result])),
            clock: LiveHostTests.StepClock(),
            cancellation: Cancellation()
        )
        _ = try host.inspect(HostInspection(fileSystem: nil))
    }

    /// What only looks has changed nothing, whenever the connection ended, and is told what it was.
    @Test(arguments: [
        "Connection closed by 10.0.0.1 port 22", "Connection reset by 10.0.0.1 port 22",
        "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures",
    ])
    func aLookIsToldThatTheHostHungUp(_ errors: String) throws {
        let result = Self.end(.exited(255), "", errors)
        let error = #expect(throws: Diagnostic.self) { try Self.look(endingTwice: result) }
        #expect(error?.code == "ssh_unreachable")
        #expect(error?.detail?.contains(errors) == true)
    }

    @Test func aForcedCommandsAnswerIsShown() throws {
        let result = Self.end(
            .exited(142),
            "Please login as the user \"ec2-user\" rather than the user \"root\".\n",
            "PASSWORD=hunter2\n"
        )
        let error = #expect(throws: Diagnostic.self) { try Self.look(endingTwice: result) }
        #expect(error?.code == "host_no_result")
        #expect(error?.detail?.contains("Please login as the user") == true)
        #expect(error?.detail?.contains("hunter2") == false)
    }

    @Test func aHostWithoutSudoIsToldSo() throws {
        let missing = Self.end(.exited(127), "", "bash: sudo: command not found")
        let error = #expect(throws: Diagnostic.self) {
            try Self.transport(ScriptedProcesses([missing, missing]))
                .run("s", comment: "c", timeout: 1)
        }
        #expect(error?.code == "ssh_denied")
        #expect(error?.detail?.contains("sudo: command not found") == true)
    }

    @Test func anythingThatMayHaveRunIsUnknown() throws {
        for end in [ProcessResult.End.timedOut, .signalled(9)] {
            let transport = try Self.transport(ScriptedProcesses([Self.end(end, "x", "")]))
            let error = #expect(throws: Diagnostic.self) {
                try transport.run("s", comment: "c", timeout: 1)
            }
            #expect(error?.code == "host_outcome_unknown")
        }
        // With output it is for the result line to tell.
        let reply = try Self.transport(ScriptedProcesses([Self.end(.exited(255), "line", "")]))
            .run("s", comment: "c", timeout: 1)
        #expect(reply.output == "line")
    }

    @Test func aRefusalOfSudoIsProbedNotGuessed() throws {
        let refused = ScriptedProcesses([
            Self.end(.exited(1), "", "sudo: a password is required"), Self.end(.exited(1), "", ""),
        ])
        let error = #expect(throws: Diagnostic.self) {
            try Self.transport(refused).run("s", comment: "c", timeout: 1)
        }
        #expect(error?.code == "ssh_denied")
        #expect(refused.commands.last?.arguments.last == "sudo -n true")
        let allowed = ScriptedProcesses([
            Self.end(.exited(1), "", ""), Self.end(.exited(0), "", ""),
        ])
        #expect(try Self.transport(allowed).run("s", comment: "c", timeout: 1).status == 1)
    }

    @Test func reachabilityTellsDownFromDenied() throws {
        let reachable = { (result: ProcessResult) in
            try Self.transport(ScriptedProcesses([result])).isReachable()
        }
        #expect(try reachable(Self.end(.exited(0), "", "")))
        let down = "ssh: connect to host 10.0.0.1 port 22: No route to host"
        #expect(try !reachable(Self.end(.exited(255), "", down)))
        #expect(try !reachable(Self.end(.timedOut, "", "")))
        let denied = "ubuntu@10.0.0.1: Permission denied (publickey)."
        #expect(throws: Diagnostic.self) { try reachable(Self.end(.exited(255), "", denied)) }
        #expect(throws: Diagnostic.self) { try reachable(Self.end(.exited(1), "", "")) }
    }

    @Test(arguments: ["-oProxyCommand=x", "", "a b", "a;b", "$(x)", "a\nb"])
    func anAddressThatIsNoneIsRefused(_ address: String) throws {
        let transport = try Self.transport(ScriptedProcesses([])) { address }
        let error = #expect(throws: Diagnostic.self) { try transport.isReachable() }
        #expect(error?.code == "ssh_invalid_address")
    }

    @Test func aUserThatIsNoneIsRefused() {
        for user in ["", "-x", "a b", "a@b"] {
            #expect(throws: Diagnostic.self) { try Self.settings(user: user) }
        }
    }

    /// The real client, if there is one, against a port where nobody listens.
    @Test func theRealClientSaysThatNobodyListens() throws {
        let world = try HostWorld()
        guard try world.run("command -v ssh || :") != "" else { return }
        let settings = try SSHSettings(
            instance: InstanceID("i-0123456789abcdef0"),
            user: "nobody",
            port: 1,
            knownHostsFile: world.root + "/known_hosts"
        )
        let transport = SSHTransport(
            settings: settings,
            processes: world.processes,
            cancellation: Cancellation()
        ) { "127.0.0.1" }
        #expect(try !transport.isReachable())
        let error = #expect(throws: Diagnostic.self) {
            try transport.run("exit 0", comment: "c", timeout: 20)
        }
        #expect(error?.code == "ssh_unreachable")
    }

    /// A client that runs the command here: the whole way of a script over standard input.
    @Test func aStepGoesTheWholeWay() throws {
        let world = try HostWorld()
        try world.write(
            "bin/ssh",
            """
            #!/bin/sh
            while [ "$1" != -- ]; do shift; done
            PATH=\(world.root)/bin:/usr/bin:/bin DOCKER_WORLD=\(world.root)/docker
            export PATH DOCKER_WORLD
            exec sh -c "$3"

            """
        )
        try world.write("bin/sudo", "#!/bin/sh\nshift\nexec \"$@\"\n")
        try world.run("chmod 755 bin/ssh bin/sudo")
        var settings = try Self.settings()
        settings.program = world.root + "/bin/ssh"
        let transport = SSHTransport(
            settings: settings,
            processes: world.processes,
            cancellation: Cancellation()
        ) { "10.0.0.1" }
        let facts = try world.host(transport).inspect(world.inspection())
        #expect(facts.services.map(\.name.text) == ["n8n", "postgres"])
        #expect(try transport.isReachable())
    }
}
