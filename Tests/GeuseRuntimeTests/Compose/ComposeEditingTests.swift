import GeuseRuntime
import Testing

/// One edit of a whole file: which bytes come out, or which refusal.
@Suite struct ComposeEditingTests {
    static func edited(
        _ text: String,
        _ service: String = "n8n",
        _ image: String = "n8nio/n8n:2.0",
        resolved: String? = nil
    ) throws -> String {
        let document = try ComposeDocument(bytes: Array(text.utf8))
        let name = try ServiceName(service)
        let edits = try document.edits(
            setting: [name: ImageReference(image)],
            resolved: resolved.map { [name: $0] } ?? [:]
        )
        let bytes = try ComposeDocument.apply(edits, to: document.bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func refusal(
        _ text: String,
        _ service: String = "n8n",
        _ image: String = "n8nio/n8n:2.0",
        resolved: String? = nil
    ) -> Diagnostic? {
        do {
            _ = try edited(text, service, image, resolved: resolved)
            return nil
        } catch let error as Diagnostic {
            return error
        } catch {
            return Diagnostic("not_a_diagnostic", "\(error)")
        }
    }

    @Test(arguments: [
        "services:\n  n8n:\n    image: OLD\n",
        "services:\n  n8n:\n    image: OLD",
        "services:\r\n  n8n:\r\n    image: OLD   # pinned\r\n    ports: [\"1:2\"]\r\n",
        "\u{FEFF}services:\n  n8n:\n    image: OLD\n",
        "\u{FEFF}# é\nservices: {n8n: {image: OLD, command: \"ünï\"}}\n",
        "services: {\"ключ\": {image: a}, n8n: {labels: {é: \"日本 🎉\"}, image: OLD}}\n",
        "services:\n  n8n:\n    image: &img OLD\n",
        "services:\n  n8n:\n    image: !!str OLD\n",
        "services:\n  n8n:\n    image: &img !!str OLD\t# tab before\n",
        "services:\n  n8n:\n    image: 'OLD'\n",
        "services:\n  n8n:\n    image: \"OLD\"\n",
        "services:\n  n8n:\n    image:\n      OLD\n",
        "services:\n  n8n:\n    \"image\": OLD\n",
        "services:\n  n8n:\n    ? image\n    : OLD\n",
        "---\nservices:\n  n8n:\n    image: OLD\n...\n",
        "# a\u{85}services:\n  n8n:\n    image: OLD\n",
        "# image: OLD\nservices:\n  x:\n    image: OLD\n  n8n:\n    image: OLD\n",
        "x-a: &a {restart: always}\nservices:\n  n8n:\n    <<: *a\n    image: OLD\n",
        "services:\n  n8n: &n\n    image: OLD\n  b:\n    <<: *n\n    image: other\n",
    ])
    func everyOtherByteStays(_ layout: String) throws {
        let old = "n8nio/n8n:1.0"
        let before = layout.replacingOccurrences(of: "OLD", with: old)
        // Where the old image stands more than once, the last one is n8n's.
        let pieces = before.pieces(separatedBy: old)
        let expected =
            pieces.dropLast().joined(separator: old) + "n8nio/n8n:2.0" + (pieces.last ?? "")
        #expect(try Self.edited(before) == expected)
    }

    @Test func anEscapedImageIsReplacedWhole() throws {
        let text = "services:\n  n8n:\n    image: \"n8nio\\/n8n:1\" # x\n"
        #expect(try Self.edited(text) == "services:\n  n8n:\n    image: \"n8nio/n8n:2.0\" # x\n")
    }

    @Test(arguments: ["1234", "12:30", "true", "null", "1e5", "0x1f", "on"])
    func aTextThatIsNoStringIsQuoted(_ image: String) throws {
        let text = "services:\n  n8n:\n    image: a # b\n"
        let expected = "services:\n  n8n:\n    image: \"\(image)\" # b\n"
        #expect(try Self.edited(text, "n8n", image) == expected)
    }

    @Test func theSameImageIsNoEdit() throws {
        let text = "services:\n  n8n:\n    image: n8nio/n8n:2.0\n"
        let document = try ComposeDocument(bytes: Array(text.utf8))
        let name = try ServiceName("n8n")
        let image = try ImageReference("n8nio/n8n:2.0")
        #expect(try document.edits(setting: [name: image], resolved: [:]).isEmpty)
    }

    @Test func twoServicesAreEditedInOneGo() throws {
        let text = "services:\n  b:\n    image: b:1\n  a:\n    image: \"a:${T:-1}\"\n"
        let document = try ComposeDocument(bytes: Array(text.utf8))
        let (a, b) = (try ServiceName("a"), try ServiceName("b"))
        let edits = try document.edits(
            setting: [a: ImageReference("a:22"), b: ImageReference("bb:333")],
            resolved: [a: "a:1", b: "b:1"]
        )
        #expect(edits.map(\.service) == [b, a])
        let bytes = try ComposeDocument.apply(edits, to: document.bytes)
        let expected = "services:\n  b:\n    image: bb:333\n  a:\n    image: \"a:${T:-22}\"\n"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("services:\n  n8n:\n    image: *x\nx: &x a\n", "compose_invalid"),
        ("x: &x a\nservices:\n  n8n:\n    image: *x\n", "compose_image_shared"),
        ("services:\n  n8n:\n    image: &x a\n  b:\n    image: *x\n", "compose_image_shared"),
        ("services:\n  n8n: &s {image: a}\n  b: *s\n", "compose_image_shared"),
        ("services:\n  n8n: &s {image: a}\n  b:\n    <<: *s\n", "compose_image_shared"),
        ("x: &x {image: a}\nservices:\n  n8n:\n    <<: *x\n", "compose_image_inherited"),
        ("services:\n  n8n:\n    extends: {service: b}\n", "compose_image_inherited"),
        ("services:\n  n8n:\n    build: .\n", "compose_image_built"),
        ("services:\n  n8n:\n    restart: always\n", "compose_image_missing"),
        ("services:\n  n8n:\n", "compose_image_missing"),
        ("services:\n  n8n:\n    image: |\n      a\n", "compose_image_layout"),
        ("services:\n  n8n:\n    image: >-\n      a\n", "compose_image_layout"),
        ("services:\n  n8n:\n    image: [a]\n", "compose_image_layout"),
        ("services:\n  n8n:\n    image: \"a\\\n      b\"\n", "compose_image_layout"),
        ("services:\n  n8n:\n    image:\n", "compose_image_layout"),
        ("services:\n  n8n:\n    image: !!str\n      a\n", "compose_image_layout"),
        ("services:\n  n8n:\n    image: a\n    image: b\n", "compose_duplicate_key"),
        ("services:\n  n8n: {image: a}\n  n8n: {image: b}\n", "compose_duplicate_key"),
        ("services:\n  n8n: {image: a}\n---\nservices: {}\n", "compose_multi_document"),
        ("services: [a]\n", "compose_no_services"),
        ("", "compose_no_services"),
        ("\u{FEFF}", "compose_no_services"),
        ("services:\n  n8n: {image: a\n", "compose_invalid"),
        ("services:\n  n8n:\n    image: a$$b\n", "compose_image_unreadable"),
        ("services:\n  n8n:\n    image: ${A\n", "compose_image_unreadable"),
        ("services:\n  n8n:\n    image: \"${A:-\\x61}\"\n", "compose_image_layout"),
    ])
    func whatCannotBeEditedIsRefused(_ text: String, _ code: String) {
        let error = Self.refusal(text, resolved: text.contains("${A:-") ? "a" : nil)
        #expect(error?.code == code)
        #expect(error?.kind == .refused)
    }

    @Test func anUnknownServiceNamesTheKnownAndTheNearest() {
        let text = "services:\n  postgres: {image: a}\n  n8n: {image: b}\n"
        let error = Self.refusal(text, "postgers")
        #expect(error?.code == "unknown_service")
        #expect(error?.detail == "Its services are n8n, postgres.")
        #expect(error?.hint == "Did you mean postgres?")
        #expect(Self.refusal(text, "elasticsearch")?.hint == nil)
    }

    @Test func aServiceOfAnIncludedFileIsNotSaidToBeUnknown() {
        let error = Self.refusal("services:\n  n8n: {image: a}\n", "vector_db", resolved: "b:1")
        #expect(error?.code == "compose_image_elsewhere")
        #expect(error?.kind == .refused)
        #expect(error?.summary.contains("in a file that it includes") == true)
    }

    @Test func anImageThatAnotherFileSetsIsRefused() {
        let text = "services:\n  n8n: {image: a}\n"
        #expect(Self.refusal(text, resolved: "b")?.code == "compose_image_overridden")
    }

    @Test func anEditOfAnotherFileIsRefused() throws {
        let edit = ComposeEdit(service: try ServiceName("a"), offset: 3, old: "abc", new: "x")
        for bytes in ["", "xxab", "xxxab", "xxxabd"] {
            #expect(throws: Diagnostic.self) {
                try ComposeDocument.apply([edit], to: Array(bytes.utf8))
            }
        }
        #expect(throws: Diagnostic.self) {
            try ComposeDocument.apply([edit, edit], to: Array("xxxabc".utf8))
        }
    }

    @Test func theDiffShowsOneLineEach() throws {
        let text = "services:\n  n8n:\n    image: a:1 # \u{1B}[31m\n"
        let document = try ComposeDocument(
            bytes: Array("# \u{9}\n".utf8) + Array(text.utf8.filter { $0 != 0x1B })
        )
        let edits = try document.edits(
            setting: [ServiceName("n8n"): ImageReference("a:2")],
            resolved: [:]
        )
        #expect(
            document.diff(edits) == [
                "@@ -4 +4 @@ n8n", "-    image: a:1 # [31m", "+    image: a:2 # [31m",
            ]
        )
    }
}

extension String {
    func pieces(separatedBy separator: String) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            pieces.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return pieces + [String(rest)]
    }

    func replacingOccurrences(of old: String, with new: String) -> String {
        pieces(separatedBy: old).joined(separator: new)
    }
}
