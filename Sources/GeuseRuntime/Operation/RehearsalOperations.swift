// What changes nothing of the configuration, as it is planned.

extension Rehearsal {
    /// Records a restart.
    public func restart(_ service: ServiceName) throws {
        try refuseAfterFailure()
        _ = try known(service)
        try alone("a restart")
        try record(.operation(.restart(service)))
        predictStart(of: service)
    }

    /// Records a command; it is predicted to succeed and to say nothing.
    public func exec(_ command: HostCommand) throws -> JSONValue {
        try refuseAfterFailure()
        if let service = command.service { _ = try known(service) }
        try alone("a command")
        try record(.operation(.exec(command)))
        return Session.json(CommandEvidence(code: 0, output: ""))
    }

    /// Records the removal; what it will find is not known before.
    public func prune() throws -> JSONValue {
        try refuseAfterFailure()
        try alone("a prune")
        try record(.operation(.prune))
        return []
    }

    /// Checks that the group can be set so, and records the change.
    public func scale(to count: Int) throws -> Bool {
        try refuseAfterFailure()
        let instance = try look().instance
        guard let name = instance.autoScalingGroup else {
            throw ScaleRefusal.singleInstance(instance.id)
        }
        guard let group = try lookups.group(name).value() else { throw ScaleRefusal.noGroup(name) }
        try ScaleRefusal.check(group, count, own: instance.id)
        let now = capacity ?? group.desired
        // What was only planned is there by then.
        guard now != count || (capacity == nil && !group.isSettled(at: count)) else { return false }
        try alone("a change of the capacity")
        if let warning = ScaleRefusal.standby(group, own: instance.id) {
            plan.warnings.append(warning)
        }
        try record(.operation(.scale(group: name, from: now, to: count)))
        capacity = count
        return true
    }

    /// Records the question; the answer is predicted to be yes.
    public func confirm(_ question: String) throws -> Bool {
        try refuseAfterFailure()
        try requireOutsideWindow("a question")
        try record(.operation(.confirm(question)))
        return true
    }

    /// Records the wait and counts the time.
    public func wait(until time: Timestamp, finishBy end: Timestamp?) throws {
        try refuseAfterFailure()
        try requireOutsideWindow("a wait for a moment")
        try WaitRefusal.check(time, end, at: now())
        try record(.operation(.wait(until: time, finishBy: end)))
        slept += max(0, time.seconds - now().seconds)
        finishBy = end
    }

    /// Nothing else is under way, and there is a backup.
    private func alone(_ what: String) throws {
        try requireOutsideWindow(what)
        try requireMayChange()
        _ = try look().seenHost()
        try secureFirst()
    }
}

/// Why a stack cannot be scaled so.
enum ScaleRefusal {
    static func singleInstance(_ id: InstanceID) -> Diagnostic {
        Diagnostic(
            "not_scalable",
            "The stack is a single instance: no Auto Scaling group owns \(id).",
            detail: "Nothing was touched.",
            hint: "A single instance gets more room with another type: --instance-type.",
            kind: .refused
        )
    }

    static func noGroup(_ name: String) -> Diagnostic {
        Diagnostic(
            "group_not_found",
            "There is no Auto Scaling group \(VisibleText.quoted(name)) in this account and region.",
            detail: "Nothing was touched.",
            hint: "Check the profile and region.",
            kind: .refused
        )
    }

    /// What a person has to know of a stack's own instance that the group does not count.
    static func standby(_ group: AutoScalingGroup, own: InstanceID) -> String? {
        guard group.members.contains(where: { $0.instance == own && $0.lifecycle == "Standby" })
        else { return nil }
        return "The stack's own instance, \(own), is in Standby: "
            + "\(VisibleText.filtered(group.name)) counts it neither as desired nor as in service."
    }

    /// Refuses a capacity that the group cannot be set to, and one that could cost the stack its instance.
    static func check(_ group: AutoScalingGroup, _ count: Int, own: InstanceID) throws {
        let name = VisibleText.filtered(group.name)
        if let status = group.status {
            throw Diagnostic(
                "group_being_deleted",
                "\(name) is being deleted (\(VisibleText.filtered(status))).",
                detail: "Nothing was touched.",
                hint: "See: aws autoscaling describe-auto-scaling-groups "
                    + "--auto-scaling-group-names \(name)",
                kind: .refused
            )
        }
        guard (group.minimum...max(group.minimum, group.maximum)).contains(count) else {
            throw Diagnostic(
                "capacity_out_of_range",
                "\(name) can have \(group.minimum) to \(group.maximum) instances, not \(count).",
                detail: "Nothing was touched.",
                hint: "Change its limits first: aws autoscaling update-auto-scaling-group "
                    + "--auto-scaling-group-name \(name) --min-size N --max-size N",
                kind: .refused
            )
        }
        let halted = group.suspended.filter { ["Launch", "Terminate"].contains($0) }
        guard halted.isEmpty || group.isSettled(at: count) else {
            throw Diagnostic(
                "scaling_suspended",
                "Somebody has suspended a process of \(name): \(halted.joined(separator: ", ")).",
                detail: "Nothing was touched.",
                hint: "aws autoscaling resume-processes --auto-scaling-group-name \(name)",
                kind: .refused
            )
        }
        // Which instance goes when there are to be fewer is the group's choice, and undoing a scale-out
        // is a scale-in, too.
        let member = group.members.first { $0.instance == own }
        guard member?.isProtected == true || group.desired == count else {
            throw Diagnostic(
                "scale_in_unprotected",
                "\(name) may choose the stack's own instance, \(own), when it scales in.",
                detail: "So may the undo of a scale-out. Nothing was touched.",
                hint: "Protect it first: aws autoscaling set-instance-protection --instance-ids "
                    + "\(own) --auto-scaling-group-name \(name) --protected-from-scale-in",
                kind: .refused
            )
        }
    }
}

/// Why a wait makes no sense.
enum WaitRefusal {
    /// Seconds that a run may wait for a moment.
    private static let longest = 86400.0

    static func check(_ time: Timestamp, _ end: Timestamp?, at now: Timestamp) throws {
        guard time.seconds - now.seconds <= longest else {
            throw Diagnostic(
                "wait_too_long",
                "\(time.text) is more than a day away.",
                hint: "Start the run later, for example with a systemd timer.",
                kind: .usage
            )
        }
        guard let end, end <= time else { return }
        throw Diagnostic(
            "invalid_argument",
            "geuse.wait_until: finish_by is not after the moment that is waited for.",
            kind: .usage
        )
    }
}
