import GeuseRuntime

/// Runs Lua test files against simulated stacks.
///
/// A test file is a guest as a script is: it runs in a worker, and all it can do is what the modules
/// of test files declare.
public struct ScriptTests {
    /// What a file came to.
    public struct FileResult: Sendable {
        /// The file.
        public let file: String
        /// Its tests, in order.
        public let tests: [TestResult]
        /// Why the file itself failed, outside of any test.
        public let error: Diagnostic?
        /// The line at which it did.
        public let place: ScriptPlace?
        /// How long it took.
        public let seconds: Double

        /// Whether all went well.
        public var passed: Bool { error == nil && tests.allSatisfy { $0.error == nil } }
    }

    /// What test files can call.
    public static let modules = [TestFunctions.module.signature, ExpectFunctions.module.signature]

    private let files: any FileSystem
    private let version: String
    private let limits: ScriptLimits
    private let clock: any Clock
    private let cancellation: Cancellation

    /// Tests that read their files from there.
    ///
    /// - Parameters:
    ///   - files: where test files and scripts are.
    ///   - version: the program's version, for the journals of the runs.
    ///   - limits: what a test file may use.
    ///   - clock: measures how long tests take.
    ///   - cancellation: ends the file under way.
    public init(
        files: any FileSystem,
        version: String,
        limits: ScriptLimits = ScriptLimits(),
        clock: any Clock = SystemClock(),
        cancellation: Cancellation = Cancellation()
    ) {
        self.files = files
        self.version = version
        self.limits = limits
        self.clock = clock
        self.cancellation = cancellation
    }

    /// The test files that words of a command line mean.
    ///
    /// - Parameter words: files, and folders for the `*_test.lua` in them; none for the folder at hand.
    /// - Returns: the paths.
    /// - Throws: `Diagnostic` with code `no_test_files`.
    public func find(_ words: [String]) throws -> [String] {
        let paths = try (words.isEmpty ? ["."] : words).flatMap { word -> [String] in
            guard !word.hasSuffix(".lua") else { return [word] }
            let folder = word.hasSuffix("/") ? String(word.dropLast()) : word
            let names = try files.list(folder).filter { $0.hasSuffix("_test.lua") }
            guard !names.isEmpty || words.isEmpty || files.exists(folder) else {
                throw Diagnostic(
                    "no_test_files",
                    "There is no file or folder \(VisibleText.quoted(word)).",
                    kind: .usage
                )
            }
            return names.map { folder == "." ? $0 : "\(folder)/\($0)" }
        }
        guard !paths.isEmpty else {
            throw Diagnostic(
                "no_test_files",
                "There are no test files here.",
                hint: "Test files are called NAME_test.lua; geusemaker script new NAME writes one.",
                kind: .usage
            )
        }
        guard paths.contains(where: files.exists) else { throw Self.missing(paths[0]) }
        return paths
    }

    private static func missing(_ path: String) -> Diagnostic {
        Diagnostic(
            "no_test_files",
            "There is no test file \(VisibleText.quoted(path)).",
            kind: .usage
        )
    }

    /// Runs one file.
    ///
    /// - Parameter path: the file.
    /// - Returns: what it came to; one that cannot be read has failed, and is no reason not to run others.
    /// - Throws: `Diagnostic` when no worker can be started.
    public func run(_ path: String) throws -> FileResult {
        let began = clock.monotonic()
        let file: ScriptFile
        do {
            guard files.exists(path) else { throw Self.missing(path) }
            file = try ScriptFile(path, files: files)
        } catch let error as Diagnostic {
            return FileResult(file: path, tests: [], error: error, place: nil, seconds: 0)
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let context = TestContext(
            find: { [files] name in
                let beside = folder + name
                return try ScriptFile(files.exists(beside) ? beside : name, files: files)
            },
            version: version,
            clock: clock,
            cancellation: cancellation
        )
        var outside = try play(file, in: context)
        if outside == nil, context.results.isEmpty {
            let none = Diagnostic(
                "no_tests",
                "The file has no tests.",
                hint: "A test is test(\"what it shows\", function() ... end)."
            )
            outside = (none, nil)
        }
        return FileResult(
            file: path,
            tests: context.results,
            error: outside?.error,
            place: outside?.place,
            seconds: clock.monotonic() - began
        )
    }

    /// How many tests of a file may take their worker with them.
    private static let mostLosses = 10

    /// Runs the file to its end, anew after each test that took the worker with it, or left it without
    /// memory; returns what failed outside of any test.
    private func play(
        _ file: ScriptFile,
        in context: TestContext
    ) throws -> (error: Diagnostic, place: ScriptPlace?)? {
        let dispatcher = Dispatcher([TestFunctions.module, ExpectFunctions.module])
        var losses = 0
        while true {
            let ended = context.results.count
            let worker = try ScriptWorker(limits: limits)
            do throws(ScriptFailure) {
                try worker.run(
                    file.source,
                    with: dispatcher,
                    in: context,
                    cancellation: cancellation,
                    require: file.module
                )
                return nil
            } catch let failure {
                guard failure.cause != .interrupted else { throw failure.diagnostic }
                guard context.current != nil else {
                    // It was all right, but met the cap; each time the file gets past one test more.
                    let isAfterTest = failure.cause == .memory && context.results.count > ended
                    guard isAfterTest else { return (failure.withoutPlace, failure.place) }
                    context.restart()
                    continue
                }
                losses += 1
                let isLast = losses == Self.mostLosses
                let rest = isLast ? "The tests after this one were not run." : nil
                context.end(
                    rest.map(failure.diagnostic.adding(detail:)) ?? failure.diagnostic,
                    at: failure.place
                )
                guard !isLast else { return nil }
                context.restart()
            }
        }
    }
}
