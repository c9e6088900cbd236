extension Session {
    /// A step under the run's lease on the host; the first such step takes it.
    ///
    /// - Parameters:
    ///   - step: the step.
    ///   - last: whether nothing more is to be done on the host when it has succeeded.
    /// - Returns: what the host is given.
    /// - Throws: `Diagnostic`; `host_leased` when another run holds the lease, and
    ///   `host_changed_since` when one had it after this run.
    func leased(_ step: StepID, last: Bool = false) throws -> HostStep {
        guard let seen = facts.host?.lease else { throw Rehearsal.unreachable() }
        let stale = seen.holder.map { $0.run != run } == true ? seen.holder?.run : nil
        if lease == nil {
            if let stale, let holder = seen.holder, !edges.record.hasEnded(stale) {
                throw HostFailure.leased(by: holder)
                    .withHint("See who: " + target.command("lock status \(target.name)"))
            }
            try refuseIfSuperseded()
            let fence = seen.fence + 1
            // On the disk first: whoever goes on after a kill has to know which number was its own.
            try edges.record.takesLease(fence)
            lease = HostLease(edges.owner, run: run, fence: fence)
            knownFence = fence
        }
        guard let lease else { throw Rehearsal.unreachable() }
        return HostStep(step, lease: lease, replaces: stale, endsLease: last)
    }

    /// Tells the session that its last step gave the lease back.
    func leaseEnded() {
        guard let lease else { return }
        facts.host?.lease = HostLeaseFacts(fence: lease.fence)
        self.lease = nil
    }

    /// Has the next step take a new lease: a last step whose end was not seen goes on by itself on the
    /// host and gives this one back once it has succeeded.
    func leaseMayHaveEnded() {
        guard let lease else { return }
        facts.host?.lease = HostLeaseFacts(fence: lease.fence, holder: lease)
        self.lease = nil
    }

    /// Gives the lease back when no step did; one that stays behind is known to be of an ended run.
    func releaseHost() {
        guard let lease else { return }
        // Named by its own number: each lease is given back once.
        let step = StepID(run: run, step: "release-\(lease.fence)")
        do {
            try whenNotThrottled { try edges.host.lease(leased(step, last: true)) }
            leaseEnded()
        } catch {
            let reason = Self.diagnostic(error)
            warnings.append(
                "The lease on the host was not given back (\(reason.code)); this machine's next "
                    + "update replaces it."
            )
        }
    }

    /// Whether the plan has no further step.
    var isAtEnd: Bool { cursor >= plan.steps.count }

    /// Refuses when another run has had the host since, whose work must not be undone by this one, or
    /// when this very run is at work elsewhere: its journal is then a copy.
    func refuseIfSuperseded() throws {
        guard lease == nil, let seen = facts.host?.lease else { return }
        if let holder = seen.holder, holder.run == run, holder.isElsewhere(than: edges.owner) {
            throw SessionEdges.leased(by: seen, of: target)
        }
        guard let knownFence, seen.fence > knownFence, seen.holder?.run != run else { return }
        throw Diagnostic(
            "host_changed_since",
            "Another run has changed the host since the run \(run).",
            detail: "The host's lease has number \(seen.fence); this run's was "
                + "\(knownFence). Undoing it now would undo the other one. Nothing was touched.",
            hint: target.lookThenAccept,
            kind: .needsAttention
        )
    }
}
