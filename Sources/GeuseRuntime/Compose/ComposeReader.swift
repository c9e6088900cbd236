import Synchronization
import Yams

/// Reads the bytes of a compose file into a tree, within limits that hostile input cannot stretch.
enum ComposeReader {
    /// More than any real compose file; larger ones are refused before they are parsed.
    static let maximumBytes = 1 << 20
    /// YAML aliases are cheap to write and expensive to expand ("billion laughs").
    static let maximumAliases = 100
    /// With this many aliases, collections as mapping keys are refused too: the parser hashes keys.
    static let maximumAliasesWithComplexKeys = 24
    /// Nesting of collections.
    static let maximumDepth = 64
    /// Nodes visited, aliases expanded.
    static let maximumNodes = 200_000

    /// The files read last: checks, plan and edit of one run each ask for the same few.
    private static let recent = Mutex<[File]>([])
    private static let recentLimit = 4

    /// A tree that was read is never changed, so threads can share it.
    private struct File: @unchecked Sendable {
        let bytes: [UInt8]
        let root: Node
    }

    /// The root of the only document.
    static func read(_ bytes: [UInt8]) throws -> Node {
        if let known = recent.withLock({ files in files.first { $0.bytes == bytes } }) {
            return known.root
        }
        let file = File(bytes: bytes, root: try readAnew(bytes))
        recent.withLock { files in
            if files.count == recentLimit { files.removeFirst() }
            files.append(file)
        }
        return file.root
    }

    private static func readAnew(_ bytes: [UInt8]) throws -> Node {
        guard bytes.count <= maximumBytes else {
            throw tooComplex("It has \(bytes.count) bytes; the limit is \(maximumBytes).")
        }
        let body = bytes.dropFirst(byteOrderMarkLength(bytes))
        guard let text = String(validating: body, as: UTF8.self) else {
            throw refused("compose_not_utf8", "The compose file is not UTF-8 text.")
        }
        try checkAliases(body)
        let root = try parse(text)
        var budget = maximumNodes
        try measure(root, depth: 0, budget: &budget)
        return root
    }

    /// Three for a file that begins with the UTF-8 byte order mark, which YAML does not count.
    static func byteOrderMarkLength(_ bytes: [UInt8]) -> Int {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    static func refused(
        _ code: String,
        _ summary: String,
        detail: String? = nil,
        hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(code, summary, detail: detail, hint: hint, kind: .refused)
    }

    private static func tooComplex(_ detail: String) -> Diagnostic {
        refused("compose_too_complex", "The compose file exceeds the limits.", detail: detail)
    }

    private static func parse(_ text: String) throws -> Node {
        do {
            // The basic resolver leaves every plain scalar a string: no regular expressions, and
            // `1.0` and `"1.0"` stay apart by tag.
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.nextRoot() else {
                throw refused("compose_no_services", "The compose file is empty.")
            }
            guard try parser.nextRoot() == nil else {
                throw refused(
                    "compose_multi_document",
                    "The compose file holds more than one YAML document.",
                    hint: "Keep one document in the file."
                )
            }
            return root
        } catch let error as YamlError {
            throw diagnostic(for: error)
        }
    }

    /// The text of the file never goes into the message: it may hold secrets.
    private static func diagnostic(for error: YamlError) -> Diagnostic {
        let invalid = { (problem: String, mark: Mark?) in
            refused(
                "compose_invalid",
                "The compose file is not valid YAML.",
                detail: mark.map { "Line \($0.line), column \($0.column): \(problem)." } ?? problem
            )
        }
        switch error {
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map(VisibleText.quoted).joined(separator: ", ")
            return refused(
                "compose_duplicate_key",
                "The compose file has the key \(names) twice in one mapping.",
                detail: "Line \(context.mark.line).",
                hint: "Remove one of the two."
            )
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return invalid(problem, mark)
        case .reader(let problem, _, _, _): return invalid(problem, nil)
        default: return invalid("the parser gave up", nil)
        }
    }

    /// Counts what may be an alias before anything expands one: `*` and a name after an indicator.
    private static func checkAliases(_ bytes: ArraySlice<UInt8>) throws {
        var aliases = 0
        var complexKeys = 0
        var previous = UInt8(ascii: "\n")
        for index in bytes.indices {
            let byte = bytes[index]
            let next = index + 1 < bytes.endIndex ? bytes[index + 1] : UInt8(ascii: "\n")
            let isAfterIndicator = " \t\r\n[{,".utf8.contains(previous)
            let isNextBlank = " \t\r\n".utf8.contains(next)
            let isNextName =
                Grammar.isLetter(next) || Grammar.isDigit(next)
                || "_-".utf8.contains(next)
            switch byte {
            case UInt8(ascii: "*") where isAfterIndicator && isNextName: aliases += 1
            case UInt8(ascii: "?") where isAfterIndicator && isNextBlank: complexKeys += 1
            case UInt8(ascii: ":") where isNextBlank && "]} \t".utf8.contains(previous):
                complexKeys += 1
            default: break
            }
            previous = byte
        }
        guard aliases <= maximumAliases else {
            throw tooComplex("It uses \(aliases) aliases; the limit is \(maximumAliases).")
        }
        guard aliases <= maximumAliasesWithComplexKeys || complexKeys == 0 else {
            throw tooComplex("It uses \(aliases) aliases and collections as keys.")
        }
    }

    private static func measure(_ node: Node, depth: Int, budget: inout Int) throws {
        budget -= 1
        guard budget > 0 else {
            throw tooComplex("It expands to more than \(maximumNodes) values.")
        }
        guard depth <= maximumDepth else {
            throw tooComplex("It nests deeper than \(maximumDepth) levels.")
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                try measure(key, depth: depth + 1, budget: &budget)
                try measure(value, depth: depth + 1, budget: &budget)
            }
        case .sequence(let sequence):
            for value in sequence { try measure(value, depth: depth + 1, budget: &budget) }
        case .scalar, .alias: break
        }
    }
}
