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

    @Test(
        "a cancelled wait ends, one behind a shield does not, and the requests are counted all the same"
    )
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
        cancellation.shield()
        try cancellation.check()
        #expect(cancellation.requests == 0)
        #expect(cancellation.cancel() == 3)
        try cancellation.check()
    }
}
