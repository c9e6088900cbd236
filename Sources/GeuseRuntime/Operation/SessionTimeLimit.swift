// The end that a script has set for its interruptions (`finish_by`), as the real run keeps it.

extension Session {
    /// Refuses to begin an interruption that is expected to go past the end that the script has set.
    ///
    /// One that has begun and was planned is brought to its end: the undo would take as long.
    ///
    /// - Parameters:
    ///   - step: the step that is about to begin.
    ///   - index: its place in the plan; nil for one that is not in it.
    /// - Throws: `Diagnostic` with code `too_late`.
    func checkEnd(_ step: PlanStep, at index: Int?) throws {
        guard let finishBy else { return }
        let isClose = if case .closeWindow = step { true } else { false }
        // Nothing that runs is touched inside a window before the first change of the type, and what stands
        // still already is started by the close.
        guard !servicesNeedStart || (index == nil && !isClose) else { return }
        var interruption = index.map(shared(from:)) ?? [step]
        if window != nil || isClose { interruption = begunInWindow + interruption }
        let needed = settings.downtime.seconds(for: interruption)
        let left = finishBy.seconds - edges.clock.now().seconds
        guard needed > 0, needed > left else { return }
        throw fail(Self.tooLate(step, needed: needed, left: left, finishBy))
    }

    /// The planned steps from one on that share its interruption.
    private func shared(from index: Int) -> [PlanStep] {
        let rest = plan.steps[index...]
        let edge = rest.dropFirst().firstIndex { step in
            switch step {
            case .openWindow, .closeWindow: true
            default: false
            }
        }
        guard let edge, case .closeWindow = rest[edge] else { return [plan.steps[index]] }
        return Array(rest[...edge])
    }

    /// What the window that is open, or is just about to close, has been asked for and brings about at its
    /// end.
    private var begunInWindow: [PlanStep] {
        [.openWindow(name: window ?? "")]
            + pending.map { .setImage(service: $0.service, from: "", to: $0.image) }
    }
}
