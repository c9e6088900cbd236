/// A rehearsal that a refused change ends, as a failed change ends the run.
///
/// A script may catch the refusal and go on. For real the change fails behind what was done before it, and
/// all of that is undone; so the plan must not be offered at all. Wrong arguments, and what only looks or asks,
/// do no harm in either run, and a script may catch them.
public final class StrictRehearsal: Primitives {
    private let rehearsal: Rehearsal

    /// The calls of a script, brought to a rehearsal.
    public init(_ rehearsal: Rehearsal) { self.rehearsal = rehearsal }

    private func change<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let refusal as Diagnostic where refusal.kind != .interrupted {
            rehearsal.broken = rehearsal.broken ?? Rehearsal.caught(refusal)
            throw refusal
        }
    }

    // MARK: what a refusal of ends the rehearsal

    /// Records a backup.
    public func backup(label: BackupLabel?) throws -> JSONValue {
        try change { try rehearsal.backup(label: label) }
    }

    /// Records a pull.
    public func pull(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        try change { try rehearsal.pull(service, image) }
    }

    /// Records a change of an image.
    public func setImage(_ service: ServiceName, _ image: ImageReference) throws {
        try change { try rehearsal.setImage(service, image) }
    }

    /// Records a change of the type.
    public func resize(_ type: InstanceType, fallback: [InstanceType]) throws {
        try change { try rehearsal.resize(type, fallback: fallback) }
    }

    /// Records the beginning of a shared interruption.
    public func openWindow(_ name: String) throws {
        try change { try rehearsal.openWindow(name) }
    }

    /// Records its end.
    public func closeWindow(_ name: String, failed: Bool, because cause: Diagnostic?) throws {
        try change { try rehearsal.closeWindow(name, failed: failed, because: cause) }
    }

    /// Records the way back.
    public func rollback(to point: RollbackPoint) throws -> Bool {
        try change { try rehearsal.rollback(to: point) }
    }

    /// Records that data is put back.
    public func restoreData(_ service: ServiceName, from backup: String) throws {
        try change { try rehearsal.restoreData(service, from: backup) }
    }

    /// Records that what was done so far is kept.
    public func checkpoint(_ name: String) throws {
        try change { try rehearsal.checkpoint(name) }
    }

    /// Records a restart.
    public func restart(_ service: ServiceName) throws {
        try change { try rehearsal.restart(service) }
    }

    /// Records a command.
    public func exec(_ command: HostCommand) throws -> JSONValue {
        try change { try rehearsal.exec(command) }
    }

    /// Records the removal of images.
    public func prune() throws -> JSONValue { try change { try rehearsal.prune() } }

    /// Records a change of the capacity.
    public func scale(to count: Int) throws -> Bool {
        try change { try rehearsal.scale(to: count) }
    }

    /// Records a rotation of credentials.
    public func rotateCredentials(of service: ServiceName) throws {
        try change { try rehearsal.rotateCredentials(of: service) }
    }

    // MARK: what may fail and be caught

    /// Records a question.
    public func confirm(_ question: String) throws -> Bool { try rehearsal.confirm(question) }

    /// Records a wait.
    public func wait(until time: Timestamp, finishBy end: Timestamp?) throws {
        try rehearsal.wait(until: time, finishBy: end)
    }

    /// What describe says after the changes so far.
    public func describe() throws -> JSONValue { try rehearsal.describe() }

    /// Proves the mount as it is now.
    public func verifyStorage() throws -> JSONValue { try rehearsal.verifyStorage() }

    /// The tags of a repository.
    public func tags(_ service: ServiceName, beginningWith prefix: String) throws -> JSONValue {
        try rehearsal.tags(service, beginningWith: prefix)
    }

    /// What a pull would find.
    public func image(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        try rehearsal.image(service, image)
    }

    /// The health as it is now, or as it is predicted.
    public func health() throws -> JSONValue { try rehearsal.health() }

    /// Waits for health while nothing is predicted.
    public func waitHealthy(timeout: Double) throws -> JSONValue {
        try rehearsal.waitHealthy(timeout: timeout)
    }

    /// Counts the time.
    public func sleep(_ seconds: Double) throws { try rehearsal.sleep(seconds) }

    /// The run's own time.
    public func now() -> Timestamp { rehearsal.now() }
}

extension Rehearsal {
    /// A refusal as it is told where the script did not end of it.
    static func caught(_ refusal: Diagnostic) -> Diagnostic {
        let told = refusal.adding(
            detail:
                "The script caught this. The run itself would have failed of it, and what it had "
                + "done before would have been undone; so nothing was begun."
        ).withHint(
            (refusal.hint.map { $0 + " " } ?? "")
                + "A script asks geuse.describe() first, and leaves out what cannot be done."
        )
        // Nothing was begun, whichever way it would have failed.
        return refusal.kind == .failed ? told.withKind(.refused) : told
    }

    /// The failure that a rehearsal is said to have ended of.
    ///
    /// - Parameter error: what the script ended with.
    /// - Returns: the refusal that it caught before, if it did.
    public func cause(of error: Diagnostic) -> Diagnostic {
        guard error.kind != .interrupted else { return error }
        guard let broken else { return withReason(error) }
        // Not caught, or caught and met again, it is the same one and knows its place in the script.
        let isSame = error.code == broken.code && error.summary == broken.summary
        return isSame ? error : broken
    }

    /// A script that reads services which nobody could see is told so without the reason, which is known here.
    private func withReason(_ error: Diagnostic) -> Diagnostic {
        guard let facts, facts.host == nil, error.code == Self.unreachable().code,
            error.kind == .failed
        else { return error }
        let told = [error.summary, error.detail].compactMap { $0 }.joined(separator: "\n")
        return facts.unseen.adding(detail: told).adding(detail: "Nothing was touched.")
    }
}
