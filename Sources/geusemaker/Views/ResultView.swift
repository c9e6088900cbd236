import GeuseRuntime

/// What a run came to, as a person reads it.
enum ResultView {
    static func text(
        _ name: StackName,
        _ result: UpdateResult,
        _ wording: ResultWording,
        _ terminal: TerminalCapabilities
    ) -> String {
        var lines = ["", wording.sentence(name), ""]
        lines += result.changesApplied.map { "  \(VisibleText.filtered($0))" }
        if !result.changesApplied.isEmpty { lines.append("") }
        let downtime =
            result.changesApplied.isEmpty
            ? "." : "; services were down for \(durationText(result.downtimeSeconds))."
        lines.append("  Took \(durationText(result.durationSeconds))" + downtime)
        if let data = result.data, data.verdict == .same {
            lines.append("  Data:   \(data.sentence)")
        }
        if let address = result.address {
            lines.append("  Public address: \(VisibleText.filtered(address.text))")
        }
        if let backup = result.backup { lines.append("  Backup: \(VisibleText.filtered(backup))") }
        if let run = result.run { lines.append("  Run:    \(run)") }
        lines += result.warnings.map { "  ! \(VisibleText.filtered($0))" }
        return lines.joined(separator: "\n") + "\n"
    }
}
