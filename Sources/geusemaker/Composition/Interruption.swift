import GeuseRuntime
import Glibc
import Synchronization

/// Turns signals into the one flag that every wait looks at.
///
/// The first INT, TERM or HUP asks for an orderly end: to the next safe point, then undo; an undo that
/// is under way goes on. The second ends the program at once; the journal keeps the run recoverable.
enum Interruption {
    /// The flag of this process.
    static let flag = Cancellation()
    /// Where the line lies that a second signal says before it leaves a run open; 0 while none is.
    ///
    /// Only what is prepared can be said in a signal handler: there is no memory to be had there.
    private static let lastWords = Atomic<UInt>(0)

    /// Installs the handlers; a write to a closed pipe is an error value, not a signal.
    static func install() {
        // Values that are made when they are first used are made now, not in the handler.
        _ = (flag.requests, lastWords.load(ordering: .sequentiallyConsistent))
        _ = (ExitStatus.needsAttention, ExitStatus.interrupted)
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in
                if Interruption.flag.cancel() > 1 { Interruption.endNow() }
            }
            sigaction(number, &action, nil)
        }
    }

    /// From here on a second signal leaves a run open, and says what ends it.
    ///
    /// - Parameter command: the command that ends it.
    static func runIsOpen(next command: String) {
        // Behind whatever a timeline has written of its line. It is never given back: there are as many
        // as runs in a process, one or two.
        let line = strdup(
            "\nStopped in the middle; the journal keeps what was done. Next: \(command)\n"
        )
        lastWords.store(UInt(bitPattern: line), ordering: .sequentiallyConsistent)
    }

    /// The run has ended; a signal leaves nothing behind any more.
    static func runHasEnded() { lastWords.store(0, ordering: .sequentiallyConsistent) }

    /// Ends the program; nothing here may take memory or a lock.
    private static func endNow() -> Never {
        let address = lastWords.load(ordering: .sequentiallyConsistent)
        guard let line = UnsafePointer<CChar>(bitPattern: address) else {
            _exit(ExitStatus.interrupted)
        }
        _ = write(STDERR_FILENO, line, strlen(line))
        _exit(ExitStatus.needsAttention)
    }
}
