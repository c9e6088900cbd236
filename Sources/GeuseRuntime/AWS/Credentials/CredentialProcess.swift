import Glibc

/// Runs a program that prints credentials; its standard error is the terminal's.
enum CredentialProcess {
    /// How it ended.
    enum Outcome {
        /// It could not be started.
        case notStarted(String)
        /// It was killed after its time.
        case timedOut
        /// It was killed for printing more than any set of credentials is.
        case printedTooMuch
        /// It ended; a signal's number counts 128 on top.
        case ended(status: Int, output: [UInt8])
    }

    /// More than this is no set of credentials.
    private static let maximumOutput = 1024 * 1024

    /// Runs a program found by `PATH` of the given environment, with standard input empty.
    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        limit: Double,
        clock: any Clock,
        cancellation: Cancellation
    ) throws -> Outcome {
        guard let path = find(program, environment) else { return .notStarted("it is not found") }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return .notStarted("there is no pipe for it") }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        // Whatever libraries have left open without close-on-exec.
        for descriptor in Int32(3)..<1024 where fcntl(descriptor, F_GETFD) >= 0 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        // Signals that this thread blocks or ignores must work in the program.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = CStrings([], list: [program] + arguments)
        let variables = CStrings([], list: environment.map { "\($0.key)=\($0.value)" })
        var process = pid_t()
        let status = posix_spawn(
            &process,
            path,
            &actions,
            &attributes,
            words.mutable,
            variables.mutable
        )
        close(ends[1])
        guard status == 0 else { return .notStarted(String(cString: strerror(status))) }
        let end = clock.monotonic() + limit
        var output: [UInt8] = []
        while !drain(ends[0], &output) {
            guard clock.monotonic() < end, output.count <= maximumOutput,
                cancellation.requests == 0
            else {
                reap(process, killing: true)
                try cancellation.check()
                return output.count > maximumOutput ? .printedTooMuch : .timedOut
            }
            var wait = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
            poll(&wait, 1, 50)
        }
        return .ended(status: reap(process, killing: false), output: output)
    }

    /// The file that a name means.
    private static func find(_ program: String, _ environment: [String: String]) -> String? {
        if program.contains("/") { return program }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 }
    }

    /// Reads what is there, as far as it is wanted; true at the end.
    private static func drain(_ descriptor: Int32, _ output: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 4096)
        while output.count <= maximumOutput {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return true }
            if count < 0 { return errno != EAGAIN && errno != EINTR }
            output.append(contentsOf: chunk[..<count])
        }
        return false
    }

    @discardableResult
    private static func reap(_ process: pid_t, killing: Bool) -> Int {
        if killing { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = Int(status & 0x7F)
        return signal == 0 ? Int(status >> 8 & 0xFF) : 128 + signal
    }
}
