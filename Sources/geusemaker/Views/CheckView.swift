import GeuseRuntime

/// The checks of a plan: those that are fine in one line, each other one with what to do about it.
enum CheckView {
    /// The lines for a person.
    ///
    /// - Parameters:
    ///   - report: the checks.
    ///   - terminal: where they are shown.
    ///   - withRefusals: whether the hints of refusals are shown too; an error that follows has them.
    /// - Returns: the lines.
    static func lines(
        _ report: PreflightReport,
        _ terminal: TerminalCapabilities,
        withRefusals: Bool = false
    ) -> [String] {
        let fine = report.checks.filter { $0.outcome == .ok }.count
        var lines = ["  \(fine) of \(report.checks.count) checks are fine."]
        for check in report.checks where check.outcome != .ok {
            lines.append(line(check, terminal))
            if let hint = check.hint, withRefusals || check.outcome != .refused {
                lines.append("      " + VisibleText.filtered(hint))
            }
        }
        return lines
    }

    private static func line(
        _ check: PreflightCheck,
        _ terminal: TerminalCapabilities
    ) -> String {
        let text = VisibleText.filtered(check.evidence)
        return switch check.outcome {
        case .refused: terminal.paint("  x ", .red) + text
        case .warning: terminal.paint("  ! ", .yellow) + text
        case .unknown: terminal.paint("  ? ", .yellow) + text
        case .ok: "    " + text
        }
    }
}
