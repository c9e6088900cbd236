import Testing

@testable import GeuseRuntime

@Suite("text that is shown")
struct TextTests {
    @Test("no control character is left, whatever the text")
    func filtered() {
        var text = String.UnicodeScalarView()
        for value in UInt32(0)...0x2100 { Unicode.Scalar(value).map { text.append($0) } }
        let shown = VisibleText.filtered(String(text) + "\u{FEFF}\u{E0041}\u{FFF9}")
        for scalar in shown.unicodeScalars {
            let category = scalar.properties.generalCategory
            #expect(category != .control && category != .format, "\(scalar.value)")
            #expect(category != .lineSeparator && category != .paragraphSeparator)
        }
    }

    @Test(
        "forms",
        arguments: [
            ("\u{1B}[2J", "^[[2J"), ("a\0b", "a^@b"), ("\u{7F}", "^?"), ("\u{9B}2J", "\\x9b2J"),
            ("a\u{202E}b", "a\\u{202e}b"), ("\r\n", "^M^J"), ("é😀", "é😀"),
        ]
    )
    func forms(text: String, shown: String) { #expect(VisibleText.filtered(text) == shown) }

    @Test("lines stay where they are asked for")
    func lines() {
        #expect(VisibleText.filtered("a\n\tb\r\n", keepingLines: true) == "a\n\tb^M\n")
    }

    @Test("quoted text is short")
    func quoted() {
        let shown = VisibleText.quoted(String(repeating: "x", count: 500))
        #expect(shown.count == 122 && shown.hasSuffix("...\""))
        #expect(VisibleText.quoted("a\n") == "\"a^J\"")
        // Where the text goes on is told, however short its beginning looks.
        #expect(VisibleText.quoted(String(repeating: "e\u{301}", count: 120)).hasSuffix("...\""))
        #expect(VisibleText.quoted(String(repeating: "x", count: 120)).count == 122)
    }

    @Test("quoted text of any length costs the same")
    func quotedCost() {
        let long = String(repeating: "\u{202E}", count: 1_000_000)
        let began = SystemClock().monotonic()
        for _ in 0..<1000 { _ = VisibleText.quoted(long) }
        // A thousand times all of it would be minutes.
        #expect(SystemClock().monotonic() - began < 10)
    }

    @Test("a secret does not print")
    func secret() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        for shown in ["\(secret)", String(reflecting: [secret]), dumped] {
            #expect(!shown.contains("hunter2"))
        }
        #expect(secret.reveal() == "hunter2" && secret == Secret("hunter2"))
    }

    @Test("causes stay in order and another kind loses nothing")
    func diagnostics() {
        let root = Diagnostic("a", "A.")
        let middle = Diagnostic("b", "B.", cause: root)
        let top = Diagnostic("c", "C.", detail: "d", hint: "h", step: "1-x", cause: middle)
        #expect(top.causes.map(\.code) == ["b", "a"])
        let other = top.withKind(.needsAttention)
        #expect(other.kind == .needsAttention && other.causes == top.causes)
        #expect(other.step == "1-x" && other.hint == "h" && other.detail == "d")
        #expect(top.description == "c: C. (d)")
    }

    @Test("near names")
    func nearNames() {
        let known = ["my-dev-stack", "my-prod-stack", "other", "my-dev-stack-2", "x"]
        #expect(NearNames.of("my-dev-stak", among: known).first == "my-dev-stack")
        #expect(NearNames.of("MY-DEV-STACK", among: known).first == "my-dev-stack")
        #expect(NearNames.of("my-", among: known).count == 3)
        #expect(NearNames.of("zzz", among: known).isEmpty && NearNames.of("", among: []).isEmpty)
        #expect(NearNames.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    }

    @Test("a path in a hint is one word of a shell")
    func shellText() {
        #expect(ShellText.quoted("/a/b-c.json") == "/a/b-c.json")
        #expect(ShellText.quoted("/a b/it's") == #"'/a b/it'\''s'"#)
        #expect(ShellText.quoted("~/x") == "'~/x'" && ShellText.quoted("") == "''")
    }
}
