import GeuseRuntime

/// What the functions of test files work on.
public final class TestContext {
    /// The tests that have ended, in order.
    private(set) var results: [TestResult] = []
    /// The name of the test under way.
    private(set) var current: String?
    /// How many tests have ended that the file, run anew, comes by once more.
    private var toSkip = 0
    private var stack: TestStack?
    private var runs: [TestRun] = []
    private var began = 0.0
    /// The first expectation of the test that did not hold; it has failed even if it catches that.
    private var failed: Diagnostic?
    private let find: (String) throws -> ScriptFile
    private let version: String
    private let clock: any Clock
    private let cancellation: Cancellation

    init(
        find: @escaping (String) throws -> ScriptFile,
        version: String,
        clock: any Clock,
        cancellation: Cancellation
    ) {
        self.find = find
        self.version = version
        self.clock = clock
        self.cancellation = cancellation
    }

    // Tests --------------------------------------------------------------------------------------

    /// The file is about to be run anew: what has ended is not done again.
    func restart() { toSkip = results.count }

    /// Begins a test; false when it has ended already.
    func begin(_ name: String) throws -> Bool {
        try cancellation.check()
        guard toSkip == 0 else {
            toSkip -= 1
            return false
        }
        if let current {
            throw Diagnostic(
                "nested_test",
                "A test can't be inside another one, \(VisibleText.quoted(current)).",
                kind: .usage
            )
        }
        current = name
        began = clock.monotonic()
        stack = nil
        runs = []
        failed = nil
        return true
    }

    func end(_ outcome: BracketOutcome) {
        guard !outcome.succeeded else {
            return end(failed?.adding(detail: "The test caught this."), at: nil)
        }
        let message = VisibleText.filtered(outcome.message ?? "It failed.", keepingLines: true)
        // Lua has put the place in front of the message; it is shown by itself.
        let prefix = outcome.place.map { "\($0.description): " } ?? ""
        let summary = message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
        let error = Diagnostic(
            outcome.code ?? "test_failed",
            summary,
            detail: outcome.detail.map { VisibleText.filtered($0, keepingLines: true) },
            hint: outcome.hint.map { VisibleText.filtered($0, keepingLines: true) }
        )
        end(error, at: outcome.place)
    }

    /// Ends the test under way, if there is one.
    func end(_ error: Diagnostic?, at place: ScriptPlace?) {
        guard let name = current else { return }
        current = nil
        results.append(
            TestResult(
                name: name,
                error: error,
                place: place,
                seconds: clock.monotonic() - began
            )
        )
    }

    // What happens in one ------------------------------------------------------------------------

    func make(_ name: StackName, _ options: SandboxOptions, at time: Timestamp) throws {
        try requireTest()
        guard stack == nil else {
            throw Diagnostic(
                "stack_exists",
                "This test has its stack already.",
                hint: "Call stack{...} once, before fault and run.",
                kind: .usage
            )
        }
        stack = try TestStack(name, options, at: time, version: version)
    }

    /// The stack of the test; the usual one if it has not said what it wants.
    func world() throws -> TestStack {
        if stack == nil {
            try make(StackName(unchecked: "test-stack"), SandboxOptions(), at: SimulatedTime.usual)
        }
        guard let stack else { throw Diagnostic("internal_error", "The test has no stack.") }
        return stack
    }

    func run(_ script: String, _ words: [String], _ options: TestRun.Options) throws -> ScriptValue
    {
        try requireTest()
        try cancellation.check()
        runs.append(try world().run(find(script), words, options))
        return runs[runs.count - 1].value(number: runs.count)
    }

    /// The run that an expectation is about: the one given, else the last.
    func run(_ given: ScriptValue?) throws -> TestRun {
        try requireTest()
        let number = given?["number"]?.intValue.map { Int($0) } ?? runs.count
        // A test may have put any number there.
        guard number > 0, number <= runs.count else {
            throw Diagnostic(
                "no_run",
                "There was no such run in this test.",
                hint: "Run a script first: run(\"nightly.lua\").",
                kind: .usage
            )
        }
        return runs[number - 1]
    }

    /// An expectation that does not hold.
    func failure(_ summary: String, _ detail: String? = nil) -> Diagnostic {
        let error = Diagnostic("expectation_failed", summary, detail: detail)
        failed = failed ?? error
        return error
    }

    private func requireTest() throws {
        guard current == nil else { return }
        throw Diagnostic(
            "outside_test",
            "This can only be done inside of test(name, function() ... end).",
            kind: .usage
        )
    }
}

/// How one test ended.
public struct TestResult: Sendable {
    /// Its name.
    public let name: String
    /// Why it failed, if it did.
    public let error: Diagnostic?
    /// The line that failed.
    public let place: ScriptPlace?
    /// How long it took.
    public let seconds: Double
}
