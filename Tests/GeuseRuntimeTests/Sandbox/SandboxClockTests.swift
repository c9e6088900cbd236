import Testing

@testable import GeuseRuntime

@Suite("Sandbox: time that passes faster")
struct SandboxClockTests {
    @Test("the real clock's time is told until a fast stack is opened")
    func real() throws {
        let real = SimulatedClock()
        let clock = SandboxClock(real)
        #expect(clock.now() == real.now() && clock.now() == clock.now())
        try clock.sleep(5, Cancellation())
        #expect(clock.monotonic() == real.monotonic())
    }

    @Test("a wait on a fast stack takes a fraction of its time and moves the clock on by all of it")
    func fast() throws {
        let real = SimulatedClock()
        let clock = SandboxClock(real)
        let start = real.now()
        clock.reach(start, speed: 100)
        let began = clock.monotonic()
        try clock.sleep(50, Cancellation())
        #expect(abs(real.now().seconds - start.seconds - 0.5) < 0.001)
        #expect(abs(clock.now().seconds - start.seconds - 50) < 0.01)
        #expect(abs(clock.monotonic() - began - 50) < 0.01)
    }

    @Test("time never goes back, whoever wrote last, and does not jump where it becomes simulated")
    func order() throws {
        let real = SimulatedClock()
        let clock = SandboxClock(real)
        let before = clock.monotonic()
        clock.reach(real.now().adding(seconds: 1000), speed: 10)
        #expect(clock.monotonic() - before < 1)
        let now = clock.now()
        clock.reach(real.now(), speed: 10)
        #expect(clock.now() > now)
    }

    @Test("a wait ends when it is cancelled")
    func cancelled() {
        let clock = SandboxClock(SimulatedClock())
        clock.reach(Timestamp(microseconds: 0), speed: 1_000_000)
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: Diagnostic.self) { try clock.sleep(1, cancellation) }
    }

    @Test("a second program goes on where the first one stopped")
    func shared() throws {
        var options = SandboxOptions()
        options.speed = 1_000_000
        let bench = try SandboxBench(options)
        let clock = SandboxClock(bench.clock)
        let second = Sandbox(
            root: "/state",
            files: bench.files,
            clock: clock,
            cancellation: Cancellation()
        )
        let cloud = second.cloud(bench.name)
        try cloud.stop(bench.id)
        try clock.sleep(2, Cancellation())
        #expect(try cloud.instance(bench.id)?.state == .stopped)
        let third = Sandbox(
            root: "/state",
            files: bench.files,
            clock: SandboxClock(bench.clock),
            cancellation: Cancellation()
        )
        try third.cloud(bench.name).start(bench.id)
        let world = try third.world(bench.name)
        #expect(world.time >= clock.now().adding(seconds: -0.1))
        #expect(
            world.log.filter(\.hadEffect).map(\.operation) == ["StopInstances", "StartInstances"]
        )
    }

    @Test("a speed that is none is refused", arguments: [0, -1, 0.5, 1_000_001, .nan, .infinity])
    func refused(_ speed: Double) {
        var options = SandboxOptions()
        options.speed = speed
        #expect(throws: Diagnostic.self) { try SandboxBench(options) }
    }

    @Test("a request that finds things as they should be has no effect")
    func effects() throws {
        let bench = try SandboxBench()
        try bench.cloud.stop(bench.id)
        try bench.cloud.stop(bench.id)
        let log = try bench.sandbox.world(bench.name).log
        #expect(log.map(\.hadEffect) == [true, false])
    }

    @Test("a service can be ill on one instance type only")
    func typed() throws {
        let bench = try SandboxBench()
        try bench.inject("health=unhealthy:n8n@t3.large")
        #expect(try bench.service("n8n").isWell)
        try bench.inject("health=unhealthy:n8n@t3.medium")
        #expect(try bench.service("n8n").isWell == false)
    }
}
