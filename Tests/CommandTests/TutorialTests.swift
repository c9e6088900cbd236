import Foundation
import Testing

@testable import GeuseRuntime

/// The tutorial, snippet by snippet: files are written, command lines are run, and what it says that they print
/// has to be printed.
@Suite("The tutorial") struct TutorialTests {
    /// A fenced block.
    struct Snippet {
        let language: String
        let lines: [String]
        /// Its first line in the file.
        let line: Int
    }

    private let program: Program
    private let snippets: [Snippet]

    init() throws {
        program = try Program()
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = package.appendingPathComponent("docs/tutorial/README.md")
        snippets = Self.snippets(try String(contentsOf: page, encoding: .utf8))
    }

    private static func snippets(_ text: String) -> [Snippet] {
        var result: [Snippet] = []
        var open: Snippet?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard line.hasPrefix("```") else {
                open = open.map {
                    Snippet(language: $0.language, lines: $0.lines + [String(line)], line: $0.line)
                }
                continue
            }
            if let done = open {
                result.append(done)
                open = nil
            } else {
                open = Snippet(language: String(line.dropFirst(3)), lines: [], line: index + 2)
            }
        }
        return result
    }

    @Test("Every snippet does what the text says", .timeLimit(.minutes(5)))
    func whole() throws {
        #expect(snippets.count >= 20)
        var printed = ""
        var where_ = 0
        for snippet in snippets {
            switch snippet.language {
            case "lua", "ini": try write(snippet)
            case "sh":
                printed = try snippet.lines.enumerated().map { offset, line in
                    try run(line, at: snippet.line + offset)
                }.joined()
                where_ = snippet.line
            case "text":
                for line in snippet.lines {
                    let wanted = Self.words(line)
                    #expect(
                        printed.split(separator: "\n").contains { Self.words($0).contains(wanted) },
                        "line \(where_) does not print \(line): \(printed)"
                    )
                }
            default: Issue.record("line \(snippet.line): a snippet of an unknown kind")
            }
        }
        // What it has people write has no mistakes, but for the one that shows what a mistake looks like.
        let checked = try program.shell(
            "find . -name '*.lua' ! -name 'broken*' ! -path './state/*' | xargs geusemaker script check"
        )
        #expect(checked.status == 0, "\(checked.out)\(checked.talk)")
    }

    @Test("The README's first steps do what they say", .timeLimit(.minutes(5)))
    func readme() throws {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: package.appendingPathComponent("README.md"),
            encoding: .utf8
        )
        let block = try #require(
            Self.snippets(text).first { $0.lines.contains { $0.contains("sandbox create") } }
        )
        var endings: [Int32] = []
        for line in block.lines {
            var line = String(line.prefix { $0 != "#" }).trimmingCharacters(in: .whitespaces)
            if line.contains(" update ") { line += " --yes" }
            // Waits take no time here.
            if line.contains("sandbox create") { line += " --speed 2000" }
            let result = try program.shell(line)
            endings.append(result.status)
            if result.status == 6 { #expect(result.talk.contains("exactly what it was before")) }
        }
        #expect(endings == [0, 0, 0, 6, 0])
    }

    /// Columns are as wide as they have to be.
    private static func words(_ line: some StringProtocol) -> String {
        line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first line names the file.
    private func write(_ snippet: Snippet) throws {
        let words = snippet.lines[0].split { " :".contains($0) }
        let name = try #require(words.count > 1 ? String(words[1]) : nil)
        #expect(name.hasSuffix(".lua") || name.hasSuffix(".service") || name.hasSuffix(".timer"))
        _ = try program.script(name, snippet.lines.joined(separator: "\n") + "\n")
    }

    /// Runs a line as a shell would, and gives what it printed.
    private func run(_ line: String, at number: Int) throws -> String {
        let parts = line.components(separatedBy: "  # exits with ")
        let wanted = parts.count == 2 ? try #require(Int32(parts[1])) : 0
        let result = try program.shell(parts[0])
        #expect(result.status == wanted, "line \(number): \(line)\n\(result.out)\(result.talk)")
        return result.out + result.talk
    }
}
