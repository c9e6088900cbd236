import Testing

@testable import GeuseRuntime
@testable import LuaBridge

/// What a function gets is what it declares; everything else is refused before its body runs.
@Suite struct ArgumentCheckTests {
    private static let parameters = [
        Parameter("type", .identifier(InstanceType.self)),
        Parameter(
            "options",
            .table([
                Parameter("fallback", .list(of: .identifier(InstanceType.self)), optional: true),
                Parameter("when", .choice(["now", "tonight"]), optional: true),
                Parameter("limits", .map(of: .number), optional: true),
                Parameter("deep", .table([Parameter("level", .integer)]), optional: true),
                Parameter("either", .either([.boolean, .list(of: .string)]), optional: true),
                Parameter("any", .any, optional: true),
            ]),
            optional: true
        ),
    ]

    private func check(_ values: ScriptValue...) throws -> Arguments {
        let check = ArgumentCheck(function: "geuse.resize")
        return Arguments(try check.arguments(values, Self.parameters))
    }

    private func refusal(_ values: ScriptValue...) -> Diagnostic? {
        do {
            let check = ArgumentCheck(function: "geuse.resize")
            _ = try check.arguments(values, Self.parameters)
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    @Test func whatIsRightArrivesTyped() throws {
        let arguments = try check(
            "t3.large",
            [
                "fallback": ["t3.medium", "t3.small"], "when": "tonight", "limits": ["cpu": 1.5],
                "deep": ["level": 2.0], "either": ["a"], "any": [1, ["x": nil]],
            ]
        )
        #expect(try arguments.identifier("type", InstanceType.self).text == "t3.large")
        let options = try arguments.table("options")
        #expect(options.strings("fallback") == ["t3.medium", "t3.small"])
        #expect(options.optionalString("when") == "tonight")
        #expect(try options.table("limits").number("cpu") == 1.5)
        #expect(try options.table("deep").integer("level") == 2)
        #expect(options.optionalList("either") == ["a"])
        #expect(options["any"] != nil)
    }

    @Test func whatIsOptionalMayBeAbsentOrNil() throws {
        for arguments in [try check("t3.large"), try check("t3.large", nil)] {
            #expect(arguments.optionalTable("options") == nil)
            #expect(throws: Diagnostic.self) { try arguments.table("options") }
        }
        #expect(try check("t3.large", []).table("options").values.isEmpty)
        #expect(
            try check("t3.large", ["limits": []]).table("options")["limits"] == .map(ScriptMap())
        )
    }

    static let refused: [(ScriptValue, String, String)] = [
        (
            ["fallback": "t3.small"], "wrong_type",
            "options.fallback must be a list of instance type"
        ),
        (
            ["fallback": ["t3.small", 1]], "wrong_type",
            "options.fallback[2] must be an instance type"
        ),
        (["fallbck": []], "unknown_key", "options has no key \"fallbck\""),
        (["when": "later"], "invalid_choice", "options.when can't be \"later\""),
        (["when": 1], "wrong_type", "must be \"now\" or \"tonight\", got the number 1"),
        (["limits": ["cpu": "x"]], "wrong_type", "options.limits.cpu must be a number"),
        (["limits": ["cpu": .double(.nan)]], "wrong_type", "must be a number, got the number nan"),
        (["limits": [1, 2]], "wrong_type", "options.limits must be a map of number, got a list"),
        (["deep": []], "missing_argument", "options.deep.level is missing"),
        (["deep": ["level": 1.5]], "wrong_type", "options.deep.level must be an integer"),
        (["deep": ["level": "2"]], "wrong_type", "got the string \"2\""),
        (["either": 7], "wrong_type", "options.either must be boolean or list of string"),
        (["fallback": [.bytes([0xFF])]], "wrong_type", "a string that is not valid UTF-8"),
        (
            ["fallback": .list([ScriptValue](repeating: "t3.small", count: 1001))],
            "list_too_long", "options.fallback has 1001 elements; it takes at most 1000"
        ),
        ("x", "wrong_type", "options must be a table, got the string \"x\""),
        ([1], "wrong_type", "options must be a table, got a list"),
        (.map(ScriptMap([("when", "now")], positions: [1])), "wrong_type", "a list that also has"),
        (true, "wrong_type", "got true"),
    ]

    @Test(arguments: refused.indices)
    func whatIsWrongIsNamed(_ index: Int) {
        let (options, code, words) = Self.refused[index]
        let error = refusal("t3.large", options)
        #expect(error?.code == code)
        #expect(error?.summary.contains(words) == true, "\(error?.summary ?? "")")
        #expect(error?.summary.hasPrefix("geuse.resize: ") == true)
        #expect(error?.kind == .usage)
    }

    @Test func theNumberOfArgumentsCounts() {
        #expect(refusal()?.code == "missing_argument")
        #expect(refusal(nil)?.summary == "geuse.resize: type is missing.")
        let many = refusal("t3.large", nil, nil)
        #expect(many?.code == "too_many_arguments")
        #expect(many?.summary == "geuse.resize takes 2 arguments, got 3.")
    }

    @Test func aResizeHasFewFallbacks() throws {
        let resize = try #require(
            GeuseModule.module.functions.first { $0.signature.name == "resize" }
        )
        let check = ArgumentCheck(function: "geuse.resize")
        for (count, isFine) in [(16, true), (17, false)] {
            let types = (0..<count).map { ScriptValue.string("t\($0).large") }
            let values: [ScriptValue] = ["t3.large", ["fallback": .list(types)]]
            let found = try? check.arguments(values, resize.signature.parameters)
            #expect((found != nil) == isFine)
        }
    }

