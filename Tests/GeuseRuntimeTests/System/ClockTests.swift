import Testing

@testable import GeuseRuntime

@Suite("clock and cancellation")
struct ClockTests {
    @Test("the wall clock is between this century and the next, the other never goes back")
    func times() throws {
        let clock = SystemClock()
        let now = clock.now()
        let first = clock.monotonic()
        #expect(now > (try #require(Timestamp("2020-01-01T00:00:00Z"))))
        #expect(now < (try #require(Timestamp("2200-01-01T00:00:00Z"))))
        try clock.sleep(0.001, Cancellation())
        #expect(clock.monotonic() > first)
        try clock.sleep(-1, Cancellation())
    }

    @Test("a cancelled wait ends, and undoing takes the flag down")
    func cancellation() throws {
        let cancellation = Cancellation()
        try cancellation.check()
        cancellation.cancel()
        cancellation.cancel()
        #expect(cancellation.requests == 2)
        let error = expectDiagnostic("interrupted") {
            try SystemClock().sleep(3600, cancellation)
        }
        #expect(error?.kind == .interrupted)
        cancellation.reset()
        try cancellation.check()
    }
}
