import GeuseRuntime

extension ScriptFailure {
    /// Its own time was used up.
    static func timeout(
        _ limits: ScriptLimits,
        at place: ScriptPlace?,
        traceback: String?
    ) -> ScriptFailure {
        let diagnostic = Diagnostic(
            "script_timeout",
            "The script was stopped after \(Seconds.text(limits.ownTime)) of its own time.",
            detail: place.map { "It was last seen at \($0)." },
            hint: "If it needs longer, raise --script-timeout."
        )
        return ScriptFailure(.timeout, diagnostic, at: place, traceback: traceback)
    }

    /// Its memory was used up.
    static func memory(
        _ limits: ScriptLimits,
        at place: ScriptPlace?,
        traceback: String?
    ) -> ScriptFailure {
        let diagnostic = Diagnostic(
            "script_memory",
            "The script needed more than its \(limits.memory >> 20) MiB of memory.",
            detail: place.map { "It was last seen at \($0)." },
            hint: "Keep less in tables and strings."
        )
        return ScriptFailure(.memory, diagnostic, at: place, traceback: traceback)
    }

    /// The worker died by itself.
    static func crash(_ end: WorkerProcess.End?, at place: ScriptPlace?) -> ScriptFailure {
        let how =
            switch end {
            case .signalled(let number): "ended by \(SignalName.text(number))"
            case .exited(let code): "ended with code \(code)"
            case .unknown, nil: "gone"
            }
        let diagnostic = Diagnostic(
            "script_crashed",
            "The script's process is \(how).",
            detail: place.map { "It was last seen at \($0)." },
            hint: "The interpreter itself failed; simplify the script near that line."
        )
        return ScriptFailure(.crash, diagnostic, at: place)
    }

    /// The worker broke the rules of the frames.
    static func violation(_ error: WireError, at place: ScriptPlace?) -> ScriptFailure {
        let diagnostic = Diagnostic(
            "worker_protocol",
            "The script's process was stopped because it broke the protocol.",
            detail: "The reason: \(error.reason).",
            hint: "Nothing was done twice; please report this with the script."
        )
        return ScriptFailure(.protocolViolation, diagnostic, at: place)
    }
}

/// Durations in messages.
enum Seconds {
    /// `10 s`, `0.25 s`.
    static func text(_ seconds: Double) -> String {
        Int(exactly: seconds).map { "\($0) s" } ?? "\(seconds) s"
    }
}
