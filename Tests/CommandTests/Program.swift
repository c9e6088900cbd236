import Foundation

@testable import GeuseRuntime

/// The built program, run in a state directory of its own with nothing of this machine's settings.
final class Program {
    struct Result {
        let status: Int32
        let out: String
        let talk: String

        var json: JSONValue? { try? JSONParser.parse(out) }
    }

    let directory: String
    let state: String
    private let binary: String

    init() throws {
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let standard = package.appendingPathComponent(".build/debug/geusemaker").path
        binary = ProcessInfo.processInfo.environment["GEUSEMAKER"] ?? standard
        let place = FileManager.default.temporaryDirectory
            .appendingPathComponent("geuse-command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        directory = place.path
        state = place.appendingPathComponent("state").path
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Runs a line of a shell in which the program is on the path.
    ///
    /// There is no service manager here: `systemctl` and `loginctl` only see to it that the units that
    /// they are given lie where a user's units have to lie. `systemd-analyze verify` is the real one,
    /// where there is one; it is shown the units with the program's own path in them.
    func shell(_ line: String) throws -> Result {
        let tools = directory + "/tools"
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        let texts = [
            "geusemaker": "#!/bin/sh\nexec '\(binary)' \"$@\"\n",
            "systemctl": """
            #!/bin/sh
            for word in "$@"; do
                case $word in *.timer | *.service) test -f "$HOME/.config/systemd/user/$word" || exit 1 ;; esac
            done
            """,
            "loginctl": "#!/bin/sh\ntest \"$*\" = enable-linger\n",
            "systemd-analyze": """
            #!/bin/sh
            test -x /usr/bin/systemd-analyze || exit 0
            mkdir -p "$HOME/verified" "$HOME/run"
            for word in "$@"; do
                case $word in
                    /*) sed 's|/usr/local/bin/geusemaker|/bin/true|' "$word" >"$HOME/verified/${word##*/}" ;;
                esac
            done
            cd "$HOME/verified" || exit
            # A key that it does not know is no error to it, only a line.
            ! XDG_RUNTIME_DIR=$HOME/run /usr/bin/systemd-analyze --user --man=no verify \\
                ./*.service ./*.timer 2>&1 | grep .
            """,
        ]
        for (name, text) in texts {
            try text.write(toFile: tools + "/" + name, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: tools + "/" + name
            )
        }
        return try start(["-c", "PATH='\(tools)':$PATH; " + line], program: "/bin/sh")()
    }

    /// Runs a command line to its end, without a terminal.
    @discardableResult
    func run(_ words: String...) throws -> Result { try start(words)() }

    /// Starts a command line; the result is there when it has ended.
    func start(_ words: [String], program: String? = nil) throws -> () throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program ?? binary)
        // Simulated stops and starts take their time, which is no part of what is tested here.
        let isNew = program == nil && words.starts(with: ["sandbox", "create"])
        process.arguments = isNew ? words + ["--speed", "5"] : words
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        var environment = [
            "HOME": directory, "GEUSEMAKER_STATE_DIR": state, "PATH": "/usr/bin:/bin",
        ]
        // Coverage of the program counts too.
        if let profile = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"] {
            let folder = (profile as NSString).deletingLastPathComponent
            environment["LLVM_PROFILE_FILE"] = folder + "/command-%p.profraw"
        }
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let out = directory + "/out-\(UUID().uuidString)"
        let talk = directory + "/talk-\(UUID().uuidString)"
        for path in [out, talk] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: out)
        process.standardError = FileHandle(forWritingAtPath: talk)
        try process.run()
        return {
            process.waitUntilExit()
            return Result(
                status: process.terminationReason == .exit ? process.terminationStatus : -1,
                out: try String(contentsOfFile: out, encoding: .utf8),
                talk: try String(contentsOfFile: talk, encoding: .utf8)
            )
        }
    }

    /// Writes a script beside the state.
    func script(_ name: String, _ text: String) throws -> String {
        let path = directory + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Stops a simulated stack's instance behind the program's back.
    func stopInstance(_ name: String = "s") throws {
        let path = state + "/sandbox/\(name).json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard case .object(var world) = try JSONParser.parse(text),
            case .object(var instance)? = world["instance"]
        else { return }
        instance["state"] = "stopped"
        world["instance"] = .object(instance)
        try JSONWriter.write(.object(world)).write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// The bytes of a stack's state file.
    func stateFile(_ name: String = "s") throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: state + "/deployments/\(name).json"))
    }
}
