import GeuseRuntime

/// What one run of a script in a test came to.
struct TestRun {
    /// How a script is to be run.
    struct Options {
        var dryRun = false
        var rollsBack = true
        /// The refusals that are overruled, as with `--allow`.
        var allowed: Set<String> = []
        /// What the script's own questions are answered.
        var saysYes = true
        /// What happens while the plan is shown.
        var beforeYes: () throws -> Void = {}
        var limits = ScriptLimits()
    }

    /// How it ended, by the name that tests use.
    enum Status: String, CaseIterable {
        case done
        case nothingToDo = "nothing_to_do"
        case planned
        /// It failed before anything that runs was changed.
        case refused
        case rolledBack = "rolled_back"
        case keptCheckpoint = "kept_checkpoint"
        case needsAttention = "needs_attention"

        /// As it reads behind "it".
        var words: String {
            switch self {
            case .done: "was done"
            case .nothingToDo: "had nothing to do"
            case .planned: "was only planned"
            case .refused: "failed before anything was changed"
            case .rolledBack: "was rolled back"
            case .keptCheckpoint: "was rolled back to a checkpoint"
            case .needsAttention: "could not be rolled back"
            }
        }
    }

    let script: String
    let status: Status
    /// Why it failed, if it did.
    let error: Diagnostic?
    let changes: [String]
    let plan: [String]
    let downtime: Double
    let checkpoint: String?
    let log: [String]
    /// The stack's files as they were before it.
    let before: MemoryFiles

    init(
        _ script: String,
        _ result: Result<ScriptRun.Ending, any Error>,
        before: MemoryFiles,
        log: [String]
    ) {
        self.script = script
        self.before = before
        self.log = log
        var error: Diagnostic?
        var changes: [String] = []
        var plan: [String] = []
        var downtime = 0.0
        var checkpoint: String?
        switch result {
        case .success(.planned(let found, _)):
            status = .planned
            plan = found.steps.map(\.title)
        case .success(.refused(let cause, let found, _)):
            status = .refused
            error = cause
            plan = found.steps.map(\.title)
        case .success(.nothingToDo): status = .nothingToDo
        case .success(.done(let update)):
            status = .done
            changes = update.changesApplied
            downtime = update.downtimeSeconds
        case .success(.failed(let cause, let compensation)):
            error = cause
            switch compensation {
            case .nothingChanged: status = .refused
            case .restored: status = .rolledBack
            case .restoredTo(let kept):
                status = .keptCheckpoint
                changes = kept.changes
                checkpoint = kept.name
            case .incomplete(let left):
                status = .needsAttention
                error = left
            }
        case .failure(let thrown):
            status = .refused
            error = thrown as? Diagnostic ?? Diagnostic("internal_error", "Unexpected: \(thrown)")
        }
        self.error = error
        self.changes = changes
        self.plan = plan
        self.downtime = downtime
        self.checkpoint = checkpoint
    }

    /// As a test gets it; `number` tells the runs of a test apart.
    func value(number: Int) -> ScriptValue {
        var map = ScriptMap()
        map["number"] = .int(Int64(number))
        map["status"] = .string(status.rawValue)
        map["code"] = error.map { .string($0.code) }
        map["message"] = error.map { .string($0.summary) }
        map["hint"] = error?.hint.map(ScriptValue.string)
        map["changes"] = .list(changes.map(ScriptValue.string))
        map["plan"] = .list(plan.map(ScriptValue.string))
        map["downtime"] = .double(downtime)
        map["checkpoint"] = checkpoint.map(ScriptValue.string)
        map["log"] = .list(log.map(ScriptValue.string))
        return .map(map)
    }

    /// One sentence, for the message of an expectation that does not hold.
    var sentence: String {
        let why = error.map { ": \($0.summary) [\($0.code)]" } ?? "."
        return "The run of \(script) \(status.words)\(why)"
    }
}
