import Glibc

/// The names of the signals that can end a worker.
enum SignalName {
    private static let names: [Int32: String] = [
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGILL: "SIGILL",
        SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGSYS: "SIGSYS", SIGTERM: "SIGTERM",
        SIGXCPU: "SIGXCPU",
    ]

    /// `SIGSEGV`, or `signal 40` for one without a name here.
    static func text(_ number: Int) -> String {
        names[Int32(number)] ?? "signal \(number)"
    }
}
