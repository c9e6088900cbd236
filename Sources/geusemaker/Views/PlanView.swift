import GeuseRuntime

/// The plan as a person reads it before answering: current and new side by side.
enum PlanView {
    static func text(_ plan: Plan, facts: LiveFacts, _ terminal: TerminalCapabilities) -> String {
        var lines = [
            "",
            terminal.paint(plan.stack.text, .bold)
                + "  \(facts.instance.id)  \(facts.instance.zone)",
            "",
        ]
        let changes = plan.changes
        let subject = changes.map(\.subject.count).max() ?? 0
        let current = changes.map(\.current.count).max() ?? 0
        for change in changes {
            let left = VisibleText.filtered(change.subject).padded(subject)
            let middle = VisibleText.filtered(change.current).padded(current)
            lines.append("  \(left)   \(middle)  ->  \(VisibleText.filtered(change.new))")
        }
        lines.append("")
        lines.append("  Steps:")
        for (index, step) in plan.steps.enumerated() {
            lines.append("  \(String(index + 1).padded(2)) \(VisibleText.filtered(step.title))")
        }
        lines.append("")
        if plan.expectedDowntime > 0 {
            lines.append("  Expected downtime: about \(durationText(plan.expectedDowntime)).")
        }
        if plan.changesAddress {
            lines.append("  The public address \(facts.instance.publicIP ?? "") may change.")
        }
        lines.append("  A backup is taken first; if a step fails, all of it is undone.")
        for warning in plan.warnings {
            lines.append(terminal.paint("  ! ", .yellow) + VisibleText.filtered(warning))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension String {
    /// The text filled with spaces to a width.
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
