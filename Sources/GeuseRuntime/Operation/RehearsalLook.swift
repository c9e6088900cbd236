// What a script sees in its rehearsal: before its first change what is there, and then what is predicted.

extension Rehearsal {
    /// Seconds of a script's sleep that are really waited for before it looks again.
    private static let longestPause = 60.0

    /// The facts as the script has seen them, with what is predicted.
    func look() throws -> LiveFacts {
        if let predicted { return predicted }
        return try lookAnew()
    }

    private func lookAnew() throws -> LiveFacts {
        var found = try read()
        // Registries count how often they are asked.
        if let known = facts?.host?.registry { found.host?.registry = known }
        unspent = 0
        facts = found
        predicted = found
        tellOfData()
        return found
    }

    /// The same, read anew where the script slept since it looked last and nothing is predicted.
    ///
    /// A script that waits for something to come by itself looks, sleeps and looks again. What it waits for
    /// takes its time in a rehearsal, too, so that the sleep between two looks is not only counted.
    private func current() throws -> LiveFacts {
        guard facts != nil, unspent > 0, !plan.hasChanges else { return try look() }
        try clock.sleep(min(unspent, Self.longestPause), cancellation)
        return try lookAnew()
    }

    /// What describe says after the changes so far.
    public func describe() throws -> JSONValue {
        // Nobody else shows the protection, so it is asked only here, while the rest is looked at.
        lookups.beginProtection(of: target.instance)
        var seen = try current()
        if seen.stopProtection == nil {
            seen.stopProtection = lookups.protection(of: target.instance)
            predicted?.stopProtection = seen.stopProtection
            facts?.stopProtection = seen.stopProtection
        }
        var recorded = recorded
        // A new address is not known before the start, and so not whether it is the recorded one.
        if plan.changesAddress { recorded.forgetAddress() }
        return StackDescription.json(stack: target.name, recorded: recorded, facts: seen)
    }

    /// Proves the mount as it is now.
    public func verifyStorage() throws -> JSONValue {
        let facts = try current()
        try Self.proveStorage(target, facts)
        return StackDescription.storage(facts)
    }

    /// The health as it is now, or as it is predicted.
    public func health() throws -> JSONValue { try Self.health(current()) }

    /// Really waits while nothing is predicted; after a change it is predicted to succeed.
    public func waitHealthy(timeout: Double) throws -> JSONValue {
        try requireOutsideWindow("a wait for health")
        guard !plan.hasChanges else {
            predictHealth()
            return try Self.health(look())
        }
        var isFirst = true
        do {
            return try HealthWait(timeout, clock, cancellation).end {
                defer { isFirst = false }
                return try isFirst ? current() : lookAnew()
            }
        } catch let error as Diagnostic where error.code == HealthWait.code {
            throw error.adding(detail: "Nothing was touched.")
        }
    }

    /// Counts the time.
    ///
    /// It is spent only when the script looks again before its first change; while services are stopped it is
    /// downtime.
    public func sleep(_ seconds: Double) throws {
        slept += seconds
        // Of what was slept before the first look nothing can be seen.
        if facts != nil { unspent += seconds }
        guard stopped != nil else { return }
        sleptWhileDown += seconds
        plan.expectedDowntime += seconds
    }

    /// The start of the run and what was slept since.
    public func now() -> Timestamp { started.adding(seconds: slept) }
}
