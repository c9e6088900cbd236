import Testing

@testable import GeuseRuntime

@Suite struct WaiterTests {
    typealias D = AWSDoubles

    /// Looks at something that is there after `seconds`; each look takes 10 ms.
    private func looks(
        until seconds: Double,
        expected: Double?,
        limit: Double = 600,
        early: [Double] = [0],
        random: @escaping () -> Double = { 0.5 }
    ) throws -> (count: Int, late: Double) {
        let clock = D.SteppingClock()
        let waiter = Waiter(
            expected: expected,
            limit: limit,
            early: early,
            clock: clock,
            cancellation: Cancellation(),
            random: random
        )
        var count = 0
        _ = try waiter.wait(for: "it") { () -> Bool in
            count += 1
            clock.advance(0.01)
            return clock.monotonic() - 0.005 >= seconds
        } judge: {
            $0 ? .reached : .waiting
        }
        return (count, clock.monotonic() - seconds)
    }

    @Test(arguments: [0, 0.25, 0.5, 0.75, 0.999])
    func anExpectedStopIsSeenSoonWithFewLooks(random: Double) throws {
        for (expected, most) in [(8.0, 5), (5.0, 5), (30.0, 5), (1.0, 5)] {
            let result = try looks(until: expected, expected: expected, random: { random })
            #expect(result.count <= most, "\(expected) s took \(result.count) looks")
            #expect(result.late <= max(0.035 * expected, 0.25), "\(expected): \(result.late)")
        }
    }

    @Test(arguments: [0.3, 2.0, 7.0, 7.5, 9.0, 9.5, 12.0, 20.0, 60.0, 300.0])
    func aWrongExpectationCostsABoundedTime(seconds: Double) throws {
        let result = try looks(until: seconds, expected: 8)
        #expect(result.late <= max(0.5 * 8, 0.065 * seconds))
        #expect(result.count <= 80)
        if seconds > 8 { #expect(result.late <= max(0.065 * seconds, 0.25)) }
    }

    @Test(arguments: [0.0, 0.5, 3.0, 40.0, 500.0])
    func nobodyKnowsHowLong(seconds: Double) throws {
        let result = try looks(until: seconds, expected: nil)
        #expect(result.late <= max(0.14 * seconds, 0.15))
        #expect(result.count <= 80)
    }

    @Test func whatIsThereIsSeenAtOnce() throws {
        let result = try looks(until: 0, expected: 8)
        #expect(result.count == 1)
        #expect(result.late <= 0.02)
    }

    @Test func aLostGoalEndsTheWaitAtOnce() throws {
        let clock = D.SteppingClock()
        let waiter = Waiter(
            expected: 8,
            limit: 600,
            clock: clock,
            cancellation: Cancellation()
        )
        var states = ["pending", "stopped", "stopped"]
        let error = #expect(throws: Diagnostic.self) {
            try waiter.wait(for: "running") {
                states.removeFirst()
            } judge: { state in
                switch state {
                case "running": .reached
                case "stopped": .unreachable(Diagnostic("Server.InsufficientInstanceCapacity", "x"))
                default: .waiting
                }
            }
        }
        #expect(error?.code == "Server.InsufficientInstanceCapacity")
        #expect(states == ["stopped"])
    }

    @Test func anOutageIsSatOut() throws {
        let clock = D.SteppingClock()
        let waiter = Waiter(expected: 8, limit: 600, clock: clock, cancellation: Cancellation())
        let value = try waiter.wait(for: "it") { () -> Int in
            if (1..<50).contains(clock.monotonic()) {
                throw Diagnostic(HTTPFailure.connect, "x")
            }
            return clock.monotonic() < 100 ? 0 : 1
        } judge: {
            $0 == 1 ? .reached : .waiting
        }
        #expect(value == 1)
        for code in [HTTPFailure.timeout, "ThrottlingException", "http_status_502"] {
            let start = clock.monotonic()
            let error = #expect(throws: Diagnostic.self) {
                try waiter.wait(for: "it") {
                    throw Diagnostic(code, "x")
                } judge: {
                    .reached
                }
            }
            #expect(error?.code == code)
            #expect((60...70).contains(clock.monotonic() - start))
        }
        let lost = #expect(throws: Diagnostic.self) {
            try waiter.wait(for: "it") {
                1
            } judge: { _ in
                .unreachable(Diagnostic("ServiceUnavailable", "x"))
            }
        }
        #expect(lost?.code == "ServiceUnavailable")
    }

    @Test func timeIsBounded() throws {
        let clock = D.SteppingClock()
        let waiter = Waiter(expected: 8, limit: 20, clock: clock, cancellation: Cancellation())
        let error = #expect(throws: Diagnostic.self) {
            try waiter.wait(for: "it") {
                1
            } judge: { _ in
                .waiting
            }
        }
        #expect(error?.code == "wait_timeout")
        #expect((19.99...20.01).contains(clock.monotonic()))
    }

    @Test func cancellationAndErrorsEndIt() throws {
        let cancellation = Cancellation()
        let waiter = Waiter(
            expected: 8,
            limit: 20,
            clock: D.SteppingClock(),
            cancellation: cancellation
        )
        let error = #expect(throws: Diagnostic.self) {
            try waiter.wait(for: "it") {
                cancellation.cancel()
            } judge: {
                .waiting
            }
        }
        #expect(error?.code == "interrupted")
        cancellation.shield()
        let other = #expect(throws: Diagnostic.self) {
            try waiter.wait(for: "it") {
                throw Diagnostic("broken", "x")
            } judge: {
                .reached
            }
        }
        #expect(other?.code == "broken")
    }
}
