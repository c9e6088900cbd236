import Foundation
import Testing

@testable import GeuseRuntime

@Suite("recover and lock")
struct LockCommandTests {
    let program: Program

    init() throws {
        program = try Program()
        try program.run("sandbox", "create", "s")
    }

    /// An update that is killed after a call of the simulated cloud or host.
    private func kill(after call: String) throws {
        try program.run("sandbox", "fault", "s", "kill=\(call)*1")
        let words = ["update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "--force"]
        #expect(try program.start(words)().status == -1)
    }

    private func leaseOwner() throws -> String? {
        try program.run("lock", "status", "s", "--json").json?["data"]?["host"]?["run"]?.stringValue
    }

    @Test("What another tool has left half-changed is not changed, and brought up by recover")
    func changedElsewhere() throws {
        try program.run("sandbox", "fault", "s", "kill=StopInstances*1")
        let words = ["update", "s", "--instance-type", "t3.large", "--force"]
        #expect(try program.start(words)().status == -1)
        try FileManager.default.removeItem(atPath: program.state + "/journal/s")
        let next = try program.run("update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "-f", "--json")
        #expect(next.status == 7)
        #expect(next.json?["error_code"] == "changed_elsewhere")
        // The lease on the host may be that of a run that is alive, on another machine.
        let leased = try program.run("recover", "s", "--json")
        #expect(leased.status == 7)
        #expect(leased.json?["error_code"] == "not_recovered")
        let owner = try #require(try leaseOwner())
        #expect(try program.run("lock", "release", "s", "--run", owner, "-f").status == 0)
        let recovered = try program.run("recover", "s", "--json")
        #expect(recovered.status == 0)
        #expect(recovered.json?["data"]?["outcome"] == "accepted")
        #expect(try program.run("verify", "s").status == 0)
        #expect(try program.run("describe", "s", "--json").json?["data"]?["status"] == "running")
    }

    /// Writes another status word into the state file, as another tool does.
    private func setStatus(_ word: String) throws {
        let path = program.state + "/deployments/s.json"
        let lines = try String(contentsOfFile: path, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("  \"status\":") ? "  \"status\": \"\(word)\"," : String($0) }
        try lines.joined(separator: "\n").write(toFile: path, atomically: false, encoding: .utf8)
    }

    @Test(
        "A stack that another tool is making or taking down is not recovered",
        arguments: ["destroying", "terminated", "creating", "weird"]
    )
    func goingDown(_ word: String) throws {
        try kill(after: "host.apply")
        try setStatus(word)
        let state = try program.stateFile()
        let world = try Data(contentsOf: URL(fileURLWithPath: program.state + "/sandbox/s.json"))
        for option in [[], ["--abort"], ["--resume"], ["--accept"]] {
            let result = try program.start(["recover", "s", "--json"] + option)()
            #expect(result.status == 4, "\(option)")
            #expect(result.json?["error_code"] == "status_forbids_change")
        }
        #expect(try program.stateFile() == state)
        let now = try Data(contentsOf: URL(fileURLWithPath: program.state + "/sandbox/s.json"))
        #expect(now == world)
        try setStatus("failed")
        #expect(try program.run("recover", "s").status == 0)
    }

    @Test("Hints name the state directory that was given")
    func stateDirectory() throws {
        let other = program.directory + "/other"
        try FileManager.default.moveItem(atPath: program.state, toPath: other)
        try program.run("sandbox", "fault", "s", "kill=StopInstances*1", "--state-dir", other)
        let words = ["update", "s", "--instance-type", "t3.large", "-f", "--state-dir", other]
        #expect(try program.start(words)().status == -1)
        try FileManager.default.removeItem(atPath: other + "/journal/s")
        let half = try program.start(words)()
        #expect(half.status == 7)
        #expect(half.talk.contains("geusemaker recover s --state-dir \(other)"), "\(half.talk)")
        let leased = try program.run("recover", "s", "--state-dir", other)
        #expect(leased.status == 7)
        #expect(leased.talk.contains("geusemaker recover s --state-dir \(other)"))
    }

    @Test("adopt says that a run is open, and what ends it")
    func adoptOverOpenRun() throws {
        try kill(after: "host.apply")
        let words = ["adopt", "s", "--instance-id", "i-0fedcba9876543210", "--force"]
        // Without such a profile it comes no further; what it has to say it says before.
        let adopted = try program.start(words + ["--profile", "none"])()
        #expect(adopted.status != 0)
        #expect(adopted.talk.contains("never ended"), "\(adopted.talk)")
        #expect(adopted.talk.contains("geusemaker recover s --accept"))
    }

    @Test("A closed standard stream never becomes a file of the state directory")
    func closedStreams() throws {
        for closed in ["<&- >&- 2>&-", ">&- 2>&-"] {
            let line = "geusemaker update s --image n8n=n8nio/n8n:1.20.0 --force \(closed)"
            #expect(try program.shell(line).status == 0)
            #expect(try program.run("verify", "s").status == 0)
            #expect(try program.run("history", "s").status == 0)
        }
    }

    @Test("A killed run is told by every command, and stops the next change")
    func unfinished() throws {
        try kill(after: "host.apply")
        for command in ["describe", "verify", "history"] {
            #expect(try program.run(command, "s").talk.contains("recover s"), "\(command)")
        }
        let listed = try program.run("list", "--json").json?["data"]?["deployments"]?.arrayValue
        #expect(listed?.first?["unfinished_run"]?.stringValue != nil)
        let next = try program.run("update", "s", "--instance-type", "t3.large", "-f", "--json")
        #expect(next.status == 7)
        #expect(next.json?["error_code"] == "unfinished_run")
        let recovered = try program.run("recover", "s", "--json")
        #expect(recovered.status == 0)
        #expect(recovered.json?["data"]?["outcome"] == "restored")
        #expect(try program.run("recover", "s", "--json").json?["data"]?["recovered"] == false)
        #expect(try program.run("verify", "s").talk.isEmpty)
        #expect(try leaseOwner() == nil)
    }

    @Test("What is left is done when asked")
    func resume() throws {
        try kill(after: "host.pull")
        #expect(try program.run("recover", "s", "--resume", "--abort").status == 64)
        #expect(try program.run("recover", "s", "--allow", "pg-major").status == 64)
        #expect(try program.run("recover", "s", "--resume", "--allow", "nothing").status == 64)
        let result = try program.run("recover", "s", "--resume", "--json")
        #expect(result.status == 0)
        #expect(result.json?["data"]?["outcome"] == "finished")
        let state = try JSONParser.parse(Array(program.stateFile()))
        #expect(state["container_images"]?["n8n"] == "n8nio/n8n:1.20.0")
    }

    @Test("With --lock-wait an update goes on once the other machine gives the host back")
    func waits() throws {
        let sandbox = Sandbox(
            root: program.state,
            files: LiveFileSystem(),
            clock: SandboxClock(SystemClock()),
            cancellation: Cancellation()
        )
        let host = sandbox.host(StackName(unchecked: "s"))
        let now = SystemClock().now()
        let other = RunID.make(at: now)
        let owner = LockOwner.current(run: other, command: "update", since: now)
        func step(_ name: String, ends: Bool) -> HostStep {
            HostStep(
                StepID(run: other, step: name),
                lease: HostLease(owner, run: other, fence: 1),
                endsLease: ends
            )
        }
        try host.lease(step("1-take", ends: false))
        #expect(try leaseOwner() == other.text)
        let waiter = try program.start([
            "update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "-f", "--events", "--lock-wait",
            "300",
        ])
        func looks() throws -> Int {
            try sandbox.world(StackName(unchecked: "s")).log.count {
                $0.operation == "host.inspect"
            }
        }
        let before = try looks()
        while try looks() == before { usleep(20_000) }
        try host.lease(step("2-end", ends: true))
        let ended = try waiter()
        #expect(ended.status == 0, "\(ended.talk)")
        #expect(ended.talk.contains("waiting for the run \(other) to give the host back"))
        #expect(try leaseOwner() == nil)
    }

    @Test(
        "A copied state directory takes no host from a living run; a dead one is given back by name"
    )
    func copied() throws {
        try kill(after: "host.pull")
        let run = try RunID(#require(try leaseOwner()))
        let sandbox = Sandbox(
            root: program.state,
            files: LiveFileSystem(),
            clock: SandboxClock(SystemClock()),
            cancellation: Cancellation()
        )
        let name = StackName(unchecked: "s")
        var holder = HostLease(
            .current(run: run, command: "update", since: SystemClock().now()),
            run: run,
            fence: try sandbox.world(name).machine.lease.fence
        )
        holder.machine = "laptop-a"
        try sandbox.host(name).lease(HostStep(StepID(run: run, step: "beat"), lease: holder))
        let refused = try program.run("recover", "s", "--json")
        #expect(refused.status == 5)
        #expect(refused.json?["error_code"] == "host_leased")
        #expect(refused.out.contains("lock release s --run \(run)"), "\(refused.out)")
        #expect(refused.out.contains("laptop-a"))
        let release = try program.run("lock", "release", "s", "--run", run.text, "-f")
        #expect(release.status == 0, "\(release.talk)")
        #expect(release.out.contains("recover s"))
        let recovered = try program.run("recover", "s", "--json")
        #expect(recovered.status == 0, "\(recovered.out)")
        #expect(recovered.json?["data"]?["outcome"] == "restored")
        #expect(try program.run("verify", "s").status == 0)
        #expect(try leaseOwner() == nil)
    }

    @Test("A run of another machine that died there: shown, refused, given back by name")
    func release() throws {
        try kill(after: "host.pull")
        let run = try #require(try leaseOwner())
        // Its machine and state directory are gone: only the host remembers.
        let journals = program.state + "/journal/s"
        #expect(try program.run("lock", "release", "s", "--run", run, "-f").status == 7)
        try FileManager.default.removeItem(atPath: journals)
        let update = ["update", "s", "--image", "n8n=n8nio/n8n:1.20.0", "-f", "--json"]
        let refused = try program.start(update)()
        #expect(refused.status == 5)
        #expect(refused.json?["error_code"] == "host_leased")
        #expect(refused.out.contains("lock release s --run \(run)"))
        // Waiting is bounded too.
        #expect(try program.start(update + ["--lock-wait", "1"])().status == 5)
        #expect(try program.run("lock", "release", "s", "--run", "other", "-f").status == 4)
        #expect(try program.run("lock", "release", "s", "--run", run).status == 64)
        #expect(try leaseOwner() == run)
        #expect(try program.run("lock", "release", "s", "--run", run, "-f").status == 0)
        #expect(try leaseOwner() == nil)
        #expect(try program.start(update)().status == 0)
    }
}
