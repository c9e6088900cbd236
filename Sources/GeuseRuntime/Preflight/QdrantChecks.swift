/// Whether a version of Qdrant can read the storage of the present one.
///
/// Source: Qdrant documentation, "Upgrading Qdrant": one minor version at a time, by the newest patch
/// of each.
struct QdrantChecks {
    let target: StatefulTarget
    let stack: StackTarget

    var minor: PreflightCheck {
        let name = "qdrant_minor"
        let service = target.facts.service
        guard let from = target.from, let to = target.to, let first = from.minor,
            let last = to.minor
        else {
            return .unknown(
                name,
                of: service.text,
                "The tags do not tell how many minor versions lie between.",
                hint: "It is looked at when the image is there, before anything that runs is "
                    + "touched, and refused if it does not tell. Or name a version: v1.9.7."
            )
        }
        // Going back in a rollback, the data is what that version left behind, or is restored.
        if target.isRollback {
            return from.minor == to.minor && from.major == to.major
                ? .ok(name, of: service.text, "\(from) -> \(to).")
                : .warning(
                    name,
                    of: service.text,
                    "\(service) goes back from \(from) to \(to); what \(from) wrote it may not read.",
                    hint: target.backup.map {
                        "Its snapshots from then lie below .geusemaker/dumps of the file system: "
                            + stack.command("backup show \(stack.name) \($0)")
                    }
                )
        }
        if to.major == from.major, (0...1).contains(last - first) {
            return .ok(name, of: service.text, "\(from) -> \(to), one minor at most.")
        }
        let isUpward = from.isOlder(than: to)
        return .refused(
            name,
            of: service.text,
            code: isUpward ? "qdrant_skips_minor" : "qdrant_downgrade",
            isUpward
                ? "\(service) would go from \(from) to \(to); its storage is read one minor version "
                    + "later at most."
                : "\(service) would go from \(from) to \(to), which cannot be relied on to read its "
                    + "storage.",
            hint: !isUpward
                ? nil
                : to.major == from.major
                    ? "One after the other: " + hops(from, first, last)
                    : "Go to the newest \(from.major).x first, one minor after the other, and see what "
                        + "\(to.major).0 asks for.",
            allowing: Self.allowName
        )
    }

    /// The name under which it is allowed.
    static let allowName = "qdrant-minor"

    /// Why an image that was pulled is not to be started; nil where it may be.
    var refusalAfterPull: Diagnostic? {
        let check = minor
        guard check.outcome == .unknown else { return check.refusal }
        return Diagnostic(
            "qdrant_version_unknown",
            "Neither the tag nor the image tells how far \(target.image) is from what runs.",
            detail: "Qdrant's storage is read one minor version later at most.",
            hint: "Name a version, such as v1.9.7, or say that it is right: --allow "
                + Self.allowName,
            kind: .refused
        )
    }

    /// More commands than that are no help; what is between the versions may be any number.
    private static let mostHops = 50

    /// The commands of the way, each to the newest patch of its minor version.
    private func hops(_ from: ProgramVersion, _ first: Int, _ last: Int) -> String {
        guard last - first <= Self.mostHops else {
            return "from \(from) on, each minor version by its newest patch."
        }
        let image = target.image
        let prefix = image.tag?.hasPrefix("v") == true ? "v" : ""
        return (first + 1...last).map { minor in
            let tag = minor == last ? image.tag ?? "" : "\(prefix)\(from.major).\(minor)"
            return stack.command(
                "update \(stack.name) --image \(target.facts.service)=\(image.repository):\(tag)"
            )
        }.joined(separator: "; ")
    }
}
