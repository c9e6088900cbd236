/// What the OpenSSH client's failure means.
///
/// The client ends with 255 for all of its own failures and gives no code, so this is the one place
/// that reads its messages (OpenSSH, sshconnect.c, sshconnect2.c and kex.c; not translated).
enum SSHFailure {
    /// The error for a client that failed before it started the command; nil for any other failure.
    static func diagnostic(_ errors: String, host: String, _ settings: SSHSettings) -> Diagnostic? {
        let lines = errors.split(whereSeparator: \.isNewline)
        // Whole lines and beginnings only: a script's own messages may hold the same words.
        let begins = { (text: String) in lines.contains { $0.hasPrefix(text) } }
        let detail = shown(errors)
        if begins("Host key verification failed.")
            || begins("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!")
        {
            return Diagnostic(
                "ssh_host_key_changed",
                "The host at \(host) does not show the key that belongs to \(settings.instance).",
                detail: detail,
                hint:
                    "Compare it with the console output of the instance. If the new key is right: "
                    + "`ssh-keygen -f \(settings.knownHostsFile) -R \(settings.instance)`.",
                kind: .refused
            )
        }
        if begins("ssh: connect to host") || begins("ssh: Could not resolve hostname")
            || begins("kex_exchange_identification:")
            || begins("Connection timed out during banner") || begins("channel 0: open failed")
            || begins("stdio forwarding failed")
        {
            return unreachable(host, settings, detail)
        }
        if begins("Unable to negotiate with") {
            return Diagnostic(
                "ssh_unreachable",
                "The host at \(host) and this ssh client have no algorithm in common.",
                detail: detail,
                hint: "See what the host offers, and what the client's configuration allows."
            )
        }
        if begins("\(settings.user)@\(host): Permission denied") {
            return Diagnostic(
                "ssh_denied",
                "The host at \(host) refuses the login as \(settings.user).",
                detail: detail,
                hint: "Check the user and the key, or use SSM.",
                kind: .refused
            )
        }
        return nil
    }

    /// The error for a connection that the other side ended without a word of a script; nil for another end.
    ///
    /// It may have been before the login or while a script ran: that alone proves nothing.
    static func hungUp(_ errors: String, host: String, _ settings: SSHSettings) -> Diagnostic? {
        let begins = ["Connection closed by ", "Connection reset by ", "Received disconnect from "]
        let lines = errors.split(whereSeparator: \.isNewline)
        guard lines.contains(where: { line in begins.contains { line.hasPrefix($0) } }) else {
            return nil
        }
        return unreachable(host, settings, shown(errors))
    }

    private static func unreachable(
        _ host: String,
        _ settings: SSHSettings,
        _ detail: String?
    ) -> Diagnostic {
        Diagnostic(
            "ssh_unreachable",
            "The host at \(host) can't be reached by ssh.",
            detail: detail,
            hint: "Check that it runs and that its security group lets port \(settings.port) in."
        )
    }

    static func sudo(
        _ host: String,
        _ settings: SSHSettings,
        saying said: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            "ssh_denied",
            "\(settings.user) may not become root on \(host) without a password.",
            detail: "`sudo -n true` fails there."
                + (said.flatMap { shown($0) }.map { " It said: \($0)" } ?? ""),
            hint: "Log in as a user that may, or use SSM.",
            kind: .refused
        )
    }

    /// The connection ended while a script may have been running.
    static func lost(_ step: String, _ errors: String, cause: Diagnostic? = nil) -> Diagnostic {
        Diagnostic(
            "host_outcome_unknown",
            "The connection ended before \(step) gave its result.",
            detail: shown(errors),
            kind: .needsAttention,
            cause: cause
        )
    }

    private static func shown(_ errors: String) -> String? {
        let text = VisibleText.filtered(String(errors.prefix(1000)), keepingLines: true)
        return text.isEmpty ? nil : text
    }
}
