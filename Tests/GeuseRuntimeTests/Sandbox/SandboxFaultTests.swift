import Synchronization
import Testing

@testable import GeuseRuntime

@Suite("Sandbox: faults")
struct SandboxFaultTests {
    @Test(
        "a fault's text reads back as it was written",
        arguments: [
            "start=InsufficientInstanceCapacity", "start=InsufficientInstanceCapacity@m5.large*2",
            "start=Server.InsufficientInstanceCapacity*1", "stop=stuck",
            "modify=InvalidInstanceAttributeValue", "describe=RequestLimitExceeded*3",
            "pull=toomanyrequests", "pull=manifest-unknown", "pull=disk-full", "up=fail*1",
            "health=unhealthy:n8n", "efs=missing", "efs=late", "efs=wrong:now", "efs=read-only",
            "efs=hung:boot", "agent=offline", "target=missing", "start=stuck", "reply=lost",
            "kill=host.apply",
        ]
    )
    func text(_ text: String) throws {
        let fault = try SandboxFault(text)
        #expect(fault.description == text)
        #expect(try SandboxFault(worldJSON: fault.worldJSON) == fault)
    }

    @Test(
        "what is unknown is refused with the list of what is known",
        arguments: [
            ("", "start, stop"), ("start", "start, stop"), ("network=down", "start, stop"),
            ("start=NoSuchCode", "VcpuLimitExceeded"), ("efs=broken", "read-only"),
            ("efs=late:now", "hung"), ("health=unhealthy", "unhealthy:SERVICE"),
            ("health=unhealthy:-x", "unhealthy:SERVICE"), ("up=fail*0", "number"),
            ("up=fail*x", "number"),
            ("stop=stuck@t3.large", "start, modify, reserve, status and health"),
            ("start=Unsupported@", "start, modify, reserve, status and health"),
        ]
    )
    func unknown(_ text: String, _ known: String) throws {
        let error = #expect(throws: Diagnostic.self) { try SandboxFault(text) }
        #expect(error?.code == "unknown_fault" && error?.kind == .usage)
        #expect(error?.detail?.contains(known) == true, "\(error?.detail ?? "")")
    }

    @Test("every fault of the help text is one that can be set")
    func known() throws {
        #expect(SandboxFault.known.count == SandboxFault.Kind.allCases.count)
        for line in SandboxFault.known {
            let parts = line.split(separator: "=")
            try #require(parts.count == 2)
            for value in parts[1].split(separator: "|") {
                let text = "\(parts[0])=\(value)".replacing("SERVICE", with: "qdrant")
                #expect(try SandboxFault(text).description == text)
            }
        }
    }

    @Test("a lack of capacity strikes as often as it was told, then is over")
    func counted() throws {
        let bench = try SandboxBench()
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        try bench.inject("start=InsufficientInstanceCapacity*2")
        for _ in 1...2 {
            let code = refusal { try bench.cloud.start(bench.id) }
            #expect(code == "InsufficientInstanceCapacity")
            #expect(try bench.state() == .stopped)
        }
        try bench.cloud.start(bench.id)
        #expect(try bench.state() == .pending)
        #expect(try bench.sandbox.world(bench.name).faults.isEmpty)
    }

    @Test("a lack of capacity of one type spares the others and lasts until it is cleared")
    func typed() throws {
        let bench = try SandboxBench()
        try bench.inject("start=InsufficientInstanceCapacity@m5.large")
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        try bench.cloud.setType(bench.id, to: InstanceType("m5.large"))
        for _ in 1...3 { #expect(refusal { try bench.cloud.start(bench.id) } != nil) }
        try bench.cloud.setType(bench.id, to: InstanceType("m6i.large"))
        try bench.cloud.start(bench.id)
        bench.clock.advance(2.3)
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        try bench.cloud.setType(bench.id, to: InstanceType("m5.large"))
        try bench.sandbox.clearFaults(bench.name)
        try bench.cloud.start(bench.id)
    }

    @Test("an asynchronous lack of capacity lets the start begin and fall back to stopped")
    func asynchronous() throws {
        let bench = try SandboxBench()
        try bench.cloud.stop(bench.id)
        bench.clock.advance(2)
        try bench.inject("start=Server.InsufficientInstanceCapacity*1")
        try bench.cloud.start(bench.id)
        #expect(try bench.state() == .pending)
        bench.clock.advance(2)
        let instance = try #require(try bench.cloud.instance(bench.id))
        #expect(instance.state == .stopped && instance.publicIP == nil)
        #expect(instance.stateReason == "Server.InsufficientInstanceCapacity")
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "ConnectionLost")
    }

