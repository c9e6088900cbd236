/// How long services are expected to be down: what the stack's own runs took, else stated defaults.
///
/// The defaults are ordinary values for small EBS-backed Linux instances: stopping takes about half
/// a minute, starting until the agent answers about a minute.
public struct DowntimeEstimate: Sendable, Equatable {
    /// A duration and where it is from.
    public struct Figure: Sendable, Equatable {
        /// Seconds.
        public let seconds: Double
        /// Of how many runs it is the median; 0 for a default.
        public let runs: Int
    }

    /// From stopping the services of an instance until they are healthy on a new type.
    public let resize: Figure
    /// For one service to be recreated and become healthy.
    public let recreate: Figure

    /// The defaults.
    public static let stated = DowntimeEstimate(
        resize: Figure(seconds: 120, runs: 0),
        recreate: Figure(seconds: 20, runs: 0)
    )

    /// How many runs of a kind count, the newest ones.
    private static let counted = 5

    private init(resize: Figure, recreate: Figure) {
        self.resize = resize
        self.recreate = recreate
    }

    /// Learns from runs that were done, oldest first; what no run tells stays the default.
    public init(learnedFrom runs: [RunSummary]) {
        let done = runs.filter { run in
            // Restarts add up, one service after the other: they say nothing of one interruption.
            run.outcome == RunOutcome.done.rawValue && !run.changes.isEmpty
                && !run.changes.contains { $0.hasSuffix(" restarted") }
        }
        let isResize = { (run: RunSummary) in
            run.changes.contains { $0.hasPrefix("instance_type:") }
        }
        resize = Self.median(done.filter(isResize)) ?? Self.stated.resize
        recreate = Self.median(done.filter { !isResize($0) }) ?? Self.stated.recreate
    }

    private static func median(_ runs: [RunSummary]) -> Figure? {
        let seconds = runs.compactMap(\.downtime).filter { $0 > 0 }.suffix(counted).sorted()
        guard !seconds.isEmpty else { return nil }
        let middle = (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
        return Figure(seconds: middle, runs: seconds.count)
    }

    /// Where the estimate for these steps is from, for a person.
    public func basis(for steps: [PlanStep]) -> String {
        let runs = steps.contains(where: \.stopsInstance) ? resize.runs : recreate.runs
        return switch runs {
        case 0: "a default: no run of this stack has shown it yet"
        case 1: "as in this stack's last run of the kind"
        default: "the median of this stack's last \(runs) runs of the kind"
        }
    }

    /// The estimate for a list of steps: changes in one window overlap, others add up.
    public func seconds(for steps: [PlanStep]) -> Double {
        var total = 0.0
        var window: Double?
        for step in steps {
            let cost: Double
            switch step {
            case .resize: cost = resize.seconds
            case .setImage, .restoreData, .rotateCredentials: cost = recreate.seconds
            case .openWindow:
                window = 0
                continue
            case .closeWindow:
                total += window ?? 0
                window = nil
                continue
            case .rollback(let target):
                cost = target.isReached ? 0 : target.changesType ? resize.seconds : recreate.seconds
            case .operation(let operation): cost = operation.downtime(self)
            case .backup, .pull, .checkpoint: continue
            }
            if let inside = window { window = max(inside, cost) } else { total += cost }
        }
        return total + (window ?? 0)
    }
}
