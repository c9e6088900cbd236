extension Rehearsal {
    /// Compares the earlier configuration with what is there, checks that it can be had again, and
    /// records the way back.
    public func rollback(to point: RollbackPoint) throws -> Bool {
        guard let earlier else {
            throw Diagnostic("internal_error", "A rehearsal was begun without the earlier states.")
        }
        try requireOutsideWindow("a rollback")
        try requireNotBack()
        let facts = try look()
        let target = try RollbackTarget(earlier.find(point), facts)
        guard !target.isReached else {
            try record(.rollback(target))
            return false
        }
        if target.changesType, let found = self.facts {
            lookups.begin(found.instance, [target.type])
        }
        if target.saved == nil, !target.images.isEmpty, let host = facts.host {
            _ = try host.project.edits(
                setting: Dictionary(
                    target.images.map { ($0.service, $0.to) },
                    uniquingKeysWith: { _, last in last }
                ),
                resolved: Self.resolved(host)
            )
        }
        try secureFirst()
        if target.saved == nil {
            for image in target.images { _ = try pull(image.service, image.to) }
        }
        plan.warnings += target.warnings
        if target.changesType { try changeAddress(of: facts.instance) }
        try record(.rollback(target))
        wentBack = true
        if target.changesType {
            try predictType(target.type, of: facts.instance)
        }
        for image in target.images {
            predict(image.service, from: image.to)
        }
        return true
    }

    /// Records that what was done so far is kept.
    public func checkpoint(_ name: String) throws {
        try requireOutsideWindow("a checkpoint")
        try secureFirst()
        try record(.checkpoint(name: name))
    }

    /// The compose file of an earlier configuration lies on the host; what an edit would meet in it
    /// cannot be checked before it is there.
    func requireNotBack() throws {
        guard wentBack else { return }
        throw Diagnostic(
            "after_rollback",
            "After a rollback a script can change nothing more.",
            detail: "Nothing was touched.",
            hint: "Roll back in one run and make other changes in the next.",
            kind: .refused
        )
    }

    func requireOutsideWindow(_ what: String) throws {
        guard let window else { return }
        throw Self.insideWindow(window, what, detail: "Nothing was touched.")
    }

    /// The refusal of what would make an interruption longer, or wait for what comes after it.
    static func insideWindow(_ window: String, _ what: String, detail: String) -> Diagnostic {
        Diagnostic(
            "inside_window",
            "There can be no \(what.dropFirst(2)) inside the window \(VisibleText.quoted(window)).",
            detail: "The services are down there. " + detail,
            hint: "Put it before or after the window.",
            kind: .refused
        )
    }
}
