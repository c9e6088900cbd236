import Foundation
import GeuseRuntime
import Synchronization

/// Shows a run's steps as they happen, with the time that the step under way has taken.
///
/// Off a terminal each finished step is one plain line; nothing moves.
final class Timeline: Observer, Sendable {
    private struct Line: Sendable {
        var title: String
        var note: String?
        var began: Double
    }

    private let terminal: TerminalCapabilities
    private let current = Mutex<Line?>(nil)
    private let isClosed = Atomic<Bool>(false)

    init(_ terminal: TerminalCapabilities) {
        self.terminal = terminal
    }

    /// Starts the thread that repaints the running step; only a terminal has one.
    func animate() {
        guard terminal.animates else { return }
        let thread = Thread { [self] in
            while !isClosed.load(ordering: .relaxed) {
                usleep(120_000)
                current.withLock { if let line = $0 { repaint(line) } }
            }
        }
        thread.stackSize = 512 * 1024
        thread.start()
    }

    /// Wipes the line under way, so that something else can be written.
    func pause() { finishLine(nil) }

    /// Ends the thread; the line under way is wiped.
    func close() {
        isClosed.store(true, ordering: .relaxed)
        finishLine(nil)
    }

    func observe(_ event: RunEvent) {
        switch event {
        case .phase(let title): begin(title)
        case .stepStarted(let title): begin(title)
        case .stepProgress(let note):
            current.withLock {
                $0?.note = note
                if let line = $0 { repaint(line) }
            }
        case .stepFinished(let title, let seconds, let note):
            finishLine(row(mark(.green), title, note, seconds))
        case .stepFailed(let title, let seconds, let error):
            finishLine(row(mark(.red), title, error.code, seconds))
        case .scriptLog(let text):
            // Every line of it: none may look like one of the program's own.
            let lines = VisibleText.filtered(text, keepingLines: true)
            finishLine("  " + lines.replacing("\n", with: "\n  "))
        case .warning(let text):
            finishLine(terminal.paint("  ! ", .yellow) + VisibleText.filtered(text))
        case .undoing(let cause):
            finishLine(
                "\n" + terminal.paint("Failed: ", .red) + VisibleText.filtered(cause.summary)
                    + "\nUndoing what was begun:"
            )
        }
    }

    private func begin(_ title: String) {
        current.withLock {
            $0 = Line(title: title, note: nil, began: Self.monotonic())
            if let line = $0 { repaint(line) }
        }
    }

    private func finishLine(_ text: String?) {
        current.withLock {
            if terminal.animates, $0 != nil { StandardStreams.talk("\r\u{1B}[K") }
            $0 = nil
            if let text { StandardStreams.talk(text + "\n") }
        }
    }

    private func repaint(_ line: Line) {
        guard terminal.animates else { return }
        let elapsed = Self.monotonic() - line.began
        let frames = terminal.isUnicode ? ["⠋", "⠙", "⠸", "⠴", "⠦", "⠇"] : ["-", "\\", "|", "/"]
        let frame = frames[Int(elapsed * 8) % frames.count]
        let text = row(frame, line.title, line.note, elapsed)
        StandardStreams.talk("\r\u{1B}[K" + String(text.prefix(terminal.width - 1)))
    }

    private func row(_ mark: String, _ title: String, _ note: String?, _ seconds: Double) -> String
    {
        let text =
            VisibleText.filtered(title) + (note.map { " (\(VisibleText.filtered($0)))" } ?? "")
        let gap = String(repeating: " ", count: max(1, 62 - text.count))
        return "  \(mark) \(text)\(gap)\(durationText(seconds))"
    }

    private func mark(_ color: TerminalCapabilities.Color) -> String {
        let good = terminal.isUnicode ? "✓" : "+"
        let bad = terminal.isUnicode ? "✗" : "x"
        return terminal.paint(color == .red ? bad : good, color)
    }

    private static func monotonic() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
