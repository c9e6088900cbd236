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
