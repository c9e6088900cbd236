/// The real machine, reached by scripts over a transport.
///
/// A changing step leaves a marker on the host, so asking again never does it twice: where a reply
/// was lost, the same script is sent again and gives the first result, or says that it still runs.
public final class LiveHost: Host {
    private let transport: any HostTransport
    private let clock: any Clock
    private let cancellation: Cancellation
    private let pullTimeout: Double
    private let root: String

    /// How often a changing step is asked again when no result line came.
    private static let attempts = 4

    /// Makes a host.
    ///
    /// - Parameters:
    ///   - transport: the way to it.
    ///   - clock: for waits between questions.
    ///   - cancellation: ends such waits.
    ///   - pullTimeout: seconds that all pulls of one step may take.
    public convenience init(
        transport: any HostTransport,
        clock: any Clock,
        cancellation: Cancellation,
        pullTimeout: Double = 1800
    ) {
        self.init(
            transport: transport,
            clock: clock,
            cancellation: cancellation,
            pullTimeout: pullTimeout,
            root: ""
        )
    }

    /// A host whose own paths stand under another root directory.
    init(
        transport: any HostTransport,
        clock: any Clock,
        cancellation: Cancellation,
        pullTimeout: Double,
        root: String
    ) {
        self.transport = transport
        self.clock = clock
        self.cancellation = cancellation
        self.pullTimeout = pullTimeout
        self.root = root
    }

    /// Reads everything that a plan, a proof or a report needs; changes nothing.
    public func inspect(_ request: HostInspection) throws -> HostFacts {
        let operation = InspectOperation(request: request)
        let payload = try perform("inspect", operation.script, timeout: 180, under: nil)
        return try operation.read(payload)
    }

    /// Asks registries, from the host, what a pull of these images would find; changes nothing.
    public func lookUp(_ images: [ImageReference]) throws -> [RegistryImage] {
        guard !images.isEmpty else { return [] }
        let operation = RegistryOperation.images(images)
        return RegistryReading.images(
            try perform("registry", operation, timeout: 90, under: nil),
            asked: images
        )
    }

    /// The tags that the registry lists for an image's repository.
    public func tags(
        of image: ImageReference,
        beginningWith prefix: String
    ) throws -> [String] {
        let operation = RegistryOperation.tags(of: image, beginningWith: prefix)
        return try RegistryReading.tags(
            perform("tags", operation, timeout: 90, under: nil),
            of: image
        )
    }

    /// Saves the compose file's bytes and a nonce on EFS, and reads both back.
    public func secure(_ step: HostStep, _ request: SecureRequest) throws -> SecureEvidence {
        let operation = SecureOperation(request: request, run: step.run)
        let payload = try perform(
            try name(step),
            operation.script,
            timeout: 120 + (request.dumps.isEmpty ? 0 : SecureOperation.dumpLimit),
            under: step
        )
        return try operation.read(payload)
    }

    /// Pulls images; nothing that runs is changed and no file is edited.
    public func pull(_ step: HostStep, _ images: [ImageReference]) throws -> [PulledImage] {
        let operation = PullOperation(images: images, limit: pullTimeout)
        let payload = try perform(
            try name(step),
            operation.script,
            timeout: pullTimeout + 60,
            under: step
        )
        return try operation.read(payload)
    }

    /// Stops every service of the project, so that none comes back by itself.
    public func stopServices(
        _ step: HostStep,
        _ project: ComposeProject,
        recordingDataAt mountPoint: String?
    ) throws -> DataFacts? {
        let operation = StopOperation(project: project, mountPoint: mountPoint)
        return DataFacts(
            try perform(
                try name(step),
                operation.script,
                timeout: 480 + 4 * project.moreGrace
                    + (mountPoint == nil ? 0 : DataFacts.longestLook),
                under: step
            )
        )
    }

    /// Proves EFS, then edits the compose file, then brings the services up and waits for health.
    public func apply(_ step: HostStep, _ request: ApplyRequest) throws -> ApplyEvidence {
        let operation = ApplyOperation(request: request)
        let payload = try perform(
            try name(step),
            operation.script,
            timeout: operation.longest + request.healthTimeout + operation.settling + 400
                + DataFacts.longestLook
                + Double(request.restarts.count + 2) * request.project.moreGrace,
            under: step
        )
        return try operation.read(payload)
    }

    /// Does one part of a rotation of a service's database password; the value stays on the host.
    public func rotateCredentials(
        _ step: HostStep,
        _ request: RotationRequest
    ) throws -> RotationEvidence {
        let operation = RotationOperation(request: request, run: step.run)
        let payload = try perform(
            try name(step),
            operation.script,
            timeout: request.timeout + 600,
            under: step
        )
        return try operation.read(payload)
    }

    /// Puts data back from dumps, or takes that back.
    public func restoreData(_ step: HostStep, _ request: DataRestoreRequest) throws -> [KeptData] {
        let operation = RestoreOperation(request: request, run: step.run)
        let payload = try perform(
            try name(step),
            operation.script,
            timeout: 120 + SecureOperation.dumpLimit + request.project.moreGrace,
            under: step
        )
        return try operation.read(payload)
    }

