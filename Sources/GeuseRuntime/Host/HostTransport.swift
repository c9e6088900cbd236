/// A way to run one shell script as root on the host and get its output back.
///
/// `SSMTransport` (Run Command) and `SSHTransport` (OpenSSH) implement it.
public protocol HostTransport: AnyObject {
    /// Runs a script and waits for its end.
    ///
    /// - Parameters:
    ///   - script: the complete POSIX sh text; values inside it are base64 data only.
    ///   - comment: the step's name; it lets a lost reply be found again.
    ///   - timeout: seconds the script may run.
    /// - Returns: what it printed and its exit status.
    /// - Throws: `Diagnostic`; code `host_outcome_unknown` when the script may have run but its
    ///   output was lost, so that a caller looks for the marker before it does anything else.
    func run(_ script: String, comment: String, timeout: Double) throws -> HostReply
    /// Whether the host can take a script now, without running one.
    func isReachable() throws -> Bool
    /// The longest result line that comes back whole, in characters.
    var answerLimit: Int { get }
}

extension HostTransport {
    /// What the narrowest way lets through.
    public var answerLimit: Int { HostAnswer.systemsManager }
}

/// What comes back from a host.
enum HostAnswer {
    /// Of the 24,000 characters that GetCommandInvocation keeps.
    static let systemsManager = 23_500
    /// More than any look at a host: a compose file of 1 MiB that does not pack at all.
    static let secureShell = 3 << 20

    /// The last lines of what is no answer, so that a person sees what the host or a client on the way said.
    ///
    /// A line with something like a secret in it is left out, and so is a result line.
    static func lastLines(_ reply: HostReply) -> String? {
        let lines = [reply.errors, reply.output].flatMap { text in
            text.split(whereSeparator: \.isNewline).filter { line in
                !line.contains("\"geuse\":") && line.contains { $0 != " " }
            }.suffix(3)
        }
        let shown = lines.map { line in
            mayHoldSecret(line)
                ? "[a line that may hold a secret]"
                : VisibleText.filtered(String(line.prefix(300)))
        }
        return shown.isEmpty ? nil : shown.joined(separator: "\n")
    }

    private static func mayHoldSecret(_ line: Substring) -> Bool {
        let text = line.lowercased()
        let words = ["password", "passwd", "secret", "token", "api_key", "apikey", "private key"]
        return words.contains { text.contains($0 + "=") || text.contains($0 + ":") }
            || text.contains("bearer ") || text.contains("-----begin")
    }
}

/// What a script printed.
public struct HostReply: Sendable, Equatable {
    /// The exit status.
    public var status: Int
    /// Standard output; over SSM at most 24,000 characters of it.
    public var output: String
    /// Standard error; over SSM at most 8,000 characters of it.
    public var errors: String

    /// Makes the value.
    public init(status: Int, output: String, errors: String) {
        self.status = status
        self.output = output
        self.errors = errors
    }
}
