/// What a script can ask of a stack.
///
/// `Rehearsal` records and predicts, `Session` does; a script cannot tell which one it talks to. The
/// guards are inside the implementations, below the script engine.
public protocol Primitives: AnyObject {
    /// Live facts as data: instance, services, storage, state and drift.
    func describe() throws -> JSONValue
    /// Saves what a rollback needs and reads it back.
    func backup(label: BackupLabel?) throws -> JSONValue
    /// Brings an image to the host.
    func pull(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue
    /// Changes a service's image.
    func setImage(_ service: ServiceName, _ image: ImageReference) throws
    /// Changes the instance's type.
    func resize(_ type: InstanceType, fallback: [InstanceType]) throws
    /// Opens a shared interruption.
    func openWindow(_ name: String) throws
    /// Closes it: services up once, healthy once. Nothing is brought up when the inside failed, which it did
    /// for that reason if it is known.
    func closeWindow(_ name: String, failed: Bool, because cause: Diagnostic?) throws
    /// Brings back an earlier configuration; false when it is what is there.
    func rollback(to point: RollbackPoint) throws -> Bool
    /// Puts the data of a service back from the dump in a backup.
    func restoreData(_ service: ServiceName, from backup: String) throws
    /// Keeps what was done so far, if a later step fails.
    func checkpoint(_ name: String) throws
    /// Stops a service and starts it again.
    func restart(_ service: ServiceName) throws
    /// Runs a command: exit code and output.
    func exec(_ command: HostCommand) throws -> JSONValue
    /// Removes images that nothing needs any more; their names.
    func prune() throws -> JSONValue
    /// Changes how many instances the stack's group is to have; false when it has as many.
    func scale(to count: Int) throws -> Bool
    /// Asks one more question.
    func confirm(_ question: String) throws -> Bool
    /// Waits for a moment; no interruption is begun after it that would go past the end.
    func wait(until time: Timestamp, finishBy end: Timestamp?) throws
    /// Gives a service's role in the database a new password that never leaves the host.
    func rotateCredentials(of service: ServiceName) throws
    /// Proves that the data is where it has to be.
    func verifyStorage() throws -> JSONValue
    /// The tags of the repository that a service's image is from, of those that begin with a text.
    func tags(_ service: ServiceName, beginningWith prefix: String) throws -> JSONValue
    /// What a pull of an image for a service would find.
    func image(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue
    /// The health of each service.
    func health() throws -> JSONValue
    /// Waits until all services are well.
    func waitHealthy(timeout: Double) throws -> JSONValue
    /// Waits, if time is real.
    func sleep(_ seconds: Double) throws
    /// The run's own time: its start and what the script slept since, the same in both runs.
    func now() -> Timestamp
}

extension Primitives {
    /// Closes a window without a word of why its inside failed, if it did.
    public func closeWindow(_ name: String, failed: Bool) throws {
        try closeWindow(name, failed: failed, because: nil)
    }
}
