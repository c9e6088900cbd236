import Foundation
import GeuseRuntime
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@testable import LuaBridge

/// The report is XML whatever a test is called, and counts what it holds.
@Suite struct JUnitReportTests {
    @Test func itIsWellFormedAndCounts() throws {
        let odd = "a <b> & \"c\"\u{1}\n]]>"
        let file = ScriptTests.FileResult(
            file: "x&y_test.lua",
            tests: [
                TestResult(name: odd, error: nil, place: nil, seconds: 0.0125),
                TestResult(
                    name: "fails",
                    error: Diagnostic("c", odd, detail: odd),
                    place: nil,
                    seconds: 12
                ),
            ],
            error: Diagnostic("broken", "It broke."),
            place: nil,
            seconds: 1
        )
        let text = JUnitReport.text([file])
        let document = try XMLDocument(data: Data(text.utf8))
        let suite = try #require(document.rootElement()?.elements(forName: "testsuite").first)
        #expect(suite.attribute(forName: "tests")?.stringValue == "3")
        #expect(suite.attribute(forName: "failures")?.stringValue == "1")
        #expect(suite.attribute(forName: "errors")?.stringValue == "1")
        let cases = suite.elements(forName: "testcase")
        #expect(
            cases.map { $0.attribute(forName: "time")?.stringValue } == [
                "0.013", "12.000", "0.000",
            ]
        )
        #expect(
            cases.first?.attribute(forName: "name")?.stringValue
                == "a <b> & \"c\"\u{FFFD}\n]]>"
        )
        #expect(cases[1].elements(forName: "failure").first?.stringValue?.contains("<b>") == true)
    }
}
