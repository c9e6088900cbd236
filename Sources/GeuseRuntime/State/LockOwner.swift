import Glibc

/// Who holds a lock, as they wrote it down for others.
public struct LockOwner: Sendable, Equatable {
    /// The user's name.
    public var user: String
    /// The machine's name.
    public var host: String
    /// The process id there.
    public var process: Int
    /// The run, where there is one.
    public var run: RunID?
    /// What is being done, such as `update`.
    public var command: String
    /// When the lock was taken.
    public var since: Timestamp

    /// Makes the value.
    public init(
        user: String,
        host: String,
        process: Int,
        run: RunID?,
        command: String,
        since: Timestamp
    ) {
        self.user = user
        self.host = host
        self.process = process
        self.run = run
        self.command = command
        self.since = since
    }

    /// This process.
    public static func current(run: RunID?, command: String, since: Timestamp) -> LockOwner {
        LockOwner(
            user: userName(),
            host: hostName(),
            process: Int(getpid()),
            run: run,
            command: command,
            since: since
        )
    }

    /// One sentence for a message.
    public var sentence: String {
        let run = run.map { " (run \($0))" } ?? ""
        return VisibleText.filtered(
            "\(user) on \(host), process \(process), has held it since \(since) for "
                + "\(command)\(run)."
        )
    }

    /// False when it is known that the process has ended: the note is then an old one.
    public var mayBeAlive: Bool {
        guard host == Self.hostName(), let id = pid_t(exactly: process), id > 0 else { return true }
        return kill(id, 0) == 0 || errno != ESRCH
    }

    /// The note as data.
    public var document: JSONObject {
        var members: [(String, JSONValue)] = [
            ("user", .string(user)), ("host", .string(host)), ("process", .int(process)),
            ("command", .string(command)), ("since", .string(since.text)),
        ]
        if let run { members.append(("run", .string(run.text))) }
        return JSONObject(members)
    }

    /// Reads a note; nil when there is none that can be read, for it is only talk.
    static func read(_ path: String, _ files: any FileSystem) -> LockOwner? {
        guard let bytes = try? files.read(path), let value = try? JSONParser.parse(bytes),
            let user = value["user"]?.stringValue, let host = value["host"]?.stringValue,
            let process = value["process"]?.intValue,
            let command = value["command"]?.stringValue,
            let since = value["since"]?.stringValue.flatMap({ Timestamp($0) })
        else { return nil }
        return LockOwner(
            user: user,
            host: host,
            process: process,
            run: value["run"]?.stringValue.flatMap { try? RunID($0) },
            command: command,
            since: since
        )
    }

    private static func userName() -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        if getpwuid_r(geteuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        {
            return String(cString: name)
        }
        return "uid \(geteuid())"
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}
