/// How the OpenSSH client is to be called.
public struct SSHSettings: Sendable, Equatable {
    /// The instance; its id is the name under which the host's key is kept.
    public var instance: InstanceID
    /// The user to log in as.
    public var user: String
    /// The port.
    public var port: Int
    /// A private key file; nil for the agent's and the client's default keys.
    public var identityFile: String?
    /// Where host keys are kept.
    public var knownHostsFile: String
    /// Whether a key never seen before is refused, too.
    public var isStrict: Bool
    /// Seconds to wait for a connection.
    public var connectTimeout: Double
    /// Absolute path of the client.
    public var program: String
    /// The client's environment: `HOME` and `SSH_AUTH_SOCK` matter.
    public var environment: [String: String]

    /// Makes settings.
    ///
    /// - Throws: `Diagnostic` of kind usage for a user name that is none.
    public init(
        instance: InstanceID,
        user: String,
        port: Int = 22,
        identityFile: String? = nil,
        knownHostsFile: String,
        isStrict: Bool = false,
        connectTimeout: Double = 10,
        program: String = "/usr/bin/ssh",
        environment: [String: String] = [:]
    ) throws {
        let isName = user.utf8.allSatisfy {
            Grammar.isLetter($0) || Grammar.isDigit($0) || "._-".utf8.contains($0)
        }
        guard !user.isEmpty, isName, user.utf8.first != 0x2D, (1...65535).contains(port) else {
            throw Diagnostic(
                "invalid_ssh_login",
                "\(VisibleText.quoted(user)) on port \(port) is not a login for ssh.",
                kind: .usage
            )
        }
        self.instance = instance
        self.user = user
        self.port = port
        self.identityFile = identityFile
        self.knownHostsFile = knownHostsFile
        self.isStrict = isStrict
        self.connectTimeout = connectTimeout
        self.program = program
        self.environment = environment
    }

    /// Whether root's rights come from sudo.
    var usesSudo: Bool { user != "root" }

    /// A fixed command of ours, as root.
    func shell(_ command: String) -> String { usesSudo ? "sudo -n " + command : command }

    /// The client's arguments (ssh(1), ssh_config(5)).
    func arguments(host: String, command: String) -> [String] {
        let options = [
            "BatchMode=yes",
            "HostKeyAlias=\(instance)",
            "UserKnownHostsFile=\(Self.quoted(knownHostsFile))",
            "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=\(isStrict ? "yes" : "accept-new")",
            "UpdateHostKeys=no",
            "CheckHostIP=no",
            "ConnectTimeout=\(Int(connectTimeout.rounded(.up)))",
            "ServerAliveInterval=15",
            "ServerAliveCountMax=4",
            "ControlPath=none",
            "ForwardAgent=no",
            "ClearAllForwardings=yes",
            "PermitLocalCommand=no",
            "LogLevel=ERROR",
        ]
        let key = identityFile.map { ["-i", $0, "-o", "IdentitiesOnly=yes"] } ?? []
        return ["-T"] + options.flatMap { ["-o", $0] } + ["-p", String(port)] + key
            + ["-l", user, "--", host, command]
    }

    /// A path inside an option: quotes keep blanks, `%` begins a token.
    private static func quoted(_ path: String) -> String {
        "\"" + path.replacing("%", with: "%%").replacing("\"", with: "\\\"") + "\""
    }
}
