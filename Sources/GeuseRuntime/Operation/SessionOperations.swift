extension Session {
    /// Stops a service and starts it again, on a proven mount, and waits for its health.
    public func restart(_ service: ServiceName) throws {
        try refuseAfterFailure()
        guard let before = facts.host?.service(service), let project = facts.host?.project else {
            throw fail(Diagnostic("unknown_service", "There is no service called \(service)."))
        }
        try requireNoWindow()
        try requireBackup()
        try begin(.operation(.restart(service)))
        try markUpdating()
        var request = applyRequest(project)
        request.services = [service]
        request.restarts = [service]
        let evidence = try apply(
            request,
            title: "prove EFS, restart \(service), wait for health",
            last: isAtEnd,
            inverse: "start \(service)"
        )
        let after = evidence.services.first { $0.name == service }
        guard let started = after?.startedAt, started != before.startedAt else {
            throw fail(
                Diagnostic(
                    "not_restarted",
                    "\(service) has run since \(after?.startedAt ?? "an unknown time") all along.",
                    detail: "It was to be stopped and started again."
                )
            )
        }
        changes.append("\(service) restarted")
    }

    /// Removes images that nothing needs; those that this run has pulled stay.
    public func prune() throws -> JSONValue {
        try refuseAfterFailure()
        guard let project = facts.host?.project else { throw fail(Rehearsal.unreachable()) }
        try requireNoWindow()
        try requireBackup()
        try begin(.operation(.prune))
        let request = PruneRequest(project: project, spared: pulled.values.map(\.imageID).sorted())
        let removed = try effect(
            "prune",
            title: "remove superseded images",
            inverse: nil
        ) { step in
            let removed = try whenReachable { try edges.host.prune(leased(step), request) }
            edges.observer.observe(.stepProgress("removed: \(removed.count) images"))
            return removed
        }
        if !removed.isEmpty {
            leftBehind.append("images were removed: " + removed.joined(separator: ", "))
        }
        return .array(removed.map(JSONValue.string))
    }

    /// Asks one more question; a no lets the script leave out what its plan still has.
    public func confirm(_ question: String) throws -> Bool {
        try refuseAfterFailure()
        try refuseInWindow("a question")
        try begin(.operation(.confirm(question)))
        let answer: Bool
        do { answer = try edges.approver.answer(question) } catch { throw fail(error) }
        try edges.record.answered(question, answer)
        if !answer { mayLeaveOut = true }
        return answer
    }

    /// Waits for a moment by the real clock; the run's own time goes on as it did in the rehearsal.
    public func wait(until time: Timestamp, finishBy end: Timestamp?) throws {
        try refuseAfterFailure()
        try refuseInWindow("a wait for a moment")
        try WaitRefusal.check(time, end, at: now())
        try begin(.operation(.wait(until: time, finishBy: end)))
        let seconds = time.seconds - edges.clock.now().seconds
        slept += max(0, time.seconds - now().seconds)
        finishBy = end
        guard seconds > 0 else { return }
        edges.observer.observe(.phase("waiting until \(time.text)"))
        do {
            try edges.clock.sleep(seconds, edges.cancellation)
            // What was looked at before a long wait need not be so any more.
            guard seconds > 30 else { return }
            let seen = facts
            try look()
            if let moved = facts.moved(since: seen) {
                throw Diagnostic(
                    "facts_moved",
                    "The stack changed during the wait: \(moved).",
                    hint: "Run the command again to see the plan for what is there now."
                )
            }
        } catch {
            throw fail(error)
        }
    }

    /// The error for an interruption that does not fit any more.
    static func tooLate(_ step: PlanStep, needed: Double, left: Double, _ end: Timestamp)
        -> Diagnostic
    {
        Diagnostic(
            "too_late",
            "There is not enough time left before \(end.text) to \(step.title).",
            detail: "It is expected to take \(Int(needed.rounded(.up))) s; "
                + "\(max(0, Int(left))) s are left. It was not begun.",
            step: step.title
        )
    }

    /// Refuses, as the rehearsal does, what changes nothing and would leave services stopped meanwhile.
    func refuseInWindow(_ what: String) throws {
        guard let window else { return }
        throw Rehearsal.insideWindow(window, what, detail: "It was not begun.")
    }

    /// Ends the run where a window is open.
    func requireClosedWindow(_ summary: String) throws {
        guard window == nil else { throw fail(Diagnostic("inside_window", summary)) }
    }

    /// Ends the run where services are down or about to be made anew, too.
    func requireNoWindow(_ summary: String = "This cannot be done inside a window.") throws {
        guard window == nil, pending.isEmpty, !servicesNeedStart else {
            throw fail(Diagnostic("inside_window", summary))
        }
    }
}
