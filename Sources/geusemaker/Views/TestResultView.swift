import GeuseRuntime
import LuaBridge

/// The results of Lua tests, as a person and as a program reads them.
enum TestResultView {
    /// One file: a line for each test, and behind a failed one where and why.
    static func text(_ file: ScriptTests.FileResult, _ terminal: TerminalCapabilities) -> String {
        var lines = [VisibleText.filtered(file.file)]
        for test in file.tests {
            let mark = mark(test.error == nil, terminal)
            lines.append("  \(mark) \(VisibleText.filtered(test.name))")
            if let error = test.error { lines += why(error, test.place) }
        }
        if let error = file.error { lines += why(error, file.place) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line: how many passed, how many did not.
    static func summary(_ files: [ScriptTests.FileResult]) -> String {
        let tests = files.flatMap(\.tests)
        let failed = tests.count { $0.error != nil }
        let broken = files.count { $0.error != nil }
        let seconds = files.reduce(0) { $0 + $1.seconds }
        var parts = ["\(tests.count - failed) passed"]
        if failed > 0 { parts.append("\(failed) failed") }
        if broken > 0 { parts.append("\(broken) \(broken == 1 ? "file" : "files") broken") }
        let took = durationText(seconds)
        return "\(tests.count) \(tests.count == 1 ? "test" : "tests"): "
            + parts.joined(separator: ", ") + " (\(took))"
    }

    static func json(_ files: [ScriptTests.FileResult]) -> JSONValue {
        [
            "files": .array(
                files.map { file in
                    [
                        "file": .string(file.file),
                        "passed": .bool(file.passed),
                        "error": failure(file.error, file.place),
                        "tests": .array(
                            file.tests.map { test in
                                [
                                    "name": .string(test.name),
                                    "passed": .bool(test.error == nil),
                                    "seconds": .double((test.seconds * 1000).rounded() / 1000),
                                    "error": failure(test.error, test.place),
                                ]
                            }
                        ),
                    ]
                }
            )
        ]
    }

    private static func failure(_ error: Diagnostic?, _ place: ScriptPlace?) -> JSONValue {
        guard let error else { return .null }
        return [
            "code": .string(error.code),
            "message": .string(error.summary),
            "file": place.map { .string($0.file) } ?? .null,
            "line": place.map { .int($0.line) } ?? .null,
            "hint": error.hint.map(JSONValue.string) ?? .null,
        ]
    }

    private static func why(_ error: Diagnostic, _ place: ScriptPlace?) -> [String] {
        let head = (place.map { "\($0): " } ?? "") + VisibleText.filtered(error.summary)
        let rest = [error.detail, error.hint].compactMap { $0 }.flatMap { text in
            text.split(separator: "\n").map { VisibleText.filtered(String($0)) }
        }
        return ["      " + head] + rest.map { "        " + $0 }
    }

    private static func mark(_ passed: Bool, _ terminal: TerminalCapabilities) -> String {
        let marks = terminal.isUnicode ? ("✓", "✗") : ("+", "x")
        return terminal.paint(passed ? marks.0 : marks.1, passed ? .green : .red)
    }
}