    @Test("other refusals of the control plane carry their codes and change nothing")
    func refusals() throws {
        let bench = try SandboxBench()
        try bench.inject("stop=UnauthorizedOperation*1")
        #expect(refusal { try bench.cloud.stop(bench.id) } == "UnauthorizedOperation")
        #expect(try bench.state() == .running)
        try bench.inject("describe=InvalidInstanceID.NotFound*1")
        #expect(try bench.state() == nil)
        try bench.inject("stop=stuck*1")
        try bench.cloud.stop(bench.id)
        bench.clock.advance(3600)
        #expect(try bench.state() == .stopping)
        let other = try SandboxBench()
        try other.cloud.stop(other.id)
        other.clock.advance(2)
        try other.inject("modify=InvalidInstanceAttributeValue@t3.large")
        let code = refusal { try other.cloud.setType(other.id, to: InstanceType("t3.large")) }
        #expect(code == "InvalidInstanceAttributeValue")
        try other.cloud.setType(other.id, to: InstanceType("t3.small"))
        try other.inject("start=stuck*1")
        try other.cloud.start(other.id)
        other.clock.advance(3600)
        #expect(try other.state() == .pending)
    }

    @Test("throttling is tried again like the AWS client does, and reported when it goes on")
    func throttling() throws {
        let bench = try SandboxBench()
        try bench.inject("describe=RequestLimitExceeded*2")
        #expect(try bench.state() == .running)
        let log = try bench.sandbox.world(bench.name).log
        #expect(log.map(\.refusal) == ["RequestLimitExceeded", "RequestLimitExceeded", nil])
        try bench.inject("describe=RequestLimitExceeded")
        #expect(refusal { try bench.state() } == "RequestLimitExceeded")
        #expect(try bench.operations().count == 6)
        try bench.sandbox.clearFaults(bench.name)
        try bench.inject("describe=UnauthorizedOperation*1")
        #expect(refusal { try bench.state() } == "UnauthorizedOperation")
        #expect(try bench.operations().count == 7, "a refusal for good is not tried again")
    }

    @Test("a mount target can be missing or not ready")
    func mountTarget() throws {
        let bench = try SandboxBench()
        let id = bench.stack.fileSystem
        #expect(try bench.cloud.fileSystem(id)?.lifeCycleState == "available")
        let target = try #require(try bench.cloud.mountTargets(id).first)
        #expect(target.lifeCycleState == "available" && target.zone == "us-east-1a")
        #expect(target.id == bench.stack.mountTargetID)
        try bench.inject("target=creating*1")
        #expect(try bench.cloud.mountTargets(id).first?.lifeCycleState == "creating")
        try bench.inject("target=missing")
        #expect(try bench.cloud.mountTargets(id).isEmpty)
    }

    @Test("the word clear takes every fault away")
    func clear() throws {
        let bench = try SandboxBench()
        try bench.sandbox.setFault("efs=hung", on: bench.name)
        try bench.sandbox.setFault("agent=offline*2", on: bench.name)
        #expect(try bench.sandbox.world(bench.name).faults.count == 2)
        try bench.sandbox.setFault("clear", on: bench.name)
        #expect(try bench.facts().storage.answer == .answered)
        #expect(refusal { try bench.sandbox.setFault("clean", on: bench.name) } == "unknown_fault")
    }

