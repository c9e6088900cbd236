import Glibc

/// The right to change a host, as every changing step carries it.
///
/// A lock says that nobody else is at work; the fencing number says whether a step that arrives late
/// still belongs to whoever is: it grows with each lease that the host gives, and the host refuses
/// a step with an older one (Kleppmann, "How to do distributed locking", fencing tokens).
public struct HostLease: Hashable, Sendable {
    /// The fencing number.
    public var fence: Int
    /// The run that holds the lease.
    public var run: RunID
    /// The user.
    public var user: String
    /// The user's machine.
    public var machine: String
    /// The process there.
    public var process: Int
    /// When the run took it.
    public var since: Timestamp

    /// Makes the value.
    public init(
        fence: Int,
        run: RunID,
        user: String,
        machine: String,
        process: Int,
        since: Timestamp
    ) {
        self.fence = fence
        self.run = run
        self.user = user
        self.machine = machine
        self.process = process
        self.since = since
    }

    /// A lease for an owner.
    ///
    /// - Parameters:
    ///   - owner: who asks for it.
    ///   - run: the run.
    ///   - fence: the fencing number.
    public init(_ owner: LockOwner, run: RunID, fence: Int) {
        self.init(
            fence: fence,
            run: run,
            user: owner.user,
            machine: owner.host,
            process: owner.process,
            since: owner.since
        )
    }

    /// Whether somebody else than the process that asks may be at work under the lease.
    ///
    /// Of another machine nobody here can tell; on this one it is looked whether the process still runs.
    ///
    /// - Parameter owner: the process that asks.
    /// - Returns: whether the holder may be alive and is not that process.
    public func isElsewhere(than owner: LockOwner) -> Bool {
        guard machine == owner.host else { return true }
        guard process != owner.process, let id = pid_t(exactly: process), id > 0 else {
            return false
        }
        // A number that was given to a younger process is not that of the holder any more.
        guard let begin = ProcessStart.time(of: id) else { return false }
        return begin < since.seconds + 2
    }
}

/// What a host says about its lease.
public struct HostLeaseFacts: Sendable, Equatable {
    /// The newest fencing number that the host has given; 0 before the first.
    public var fence: Int
    /// Who holds the lease; nil when nobody does.
    public var holder: HostLease?
    /// When the holder last did something on the host, by the host's clock.
    public var heartbeat: Timestamp?

    /// Makes the value.
    public init(fence: Int = 0, holder: HostLease? = nil, heartbeat: Timestamp? = nil) {
        self.fence = fence
        self.holder = holder
        self.heartbeat = heartbeat
    }
}

/// A changing step together with the right to make it.
public struct HostStep: Hashable, Sendable, CustomStringConvertible {
    /// The step.
    public var id: StepID
    /// The lease; the first step that carries it takes it.
    public var lease: HostLease
    /// A run that is known to have ended and whose lease was left behind; it may be replaced.
    public var replaces: RunID?
    /// Whether the lease is given back when the step has succeeded.
    public var endsLease: Bool

    /// Makes the value.
    public init(_ id: StepID, lease: HostLease, replaces: RunID? = nil, endsLease: Bool = false) {
        self.id = id
        self.lease = lease
        self.replaces = replaces
        self.endsLease = endsLease
    }

    /// The run.
    public var run: RunID { id.run }
    /// The step's number and word.
    public var step: String { id.step }
    /// The name of the marker.
    public var description: String { id.description }
}
