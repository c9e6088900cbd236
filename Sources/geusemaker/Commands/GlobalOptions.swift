import ArgumentParser
import GeuseRuntime
import Glibc

/// Options that every command has.
struct GlobalOptions: ParsableArguments {
    @Option(name: .long, help: "The state directory (default ~/.geusemaker).")
    var stateDir: String?

    @Option(name: .long, help: "Output format: text, json or yaml.")
    var output: OutputFormat = .text

    @Flag(name: .long, help: "The same as --output json.")
    var json = false

    @Flag(name: .long, help: "Write events as JSON lines on standard error.")
    var events = false

    /// The format asked for.
    var format: OutputFormat { json ? .json : output }
}

/// Options of the commands that reach a cloud or a host.
struct ConnectionOptions: ParsableArguments {
    @Option(name: .long, help: "The AWS profile.")
    var profile: String?

    @Option(name: .long, help: "The AWS region (default: the stack's own).")
    var region: String?

    @Option(
        name: .long,
        help:
            """
            How the host is reached: ssm or ssh (GEUSEMAKER_TRANSPORT). By default ssm, and ssh where \
            no agent answers and --ssh-key or --ssh-user is given.
            """
    )
    var transport: TransportKind?

    @Option(name: .long, help: "The SSH user (GEUSEMAKER_SSH_USER, default ec2-user).")
    var sshUser: String?

    @Option(name: .long, help: "The SSH private key file (GEUSEMAKER_SSH_KEY).")
    var sshKey: String?

    @Option(name: .long, help: "The SSH port (GEUSEMAKER_SSH_PORT, default 22).")
    var sshPort: Int?
}

/// The ways to reach a host.
enum TransportKind: String, ExpressibleByArgument, CaseIterable {
    case ssm
    case ssh
}

/// Options of the commands that change a stack.
struct ChangeOptions: ParsableArguments {
    @Flag(
        name: [.long, .short],
        help: "Don't ask, and do what a script asks for besides its plan. Skips no refusal."
    )
    var force = false

    @Flag(name: [.long, .short], help: "Don't ask; the plan is held to. Skips no refusal.")
    var yes = false

    /// Whether the plan's question is answered beforehand.
    var isConfirmed: Bool { force || yes }

    @Flag(name: .long, help: "Show the plan and stop.")
    var dryRun = false

    @Option(
        name: .long,
        help: "Write the plan to a file for `apply` and stop.",
        completion: .file(extensions: ["json"])
    )
    var out: String?

    @Flag(name: .long, help: "Exit with 2 when --dry-run finds changes.")
    var detailedExitcode = false

    @Flag(
        name: .long,
        help: "Hold room for a new instance type before anything stops; released at the end."
    )
    var reserveCapacity = false

    @Flag(name: .long, help: "After a failure leave everything as it is.")
    var noRollback = false

    @Option(
        name: .long,
        help: """
            Overrule the refusal of that name; can be repeated. The names are \
            \(Preflight.allowNames.joined(separator: ", ")); see docs/PREFLIGHT.md.
            """,
        completion: .list(Preflight.allowNames)
    )
    var allow: [String] = []

    @Option(name: .long, help: "Seconds to wait for somebody else's run to end (default 0).")
    var lockWait: Double?

    @Option(name: .long, help: "Seconds of its own time that the script may use.")
    var scriptTimeout: Double = 10

    @Option(name: .long, help: "Seconds for services to become healthy (default 300).")
    var healthTimeout: Double?

    @Option(
        name: .long,
        help: "Seconds that a service without a health check or a probe has to run (default 12)."
    )
    var settleTime: Double?

    func validate() throws {
        guard scriptTimeout.isFinite, scriptTimeout > 0 else {
            throw ValidationError("--script-timeout takes a number of seconds above 0.")
        }
    }

    /// The refusals to overrule.
    func allowed() throws -> Set<String> { try Self.allowed(allow) }

    /// The refusals to overrule; a name that no check has is a mistake.
    static func allowed(_ allow: [String]) throws -> Set<String> {
        for name in allow where !Preflight.allowNames.contains(name) {
            throw Diagnostic(
                "unknown_allow_name",
                "No refusal is called \(VisibleText.quoted(name)).",
                detail: "Nothing was touched.",
                hint: NearNames.closest(to: name, among: Preflight.allowNames)
                    .map { "Did you mean --allow \($0)?" }
                    ?? "The names are: " + Preflight.allowNames.joined(separator: ", ") + ".",
                kind: .usage
            )
        }
        return Set(allow)
    }
}
