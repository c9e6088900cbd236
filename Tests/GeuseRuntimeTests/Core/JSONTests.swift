import Testing

@testable import GeuseRuntime

@Suite("JSON")
struct JSONTests {
    @Test("random values come out of Python's json as they went in, and the other way round")
    func agreesWithPython() throws {
        var generator = SeededGenerator(state: 7)
        let values = (0..<400).map { _ in Self.random(depth: 0, &generator) }
        let lines = values.map { JSONWriter.write($0) }.joined(separator: "\n")
        let script = """
            import json, sys
            for line in sys.stdin.buffer.read().decode().split("\\n"):
                value = json.loads(line)
                plain = json.dumps(value, ensure_ascii=False, indent=2)
                print(json.dumps([plain, json.dumps(value)]))
            """
        let output = String(
            decoding: try PythonProgram.run(script, input: Array(lines.utf8)),
            as: UTF8.self
        )
        let replies = output.split(separator: "\n")
        try #require(replies.count == values.count)
        for (value, reply) in zip(values, replies) {
            let pair = try #require(try JSONParser.parse(String(reply)).arrayValue)
            #expect(pair[0].stringValue == JSONWriter.write(value, .pretty))
            #expect(try JSONParser.parse(pair[1].stringValue ?? "") == value)
        }
    }

    private static func random(depth: Int, _ generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 5 : 7), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .int(.random(in: -1_000_000_000_000...1_000_000_000_000, using: &generator))
        case 3: return .double(.random(in: -1000...1000, using: &generator))
        case 4: return .string(randomText(&generator))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
                    random(depth: depth + 1, &generator)
                }
            )
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0..<20, using: &generator)).map { _ in
                        (randomText(&generator), random(depth: depth + 1, &generator))
                    }
                )
            )
        }
    }

    private static func randomText(_ generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let range: ClosedRange<UInt32> =
                [0...0x7F, 0...0x1F, 0x80...0x2FF, 0x300...0x36F, 0xE000...0x10FFFF]
                .randomElement(using: &generator) ?? 0...0x7F
            if let scalar = Unicode.Scalar(.random(in: range, using: &generator)) {
                text.append(scalar)
            }
        }
        return String(text)
    }

    @Test("only what must be escaped is escaped")
    func escapes() {
        #expect(
            JSONWriter.write("\u{0}\u{8}\t\n\u{C}\r\u{1F}\"\\/\u{7F}\u{2028}é😀")
                == #""\u0000\b\t\n\f\r\u001f\"\\/"# + "\u{7F}\u{2028}é😀\""
        )
    }

    @Test(
        "numbers keep their text",
        arguments: ["0.0", "-0", "1E5", "1e-07", "12345678901234567890"]
    )
    func numbers(text: String) throws {
        let value = try JSONParser.parse(text)
        #expect(value == .number(text))
        #expect(JSONWriter.write(value) == text)
    }

    @Test("surrogate pairs join and a lone one is replaced")
    func surrogates() throws {
        #expect(try JSONParser.parse(#""\uD83D\ude00""#) == "😀")
        #expect(
            try JSONParser.parse(#""\ud83dx\uDE00\ud83d\u0041""#) == "\u{FFFD}x\u{FFFD}\u{FFFD}A"
        )
    }

    @Test("of two members with one name the later wins at the earlier place", arguments: [2, 40])
    func duplicates(count: Int) throws {
        let members = (0..<count).map { #""k\#($0)":\#($0)"# } + [#""k1":"new""#]
        let value = try JSONParser.parse("{" + members.joined(separator: ",") + "}")
        let object = try #require(value.objectValue)
        #expect(object.members.count == count)
        #expect(object.members[1].value == "new")
        #expect(object.keys == (0..<count).map { "k\($0)" })
    }

    @Test("two spellings of one Unicode text are two names", arguments: [0, 20])
    func canonicalEquivalents(others: Int) throws {
        let rest = (0..<others).map { #","k\#($0)":0"# }.joined()
        let text = "{\"\u{E9}\":1,\"e\u{301}\":2\(rest)}"
        var object = try #require(try JSONParser.parse(text).objectValue)
        #expect(JSONWriter.write(.object(object)) == text)
        #expect(object["e\u{301}"] == 2)
        object["\u{E9}"] = nil
        #expect(object["e\u{301}"] == 2)
        #expect(object.keys.first?.unicodeScalars.count == 2)
    }

    @Test(
        "what RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "{", "[", "\"", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "+1", ".5",
            "1.", "1e", "-", "nul", "NaN", "Infinity", "'a'", "\"\t\"", "\"\\x\"", "\"\\u12G4\"",
            "\"\\u+123\"", "1 2", "[1 2]", "{\"a\":1 \"b\":2}", "\u{FEFF}1", "tru", "[}",
        ]
    )
    func refused(text: String) {
        expectDiagnostic("invalid_json", text) { try JSONParser.parse(text) }
    }

    @Test("bytes that are no UTF-8 are refused, in plain and in escaped strings")
    func invalidUTF8() {
        let strings: [[UInt8]] = [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x5C, 0x6E, 0xE2, 0x82],
        ]
        for bytes in strings {
            expectDiagnostic("invalid_json") { try JSONParser.parse([0x22] + bytes + [0x22]) }
        }
    }

    @Test("nesting is capped before the stack is")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(JSONParser.maximumDepth - 1))
        expectDiagnostic("invalid_json") { try JSONParser.parse(nested(JSONParser.maximumDepth)) }
        expectDiagnostic("invalid_json") {
            try JSONParser.parse(String(repeating: "{\"a\":", count: 1_000_000))
        }
    }

    @Test("a member can be set at the place that an order gives it")
    func ordered() {
        let order = ["a", "b", "c", "d"]
        var object: JSONObject = JSONObject([("x", 0), ("b", 1), ("d", 2), ("y", 3)])
        object.set("c", 9, order: order)
        object.set("a", 8, order: order)
        object.set("z", 7, order: order)
        object.set("d", 6, order: order)
        #expect(object.keys == ["a", "x", "b", "c", "d", "y", "z"])
        #expect(object["d"] == 6)
    }

    @Test("typed readings are nil for other types")
    func readings() {
        let value: JSONValue = ["a": [1, "x", true, nil, .double(2.5)]]
        let list = value["a"]?.arrayValue ?? []
        #expect(list.map(\.intValue) == [1, nil, nil, nil, nil])
        #expect(list.map(\.stringValue) == [nil, "x", nil, nil, nil])
        #expect(list.map(\.boolValue) == [nil, nil, true, nil, nil])
        #expect(list[4].doubleValue == 2.5 && list[1].doubleValue == nil)
        #expect(list[0]["a"] == nil && value.arrayValue == nil && list[0].objectValue == nil)
        #expect(JSONValue.double(.nan) == .null && JSONValue.double(.infinity) == .null)
    }
}
