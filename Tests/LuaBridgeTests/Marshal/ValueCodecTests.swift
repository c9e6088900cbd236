import GeuseRuntime
import Testing

@testable import LuaBridge

@Suite struct ValueCodecTests {
    private func roundTrip(_ value: ScriptValue) throws -> ScriptValue {
        try ValueDecoder.value(ValueEncoder.frame(.returned, value).dropFirst(5))
    }

    @Test(
        arguments: [
            .nil, .bool(true), .bool(false), .int(.min), .int(.max), .int(-1), .double(0.1),
            .double(-.infinity), .double(.greatestFiniteMagnitude), .double(-0.0), .string(""),
            .string("ünïcödé \u{0}\u{1F600}"), .bytes([0xFF, 0x00, 0xFE]), .list([]),
            .list([.nil, .int(1), .nil]), .map(ScriptMap([("a", 1), ("b", ["x"])])),
            .map(ScriptMap([("k", true)], positions: ["one", .double(2)])), .map(ScriptMap()),
        ] as [ScriptValue]
    )
    func everyKindOfValueComesBack(_ value: ScriptValue) throws {
        #expect(try roundTrip(value) == value)
    }

    @Test func notANumberStaysOne() throws {
        guard case .double(let number) = try roundTrip(.double(.nan)) else {
            Issue.record("not a double")
            return
        }
        #expect(number.isNaN)
    }

    @Test func depthIsLimitedOnBothSides() throws {
        var value = ScriptValue.int(1)
        for _ in 0..<(WireFormat.depthLimit + WireFormat.framing) { value = .list([value]) }
        #expect(try roundTrip(value) == value)
        let deeper = ScriptValue.list([value])
        #expect(throws: WireError.self) { try ValueEncoder.frame(.returned, deeper) }
        var bytes: [UInt8] = [0]
        for _ in 0..<100 { bytes = [6, 1, 0, 0, 0] + bytes }
        #expect(throws: WireError.self) { try ValueDecoder.value(bytes[...]) }
    }

    @Test func sizeAndCountAreLimited() {
        let long = ScriptValue.bytes([UInt8](repeating: 0xFF, count: WireFormat.frameLimit))
        #expect(throws: WireError.self) { try ValueEncoder.frame(.returned, long) }
        let many = ScriptValue.list([ScriptValue](repeating: .nil, count: WireFormat.valueLimit))
        #expect(throws: WireError.self) { try ValueEncoder.frame(.returned, many) }
    }

    @Test(
        arguments: [
            [], [8], [255], [3, 0, 0], [4, 1], [5], [5, 1, 0, 0, 0], [5, 255, 255, 255, 255, 65],
            [6, 255, 255, 255, 255], [6, 2, 0, 0, 0, 0], [7, 0, 0, 0, 0],
            [7, 0, 0, 0, 0, 1, 0, 0, 0],
            [7, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0], [0, 0], [1, 2],
            // The same key twice; keys out of order; a key that is not UTF-8.
            [7, 0, 0, 0, 0, 2, 0, 0, 0, 5, 1, 0, 0, 0, 97, 0, 5, 1, 0, 0, 0, 97, 0],
            [7, 0, 0, 0, 0, 2, 0, 0, 0, 5, 1, 0, 0, 0, 98, 0, 5, 1, 0, 0, 0, 97, 0],
            [7, 0, 0, 0, 0, 1, 0, 0, 0, 5, 1, 0, 0, 0, 255, 0],
        ] as [[UInt8]]
    )
    func malformedBytesAreRefused(_ bytes: [UInt8]) {
        #expect(throws: WireError.self) { try ValueDecoder.value(bytes[...]) }
    }

    @Test func namesAreComparedAsBytes() {
        var map = ScriptMap([("K", 1)])
        #expect(map["\u{212A}"] == nil, "the Kelvin sign is not K")
        map["\u{212A}"] = 2
        #expect(map.keys.count == 2 && map["K"] == 1)
        map["K"] = nil
        #expect(map.keys == ["\u{212A}"])
    }

    @Test func randomBytesNeverCrashTheDecoder() {
        var generator = SeededGenerator(7)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0..<64, using: &generator)
            // Low bytes are more often tags and counts that fit.
            let bytes = (0..<count).map { _ in
                UInt8.random(in: 0...(Bool.random(using: &generator) ? 8 : 255), using: &generator)
            }
            guard let value = try? ValueDecoder.value(bytes[...]) else { continue }
            #expect(throws: Never.self) { try ValueEncoder.frame(.returned, value) }
        }
    }

    @Test func jsonComesAndGoes() throws {
        let json: JSONValue = [
            "name": "x", "count": 3, "ratio": .number("0.5"), "on": true, "off": nil,
            "list": [1, "two", [:]],
        ]
        let value = ScriptValue(json)
        #expect(value["count"] == 3)
        #expect(value["ratio"] == 0.5)
        #expect(try value.json() == json)
        #expect(ScriptValue(.number("18446744073709551616")).doubleValue == 0x1p64)
    }

    @Test(
        arguments: [
            .double(.nan), .double(.infinity), .bytes([0xFF]), .list([.bytes([0xFF])]),
            .map(ScriptMap([("a", 1)], positions: [2])),
        ] as [ScriptValue]
    )
    func whatJSONLacksIsRefused(_ value: ScriptValue) {
        let error = #expect(throws: Diagnostic.self) { try value.json() }
        #expect(error?.code == "invalid_value")
    }
}

/// SplitMix64: the same numbers every time.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
