import CSystem
import Glibc

/// A process that was started, and this side of its standard streams.
struct ProcessChild {
    var pid: pid_t
    var input: Int32
    var output: Int32
    var errors: Int32
}

/// The system calls that start and reap a process.
enum ProcessSpawn {
    /// Starts a program in a new process group.
    static func start(_ command: ProcessCommand) throws -> ProcessChild {
        // Socket pairs rather than pipes: send(2) can leave SIGPIPE out, write(2) can't.
        var pairs: [[Int32]] = []
        for _ in 0..<3 {
            var pair: [Int32] = [-1, -1]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | cloexec, 0, &pair) == 0 else {
                pairs.joined().forEach { close($0) }
                throw failure(command, errno)
            }
            pairs.append(pair)
        }
        defer { pairs.forEach { close($0[1]) } }
        let (pid, status) = spawn(command, pairs.map { $0[1] })
        guard status == 0 else {
            pairs.forEach { close($0[0]) }
            throw failure(command, status)
        }
        return ProcessChild(
            pid: pid,
            input: pairs[0][0],
            output: pairs[1][0],
            errors: pairs[2][0]
        )
    }

    /// How a process ended; nil while it runs.
    static func end(of pid: pid_t) -> ProcessResult.End? {
        var status: Int32 = 0
        let reaped = waitpid(pid, &status, WNOHANG)
        guard reaped != 0 else { return nil }
        guard reaped == pid else { return errno == EINTR ? nil : .exited(-1) }
        let signal = status & 0x7F
        return signal == 0 ? .exited(Int(status >> 8 & 0xFF)) : .signalled(Int(signal))
    }

    private static let cloexec = Int32(SOCK_CLOEXEC.rawValue)

    private static func spawn(
        _ command: ProcessCommand,
        _ streams: [Int32]
    ) -> (pid: pid_t, status: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, stream) in streams.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
        }
        geuse_spawn_closefrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for signal in [SIGINT, SIGHUP, SIGPIPE, SIGTERM, SIGQUIT] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var pid = pid_t()
        let status = withStrings([command.path] + command.arguments) { arguments in
            withStrings(command.environment.map { "\($0.key)=\($0.value)" }.sorted()) { variables in
                posix_spawn(&pid, command.path, &actions, &attributes, arguments, variables)
            }
        }
        return (pid, status)
    }

    /// Lends C an array of strings that ends in a null pointer.
    private static func withStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { copies.forEach { free($0) } }
        return copies.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("array has a null") }
            return body(base)
        }
    }

    private static func failure(_ command: ProcessCommand, _ code: Int32) -> Diagnostic {
        Diagnostic(
            "process_not_started",
            "\(command.path) could not be started.",
            detail: String(cString: strerror(code)) + "."
        )
    }
}
