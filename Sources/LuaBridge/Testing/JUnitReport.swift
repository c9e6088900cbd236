/// The results as JUnit XML, which CI systems read
/// (https://github.com/testmoapp/junitxml describes what they agree on).
public enum JUnitReport {
    /// The document for these files.
    public static func text(_ files: [ScriptTests.FileResult]) -> String {
        let suites = files.map(suite).joined()
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\(suites)</testsuites>\n"
    }

    private static func suite(_ file: ScriptTests.FileResult) -> String {
        let failures = file.tests.count { $0.error != nil }
        let cases = file.tests.map { testCase($0, file.file) }.joined()
        // An error of the file itself is a case of its own, so that it is not overlooked.
        let own = file.error.map { error in
            "  <testcase classname=\"\(escaped(file.file))\" name=\"(file)\" time=\"0.000\">\n"
                + "    <error type=\"\(escaped(error.code))\" message=\"\(escaped(error.summary))\">"
                + escaped(Self.detail(error.hint, error.detail, file.place)) + "</error>\n"
                + "  </testcase>\n"
        }
        let count = file.tests.count + (own == nil ? 0 : 1)
        return
            " <testsuite name=\"\(escaped(file.file))\" tests=\"\(count)\" failures=\"\(failures)\" "
            + "errors=\"\(own == nil ? 0 : 1)\" time=\"\(seconds(file.seconds))\">\n"
            + cases + (own ?? "") + " </testsuite>\n"
    }

    private static func testCase(_ test: TestResult, _ file: String) -> String {
        let head =
            "  <testcase classname=\"\(escaped(file))\" name=\"\(escaped(test.name))\" "
            + "time=\"\(seconds(test.seconds))\""
        guard let error = test.error else { return head + "/>\n" }
        return head + ">\n    <failure type=\"\(escaped(error.code))\" "
            + "message=\"\(escaped(error.summary))\">"
            + escaped(detail(error.hint, error.detail, test.place))
            + "</failure>\n  </testcase>\n"
    }

    private static func detail(_ hint: String?, _ detail: String?, _ place: ScriptPlace?) -> String
    {
        [place?.description, detail, hint].compactMap { $0 }.joined(separator: "\n")
    }

    private static func seconds(_ value: Double) -> String {
        let thousandths = Int((max(0, value) * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// Text for XML 1.0: what it can't hold at all, control characters, is replaced.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
