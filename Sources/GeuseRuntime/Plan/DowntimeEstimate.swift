/// How long services are expected to be down; stated defaults until a stack has a history.
///
/// The defaults are ordinary values for small EBS-backed Linux instances: stopping takes about half
/// a minute, starting until the agent answers about a minute.
public enum DowntimeEstimate {
    /// Seconds from stopping the services of an instance until they are healthy on a new type.
    public static let resize = 120.0
    /// Seconds for one service to be recreated and become healthy.
    public static let recreate = 20.0

    /// The estimate for a list of steps: changes in one window overlap, others add up.
    public static func seconds(for steps: [PlanStep]) -> Double {
        var total = 0.0
        var window: Double?
        for step in steps {
            let cost: Double
            switch step {
            case .resize: cost = resize
            case .setImage: cost = recreate
            case .openWindow:
                window = 0
                continue
            case .closeWindow:
                total += window ?? 0
                window = nil
                continue
            case .rollback(let target):
                cost = target.isReached ? 0 : target.changesType ? resize : recreate
            case .backup, .pull, .checkpoint: continue
            }
            if let inside = window { window = max(inside, cost) } else { total += cost }
        }
        return total + (window ?? 0)
    }
}
