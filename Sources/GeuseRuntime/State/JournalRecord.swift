/// One line of a journal.
public struct JournalRecord: Sendable, Equatable {
    /// Its number; the first is 1.
    public let sequence: Int
    /// When it was written.
    public let time: Timestamp
    /// What it tells.
    public let event: JournalEvent
}

/// The JSON form.
extension JournalRecord {
    var document: JSONObject {
        var object = JSONObject([
            ("sequence", .int(sequence)), ("time", .string(time.text)),
            ("kind", .string(event.kind)),
        ])
        for (name, value) in event.members { object[name] = value }
        return object
    }

    init?(_ object: JSONObject) {
        guard let sequence = object["sequence"]?.intValue,
            let time = object["time"]?.stringValue.flatMap({ Timestamp($0) }),
            let kind = object["kind"]?.stringValue,
            let event = JournalEvent(kind: kind, object)
        else { return nil }
        self.init(sequence: sequence, time: time, event: event)
    }
}

extension JournalEvent {
    fileprivate var kind: String {
        switch self {
        case .runStarted: "run_started"
        case .intent: "intent"
        case .outcome: "outcome"
        case .note: "note"
        case .runEnded: "run_ended"
        case .unknown(let kind): kind
        }
    }

    /// The members in their order; nil values are left out.
    fileprivate var members: [(String, JSONValue?)] {
        switch self {
        case .runStarted(let start):
            [
                ("run", .string(start.run.text)), ("stack", .string(start.stack.text)),
                ("command", .string(start.command)),
                ("script_sha256", start.scriptHash.map { .string($0) }),
                ("modules", start.modules.isEmpty ? nil : ModuleHash.json(start.modules)),
                ("who", .string(start.who)), ("host", .string(start.host)),
                ("version", .string(start.version)), ("plan", .object(start.plan)),
            ]
        case .intent(let intent):
            [
                ("step", .string(intent.step)), ("effect", .object(intent.effect)),
                ("inverse", intent.inverse.map { .object($0) }), ("from", intent.from),
                ("to", intent.to),
            ]
        case .outcome(let outcome):
            [
                ("step", .string(outcome.step)), ("ok", .bool(outcome.ok)),
                ("observed", .object(outcome.observed)),
            ]
        case .note(let text, let details):
            [("text", .string(text)), ("details", .object(details))]
        case .runEnded(let outcome, let summary):
            [("outcome", .string(outcome.rawValue)), ("summary", .string(summary))]
        case .unknown: []
        }
    }

    /// Reads the members of a kind; nil when one that must be there is not.
    fileprivate init?(kind: String, _ object: JSONObject) {
        func text(_ name: String) -> String? { object[name]?.stringValue }
        switch kind {
        case "run_started":
            guard let run = text("run").flatMap({ try? RunID($0) }),
                let stack = text("stack").flatMap({ try? StackName($0) }),
                let command = text("command"), let who = text("who"), let host = text("host"),
                let version = text("version"), let plan = object["plan"]?.objectValue
            else { return nil }
            self = .runStarted(
                RunStart(
                    run: run,
                    stack: stack,
                    command: command,
                    scriptHash: text("script_sha256"),
                    modules: ModuleHash.list(json: object["modules"]),
                    who: who,
                    host: host,
                    version: version,
                    plan: plan
                )
            )
        case "intent":
            guard let step = text("step"), let effect = object["effect"]?.objectValue else {
                return nil
            }
            self = .intent(
                JournalIntent(
                    step: step,
                    effect: effect,
                    inverse: object["inverse"]?.objectValue,
                    from: object["from"],
                    to: object["to"]
                )
            )
        case "outcome":
            guard let step = text("step"), let ok = object["ok"]?.boolValue,
                let observed = object["observed"]?.objectValue
            else { return nil }
            self = .outcome(JournalOutcome(step: step, ok: ok, observed: observed))
        case "note":
            guard let text = text("text"), let details = object["details"]?.objectValue else {
                return nil
            }
            self = .note(text, details)
        case "run_ended":
            guard let outcome = text("outcome").flatMap(RunOutcome.init(rawValue:)),
                let summary = text("summary")
            else { return nil }
            self = .runEnded(outcome, summary)
        default: self = .unknown(kind)
        }
    }
}