    @Test func aTableOfManyNamesIsReadAndCompared() throws {
        let members = (0..<60_000).map { ("k\($0)", ScriptValue.int(Int64($0))) }
        let map = ScriptMap(members)
        _ = try check("t3.large", ["limits": .map(map)])
        #expect(map == ScriptMap(members.reversed()))
        #expect(map != ScriptMap(members.dropFirst() + [("k0", 1)]))
    }

    @Test func anIdentifierIsCheckedByItsOwnGrammar() {
        let error = refusal("t3.large; rm -rf")
        #expect(error?.code == "invalid_instance_type")
        #expect(error?.summary.hasPrefix("geuse.resize: type: ") == true)
        // A letter that looks like another is none.
        #expect(refusal("t3.l\u{0430}rge")?.code == "invalid_instance_type")
    }

    @Test func nearKeysAreOfferedElseAllOfThem() {
        #expect(refusal("t3.large", ["falback": []])?.hint == "Did you mean fallback?")
        let far = refusal("t3.large", ["zzzzzz": 1])
        #expect(far?.hint == "Its keys are: fallback, when, limits, deep, either, any.")
        // The Kelvin sign looks like K, and Swift would call it equal.
        let check = ArgumentCheck(function: "f")
        let keys = [Parameter("t", .table([Parameter("K", .any, optional: true)]))]
        #expect(throws: Diagnostic.self) { try check.arguments([["\u{212A}": 1]], keys) }
    }

    @Test(arguments: [
        ("resise", "resize"), ("rezise", "resize"), ("reszie", "resize"), ("set_img", "set_image"),
        ("Resize", "resize"), ("pul", "pull"), ("xyzzy", nil), ("", nil),
        (String(repeating: "a", count: 1000), nil),
    ])
    func nearMatches(_ name: String, _ expected: String?) {
        #expect(
            NearNames.closest(to: name, among: ["describe", "resize", "set_image", "pull"])
                == expected
        )
    }

    @Test func distancesCountChanges() {
        let pairs: [(String, String, Int)] = [
            ("", "", 0), ("a", "", 1), ("", "abc", 3), ("abc", "acb", 1), ("ca", "abc", 3),
            ("kitten", "sitting", 3), ("same", "same", 0),
        ]
        for (a, b, expected) in pairs {
            #expect(NearNames.distance(Array(a.utf8), Array(b.utf8)) == expected, "\(a) \(b)")
            #expect(NearNames.distance(Array(b.utf8), Array(a.utf8)) == expected)
        }
    }
}
