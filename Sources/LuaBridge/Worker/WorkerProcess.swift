import CLua
import Glibc
import GeuseRuntime

/// A child process: its id, how it ended, and the promise that it does not outlive its owner.
final class WorkerProcess {
    /// How a process ended.
    enum End: Equatable {
        case exited(Int)
        case signalled(Int)
        /// Somebody else took its status.
        case unknown
    }

    let id: pid_t
    private(set) var end: End?
    /// The most memory that it ever held, in bytes, what it shares with its owner included; known once
    /// it has ended.
    private(set) var peakMemory: Int?

    init(id: pid_t) { self.id = id }

    deinit { kill() }

    /// Starts a worker and gives the core's end of its socket.
    static func start(_ limits: ScriptLimits) throws -> (WorkerProcess, Int32) {
        var raw = geuse_worker_limits(
            memory_bytes: UInt64(max(limits.memory, 0)),
            // Twice the time and some seconds: it only counts if the core is not there to look.
            cpu_seconds: limits.ownTime > 0 ? UInt32(min(limits.ownTime * 2 + 5, 86400)) : 5,
            refuse_allocation: UInt64(limits.refusedAllocation),
            refuse_count: UInt64(limits.refusedAllocations)
        )
        var socket: Int32 = -1
        let id = geuse_worker_start(&raw, &socket)
        guard id > 0 else {
            let reason = String(cString: strerror(errno))
            throw Diagnostic(
                "worker_start_failed",
                "The process for the script could not be started.",
                detail: reason
            )
        }
        return (WorkerProcess(id: id), socket)
    }

    /// Sends SIGUSR1, upon which the worker tells where it is.
    func askForPosition() {
        if end == nil { _ = Glibc.kill(id, SIGUSR1) }
    }

    /// Ends it by SIGKILL, unless it has ended, and takes its status.
    func kill() {
        guard end == nil else { return }
        _ = Glibc.kill(id, SIGKILL)
        wait()
    }

    /// Waits for its end.
    func wait() {
        guard end == nil else { return }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(id, &status, 0, &usage) < 0 {
            guard errno == EINTR else {
                end = .unknown
                return
            }
        }
        peakMemory = usage.ru_maxrss * 1024
        let signal = Int(status & 0x7F)
        end = signal == 0 ? .exited(Int(status >> 8 & 0xFF)) : .signalled(signal)
    }
}
