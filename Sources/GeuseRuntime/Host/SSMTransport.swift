/// Runs scripts on a host through SSM Run Command.
public final class SSMTransport: HostTransport {
    /// Seconds in which a command must reach the agent.
    private static let deliveryTimeout = 60.0
    /// Seconds for which a command just sent may not be found (InvocationDoesNotExist).
    private static let visibilityLimit = 60.0
    /// Beyond its own time limit, how long the service may take to say how a command ended.
    private static let grace = 60.0

    private let instance: InstanceID
    private let ssm: SSMClient
    private let expected: Double
    private let random: () -> Double
    private var times = CommandTimes()

    /// A transport to one instance.
    ///
    /// - Parameters:
    ///   - instance: the host.
    ///   - ssm: the client.
    ///   - expected: seconds a script usually takes; later ones go by what the first ones took.
    ///   - random: a number from 0 up to 1 for jitter and for telling commands apart.
    init(
        _ instance: InstanceID,
        _ ssm: SSMClient,
        expected: Double = 3,
        random: @escaping () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.instance = instance
        self.ssm = ssm
        self.expected = expected
        self.random = random
    }

    /// Whether the agent is online.
    public func isReachable() throws -> Bool {
        try ssm.agent(on: instance)?.pingStatus == "Online"
    }

    /// Sends the script once and waits for its end.
    public func run(_ script: String, comment: String, timeout: Double) throws -> HostReply {
        try refuseSubstitution(script)
        let command = ShellCommand(
            script: script,
            comment: mark(comment),
            deliveryTimeout: Int(Self.deliveryTimeout),
            executionTimeout: Int(timeout.rounded(.up))
        )
        let id = try send(command)
        do {
            return try wait(id, timeout)
        } catch let error as Diagnostic where Self.leavesOutcomeOpen(error) {
            // A late delivery must not run what nobody waits for any more.
            if error.code == "wait_timeout" { try? ssm.cancel(id, on: instance) }
            throw unknown("The output of command \(id) is lost.", error)
        }
    }

    /// SSM replaces `{{ssm:…}}` in parameters, which would put foreign text into the script.
    private func refuseSubstitution(_ script: String) throws {
        var rest = Substring(script)
        while let open = rest.firstRange(of: "{{") {
            rest = rest[open.upperBound...]
            let word = rest.drop { $0 == " " || $0 == "\t" }
            guard word.hasPrefix("ssm:") || word.hasPrefix("ssm-secure:") else { continue }
            throw Diagnostic(
                "host_script_refused",
                "The script has a parameter reference that SSM would replace."
            )
        }
    }

    /// The comment with a random word behind it, so that it names this one sending.
    private func mark(_ comment: String) -> String {
        let nonce = String(UInt32(random() * 4_294_967_295), radix: 16)
        return "\(String(decoding: comment.utf8.prefix(90), as: UTF8.self))#\(nonce)"
    }

    private func send(_ command: ShellCommand) throws -> String {
        let context = ssm.context
        let sentAt = context.signingTime
        do {
            return try ssm.sendCommand(command, to: instance)
        } catch let error as Diagnostic where error.code == "InvalidInstanceId" {
            throw error.withHint(Self.unregistered)
        } catch let error as Diagnostic where error.code == ServiceClient.outcomeUnknown {
            guard error.kind != .interrupted else {
                throw unknown("Sending the script was interrupted.", error)
            }
            return try find(command, sentAt, error)
        }
    }

    /// SSM User Guide, "Troubleshooting SSM Agent", and what can be done without it.
    private static let unregistered =
        "See that the SSM agent runs and that the instance profile has AmazonSSMManagedInstanceCore, "
        + "or reach the host with --transport ssh."

    /// Looks for a command whose reply was lost; it is never sent again.
    private func find(
        _ command: ShellCommand,
        _ sentAt: Timestamp,
        _ loss: Diagnostic
    ) throws -> String {
        let since = sentAt.adding(seconds: -120)
        let waiter = Waiter(
            expected: 1,
            limit: 10,
            clock: ssm.context.clock,
            cancellation: ssm.context.cancellation,
            random: random
        )
        do {
            let found = try waiter.wait(for: "the command to be listed") {
                try ssm.listCommands(on: instance, since: since)
                    .first { $0.comment == command.comment }?.id
            } judge: {
                $0 == nil ? .waiting : .reached
            }
            if let found { return found }
        } catch let error as Diagnostic {
            let cause = error.kind == .interrupted ? error : loss
            throw unknown("No trace of the script was found (\(error.code)).", cause)
        }
        throw unknown("No trace of the script was found.", loss)
    }

    private func wait(_ id: String, _ timeout: Double) throws -> HostReply {
        let clock = ssm.context.clock
        let start = clock.monotonic()
        let looks = times.looks(usual: expected, timeout: timeout)
        let waiter = Waiter(
            expected: looks.expected,
            limit: timeout + Self.deliveryTimeout + Self.grace,
            early: looks.early,
            clock: clock,
            cancellation: ssm.context.cancellation,
            random: random
        )
        var look = 0.0
        var unfinished = 0.0
        let done = try waiter.wait(for: "command \(id) to end") { () -> CommandInvocation? in
            look = clock.monotonic() - start
            do {
                return try ssm.invocation(id, on: instance)
            } catch let error as Diagnostic
                where error.code == "InvocationDoesNotExist"
                && clock.monotonic() - start < Self.visibilityLimit
            {
                return nil
            }
        } judge: {
            let verdict = SSMVerdict.of($0, id)
            if case .waiting = verdict { unfinished = look }
            return verdict
        }
        times.add(CommandTimes.Course(unfinished: unfinished, seen: look, script: done?.seconds))
        guard let done else { throw unknown("Command \(id) ended without a reply.", nil) }
        return HostReply(status: done.responseCode, output: done.output, errors: done.errors)
    }

    /// Whether an error met while waiting leaves it open how the script ended.
    private static func leavesOutcomeOpen(_ error: Diagnostic) -> Bool {
        !SSMVerdict.codes.contains(error.code)
    }

    private func unknown(_ summary: String, _ cause: Diagnostic?) -> Diagnostic {
        Diagnostic(
            "host_outcome_unknown",
            summary,
            detail: "The script may have run on \(instance.text); it was not sent again.",
            kind: cause?.kind == .interrupted ? .interrupted : .failed,
            cause: cause
        )
    }
}
