/// What the status of an SSM command means for the one who waits for it.
enum SSMVerdict {
    /// The codes of the ends that are not the script's own.
    static let codes: Set<String> = [
        "host_delivery_timed_out", "host_undeliverable", "host_execution_timed_out",
        "host_command_cancelled", "host_command_terminated", "host_command_failed",
    ]

    /// The verdict; nil stands for an invocation that is not visible yet.
    static func of(_ invocation: CommandInvocation?, _ id: String) -> Waiter.Verdict {
        guard let invocation else { return .waiting }
        func end(_ code: String, _ summary: String, _ detail: String) -> Waiter.Verdict {
            let word = VisibleText.filtered(invocation.statusText)
            return .unreachable(
                Diagnostic(code, summary, detail: "\(detail) SSM command \(id), status \(word).")
            )
        }
        let notRun = "The script did not run."
        let mayRun = "The script may still be running on the host."
        switch invocation.status {
        case .pending, .inprogress, .delayed, .cancelling, .unknown: return .waiting
        case .success: return .reached
        case .failed where invocation.responseCode >= 0: return .reached
        case .failed:
            return end("host_command_failed", "The agent could not run the script.", mayRun)
        case .deliverytimedout:
            return end("host_delivery_timed_out", "The host did not take the script.", notRun)
        case .undeliverable, .invalidplatform, .accessdenied:
            return end("host_undeliverable", "The script can't be delivered to the host.", notRun)
        case .executiontimedout:
            return end("host_execution_timed_out", "The script ran out of time.", mayRun)
        case .cancelled:
            return end("host_command_cancelled", "The script was cancelled.", mayRun)
        case .terminated:
            return end("host_command_terminated", "SSM ended the script.", mayRun)
        }
    }
}
