import Testing

@testable import GeuseRuntime

/// Probes by each program that a host may have for them.
@Suite struct ProbeTests {
    /// Runs the script's own functions where the host has those programs alone.
    private static func probe(
        _ url: String,
        with tools: [String],
        _ world: HostWorld,
        environment: String = ""
    ) throws -> String {
        try world.run("rm -rf only && mkdir only && cat >probe.sh", input: text)
        for tool in tools + ["timeout", "grep"] {
            // A shim of python's would ask for a shell.
            let found =
                tool == "python3"
                ? "python3 -c 'import sys; print(sys.executable)'"
                : "command -v \(tool)"
            let name = tool == "busybox" ? "wget" : tool
            try world.run("ln -s \"$(PATH=$PATH:/usr/local/bin; \(found))\" only/\(name)")
        }
        return try world.run("\(environment) PATH=$PWD/only /bin/dash probe.sh '\(url)'")
    }

    private static let text =
        "label=x\n" + HostScript.health + "\nfind_askers\nprobe_service \"$1\"\nprintf %s $?\n"

    /// Does something while a server answers; its port stands for PORT.
    private static func served(_ world: HostWorld, _ body: (String) throws -> Void) throws {
        try world.run(
            "cat >serve.py; python3 serve.py >port 2>/dev/null & echo $! >serve.pid; "
                + "n=0; until [ -s port ] || [ $n = 100 ]; do sleep 0.05; n=$((n + 1)); done",
            input: """
                import http.server, sys
                class Answer(http.server.BaseHTTPRequestHandler):
                    def do_GET(self):
                        # What a proxy is asked is a whole address.
                        if self.path.startswith("http:"): open("proxied", "w").close()
                        self.send_response(200 if self.path in ("/ok", "http://127.0.0.1:1/") else 503)
                        self.end_headers()
                    def do_CONNECT(self):
                        open("proxied", "w").close()
                        self.send_response(200)
                        self.end_headers()
                    def log_message(self, *words): pass
                server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
                print(server.server_address[1], flush=True)
                server.serve_forever()
                """
        )
        defer { _ = try? world.run("kill \"$(cat serve.pid)\"") }
        try body(try world.run("tr -d '\\n' <port"))
    }

    @Test(arguments: ["bash", "python3", "curl", "nc"])
    func aPortIsAskedByWhatThereIs(_ tool: String) throws {
        let world = try HostWorld()
        guard try world.run("command -v \(tool) || :") != "" else { return }
        try Self.served(world) { (port: String) throws in
            #expect(try Self.probe("tcp://127.0.0.1:\(port)", with: [tool], world) == "0")
            #expect(try Self.probe("tcp://127.0.0.1:1", with: [tool], world) == "1")
        }
    }

    /// Docker's own proxy takes a connection to a published port and hangs up when nothing listens behind it.
    @Test(arguments: ["bash", "python3", "curl"])
    func aConnectionThatEndsWithoutAWordIsNoAnswer(_ tool: String) throws {
        let world = try HostWorld()
        guard try world.run("command -v \(tool) || :") != "" else { return }
        for (way, expected) in [
            ("close", "1"), ("reset", "1"), ("talk", "0"), ("farewell", "0"), ("silent", "0"),
        ] {
            try world.run(
                "rm -f port; cat >take.py; python3 take.py \(way) >port 2>/dev/null & echo $! >take.pid; "
                    + "n=0; until [ -s port ] || [ $n = 200 ]; do sleep 0.05; n=$((n + 1)); done",
                input: """
                    import socket, struct, sys
                    way = sys.argv[1]
                    listener = socket.create_server(("127.0.0.1", 0))
                    print(listener.getsockname()[1], flush=True)
                    kept = []
                    while True:
                        taken, _ = listener.accept()
                        if way in ("talk", "farewell"): taken.sendall(b"220 ready\\r\\n")
                        if way == "reset":
                            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        if way in ("talk", "silent"): kept.append(taken)
                        else: taken.close()
                    """
            )
            defer { _ = try? world.run("kill \"$(cat take.pid)\"") }
            let port = try world.run("tr -d '\\n' <port")
            let found = try Self.probe("tcp://127.0.0.1:\(port)", with: [tool], world)
            #expect(found == expected, "\(way) by \(tool)")
        }
    }

