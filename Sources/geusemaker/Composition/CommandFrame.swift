import ArgumentParser
import GeuseRuntime
import Glibc

/// What a command prints when it has ended well.
struct CommandReport {
    /// Whether what is printed is all that was asked for, so that nothing was done if it cannot be written.
    var isOutput = false
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
    /// The settings of the config file; a mistake in it ends every command.
    let config: Result<ConfigFile, any Error>

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
        config = Self.readConfig(
            files,
            named: environment["GEUSEMAKER_CONFIG"],
            standard: root + "/config.yaml"
        )
    }

    /// The config file that was named, which has to be there, else the state directory's, if there is one.
    private static func readConfig(
        _ files: any FileSystem,
        named: String?,
        standard: String
    ) -> Result<ConfigFile, any Error> {
        let path = named ?? standard
        guard named != nil || files.exists(path) else { return .success(ConfigFile()) }
        return Result { try ConfigFile(files.read(path), path: path) }
    }

    /// A setting: flag, then `GEUSEMAKER_NAME`, then the config file, for this stack or for all.
    ///
    /// - Parameters:
    ///   - flag: what the command line says.
    ///   - name: the flag's long name.
    ///   - stack: the stack that is meant.
    /// - Returns: the text; nil where nothing says anything.
    func setting(_ flag: String?, _ name: String, of stack: StackName? = nil) -> String? {
        let variable =
            "GEUSEMAKER_" + name.uppercased().replacing("-", with: "_")
        return flag ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 }
            ?? (try? config.get())?.setting(name, of: stack)
    }

    /// A setting that is a number of seconds from 0 on.
    ///
    /// - Throws: `Diagnostic` of kind usage with code `invalid_setting`.
    func seconds(
        _ flag: Double?,
        _ name: String,
        of stack: StackName?,
        standard: Double
    ) throws -> Double {
        guard let text = flag.map({ "\($0)" }) ?? setting(nil, name, of: stack) else {
            return standard
        }
        guard let number = Double(text), (0...1e9).contains(number) else {
            throw Diagnostic(
                "invalid_setting",
                "The setting \(name) is \(VisibleText.quoted(text)), which is no number of seconds.",
                kind: .usage
            )
        }
        return number
    }

    /// Whether the stack is a simulated one of this state directory.
    func isSandbox(_ name: StackName) -> Bool {
        sandbox.contains(name)
    }

    /// Runs a command's body and prints its report, or its error in the same form.
    func report(_ body: (CommandFrame) throws -> CommandReport) throws {
        let report: CommandReport
        do {
            _ = try config.get()
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
        let isWritten: Bool
        if global.format == .text {
            isWritten = StandardStreams.out(report.text)
        } else {
            let document = Envelope.ok(report.message, report.data, at: clock.now())
            isWritten = try DocumentView.write(document, as: global.format)
        }
        // What was done stays done, whoever hears of it.
        if report.isOutput, !isWritten { throw ExitCode(ExitStatus.failed) }
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
