import GeuseRuntime

/// An error as a person reads it: what happened, in what state things are, what to do.
enum DiagnosticView {
    static func text(_ error: Diagnostic, _ terminal: TerminalCapabilities) -> String {
        var lines = [terminal.paint("Error: ", .red) + show(error.summary)]
        if let step = error.step { lines.append("  At: \(show(step))") }
        if let detail = error.detail {
            lines += detail.split(separator: "\n").map { "  \(show(String($0)))" }
        }
        for cause in error.causes { lines.append("  Because: \(show(cause.summary))") }
        if let hint = error.hint {
            // A script's own may have several lines.
            let parts = hint.split(separator: "\n").map { show(String($0)) }
            lines.append("  Next: " + parts.joined(separator: "\n        "))
        }
        lines.append(terminal.paint("  [\(error.code)]", .dim))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func show(_ text: String) -> String { VisibleText.filtered(text) }
}
