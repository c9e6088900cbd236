extension PlanStep {
    /// What it changes of the configuration, in GeuseMaker's wording of `changes_applied`.
    var changeWords: [String] {
        switch self {
        case .resize(_, let type, _): ["instance_type:\(type)"]
        case .setImage(let service, _, let image): ["\(service) -> \(image)"]
        case .rollback(let target): target.applied
        case .operation(.scale(_, _, let count)): ["desired_capacity:\(count)"]
        default: []
        }
    }
}

extension Plan {
    /// What its steps behind a checkpoint change.
    ///
    /// - Parameters:
    ///   - checkpoint: the checkpoint's name; nil for all steps.
    ///   - count: how many steps from the plan's beginning count; nil for all.
    /// - Returns: the words, in the order of the steps.
    func changeWords(after checkpoint: String?, ofFirst count: Int? = nil) -> [String] {
        let behind = steps(after: checkpoint)
        return behind.prefix(max(0, (count ?? steps.count) - behind.startIndex))
            .flatMap(\.changeWords)
    }
}
