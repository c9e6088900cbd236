import Foundation

/// The Python interpreter of the tests, which has botocore and moto (`make test` sets it up).
enum Python {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// The root of the package, from where this file is.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var interpreter: String {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["GEUSE_TEST_PYTHON"], !given.isEmpty { return given }
        let own = root.appending(path: ".venv/bin/python").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
    }

    /// A process of one of the scripts in Tests/AWS, not started yet.
    static func process(_ script: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let path = root.appending(path: "Tests/AWS/\(script)").path
        process.arguments = [interpreter, path] + arguments
        return process
    }

    /// Runs a script to its end and gives its output.
    static func output(_ script: String, _ arguments: [String]) throws -> String {
        let process = process(script, arguments)
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw missing(script) }
        return String(decoding: data, as: UTF8.self)
    }

    static func missing(_ script: String) -> Failure {
        Failure(
            description: "\(script) failed under \(interpreter); it needs the packages of "
                + "Tests/requirements.txt: run the tests with `make test`"
        )
    }
}

/// A server in Python that tells its port on its first line and ends when its standard input does.
final class PythonServer: @unchecked Sendable {
    private let process: Process
    private let input = Pipe()
    private let output = Pipe()
    let port: Int
    /// The words behind the port.
    let words: [String]

    init(_ script: String, _ arguments: [String] = []) throws {
        process = Python.process(script, arguments)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A {
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
        guard let port = words.first.flatMap({ Int($0) }) else { throw Python.missing(script) }
        self.port = port
        self.words = Array(words.dropFirst())
    }

    deinit {
        // A test's thread has signals blocked and the child inherits that, so SIGTERM would wait.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
