import Testing

@testable import GeuseRuntime

@Suite("Timestamp")
struct TimestampTests {
    @Test("random moments are written and read as Python's datetime does")
    func agreesWithPython() throws {
        var generator = SeededGenerator(state: 3)
        // The years 1 to 9999, the range of datetime.
        let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
        let moments = (0..<500).map { index in
            let moment = Int64.random(in: range, using: &generator)
            return index % 5 == 0 ? moment / 1_000_000 * 1_000_000 : moment
        }
        let script = """
            import sys
            from datetime import datetime, timedelta, timezone
            epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
            for line in sys.stdin:
                time = epoch + timedelta(microseconds=int(line))
                print(time.isoformat().replace("+00:00", "Z"))
            """
        let input = moments.map(String.init).joined(separator: "\n")
        let output = try PythonProgram.run(script, input: Array(input.utf8))
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
        try #require(lines.count == moments.count)
        for (moment, line) in zip(moments, lines) {
            #expect(Timestamp(microseconds: moment).text == line)
            #expect(Timestamp(line)?.microseconds == moment)
        }
    }

    @Test(
        "forms of RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:01z", 1_000_000),
            ("1970-01-01 00:00:00.5Z", 500_000), ("1970-01-01T02:30:00+02:30", 0),
            ("1969-12-31T23:00:00-01:00", 0), ("1970-01-01T00:00:00.123456789Z", 123_456),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000_000),
        ] as [(String, Int64)]
    )
    func forms(text: String, microseconds: Int64) {
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "1970-01-01", "1970-01-01T00:00:00", "1970-02-30T00:00:00Z", "2023-02-29T00:00:00Z",
            "1970-13-01T00:00:00Z", "1970-00-01T00:00:00Z", "1970-01-00T00:00:00Z",
            "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00ZZ", "1970-01-01T00:00:00+0100", "1970-01-01T00:00:00+01-00",
            "1970-01-01T00:00:00+24:00", "1970-01-01T00:00:00+00:60", "1970-01-01x00:00:00Z",
            "1970-1-01T00:00:00ZZ", "197O-01-01T00:00:00Z", "1970-01-01T00:00:00é",
        ]
    )
    func refused(text: String) { #expect(Timestamp(text) == nil) }

    @Test("a zero fraction is left out, as pydantic does, and the basic form is that of SigV4")
    func written() throws {
        let time = try #require(Timestamp("2026-11-23T11:09:23.000000Z"))
        #expect(time.text == "2026-11-23T11:09:23Z")
        #expect(time.basic == "20261123T110923Z")
        #expect(time.adding(seconds: 0.25).text == "2026-11-23T11:09:23.250000Z")
        #expect(time < time.adding(seconds: 0.000001))
    }

    @Test("sums that cannot be counted do not trap")
    func extremes() {
        let time = Timestamp(microseconds: .max)
        for seconds in [Double.infinity, -.infinity, .nan, 1e300, -1e300] {
            _ = time.adding(seconds: seconds)
        }
        #expect(time.adding(seconds: 1) == time)
        #expect(Timestamp(microseconds: .min).adding(seconds: -.infinity).microseconds == .min)
        #expect(!Timestamp(microseconds: .min).text.isEmpty && !time.text.isEmpty)
    }
}
