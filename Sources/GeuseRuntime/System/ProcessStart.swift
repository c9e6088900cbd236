import Glibc

/// When a process of this machine began.
enum ProcessStart {
    /// The time in seconds since 1970, to about a second; nil when there is no such process.
    ///
    /// From the field `starttime` of `/proc/PID/stat`, in clock ticks since the boot, and `btime` of
    /// `/proc/stat` (proc_pid_stat(5), proc_stat(5)).
    static func time(of process: pid_t) -> Double? {
        guard let stat = text("/proc/\(process)/stat"), let name = stat.lastIndex(of: ")"),
            let boot = text("/proc/stat")?.split(separator: "\n")
                .first(where: { $0.hasPrefix("btime ") })
                .flatMap({ Double($0.dropFirst("btime ".count)) })
        else { return nil }
        // The name before may hold spaces; behind it the fields count from the third.
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 19, let ticks = Double(fields[19]) else { return nil }
        return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? LiveFileSystem().read(path) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
