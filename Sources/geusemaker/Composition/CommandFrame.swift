import ArgumentParser
import GeuseRuntime
import Glibc

/// What a command prints when it has ended well.
struct CommandReport {
    /// One sentence, for the envelope.
    var message: String
    /// The data of the envelope.
    var data: JSONValue
    /// The same for a person.
    var text: String
    /// The exit code.
    var status: Int32 = ExitStatus.done
}

/// What every command stands in: settings, the state directory, and one way to end.
struct CommandFrame {
    let environment: [String: String]
    let global: GlobalOptions
    let files: any FileSystem
    let clock: any Clock
    let directory: StateDirectory
    let store: any StateStore
    let terminal: TerminalCapabilities

    init(_ global: GlobalOptions) {
        self.global = global
        environment = Self.readEnvironment()
        files = LiveFileSystem()
        clock = SandboxClock(SystemClock())
        let home = environment["HOME"] ?? "/root"
        let standard = home + "/.geusemaker"
        let root = global.stateDir ?? environment["GEUSEMAKER_STATE_DIR"] ?? standard
        directory = StateDirectory(root: root, isDefault: global.stateDir == nil)
        store = FileStateStore(directory, files, clock)
        terminal = TerminalCapabilities(descriptor: STDERR_FILENO, environment: environment)
    }

    /// A setting: flag, then `GEUSEMAKER_NAME`, then nothing.
    func setting(_ flag: String?, _ name: String) -> String? {
        flag ?? environment["GEUSEMAKER_" + name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether the stack is a simulated one of this state directory.
    func isSandbox(_ name: StackName) -> Bool {
        sandbox.contains(name)
    }

    /// Runs a command's body and prints its report, or its error in the same form.
    func report(_ body: (CommandFrame) throws -> CommandReport) throws {
        let report: CommandReport
        do {
            report = try body(self)
        } catch let error as Diagnostic {
            try end(error, status: ExitStatus.of(error))
        } catch let error as ExitCode {
            throw error
        } catch {
            try end(
                Diagnostic("internal_error", "Unexpected: \(error)"),
                status: ExitStatus.failed
            )
        }
        if global.format == .text {
            StandardStreams.out(report.text)
        } else {
            let document = Envelope.ok(report.message, report.data, at: clock.now())
            try DocumentView.write(document, as: global.format)
        }
        if report.status != ExitStatus.done { throw ExitCode(report.status) }
    }

    /// Prints an error and ends with its code.
    func end(_ error: Diagnostic, data: JSONValue? = nil, status: Int32) throws -> Never {
        if global.format == .text {
            StandardStreams.talk(DiagnosticView.text(error, terminal))
        } else {
            let document = Envelope.error(error, data: data, at: clock.now())
            try DocumentView.write(document, as: global.format)
        }
        throw ExitCode(status)
    }

    private static func readEnvironment() -> [String: String] {
        var values: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                values[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return values
    }
}
