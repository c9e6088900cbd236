import GeuseRuntime

/// A stack as a person reads it.
enum DescriptionView {
    static func text(_ target: StackTarget, _ facts: LiveFacts) -> String {
        let instance = facts.instance
        var lines = [
            "\(target.name)  \(target.recorded.status)  \(target.recorded.region)",
            "",
            "  instance   \(instance.id)  \(instance.type)  \(instance.state.rawValue)  "
                + "\(instance.zone)  \(instance.architecture ?? "unknown architecture")",
            "  addresses  public \(instance.publicIP ?? "none"), private "
                + (instance.privateIP ?? "none"),
        ]
        if facts.stopProtection == .on { lines.append("  protection against being stopped") }
        if let host = facts.host {
            let mount = host.storage
            let kind =
                mount.isMounted ? "\(mount.type ?? "?"), \(mount.source ?? "?")" : "NOT MOUNTED"
            lines.append("  storage    \(mount.mountPoint)  \(VisibleText.filtered(kind))")
            let files = [host.project.file] + host.project.overrides.map(\.path)
            lines.append("  compose    \(VisibleText.filtered(files.joined(separator: ", ")))")
            lines.append("")
            let rows = host.services.map { service in
                [
                    "  " + service.name.text, service.state ?? "absent", service.health.rawValue,
                    service.configuredImage,
                    service.digest.map { String($0.prefix(19)) } ?? "-",
                ]
            }
            lines.append(
                Table(["  SERVICE", "STATE", "HEALTH", "IMAGE", "DIGEST"], rows, empty: "").text
            )
        } else {
            lines.append("  host       cannot be looked at while the instance is not running")
            lines.append("")
        }
        let drift = StackDescription.drift(target.recorded, facts)
        if !drift.isEmpty {
            lines.append("  The state file differs from what is there:")
            lines += drift.map { "    - " + VisibleText.filtered($0) }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }
}
