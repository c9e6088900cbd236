/// A plan that was written to a file, to be applied later exactly as it is.
///
/// The file is one line of JSON with a checksum over all of it, so that one that was cut off or
/// edited is told from a whole one. It holds no secret, and nothing in it is run: it names the script
/// and its hash, and what it must come to when it is rehearsed again.
public struct PlanFile: Sendable, Equatable {
    private static let format = 1

    /// What the command that made a plan said of how it is to be done.
    public struct Options: Sendable, Equatable {
        /// Whether room for a new type is held (`--reserve-capacity`).
        public var reservesCapacity = false
        /// Whether everything is left as it is after a failure (`--no-rollback`).
        public var staysAfterFailure = false
        /// Seconds for services to become healthy (`--health-timeout`), where it said so.
        public var healthTimeout: Double?
        /// Seconds that services have to run before they are believed (`--settle-time`), where it said so.
        public var settleTime: Double?

        /// Nothing was said.
        public init() {}
    }

    /// The stack.
    public let stack: StackName
    /// The command that made it, for lock and journal.
    public let command: String
    /// The script: a stock script's name or the path of a file.
    public let script: String
    /// SHA-256 of the script's text, in hexadecimal.
    public let scriptHash: String
    /// The modules that the script asked for; files of earlier versions say nothing of them.
    public let modules: [ModuleHash]
    /// The script's own arguments.
    public let arguments: [String]
    /// When it was made.
    public let made: Timestamp
    /// How it is to be done; files of earlier versions say nothing of it.
    public let options: Options
    private let steps: [PlanStep]
    private let fingerprint: PlanFingerprint

    /// The file of a plan.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - facts: what it was made from; nil of a script that looked at nothing and asked for nothing.
    ///   - command: the command that made it.
    ///   - script: the script's name or path.
    ///   - scriptHash: SHA-256 of its text.
    ///   - modules: the modules that it asked for.
    ///   - arguments: its arguments.
    ///   - options: how it is to be done.
    ///   - made: the time.
    public init(
        _ plan: Plan,
        _ facts: LiveFacts?,
        command: String,
        script: String,
        scriptHash: String,
        modules: [ModuleHash] = [],
        arguments: [String],
        options: Options = Options(),
        made: Timestamp
    ) {
        stack = plan.stack
        self.command = command
        self.script = script
        self.scriptHash = scriptHash
        self.modules = modules
        self.arguments = arguments
        self.made = made
        self.options = options
        steps = plan.steps
        fingerprint = facts.map { PlanFingerprint($0, plan) } ?? .nothing
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: `Diagnostic` of kind refused: `plan_file_damaged` for one that is not whole or was
    ///   edited, `plan_file_newer` for a format that this version does not know.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.last == UInt8(ascii: "\n"),
            let found = SealedJSON.open(Array(bytes.dropLast()), after: "")?.object
        else {
            throw Self.refuse("plan_file_damaged", "The plan file is not whole, or was edited.")
        }
        guard let format = found["geusemaker_plan"]?.intValue, format <= Self.format else {
            throw Self.refuse(
                "plan_file_newer",
                "The plan file is of a format that this version does not know."
            )
        }
        guard let stack = found["stack"]?.stringValue,
            let command = found["command"]?.stringValue,
            let script = found["script"]?.stringValue,
            let hash = found["script_sha256"]?.stringValue,
            let words = found["arguments"]?.arrayValue?.compactMap(\.stringValue),
            let made = found["made_at"]?.stringValue.flatMap({ Timestamp($0) }),
            let steps = found["steps"]?.arrayValue,
            let fingerprint = PlanFingerprint(json: found["fingerprint"])
        else { throw Self.refuse("plan_file_damaged", "The plan file lacks a member.") }
        self.stack = try Self.known { try StackName(stack) }
        self.command = command
        self.script = script
        scriptHash = hash
        modules = ModuleHash.list(json: found["modules"])
        arguments = words
        self.made = made
        self.steps = try steps.map(Self.step)
        self.fingerprint = fingerprint
        var options = Options()
        options.reservesCapacity = found["reserve_capacity"]?.boolValue ?? false
        options.staysAfterFailure = found["no_rollback"]?.boolValue ?? false
        options.healthTimeout = try Self.seconds(found["health_timeout"])
        options.settleTime = try Self.seconds(found["settle_time"])
        self.options = options
    }

    private static func step(_ json: JSONValue) throws -> PlanStep {
        if let word = json["step"]?.stringValue, !PlanStep.isKnown(word) {
            throw refuse(
                "plan_file_newer",
                "The plan file has a step that this version does not know: "
                    + "\(VisibleText.quoted(word))."
            )
        }
        return try known { try PlanStep(json: json) }
    }

