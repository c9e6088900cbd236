/// Whether a version of n8n comes after the one whose migrations its database has seen.
///
/// Source: n8n documentation, "Update self-hosted n8n": migrations run at its start.
struct N8nChecks {
    let target: StatefulTarget
    let stack: StackTarget
    /// The backup that has a dump of its database from when it ran the image.
    var dumped: String?

    var downgrade: PreflightCheck {
        let name = "n8n_downgrade"
        let service = target.facts.service
        guard let from = target.from, let to = target.to else {
            return .unknown(
                name,
                of: service.text,
                "The tags do not tell whether \(target.image) is older than what runs.",
                hint:
                    "It is looked at when the image is there, before anything that runs is touched."
            )
        }
        guard to.isOlder(than: from) else {
            return .ok(name, of: service.text, "\(from) -> \(to).")
        }
        let summary = "\(service) would go back from \(from) to \(to); its database may not."
        let hint =
            "n8n's migrations run at its start and may be one-way. "
            + ((target.backup ?? dumped).map {
                "The database as it was then: "
                    + stack.command("backup restore \(stack.name) \($0) --data \(service)")
            }
                ?? "There is no dump from that time; see: "
                + stack.command("backup list \(stack.name)"))
        guard !target.isRollback else {
            return .warning(name, of: service.text, summary, hint: hint)
        }
        return .refused(
            name,
            of: service.text,
            code: "n8n_downgrade",
            summary,
            hint: hint,
            allowing: Self.allowName
        )
    }

    /// The name under which it is allowed.
    static let allowName = "n8n-downgrade"
}
