import Glibc
import GeuseRuntime

/// Asks the person at the terminal; `--force` and `--yes` answer for them.
final class Question: Approver {
    /// What is said to a step that was not planned.
    enum Unplanned {
        /// Never done: somebody has looked at this very plan.
        case refused
        /// Done without a question, if the guards let it.
        case done
        /// A person is asked; without one it is not done.
        case asked
    }

    private let force: Bool
    private let unplanned: Unplanned
    private let terminal: TerminalCapabilities
    private let showsPlan: Bool
    private let cancellation: Cancellation
    private let before: () -> Void

    init(
        force: Bool,
        showsPlan: Bool,
        _ terminal: TerminalCapabilities,
        _ cancellation: Cancellation,
        unplanned: Unplanned = .asked,
        before: @escaping () -> Void = {}
    ) {
        self.unplanned = unplanned
        self.before = before
        self.force = force
        self.showsPlan = showsPlan
        self.terminal = terminal
        self.cancellation = cancellation
    }

    func approve(_ plan: Plan, facts: LiveFacts) throws -> Bool {
        before()
        if showsPlan || !force { StandardStreams.talk(PlanView.text(plan, facts: facts, terminal)) }
        if force { return true }
        return try ask("Apply these changes?")
    }

    func approveDivergence(planned: PlanStep?, asked: PlanStep) throws -> Bool {
        if unplanned == .done { return true }
        before()
        guard unplanned == .asked, Self.canAsk else { return false }
        StandardStreams.talk(
            "\nThe script asks for something that is not the plan's next step.\n"
                + "  planned: \(VisibleText.filtered(planned?.title ?? "nothing more"))\n"
                + "  asked:   \(VisibleText.filtered(asked.title))\n"
        )
        return try ask("Do it all the same?")
    }

    func answer(_ question: String) throws -> Bool {
        if force { return true }
        before()
        guard Self.canAsk else {
            throw Diagnostic(
                "confirmation_needed",
                "The script asks \(VisibleText.quoted(question)), and there is no terminal to ask at.",
                hint: "Run it with --yes (or --force) to say yes to all that it asks.",
                kind: .usage
            )
        }
        return try ask(question)
    }

    /// `--force` was given for the plan, and none of these was in it.
    func decide(_ decision: Decision) throws -> Bool {
        before()
        guard Self.canAsk else { return false }
        StandardStreams.talk("\n" + VisibleText.filtered(decision.situation) + "\n")
        return try ask(decision.question)
    }

    /// Whether there is a person to ask.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 }

    /// A question of its own, after a text that explains it; `--force` answers it.
    func confirm(_ text: String, _ question: String) throws -> Bool {
        before()
        if force { return true }
        StandardStreams.talk(text)
        return try ask(question)
    }

    /// Anything but yes is no; so is the end of input.
    private func ask(_ question: String) throws -> Bool {
        guard Self.canAsk else {
            throw Diagnostic(
                "confirmation_needed",
                "There is no terminal to ask for confirmation.",
                detail: "Nothing was touched.",
                hint: "Look at the plan with --dry-run, then run it with --yes (or --force).",
                kind: .usage
            )
        }
        StandardStreams.talk("\n\(question) [y/N] ")
        var line: [UInt8] = []
        while true {
            var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let count = poll(&ready, 1, 100)
            if cancellation.requests > 0 {
                StandardStreams.talk("\n")
                try cancellation.check()
            }
            guard count > 0 else { continue }
            var byte: UInt8 = 0
            guard read(STDIN_FILENO, &byte, 1) == 1 else { break }
            if byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        let answer = String(decoding: line, as: UTF8.self).lowercased()
        return ["y", "yes"].contains(answer.trimmingSpaces)
    }
}

extension String {
    /// The text without spaces at its ends.
    var trimmingSpaces: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