    /// A value that the file holds; one that is none is the file's fault and not the command line's, or a
    /// journal's.
    private static func known<Value>(_ read: () throws -> Value) throws -> Value {
        do {
            return try read()
        } catch let error as Diagnostic {
            throw refuse(
                "plan_file_damaged",
                "The plan file holds what no plan has.",
                detail: [error.summary, error.detail].compactMap { $0 }.joined(separator: " ")
            )
        }
    }

    private static func seconds(_ value: JSONValue?) throws -> Double? {
        guard let seconds = value?.doubleValue else { return nil }
        guard (0...1e9).contains(seconds) else {
            throw refuse("plan_file_damaged", "The plan file's time limit is none.")
        }
        return seconds
    }

    /// The images that it pulls.
    public var images: [ImageReference] {
        steps.compactMap { if case .pull(_, let image) = $0 { image } else { nil } }
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        SealedJSON.seal(
            JSONObject([
                ("geusemaker_plan", .int(Self.format)), ("stack", .string(stack.text)),
                ("command", .string(command)), ("script", .string(script)),
                ("script_sha256", .string(scriptHash)), ("modules", ModuleHash.json(modules)),
                ("arguments", .array(arguments.map(JSONValue.string))),
                ("reserve_capacity", .bool(options.reservesCapacity)),
                ("no_rollback", .bool(options.staysAfterFailure)),
                ("health_timeout", options.healthTimeout.map(JSONValue.double) ?? .null),
                ("settle_time", options.settleTime.map(JSONValue.double) ?? .null),
                ("made_at", .string(made.text)), ("steps", .array(steps.map(\.json))),
                ("fingerprint", fingerprint.json),
            ]),
            after: ""
        ).line + [UInt8(ascii: "\n")]
    }

    /// Refuses to apply the plan when it would not be the one that was looked at.
    ///
    /// - Parameters:
    ///   - plan: what the script asks for now.
    ///   - facts: what is there now.
    /// - Throws: `Diagnostic` of kind refused: `plan_outdated` with what differs.
    public func check(_ plan: Plan, _ facts: LiveFacts) throws {
        try check(PlanFingerprint(facts, plan))
        guard plan.steps != steps else { return }
        let count = max(plan.steps.count, steps.count)
        let differences = (0..<count).compactMap { index -> String? in
            let then = index < steps.count ? steps[index].title : "nothing more"
            let now = index < plan.steps.count ? plan.steps[index].title : "nothing more"
            return then == now ? nil : "step \(index + 1): was \(then), is \(now)"
        }
        throw Self.refuse(
            "plan_outdated",
            "The script asks for something else than in the plan of \(made.text).",
            detail: differences.map { VisibleText.filtered($0) }.joined(separator: "\n")
        )
    }

    /// Refuses to apply the plan to a stack that is not what it was, whatever the script asks for.
    ///
    /// - Parameter facts: what is there now.
    /// - Throws: `Diagnostic` of kind refused: `plan_outdated` with what differs.
    public func check(_ facts: LiveFacts) throws { try check(PlanFingerprint(facts)) }

    private func check(_ now: PlanFingerprint) throws {
        let differences = now.differences(from: fingerprint)
        guard !differences.isEmpty else { return }
        throw Self.refuse(
            "plan_outdated",
            "The stack is not what the plan of \(made.text) was made from.",
            detail: differences.map { VisibleText.filtered($0) }.joined(separator: "\n")
        )
    }

    /// Refuses a script that is not the one that made the plan, or whose modules are not.
    ///
    /// - Parameters:
    ///   - hash: SHA-256 of the script's text as it is now.
    ///   - module: that of a module, nil for one that is not there.
    /// - Throws: `Diagnostic` with code `script_changed`.
    public func checkScript(_ hash: String, module: (String) -> String?) throws {
        guard hash == scriptHash else {
            throw Self.refuse(
                "script_changed",
                "The script \(VisibleText.quoted(script)) is not what it was when the plan was made."
            )
        }
        let changed = modules.filter { module($0.name) != $0.sha256 }
        guard changed.isEmpty else {
            let names = changed.prefix(8).map { VisibleText.quoted($0.name) }
            throw Self.refuse(
                "script_changed",
                "What the script \(VisibleText.quoted(script)) requires is not what it was when the plan "
                    + "was made: \(names.joined(separator: ", ")).",
                detail: changed.count > names.count
                    ? "There are \(changed.count) such modules." : nil
            )
        }
    }

    private static func refuse(
        _ code: String,
        _ summary: String,
        detail: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            code,
            summary,
            detail: [detail, "Nothing was touched."].compactMap { $0 }.joined(separator: "\n"),
            hint: "Make a new plan: the same command with --out FILE.",
            kind: .refused
        )
    }
}
