import Testing

@testable import GeuseRuntime

@Suite("One run at a time may change a host")
struct LeaseTests {
    private func facts(_ world: HostWorld) throws -> HostLeaseFacts {
        try world.host().inspect(world.inspection()).lease
    }

    @Test("The first step takes the lease, the last one gives it back; the number stays")
    func takenAndGivenBack() throws {
        let world = try HostWorld()
        #expect(try facts(world) == HostLeaseFacts())
        try world.host().stopServices(HostWorld.step("1-stop"), world.project())
        let held = try facts(world)
        #expect(held.fence == 1)
        #expect(held.holder == HostWorld.step("x").lease)
        #expect(held.heartbeat != nil)
        try world.host().lease(HostWorld.step("2-release", ends: true))
        let free = try facts(world)
        #expect(free.fence == 1)
        #expect(free.holder == nil)
        #expect(try world.run("find . -name 'PWNED*'") == "")
    }

    @Test("Another run is refused, is told by whom, and changes nothing")
    func another() throws {
        let world = try HostWorld()
        _ = try world.host().pull(HostWorld.step("1-pull"), [ImageReference("n8nio/n8n:2.0")])
        let calls = try world.read("docker/calls")
        let error = #expect(throws: Diagnostic.self) {
            let step = HostWorld.step("1-stop", run: "run-2", fence: 2)
            try world.host().stopServices(step, world.project())
        }
        #expect(error?.code == "host_leased")
        #expect(error?.kind == .locked)
        #expect(error?.summary.contains("run-1") == true)
        #expect(error?.detail?.contains("lap top") == true)
        #expect(try world.read("docker/calls") == calls)
        #expect(try world.run("ls var/lib/geusemaker/runs") == "run-1-1-pull\n")
    }

    @Test("A step with an older number came too late", arguments: [1, 2])
    func fenced(_ fence: Int) throws {
        let world = try HostWorld()
        try world.host().lease(HostWorld.step("1-lease", ends: fence == 2))
        try world.host().lease(HostWorld.step("2-lease", run: "run-2", fence: 2, replaces: "run-1"))
        try world.host().lease(HostWorld.step("3-lease", run: "run-2", fence: 2, ends: true))
        let calls = try world.read("docker/calls")
        let error = #expect(throws: Diagnostic.self) {
            let step = HostWorld.step("4-stop", fence: fence)
            try world.host().stopServices(step, world.project())
        }
        #expect(error?.code == "host_lease_lost")
        #expect(try world.read("docker/calls") == calls)
    }

    @Test("The same run takes a newer number after a kill; its old steps are refused then")
    func takenOver() throws {
        let world = try HostWorld()
        try world.host().lease(HostWorld.step("1-lease"))
        try world.host().lease(HostWorld.step("2-lease", fence: 2))
        #expect(try facts(world).holder?.fence == 2)
        #expect(throws: Diagnostic.self) { try world.host().lease(HostWorld.step("3-lease")) }
    }

    @Test("A step that was done gives its result again, whoever holds the lease by now")
    func replayed() throws {
        let world = try HostWorld()
        let images = [try ImageReference("n8nio/n8n:2.0")]
        let first = try world.host().pull(HostWorld.step("1-pull", ends: true), images)
        try world.host().lease(HostWorld.step("1-lease", run: "run-2", fence: 2))
        #expect(try world.host().pull(HostWorld.step("1-pull", ends: true), images) == first)
        #expect(try facts(world).holder?.run.text == "run-2")
    }

    @Test(
        "A file that is no lease is not taken for a free one",
        arguments: ["x y z\n", "-1 - -\n"]
    )
    func damaged(_ text: String) throws {
        let world = try HostWorld()
        try world.host().lease(HostWorld.step("1-lease", ends: true))
        try world.write("var/lib/geusemaker/lease", text)
        let error = #expect(throws: Diagnostic.self) {
            try world.host().lease(HostWorld.step("1-lease", run: "run-2", fence: 9))
        }
        #expect(error?.code == "host_lease_damaged")
    }

    @Test("A failed apply keeps the lease for the undo")
    func keptForTheUndo() throws {
        let world = try HostWorld()
        try world.publish("n8nio/n8n:broken")
        _ = try world.host().pull(HostWorld.step("1-pull"), [ImageReference("n8nio/n8n:broken")])
        let request = try ApplyTests.request(
            world,
            ApplyTests.change(world, to: "n8nio/n8n:broken")
        )
        let evidence = try world.host().apply(HostWorld.step("2-apply", ends: true), request)
        #expect(evidence.stage == .health)
        #expect(try facts(world).holder?.run.text == "run-1")
    }
}
