import Foundation
import Testing

/// Runs Python as the second opinion on files and formats; without it these tests fail.
enum PythonProgram {
    static func run(_ script: String, input: [UInt8] = [], _ arguments: [String] = []) throws
        -> [UInt8]
    {
        let directory = try TemporaryDirectory()
        let output = directory.path + "/out"
        let errors = directory.path + "/err"
        for (name, bytes) in [("in", input), ("out", []), ("err", [])] {
            try Data(bytes).write(to: URL(fileURLWithPath: directory.path + "/" + name))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [interpreter, "-W", "ignore", "-c", script] + arguments
        process.standardInput = FileHandle(forReadingAtPath: directory.path + "/in")
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try process.run()
        process.waitUntilExit()
        let message = try String(contentsOfFile: errors, encoding: .utf8)
        try #require(process.terminationStatus == 0, "\(message)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: output)))
    }

    private static var interpreter: String {
        if let chosen = ProcessInfo.processInfo.environment["GEUSE_TEST_PYTHON"] { return chosen }
        let local = Fixture.repository + "/.venv/bin/python"
        return FileManager.default.isExecutableFile(atPath: local) ? local : "python3"
    }
}
