import GeuseRuntime

/// What a run came to, as a person reads it.
enum ResultView {
    static func text(
        _ name: StackName,
        _ result: UpdateResult,
        _ terminal: TerminalCapabilities
    ) -> String {
        var lines = ["", "Done: \(name) is updated, and all its services are healthy.", ""]
        lines += result.changesApplied.map { "  \(VisibleText.filtered($0))" }
        lines.append("")
        lines.append(
            "  Took \(durationText(result.durationSeconds)); services were down for "
                + "\(durationText(result.downtimeSeconds))."
        )
        if let backup = result.backup { lines.append("  Backup: \(VisibleText.filtered(backup))") }
        if let run = result.run { lines.append("  Run:    \(run)") }
        lines += result.warnings.map { "  ! \(VisibleText.filtered($0))" }
        return lines.joined(separator: "\n") + "\n"
    }
}
