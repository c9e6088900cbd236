import GeuseRuntime
import Testing

/// Hostile files: refused by a limit, never by running out of memory, stack or time.
@Suite struct ComposeLimitTests {
    private func code(_ text: String) -> String? {
        do {
            _ = try ComposeDocument(bytes: Array(text.utf8))
            return nil
        } catch { return (error as? Diagnostic)?.code }
    }

    @Test func sizeIsLimited() {
        let padding = "# " + String(repeating: "x", count: 1 << 20) + "\n"
        #expect(code(padding + "services: {a: {image: b}}\n") == "compose_too_complex")
    }

    @Test func depthIsLimited() {
        let deep = { (count: Int) in
            "x: " + String(repeating: "[", count: count) + String(repeating: "]", count: count)
                + "\nservices: {a: {image: b}}\n"
        }
        #expect(code(deep(50)) == nil)
        #expect(code(deep(80)) == "compose_too_complex")
        #expect(code(deep(100_000)) == "compose_invalid")
    }

    @Test func expansionIsLimited() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            let uses = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(uses)]\n"
        }
        #expect(code(text + "services: {a: {image: b}}\n") == "compose_too_complex")
    }

    @Test func aliasesAsKeysAreLimited() {
        var text = "a0: &a0 [x, x, x]\n"
        for level in 1..<25 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
        }
        #expect(code(text + "? [*a24]\n: x\n") == "compose_too_complex")
        #expect(code(text + "[*a24] : x\n") == "compose_too_complex")
    }

    @Test func cronLinesAreNoAliases() {
        let lines = (0..<200).map { "  l\($0): \"*/5 * * * *\"\n" }.joined()
        #expect(code("x-cron:\n\(lines)services: {a: {image: b}}\n") == nil)
    }

    @Test func anAliasToItselfIsInvalid() {
        #expect(code("services: &s {a: *s}\n") == "compose_invalid")
    }

    @Test func bytesThatAreNoTextAreRefused() {
        for bytes: [UInt8] in [[0xFF, 0xFE, 0x73, 0x00], [0x61, 0xC3, 0x28], [0x61, 0x00]] {
            #expect(throws: Diagnostic.self) { try ComposeDocument(bytes: bytes) }
        }
    }

    @Test func anErrorShowsNoLineOfTheFile() {
        do {
            let text = "services:\n  a:\n    PASSWORD: hunter2: \"\n"
            _ = try ComposeDocument(bytes: Array(text.utf8))
            Issue.record("accepted")
        } catch {
            #expect(!"\(error)".contains("hunter2"))
        }
    }

    @Test func rawImagesAreListedInTheOrderOfTheFile() throws {
        let text = "services:\n  z: {image: \"a:${T:-1}\"}\n  b: {build: .}\n  -x: {image: q}\n"
        let document = try ComposeDocument(bytes: Array(text.utf8))
        #expect(document.services.map(\.name.text) == ["z", "b"])
        #expect(document.services.map(\.image) == ["a:${T:-1}", nil])
        #expect(document.services.map(\.isBuilt) == [false, true])
    }
}
