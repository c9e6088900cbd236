/// Runs scripts on the host through the OpenSSH client, by standard input.
///
/// The host's key is pinned under the instance's id (`HostKeyAlias`): another address after a start is
/// fine, another key is not.
public final class SSHTransport: HostTransport {
    private let settings: SSHSettings
    private let address: () throws -> String
    private let processes: any ProcessRunner
    private let cancellation: Cancellation

    /// Makes a transport.
    ///
    /// - Parameters:
    ///   - settings: who logs in, with which key, and what is known of the host.
    ///   - processes: runs the client.
    ///   - cancellation: a first request lets a script end, a second one does not wait for it.
    ///   - address: the host's address now; it can change with every start.
    public init(
        settings: SSHSettings,
        processes: any ProcessRunner,
        cancellation: Cancellation,
        address: @escaping () throws -> String
    ) {
        self.settings = settings
        self.processes = processes
        self.cancellation = cancellation
        self.address = address
    }

    /// Runs a script and waits for its end.
    public func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
        let host = try checkedAddress()
        let result = try client(host, settings.shell("sh -s"), script, timeout)
        let reply = { (status: Int) in
            HostReply(
                status: status,
                output: String(decoding: result.output, as: UTF8.self),
                errors: String(decoding: result.errors, as: UTF8.self)
            )
        }
        switch result.end {
        // 255 is the client's own failure; with output the script ran, and its last line decides.
        case .exited(255) where result.output.isEmpty:
            throw SSHFailure.diagnostic(reply(255).errors, host: host, settings)
                ?? SSHFailure.lost(
                    comment,
                    reply(255).errors,
                    cause: SSHFailure.hungUp(reply(255).errors, host: host, settings)
                )
        case .exited(1) where result.output.isEmpty && settings.usesSudo:
            // A script says something before it ends; sudo may have refused to start it.
            guard try probe(host) == .exited(0) else {
                throw SSHFailure.sudo(host, settings)
            }
            return reply(1)
        case .exited(127) where result.output.isEmpty && settings.usesSudo:
            // The same without a script tells a host without sudo from a script's own end.
            guard try probe(host) != .exited(127) else {
                throw SSHFailure.sudo(host, settings, saying: reply(127).errors)
            }
            return reply(127)
        case .exited(let status): return reply(status)
        case .signalled, .timedOut: throw SSHFailure.lost(comment, reply(255).errors)
        }
    }

    /// A shell's output has no end of its own; this is more than any look at a host comes to.
    public var answerLimit: Int { HostAnswer.secureShell }

    /// Whether the host takes a login and lets it become root.
    public func isReachable() throws -> Bool {
        let host = try checkedAddress()
        let result = try client(host, settings.shell("true"), "", settings.connectTimeout + 15)
        switch result.end {
        case .exited(0): return true
        case .exited(255):
            let errors = String(decoding: result.errors, as: UTF8.self)
            guard
                let error = SSHFailure.diagnostic(errors, host: host, settings)
                    ?? SSHFailure.hungUp(errors, host: host, settings),
                error.code != "ssh_unreachable"
            else { return false }
            throw error
        case .exited:
            let said = HostAnswer.lastLines(
                HostReply(
                    status: 1,
                    output: String(decoding: result.output, as: UTF8.self),
                    errors: String(decoding: result.errors, as: UTF8.self)
                )
            )
            throw SSHFailure.sudo(host, settings, saying: said)
        case .signalled, .timedOut: return false
        }
    }

    private func probe(_ host: String) throws -> ProcessResult.End {
        try client(host, settings.shell("true"), "", settings.connectTimeout + 15).end
    }

    private func client(
        _ host: String,
        _ command: String,
        _ script: String,
        _ timeout: Double
    ) throws -> ProcessResult {
        try processes.run(
            ProcessCommand(
                path: settings.program,
                arguments: settings.arguments(host: host, command: command),
                environment: settings.environment.merging(["LC_ALL": "C"]) { $1 },
                input: Array(script.utf8),
                timeout: timeout + settings.connectTimeout,
                patience: 2
            ),
            cancellation
        )
    }

    /// The address, as something that the client can't take for an option or a command.
    private func checkedAddress() throws -> String {
        let host = try address()
        let isPlain = host.utf8.allSatisfy {
            Grammar.isLetter($0) || Grammar.isDigit($0) || ".:-_".utf8.contains($0)
        }
        guard !host.isEmpty, host.utf8.count <= 255, isPlain, host.utf8.first != 0x2D else {
            throw Diagnostic(
                "ssh_invalid_address",
                "\(VisibleText.quoted(host)) is not an address that ssh can reach.",
                hint: "Give the instance a public address, or use SSM."
            )
        }
        return host
    }
}
