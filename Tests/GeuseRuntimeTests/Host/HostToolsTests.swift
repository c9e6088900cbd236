import Testing

@testable import GeuseRuntime

/// A host that lacks a program which every script needs is told so, and nothing is done on it.
@Suite struct HostToolsTests {
    /// Runs scripts where nothing but `only` is in the path, not even the usual places.
    private final class Bare: HostTransport {
        private let world: HostWorld
        init(_ world: HostWorld) { self.world = world }

        func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
            let usual = ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
            try world.write("script", script.replacing(usual, with: ""))
            let output = try world.run(
                "DOCKER_WORLD=$PWD/docker PATH=$PWD/only /bin/dash script 2>errors"
            )
            return HostReply(status: 0, output: output, errors: try world.read("errors"))
        }

        func isReachable() throws -> Bool { true }
    }

    /// A world whose path has everything of this machine but one program, or another in its place.
    private func world(without tool: String, instead: String? = nil) throws -> HostWorld {
        let world = try HostWorld()
        try world.run(
            "mkdir only; ln -s /usr/bin/* /bin/* only/ 2>/dev/null; rm -f only/docker only/\(tool); "
                + "ln -s \"$PWD/bin/docker\" only/docker"
        )
        if let instead {
            try world.write("only/\(tool)", "#!/bin/sh\n\(instead)\n")
            try world.run("chmod 755 only/\(tool)")
        }
        return world
    }

    @Test(arguments: [
        "awk", "base64", "cat", "chmod", "cmp", "cp", "cut", "date", "df", "find", "flock", "grep",
        "gzip", "head", "ls", "mkdir", "mktemp", "mv", "readlink", "rm", "sed", "sha256sum",
        "sleep", "sort", "stat", "sync", "tail", "tee", "timeout", "touch", "tr", "uname", "wc",
    ])
    func aMissingOneIsNamed(_ tool: String) throws {
        let world = try world(without: tool)
        let host = world.host(Bare(world))
        for look in [true, false] {
            let error = #expect(throws: Diagnostic.self) {
                // One of them travels packed.
                if look {
                    _ = try host.inspect(world.inspection())
                } else {
                    _ = try host.apply(HostWorld.step("1-apply"), ApplyTests.request(world))
                }
            }
            #expect(error?.code == "host_tool_missing")
            #expect(error?.kind == .refused)
            #expect(error?.summary.contains(" \(tool) ") == true)
            #expect(error?.hint?.contains(tool) == true)
        }
        #expect(try world.read("docker/calls") == "")
        #expect(try world.run("ls -d var/*") == "var/run\n")
    }

    @Test(arguments: [
        // That of busybox cannot wait.
        (
            "case \" $* \" in *' -w '*) echo usage >&2; exit 1 ;; esac; exec /usr/bin/flock \"$@\"",
            nil
        ),
        ("exit 1", "host_tool_missing"), ("exit 64", "host_tool_missing"),
        ("echo 'applet not found' >&2; exit 127", "host_tool_missing"),
    ])
    func aLockThatCannotBeTakenIsNotCalledLocked(_ flock: String, _ code: String?) throws {
        let world = try world(without: "flock", instead: flock)
        var found: String?
        do {
            try world.host(Bare(world)).stopServices(
                HostWorld.step("1-stop"),
                world.project()
            )
        } catch let error as Diagnostic {
            found = error.code
        }
        #expect(found == code)
    }

    @Test func onlyALineOfThisStepIsBelieved() throws {
        let line = { (of: String, tool: String) in
            #"{"geuse":1,"of":"\#(Base64Text.encode(Array(of.utf8)))","missing":"\#(tool)"}"#
        }
        let result = try #require(HostResult(line("r-1-stop", "flock"), step: "r-1-stop"))
        #expect(result.outcome == .failed)
        #expect(HostResult(line("r-2-stop", "flock"), step: "r-1-stop") == nil)
        #expect(HostResult(line("r-1-stop", "rm -rf /"), step: "r-1-stop") == nil)
        #expect(HostResult(line("r-1-stop", ""), step: "r-1-stop") == nil)
    }
}
