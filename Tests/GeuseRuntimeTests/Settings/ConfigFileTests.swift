import Testing

@testable import GeuseRuntime

/// What a config file may say, and what is said of one that is wrong.
@Suite("The config file")
struct ConfigFileTests {
    private static let stack = StackName(unchecked: "my-dev-stack")

    private func read(_ text: String) throws -> ConfigFile {
        try ConfigFile(Array(text.utf8), path: "/home/me/config.yaml")
    }

    @Test("has settings for all stacks and for one, and the health of services")
    func whole() throws {
        let config = try read(
            """
            # ours
            transport: ssm
            health-timeout: 400
            network-fs-types: [nfs4, nfs]
            stacks:
              my-dev-stack:
                transport: ssh
                services:
                  n8n: { health-timeout: 900, probe: "http://127.0.0.1:5678/healthz" }
                  postgres:
                    probe: tcp://127.0.0.1:5432
            """
        )
        #expect(config.setting("transport", of: nil) == "ssm")
        #expect(config.setting("transport", of: Self.stack) == "ssh")
        #expect(config.setting("health-timeout", of: Self.stack) == "400")
        #expect(config.setting("network-fs-types", of: Self.stack) == "nfs4,nfs")
        #expect(config.setting("region", of: Self.stack) == nil)
        let health = config.health(of: Self.stack)
        #expect(health[ServiceName(unchecked: "n8n")]?.timeout == 900)
        let probe = health[ServiceName(unchecked: "postgres")]?.probe
        #expect(probe == .tcp(host: "127.0.0.1", port: 5432))
        #expect(config.health(of: StackName(unchecked: "other")).isEmpty)
    }

    @Test("may be empty", arguments: ["", "# nothing\n", "---\n"])
    func empty(_ text: String) throws {
        #expect(try read(text).setting("region", of: nil) == nil)
    }

    @Test(
        "with a mistake is refused with its line and the near match",
        arguments: [
            ("transprt: ssh", 1, "Did you mean transport?"),
            ("region: x\nstacks:\n  my-dev-stack:\n    probe: x", 4, "The settings are"),
            ("stacks:\n  my_stack: {}", 2, ""),
            ("stacks:\n  a:\n    services:\n      n8n: { probe: ftp://x }", 4, "A probe is"),
            ("stacks:\n  a:\n    services:\n      n8n: { health-timeout: soon }", 4, ""),
            ("stacks:\n  a:\n    services:\n      'n 8n': {}", 4, ""),
            ("stacks:\n  a:\n    services:\n      n8n: { prob: x }", 4, "Did you mean probe?"),
            ("- a", 1, ""), ("region: [[a]]", 1, ""), ("region: {a: b}", 1, ""),
            ("a: [", 1, ""), ("stacks: 7", 1, ""),
        ]
    )
    func mistake(_ text: String, _ line: Int, _ hint: String) {
        let error = #expect(throws: Diagnostic.self) {
            try read(text.replacing("\\\n", with: "\n"))
        }
        #expect(error?.code == "invalid_config")
        #expect(error?.kind == .usage)
        #expect(
            error?.summary.contains("config.yaml\", line \(line):") == true,
            "\(error?.summary ?? "")"
        )
        #expect(hint.isEmpty || error?.hint?.contains(hint) == true, "\(error?.hint ?? "")")
    }

    @Test(
        "knows probes",
        arguments: [
            ("http://127.0.0.1:5678/healthz", true), ("https://a.example/x?y=1", true),
            ("tcp://127.0.0.1:5432", true), ("tcp://[::1]:5432", true), ("tcp://db", false),
            ("tcp://db:0", false), ("tcp://db:1/x", false), ("file:///etc/passwd", false),
            ("http://u:p@h/", false), ("-o/etc/x", false), ("http://a b", false), ("", false),
        ]
    )
    func probe(_ text: String, _ isOne: Bool) {
        #expect(((try? HealthProbe(text)) != nil) == isOne)
        if isOne { #expect((try? HealthProbe(text))?.description == text) }
    }
}
