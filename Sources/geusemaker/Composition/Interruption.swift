import GeuseRuntime
import Glibc

/// Turns signals into the one flag that every wait looks at.
///
/// The first INT, TERM or HUP asks for an orderly end: to the next safe point, then undo; an undo that
/// is under way goes on. The second ends the program at once; the journal keeps the run recoverable.
enum Interruption {
    /// The flag of this process.
    static let flag = Cancellation()

    /// Installs the handlers; a write to a closed pipe is an error value, not a signal.
    static func install() {
        _ = flag.requests
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                if Interruption.flag.cancel() > 1 { _exit(128 + number) }
            }
            sigaction(number, &action, nil)
        }
    }
}
