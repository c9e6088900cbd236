/// Answers the questions of a run.
public protocol Approver: AnyObject {
    /// Shows a plan and asks whether to go on.
    ///
    /// - Throws: `Diagnostic` of kind usage when there is nobody to ask.
    func approve(_ plan: Plan, facts: LiveFacts) throws -> Bool
    /// Asks whether a step that the plan does not have next may be done.
    func approveDivergence(planned: PlanStep?, asked: PlanStep) throws -> Bool
    /// Asks a question of the script; `--force` says yes.
    ///
    /// - Throws: `Diagnostic` of kind usage when there is nobody to ask.
    func answer(_ question: String) throws -> Bool
    /// Asks a person to choose; false where there is nobody, whatever `--force` says.
    func decide(_ decision: Decision) throws -> Bool
}

/// A choice in the middle of a run that only a person can make.
public enum Decision: Sendable, Equatable {
    /// The instance has been stopping for so many seconds: force it?
    case forceStop(InstanceID, after: Double)
    /// There has been no capacity for the old type for so many seconds: go on asking?
    case keepAsking(type: String, after: Double)

    /// What the matter is.
    public var situation: String {
        switch self {
        case .forceStop(let id, let seconds):
            "The instance \(id) has been stopping for \(Int(seconds / 60)) minutes. Its services are "
                + "stopped and their data is on EFS; a forced stop may lose what is not on the "
                + "other disks yet."
        case .keepAsking(let type, let seconds):
            "EC2 has had no capacity for \(type), the type to go back to, for "
                + "\(Int(seconds / 60)) minutes. The instance stays stopped until it has."
        }
    }

    /// What is asked.
    public var question: String {
        switch self {
        case .forceStop: "Force the stop?"
        case .keepAsking(_, let seconds): "Go on asking for \(Int(seconds / 60)) minutes more?"
        }
    }
}
