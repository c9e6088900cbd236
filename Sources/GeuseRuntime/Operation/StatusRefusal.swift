/// Whether a stack may be changed, going by what its state file says it is doing.
public enum StatusRefusal {
    /// Refuses a stack that is being made or taken down, or that somebody else has left half-changed.
    ///
    /// The caller has looked for a run of its own that never ended, and found none.
    ///
    /// - Parameters:
    ///   - state: the state.
    ///   - directory: where it is, for the command that helps.
    /// - Throws: `Diagnostic` with code `status_forbids_change`, or `changed_elsewhere` where `recover` helps.
    public static func check(_ state: DeploymentState, in directory: StateDirectory) throws {
        let name = state.name
        let status = VisibleText.filtered(state.status.description)
        switch state.status {
        case .running, .failed: return
        case .updating, .rollingBack:
            throw Diagnostic(
                "changed_elsewhere",
                "The state file says that \(name) is being changed (\(status)), and no run of this "
                    + "state directory is at it.",
                detail: "Another tool or another machine was cut off. Nothing was touched now.",
                hint: "Have it looked at and brought up as it is configured: "
                    + directory.command("recover \(name)"),
                kind: .needsAttention
            )
        case .creating, .destroying, .terminated, .unknown:
            throw Diagnostic(
                "status_forbids_change",
                "The state file says that \(name) is \(status).",
                detail: "Such a stack is not changed. Nothing was touched.",
                hint: "If it does run, put it on record anew: "
                    + directory.command(
                        "adopt \(name) --instance-id \(state.instanceID?.text ?? "i-...") --force"
                    ),
                kind: .refused
            )
        }
    }
    /// Refuses to recover a stack that is being made or taken down: bringing services up there would be in
    /// somebody's way, and the word `running` afterwards would hide it.
    ///
    /// - Parameters:
    ///   - state: the state.
    ///   - directory: where it is, for the command that helps.
    /// - Throws: `Diagnostic` with code `status_forbids_change`.
    public static func checkRecovery(
        of state: DeploymentState,
        in directory: StateDirectory
    ) throws {
        guard ![.updating, .rollingBack].contains(state.status) else { return }
        try check(state, in: directory)
    }
}