    @Test(
        "a pull fails with the registry's reason",
        arguments: [
            ("toomanyrequests", "image_rate_limited"), ("manifest-unknown", "image_not_found"),
            ("unauthorized", "image_unauthorized"), ("disk-full", "host_disk_full"),
        ]
    )
    func pull(_ value: String, _ code: String) throws {
        let bench = try SandboxBench()
        try bench.inject("pull=\(value)*1")
        let image = try ImageReference("n8nio/n8n:1.20.0")
        let pull = { try bench.host.pull(bench.step($0), [image]) }
        #expect(refusal { try pull("1-pull") } == code)
        #expect(refusal { try pull("1-pull") } == code, "the first result again")
        #expect(refusal { try pull("2-pull") } == nil)
    }

    @Test("a full disk shows in the facts while the fault lasts")
    func diskFull() throws {
        let bench = try SandboxBench()
        try bench.inject("pull=disk-full")
        #expect(try bench.facts().freeBytes == 0)
        try bench.sandbox.clearFaults(bench.name)
        #expect(try bench.facts().freeBytes > 0)
    }

    @Test("a failed up leaves the service down, and the next one brings it up")
    func up() throws {
        let bench = try SandboxBench()
        try bench.inject("up=fail*1")
        let evidence = try bench.updateN8N(to: "n8nio/n8n:1.20.0", pulling: true)
        #expect(evidence.stage == .up && evidence.error?.contains("n8n") == true)
        #expect(try bench.service("n8n").state == "created")
        #expect(try bench.service("postgres").isWell)
        let again = try bench.host.apply(
            bench.step("3-apply"),
            bench.request(bench.facts().project)
        )
        #expect(again.stage == .done)
    }

    @Test("a service is unhealthy as long as it is told to be, or for one start")
    func health() throws {
        let bench = try SandboxBench()
        try bench.inject("health=unhealthy:n8n")
        #expect(try bench.service("n8n").health == .unhealthy)
        #expect(try bench.service("ollama").health == .healthy)
        try bench.sandbox.clearFaults(bench.name)
        #expect(try bench.service("n8n").isWell)
        try bench.inject("health=unhealthy:n8n*1")
        #expect(try bench.service("n8n").isWell, "it waits for the next start")
        let evidence = try bench.updateN8N(to: "n8nio/n8n:1.20.0", pulling: true)
        #expect(evidence.stage == .health && evidence.error?.hasPrefix("service_unhealthy") == true)
    }

    @Test("an agent that is offline is seen by SSM and by the host's caller")
    func agent() throws {
        let bench = try SandboxBench()
        try bench.inject("agent=offline")
        #expect(try bench.state() == .running)
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "ConnectionLost")
        #expect(refusal { try bench.facts() } == "host_unreachable")
        try bench.sandbox.clearFaults(bench.name)
        #expect(try bench.cloud.agent(bench.id)?.pingStatus == "Online")
    }

    @Test("a hung mount costs the probe's time and says so")
    func hung() throws {
        let bench = try SandboxBench()
        try bench.inject("efs=hung")
        let before = bench.clock.now()
        let storage = try bench.facts(nonce: "aa").storage
        #expect(storage.answer == .hung && storage.isMounted && storage.nonceMatches == false)
        #expect(bench.clock.now().seconds - before.seconds >= 1)
    }

    @Test("kill ends the program after the work is done and saved")
    func kill() throws {
        let deaths = Atomic<Int>(0)
        let bench = try SandboxBench(die: { deaths.add(1, ordering: .relaxed) })
        try bench.inject("kill=StopInstances*1")
        #expect(try bench.state() == .running && deaths.load(ordering: .relaxed) == 0)
        try bench.cloud.stop(bench.id)
        #expect(deaths.load(ordering: .relaxed) == 1)
        #expect(try bench.state() == .stopping && !bench.files.isLocked)
    }
}