    /// Runs a command, once.
    public func exec(_ step: HostStep, _ project: ComposeProject, _ command: HostCommand) throws
        -> CommandEvidence
    {
        let operation = ExecOperation(project: project, command: command)
        let limit = Double(command.timeout) + 60
        return try operation.read(
            perform(try name(step), operation.script, timeout: limit, under: step)
        )
    }

    /// Removes images that nothing needs any more.
    public func prune(_ step: HostStep, _ request: PruneRequest) throws -> [String] {
        let operation = PruneOperation(request: request)
        return operation.read(
            try perform(try name(step), operation.script, timeout: 330, under: step)
        )
    }

    /// Takes the lease and gives it back if the step says so; nothing else changes.
    public func lease(_ step: HostStep) throws {
        let script = HostOperationScript(parts: [HostScript.lease], values: [])
        _ = try perform(try name(step), script, timeout: 60, under: step)
    }

    /// The name of a step's marker, which becomes part of a path on the host.
    private func name(_ step: HostStep) throws -> String {
        let isPlain = { (byte: UInt8) in
            Grammar.isLetter(byte) || Grammar.isDigit(byte) || byte == UInt8(ascii: "-")
        }
        guard !step.step.isEmpty, step.step.utf8.count <= 64, step.step.utf8.allSatisfy(isPlain)
        else {
            throw Diagnostic(
                "invalid_step",
                "\(VisibleText.quoted(step.step)) can't name a step.",
                detail: "A step is named by letters, digits and hyphens.",
                kind: .usage
            )
        }
        return step.description
    }

    private func perform(
        _ step: String,
        _ script: HostOperationScript,
        timeout: Double,
        under lease: HostStep?
    ) throws -> HostPayload {
        let changes = lease != nil
        let text = HostScript.text(
            script.parts,
            step: step,
            root: root,
            script.values + LeaseReading.values(lease)
                + [("G_ROOM", .text(String(transport.answerLimit)))]
        )
        let deadline = clock.monotonic() + timeout + 60
        var silences = 0
        var mayHaveRun = false
        while true {
            let result: HostResult
            switch try ask(text, step, timeout, mayHaveRun: mayHaveRun) {
            case .answered(let answer): result = answer
            case .silent(let cause, let said):
                silences += 1
                mayHaveRun = mayHaveRun || cause.map { !Self.undelivered.contains($0.code) } ?? true
                guard silences < (changes ? Self.attempts : 2) else {
                    if let cause, !mayHaveRun { throw cause }
                    // What only looks may as well be told what the client took it for.
                    if !changes, let known = cause?.causes.first,
                        known.code.hasPrefix("ssh_")
                    {
                        throw known
                    }
                    throw HostFailure.unknown(step, changes: changes, cause: cause, saying: said)
                }
                try pause(step, changes: changes && mayHaveRun)
                continue
            }
            switch result.outcome {
            case .done: return result.payload
            case .running where clock.monotonic() < deadline:
                mayHaveRun = mayHaveRun || changes
                try pause(step, changes: changes)
            case .failed, .running, .interrupted, .locked, .leased, .fenced, .tooLarge:
                throw HostFailure.diagnostic(result, step: step)
            }
        }
    }

    /// Waits before the next question; whoever gives up waiting does not know the outcome.
    private func pause(_ step: String, changes: Bool) throws {
        do {
            try clock.sleep(2, cancellation)
        } catch let error as Diagnostic {
            throw changes ? HostFailure.unknown(step, changes: true, cause: error) : error
        }
    }

    /// The ends of a command that prove that nothing ran.
    private static let undelivered: Set<String> = ["host_delivery_timed_out", "host_undeliverable"]

    /// The ends after which only the marker on the host tells; the same step sent again asks it.
    private static let undecided: Set<String> = [
        "host_outcome_unknown", "host_execution_timed_out", "host_command_cancelled",
        "host_command_terminated", "host_command_failed",
    ]

    private enum Reply {
        case answered(HostResult)
        /// Nothing that can be relied on came back; the cause is nil for a damaged result line, beside
        /// which stands what came in its place.
        case silent(Diagnostic?, said: String?)
    }

    /// Runs the script once.
    private func ask(
        _ text: String,
        _ step: String,
        _ timeout: Double,
        mayHaveRun: Bool
    ) throws -> Reply {
        do {
            let reply = try transport.run(text, comment: step, timeout: timeout)
            return HostResult(reply.output, step: step).map(Reply.answered)
                ?? .silent(nil, said: HostAnswer.lastLines(reply))
        } catch let error as Diagnostic
            where Self.undecided.contains(error.code) || Self.undelivered.contains(error.code)
        {
            return .silent(error, said: nil)
        } catch let error as Diagnostic where mayHaveRun && ErrorClass.isThrottle(error.code) {
            // Asked again in a while: the step itself goes on, or has ended, all the same.
            return .silent(error, said: nil)
        } catch let error as Diagnostic where mayHaveRun && error.kind != .interrupted {
            throw HostFailure.unknown(step, changes: true, cause: error)
        }
    }
}

/// What an operation needs on the host: pieces of program text and the values for them.
struct HostOperationScript {
    /// The pieces behind the prelude.
    var parts: [String]
    /// The values.
    var values: [(name: String, value: HostScript.Value)]
}
