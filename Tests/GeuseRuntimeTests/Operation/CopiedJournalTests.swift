import Glibc
import Testing

@testable import GeuseRuntime

@Suite("A journal that was copied to another machine takes no host from a living run")
struct CopiedJournalTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws { fixture = try StackFixture() }

    private func expectRefused(machine: String?, process: Int?) throws {
        let script: (any Primitives) throws -> Void = { [n8n] in
            try $0.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
        }
        do {
            let session = try fixture.session(fixture.plan(script))
            try fixture.fault("health=unhealthy:n8n*1")
            fixture.settings.healthTimeout = 20
            _ = try? script(session)
        }
        let lease = try #require(try fixture.facts().host?.lease)
        var holder = try #require(lease.holder)
        holder.machine = machine ?? holder.machine
        holder.process = process ?? holder.process
        holder.since = SystemClock().now()
        try fixture.sandbox.host(fixture.name).lease(
            HostStep(StepID(run: holder.run, step: "beat"), lease: holder)
        )
        let before = try fixture.facts()
        for way in [Recovery.Way.byRule, .abort, .resume, .accept] {
            #expect(refusal { try fixture.recover(way) } == "host_leased", "\(way)")
        }
        #expect(try fixture.facts().host?.services == before.host?.services)
    }

    @Test("One of another machine")
    func otherMachine() throws { try expectRefused(machine: "laptop-a", process: nil) }

    @Test("One of this machine, of a process that runs")
    func otherProcess() throws { try expectRefused(machine: nil, process: Int(getppid())) }

    @Test("The start of a process is told, and that there is none")
    func processes() throws {
        let own = try #require(ProcessStart.time(of: getpid()))
        let now = SystemClock().now().seconds
        #expect(own <= now + 2 && own > now - 86_400)
        #expect(ProcessStart.time(of: 0x3F_FFFF) == nil)
    }
}