    /// The agent's environment may name a proxy, which neither speaks for a service nor against it.
    @Test(arguments: ["bash", "python3", "curl", "nc", "wget", "busybox"])
    func noProxyIsAsked(_ tool: String) throws {
        let world = try HostWorld()
        guard try world.run("command -v \(tool) || :") != "" else { return }
        try Self.served(world) { (port: String) throws in
            for proxy in ["http://127.0.0.1:1", "http://127.0.0.1:\(port)"] {
                let names = ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"]
                let environment =
                    names.map { "\($0)=\(proxy)" }.joined(separator: " ")
                    + " no_proxy=169.254.169.254"
                // One that refuses does not make a service ill, and one that says yes does not make it well.
                let cases =
                    ["python3", "curl", "wget", "busybox"].contains(tool)
                    ? [("http://127.0.0.1:\(port)/ok", "0"), ("http://127.0.0.1:1/", "1")] : []
                let ports =
                    ["bash", "python3", "curl", "nc"].contains(tool)
                    ? [("tcp://127.0.0.1:\(port)", "0"), ("tcp://127.0.0.1:1", "1")] : []
                for (url, expected) in cases + ports {
                    let found = try Self.probe(url, with: [tool], world, environment: environment)
                    #expect(found == expected, "\(url) by \(tool) with \(proxy)")
                }
            }
            #expect(try world.run("ls proxied 2>/dev/null || :") == "")
        }
    }

    @Test(arguments: ["python3", "curl", "wget"])
    func anAddressIsAskedByWhatThereIs(_ tool: String) throws {
        let world = try HostWorld()
        guard try world.run("command -v \(tool) || :") != "" else { return }
        try Self.served(world) { (port: String) throws in
            #expect(try Self.probe("http://127.0.0.1:\(port)/ok", with: [tool], world) == "0")
            #expect(try Self.probe("http://127.0.0.1:\(port)/ill", with: [tool], world) == "1")
        }
    }

    /// A probe that could not be asked was not left unanswered; curl-minimal knows no telnet.
    @Test func withoutAProgramForItItIsNotCalledUnanswered() throws {
        let world = try HostWorld()
        #expect(try Self.probe("tcp://127.0.0.1:1", with: [], world) == "2")
        #expect(try Self.probe("http://127.0.0.1:1/", with: ["bash"], world) == "2")
        try world.run(
            "mkdir minimal && cat >minimal/curl && chmod 755 minimal/curl",
            input: "#!/bin/sh\necho Protocols: http https\n"
        )
        #expect(
            try world.run("PATH=$PWD/minimal:$PWD/only /bin/dash probe.sh tcp://127.0.0.1:1") == "1"
        )
        try world.run("rm only/bash")
        #expect(
            try world.run("PATH=$PWD/minimal:$PWD/only /bin/dash probe.sh tcp://127.0.0.1:1") == "2"
        )
    }

    @Test func aHostThatCannotAskIsRefusedBeforeAnythingStarts() throws {
        let world = try HostWorld()
        var request = try ApplyTests.request(world)
        request.health = [
            ServiceName(unchecked: "n8n"): ServiceHealth(
                probe: try HealthProbe("tcp://127.0.0.1:1")
            )
        ]
        // A shell that finds no program, and a curl without telnet.
        let shell = "command() { return 1; }; curl() { return 2; }; eval \"$(cat)\""
        world.shell = ["/bin/dash", "-c", shell]
        let error = #expect(throws: Diagnostic.self) {
            try world.host().apply(HostWorld.step("1-apply"), request)
        }
        #expect(error?.code == "probe_no_tool")
        #expect(try world.read("docker/ups") == "")
    }
}
