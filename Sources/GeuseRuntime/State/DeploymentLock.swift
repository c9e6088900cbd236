/// The lock of one stack, held; the proof that nobody else is changing it.
///
/// It is a flock on `deployments/NAME.json.lock`, the very lock that GeuseMaker takes to write.
public final class DeploymentLock {
    /// The stack.
    public let name: StackName
    private let directory: StateDirectory
    private let files: any FileSystem
    private var lock: (any FileLock)?

    private init(
        _ name: StackName,
        _ directory: StateDirectory,
        _ files: any FileSystem,
        _ lock: any FileLock
    ) {
        self.name = name
        self.directory = directory
        self.files = files
        self.lock = lock
    }

    deinit { release() }

    /// Takes the lock of a stack.
    ///
    /// - Parameters:
    ///   - name: the stack.
    ///   - directory: the state directory.
    ///   - files: the files.
    ///   - owner: what others are told while it is held.
    ///   - seconds: how long to wait for it.
    ///   - cancellation: ends the wait.
    /// - Returns: the lock, held until `release`.
    /// - Throws: `Diagnostic` of kind locked that says who has it and since when;
    ///   `state_directory_unwritable` when it cannot be written.
    public static func acquire(
        _ name: StackName,
        in directory: StateDirectory,
        _ files: any FileSystem,
        owner: LockOwner,
        waiting seconds: Double = 0,
        _ cancellation: Cancellation = Cancellation()
    ) throws -> DeploymentLock {
        let held: any FileLock
        do {
            try files.createDirectory(directory.deployments)
            held = try take(name, directory, files, seconds, cancellation)
        } catch let error as Diagnostic where error.kind == .locked {
            throw lockedError(name, directory, files, waited: seconds)
        } catch let error as Diagnostic where error.kind != .interrupted {
            throw StateDirectory.unwritable(error)
        }
        let lock = DeploymentLock(name, directory, files, held)
        directory.sweep(name, files)
        let bytes = JSONWriter.bytes(.object(owner.document), .pretty)
        do {
            try files.replace(directory.lockOwner(name), with: bytes)
        } catch {
            lock.release()
            throw (error as? Diagnostic).map(StateDirectory.unwritable) ?? error
        }
        return lock
    }

    /// GeuseMaker holds the lock for moments even to read, and so does a look at it; who leaves no note is
    /// waited for that long, in seconds.
    private static let grace = 2.0

    private static func take(
        _ name: StackName,
        _ directory: StateDirectory,
        _ files: any FileSystem,
        _ seconds: Double,
        _ cancellation: Cancellation
    ) throws -> any FileLock {
        let step = 0.05
        var rest = grace
        while seconds < grace {
            do {
                return try files.lock(directory.lock(name), waiting: min(step, rest), cancellation)
            } catch let error as Diagnostic where error.kind == .locked {
                rest -= step
                let owner = LockOwner.read(directory.lockOwner(name), files)
                let isAtWork = owner?.mayBeAlive == true && grace - rest > seconds
                if rest <= 0 || isAtWork { throw error }
            }
        }
        return try files.lock(directory.lock(name), waiting: seconds, cancellation)
    }

    /// Whether the lock of a stack is held, and by whom as far as that is written.
    public static func status(
        _ name: StackName,
        in directory: StateDirectory,
        _ files: any FileSystem
    ) throws -> (isHeld: Bool, owner: LockOwner?) {
        let owner = LockOwner.read(directory.lockOwner(name), files)
        guard files.exists(directory.lock(name)) else { return (false, owner) }
        do {
            try files.lock(directory.lock(name), waiting: 0, Cancellation()).release()
            return (false, owner)
        } catch let error as Diagnostic where error.kind == .locked {
            return (true, owner)
        }
    }

    /// Whether it is still held.
    public var isHeld: Bool { lock != nil }

    /// Lets it go; twice is no error.
    public func release() {
        guard let held = lock else { return }
        lock = nil
        // The note goes first: it must never be removed after somebody else has written theirs.
        try? files.remove(directory.lockOwner(name))
        held.release()
    }

    /// Refuses when this is not the held lock of that stack.
    func require(_ name: StackName, _ directory: StateDirectory) throws {
        guard isHeld, self.name == name, self.directory.root == directory.root else {
            throw Diagnostic(
                "lock_not_held",
                "The lock of \(name) is not held, so its state cannot be written."
            )
        }
    }

    private static func lockedError(
        _ name: StackName,
        _ directory: StateDirectory,
        _ files: any FileSystem,
        waited: Double
    ) -> Diagnostic {
        let detail: String
        if let owner = LockOwner.read(directory.lockOwner(name), files), owner.mayBeAlive {
            detail = owner.sentence
        } else {
            detail = "The holder left no note; GeuseMaker leaves none."
        }
        return Diagnostic(
            "locked",
            "\(name) is being changed by somebody else"
                + (waited > 0 ? ", and still was after \(Int(waited)) s." : "."),
            detail: detail,
            hint: "See who: " + directory.command("lock status \(name)"),
            kind: .locked
        )
    }
}
