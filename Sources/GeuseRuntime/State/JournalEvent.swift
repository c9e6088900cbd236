/// How a run ended, as its journal says it.
///
/// A run that is neither proven old nor proven new has no end yet: `recover` writes it.
public enum RunOutcome: String, Sendable, Equatable {
    /// Everything was done and verified.
    case done
    /// There was nothing to do.
    case unchanged
    /// It stopped before the first change.
    case stopped
    /// What was done was undone and verified.
    case rolledBack = "rolled_back"
    /// What was done after its last checkpoint was undone and verified; what came before it stays.
    case keptCheckpoint = "kept_checkpoint"
    /// A later command brought the stack to its old configuration.
    case recoveredOld = "recovered_old"
    /// A later command brought the stack to its new configuration.
    case recoveredNew = "recovered_new"
}

/// What is known when a run starts.
public struct RunStart: Sendable, Equatable {
    /// The run.
    public var run: RunID
    /// The stack.
    public var stack: StackName
    /// The command's name, such as `update`.
    public var command: String
    /// SHA-256 of the script that runs.
    public var scriptHash: String?
    /// The modules that the script asked for.
    public var modules: [ModuleHash]
    /// The user.
    public var who: String
    /// The machine.
    public var host: String
    /// The version of this program.
    public var version: String
    /// The plan that was confirmed.
    public var plan: JSONObject

    /// Makes the value.
    public init(
        run: RunID,
        stack: StackName,
        command: String,
        scriptHash: String?,
        modules: [ModuleHash] = [],
        who: String,
        host: String,
        version: String,
        plan: JSONObject
    ) {
        self.run = run
        self.stack = stack
        self.command = command
        self.scriptHash = scriptHash
        self.modules = modules
        self.who = who
        self.host = host
        self.version = version
        self.plan = plan
    }
}

/// A change that is about to be made, with everything that undoing it will need.
public struct JournalIntent: Sendable, Equatable {
    /// The step, such as `3-apply`.
    public var step: String
    /// What is going to be done.
    public var effect: JSONObject
    /// What undoes it; nil for something that cannot be undone.
    public var inverse: JSONObject?
    /// The value before.
    public var from: JSONValue?
    /// The value after.
    public var to: JSONValue?

    /// Makes the value.
    public init(
        step: String,
        effect: JSONObject,
        inverse: JSONObject?,
        from: JSONValue? = nil,
        to: JSONValue? = nil
    ) {
        self.step = step
        self.effect = effect
        self.inverse = inverse
        self.from = from
        self.to = to
    }
}

/// What came of a change, as it was seen.
public struct JournalOutcome: Sendable, Equatable {
    /// The step.
    public var step: String
    /// Whether the change was made and verified.
    public var ok: Bool
    /// What was seen.
    public var observed: JSONObject

    /// Makes the value.
    public init(step: String, ok: Bool, observed: JSONObject = JSONObject()) {
        self.step = step
        self.ok = ok
        self.observed = observed
    }
}

/// What a line of a journal tells.
public enum JournalEvent: Sendable, Equatable {
    /// The first line of every journal.
    case runStarted(RunStart)
    /// A change is about to be made.
    case intent(JournalIntent)
    /// What came of it.
    case outcome(JournalOutcome)
    /// Anything else worth keeping.
    case note(String, JSONObject)
    /// The last line of a run that ended.
    case runEnded(RunOutcome, String)
    /// A kind that this version does not know.
    case unknown(String)
}
