/// Whether what is started again is what runs.
///
/// Source: Docker's documentation of `docker compose up`: containers whose configuration or image changed
/// since they were made are made anew.
struct DriftChecks {
    /// The name under which a drift is allowed.
    static let allowName = "compose-drift"
    private static let name = "compose_drift"

    let plan: Plan
    let host: HostFacts
    let target: StackTarget

    func run() -> [PreflightCheck] {
        ImageDrift.all(plan.steps, host).map(refusal)
            + ConfigurationDrift.all(plan.steps, host).map(refusal)
    }

    private func refusal(_ drift: ConfigurationDrift) -> PreflightCheck {
        .refused(
            Self.name,
            of: drift.service.text,
            code: "compose_drift",
            "\(drift.service) would be made anew with another configuration: \(drift.sentence).",
            detail:
                "The compose file, an environment file or the environment that compose was started "
                + "in changed since the container was made.",
            hint:
                "If that is wanted, add --allow \(Self.allowName). If not, put it back on the host "
                + "(\(VisibleText.filtered(host.project.file))); a variable of the shell that compose was "
                + "started in belongs in the project's environment file.",
            allowing: Self.allowName
        )
    }

    /// An image that is not there is refused in any case: there would be nothing to start.
    private func refusal(_ drift: ImageDrift) -> PreflightCheck {
        let service = drift.service
        let written = VisibleText.filtered(drift.written)
        let runs = drift.runs.map { VisibleText.filtered($0) }
        let set = target.command("update \(plan.stack) --image \(service)=\(written)")
        return .refused(
            Self.name,
            of: service.text,
            code: "compose_drift",
            "\(service) would be started from \(written)"
                + (runs.map { ", and runs \($0)." } ?? ", and has no container now."),
            detail: drift.isMissing
                ? "The host has no image of that name: nothing could be started."
                : "The compose file or the image changed since the container was made.",
            hint: "If \(written) is wanted, set it, with the other options of this command: \(set)"
                + (runs.map { _ in
                    ". If not, put the file back on the host (\(host.project.file)): "
                        + "image: \(VisibleText.filtered(host.service(service)?.image ?? ""))"
                } ?? ""),
            allowing: drift.isMissing ? nil : Self.allowName
        )
    }
}
