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
    ///
    /// - Parameters:
    ///   - steps: the steps.
    ///   - grace: seconds that a service may take to stop, which no default counts with.
    /// - Returns: the text; of what decided, where several figures could have.
    public func basis(for steps: [PlanStep], grace: Int = 0) -> String {
        let kinds = interruptions(of: steps).filter { $0.seconds > 0 }.compactMap(\.kind)
        let origin =
            switch (kinds.contains(.resize), kinds.contains(.recreate)) {
            case (true, true):
                "changes of the type: \(Self.origin(resize)); others: \(Self.origin(recreate))"
            case (true, false): Self.origin(resize)
            case (false, _): Self.origin(recreate)
            }
        guard grace > Self.usualGrace, !kinds.isEmpty else { return origin }
        return origin + "; up to \(grace) s more where a service uses its stop_grace_period"
    }

    /// The stop_grace_period, in seconds, that is no longer than what stopping usually takes.
    private static let usualGrace = 30

    private static func origin(_ figure: Figure) -> String {
        switch figure.runs {
        case 0: "a default: no run of this stack has shown it yet"
        case 1: "as in this stack's last run of the kind"
        default: "the median of this stack's last \(figure.runs) runs of the kind"
        }
    }

    /// The estimate for a list of steps: changes in one window overlap, others add up.
    public func seconds(for steps: [PlanStep]) -> Double {
        interruptions(of: steps).reduce(0) { $0 + $1.seconds }
    }

    private enum Kind {
        case resize, recreate
    }

    /// A time for which something is down, and by which figure it is reckoned.
    private struct Interruption {
        var seconds = 0.0
        var kind: Kind?
    }

    private func interruptions(of steps: [PlanStep]) -> [Interruption] {
        var found: [Interruption] = []
        var window: Interruption?
        for step in steps {
            let cost: Interruption
            switch step {
            case .resize: cost = changed
            case .setImage, .restoreData, .rotateCredentials: cost = recreated
            case .openWindow:
                window = Interruption()
                continue
            case .closeWindow:
                if let window { found.append(window) }
                window = nil
                continue
            case .rollback(let target):
                cost = target.isReached ? Interruption() : target.changesType ? changed : recreated
            case .operation(let operation):
                cost = Interruption(seconds: operation.downtime(self), kind: .recreate)
            case .backup, .pull, .checkpoint: continue
            }
            guard let inside = window else {
                found.append(cost)
                continue
            }
            if cost.seconds > inside.seconds { window = cost }
        }
        return found + (window.map { [$0] } ?? [])
    }

    private var changed: Interruption { Interruption(seconds: resize.seconds, kind: .resize) }
    private var recreated: Interruption { Interruption(seconds: recreate.seconds, kind: .recreate) }
}
