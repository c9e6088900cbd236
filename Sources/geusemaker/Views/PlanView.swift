import GeuseRuntime

/// The plan as a person reads it before answering: current and new side by side.
enum PlanView {
    static func text(_ plan: Plan, facts: LiveFacts?, _ terminal: TerminalCapabilities) -> String {
        var lines = [
            "",
            terminal.paint(plan.stack.text, .bold)
                + (facts.map { "  \($0.instance.id)  \($0.instance.zone)" } ?? ""),
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
        lines += steps(plan, terminal)
        lines += images(plan)
        lines.append("")
        if plan.expectedDowntime > 0 {
            let basis = plan.downtimeBasis.map { " (\($0))" } ?? ""
            let time = durationText(plan.expectedDowntime)
            lines.append("  Expected downtime: about \(time)\(basis).")
        }
        if let cost = plan.cost { lines.append("  " + VisibleText.filtered(cost.sentence)) }
        lines.append("  " + safety(plan))
        for dump in plan.dumps { lines.append("  Before that, \(dump.title).") }
        if plan.hasChanges {
            for sentence in plan.dataAtRisk { lines.append("  " + VisibleText.filtered(sentence)) }
        }
        if let report = plan.preflight { lines += CheckView.lines(report, terminal) }
        for warning in plan.warnings {
            lines.append(terminal.paint("  ! ", .yellow) + VisibleText.filtered(warning))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the images that are pulled are now: a tag can be another image tomorrow.
    private static func images(_ plan: Plan) -> [String] {
        let known = plan.images.filter { $0.content != nil }
        guard !known.isEmpty else { return [] }
        return ["", "  Images:"]
            + known.map { image in
                let size =
                    image.isOnHost
                    ? ", on the host already"
                    : image.compressedBytes.map { ", \(ByteCount.text($0)) to pull" } ?? ""
                return "  "
                    + VisibleText.filtered(
                        "\(image.reference) is \(image.digest ?? image.content ?? "")"
                    )
                    + size
            }
    }

    /// What happens if it goes wrong.
    private static func safety(_ plan: Plan) -> String {
        guard plan.hasChanges else { return "Nothing that runs is changed." }
        let hasCheckpoint = plan.steps.contains {
            if case .checkpoint = $0 { true } else { false }
        }
        let hasOneWay = plan.steps.contains { $0.reversibility == .oneWay }
        return "A backup is taken first; if a step fails, "
            + (hasCheckpoint ? "what came after the last checkpoint" : "all of it")
            + (hasOneWay ? " is undone, but for what is one-way." : " is undone.")
    }

    /// The steps, those that share an interruption indented under its name, each with what it does.
    private static func steps(_ plan: Plan, _ terminal: TerminalCapabilities) -> [String] {
        var lines: [String] = []
        var number = 0
        for (step, inWindow) in plan.stepsInWindows {
            let indent = inWindow ? "  " : ""
            let words = step.actions(inWindow: inWindow, reserving: plan.reservesCapacity)
            switch step {
            case .openWindow(let name):
                lines.append("     in one interruption (\(VisibleText.filtered(name))):")
                continue
            case .closeWindow: break
            default:
                number += 1
                let way = step.reversibility
                lines.append(
                    "  \(String(number).padded(2)) \(indent)\(VisibleText.filtered(step.title))"
                        + (way == .harmless ? "" : terminal.paint("  (\(way.rawValue))", .dim))
                )
            }
            if !words.isEmpty {
                lines.append(
                    "     \(inWindow ? "    " : "  ")"
                        + terminal.paint(words.joined(separator: "; "), .dim)
                )
            }
        }
        return lines
    }
}

extension String {
    /// The text filled with spaces to a width.
    func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
