/// Whether a plan has commands, which nobody but a person can judge.
struct CommandChecks {
    /// The name under which they are allowed.
    static let allowName = "exec"

    let plan: Plan

    func run() -> [PreflightCheck] {
        plan.steps.compactMap { step in
            guard case .operation(.exec(let command)) = step else { return nil }
            return .refused(
                "exec",
                of: command.service?.text ?? "host",
                Self.refusal(command),
                allowing: Self.allowName
            )
        }
    }

    /// The refusal of a command that nobody has allowed.
    static func refusal(_ command: HostCommand) -> Diagnostic {
        Diagnostic(
            "exec_not_allowed",
            "The script wants to \(command.title).",
            detail: command.undo == nil
                ? "It brings no undo. What a command does cannot be checked beforehand."
                : "What a command does cannot be checked beforehand.",
            hint: "If that is what you want: --allow \(allowName)",
            kind: .refused
        )
    }
}
