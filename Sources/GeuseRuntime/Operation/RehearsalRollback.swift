extension Rehearsal {
    /// Compares the earlier configuration with what is there, checks that it can be had again, and
    /// records the way back.
    public func rollback(to point: RollbackPoint) throws -> Bool {
        try refuseAfterFailure()
        guard let earlier else {
            throw Diagnostic("internal_error", "A rehearsal was begun without the earlier states.")
        }
        try requireOutsideWindow("a rollback")
        try requireMayChange()
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
        // The compose file of an earlier configuration lies on the host; what an edit would meet in it
        // cannot be checked before it is there.
        hasEnded = Self.afterRollback()
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
        try refuseAfterFailure()
        try requireOutsideWindow("a checkpoint")
        try secureFirst()
        let isNew = hasChangedSinceCheckpoint
        try record(.checkpoint(name: name))
        if isNew, let predicted { recorded.take(predicted) }
    }

    /// Without a change since the last point that one is as good, and the state file stays as it is.
    private var hasChangedSinceCheckpoint: Bool {
        let last = plan.steps.lastIndex { if case .checkpoint = $0 { true } else { false } }
        return plan.steps.suffix(from: last ?? 0).contains(where: \.isChange)
    }

    /// Refuses a change behind one that has to be the run's last.
    func requireMayChange() throws {
        if let hasEnded { throw hasEnded }
    }

    private static func afterRollback() -> Diagnostic {
        Diagnostic(
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
