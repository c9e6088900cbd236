import GeuseRuntime
import Testing

/// Random layouts of one file: whatever the layout, only the scalar's bytes change.
@Suite struct ComposeLayoutFuzzTests {
    /// A small generator with a seed, so that a failure can be repeated (SplitMix64).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    struct Layout {
        var before = ""
        var after = ""
        var old = ""
        var new = ""
        var resolved = ""
        var image = ""
    }

    private static func pick(_ choices: [String], _ generator: inout Generator) -> String {
        choices.randomElement(using: &generator) ?? ""
    }

    static func layout(seed: UInt64) -> Layout {
        var random = Generator(state: seed)
        var layout = Layout()
        let newline = pick(["\n", "\n", "\r\n", "\r"], &random)
        let gap = { (random: inout Generator) in pick([" ", "  ", "   "], &random) }
        let noise = { (random: inout Generator) in
            pick(
                ["", "# image: a/b:1", "  # é 日本 🎉 \u{85}# x", "# \u{2028}# n8n:", "    # a"],
                &random
            )
        }
        let (oldTag, newTag) = (
            pick(["1", "1.0.0", "latest"], &random), pick(["2", "2.1"], &random)
        )
        let form = Int.random(in: 0..<4, using: &random)
        let forms = [
            ("a/b:\(oldTag)", "c/dd:\(newTag)", "a/b:\(oldTag)", "c/dd:\(newTag)"),
            ("a/b:${T:-\(oldTag)}", "a/b:${T:-\(newTag)}", "a/b:\(oldTag)", "a/b:\(newTag)"),
            ("${I-a:\(oldTag)}", "${I-r.io/a:\(newTag)}", "a:\(oldTag)", "r.io/a:\(newTag)"),
            ("${R}/b:\(oldTag)", "${R}/b:\(newTag)", "x.io/b:\(oldTag)", "x.io/b:\(newTag)"),
        ]
        (layout.old, layout.new, layout.resolved, layout.image) = forms[form]
        let quote = pick(["", "'", "\""], &random)
        let properties = pick(["", "", "&img ", "!!str ", "&i !!str  "], &random)
        let marker = pick(["", "\u{FEFF}"], &random)
        let others = pick(["", "postgres", "z-1"], &random)
        let isFlow = Bool.random(using: &random) && !quote.isEmpty
        var head = marker + noise(&random) + newline
        if head.hasPrefix(" ") { head = newline }
        head += "x-é: \"🎉\"" + newline + "services:" + newline
        if !others.isEmpty {
            head += "  \(others):" + newline + "    image: a/b:1" + gap(&random) + "# é" + newline
        }
        if isFlow {
            head += "  n8n: {\"ключ\": [1, \"é\"]," + gap(&random) + "image:" + gap(&random)
            layout.before = head + properties + quote
            layout.after = quote + pick([" }", "}", ", restart: always}"], &random) + newline
        } else {
            head +=
                "  n8n:" + gap(&random) + newline + pick(["", noise(&random) + newline], &random)
            head += pick(["", "    command: \"é\"" + newline], &random)
            layout.before = head + "    image:" + gap(&random) + properties + quote
            let tail = pick(["", " ", "\t", "   # keep 🎉", "\t# tab"], &random)
            let end = pick(["", newline, newline + newline + "volumes:" + newline], &random)
            layout.after = quote + tail + end
        }
        return layout
    }

    @Test(arguments: [UInt64](0..<400))
    func onlyTheScalarChanges(_ seed: UInt64) throws {
        let layout = Self.layout(seed: seed)
        let before = layout.before + layout.old + layout.after
        let after = try ComposeEditingTests.edited(
            before,
            "n8n",
            layout.image,
            resolved: layout.resolved
        )
        let expected = layout.before + layout.new + layout.after
        #expect(Array(after.utf8) == Array(expected.utf8))
        // And back again: an edit can be undone by an edit.
        let back = try ComposeEditingTests.edited(
            after,
            "n8n",
            layout.resolved,
            resolved: layout.image
        )
        #expect(Array(back.utf8) == Array(before.utf8))
    }

    @Test func damagedFilesAreEditedRightOrRefused() throws {
        var random = Generator(state: 7)
        let name = try ServiceName("n8n")
        let image = try ImageReference("new/image:9")
        var edited = 0
        for seed in 0..<1500 {
            let layout = Self.layout(seed: UInt64(seed))
            var bytes = Array((layout.before + layout.old + layout.after).utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                let byte = Array("\"'{}[]:#&*!|>-?%@`\n\r\t ${}".utf8).randomElement(using: &random)
                bytes[index] = byte ?? 0
            }
            do {
                let document = try ComposeDocument(bytes: bytes)
                let text = document.service(name)?.image ?? ""
                let edits = try document.edits(setting: [name: image], resolved: [name: text])
                let result = try ComposeDocument.apply(edits, to: bytes)
                let reread = try ComposeDocument(bytes: result)
                let others = { (document: ComposeDocument) in
                    document.services.filter { $0.name != name }
                }
                #expect(reread.service(name)?.image == image.text)
                #expect(others(reread) == others(document))
                edited += 1
            } catch is Diagnostic {
                continue
            }
        }
        #expect(edited > 50)
    }
}
