/// The limits of a run; every wait is bounded.
public struct SessionSettings: Sendable, Equatable {
    /// Seconds for an instance to stop; EC2 tells to ask before a forced stop after 10 minutes.
    public var stopTimeout = 600.0
    /// Seconds for an instance to be running.
    public var startTimeout = 600.0
    /// Seconds a stop usually takes; polling is densest around it.
    public var expectedStop = 8.0
    /// Seconds a start usually takes.
    public var expectedStart = 5.0
    /// Seconds for the agent, or sshd, to answer after the instance runs.
    public var agentTimeout = 300.0
    /// Seconds for an instance that does not answer to pass EC2's status checks.
    public var statusTimeout = 600.0
    /// Seconds to wait for another run to give the host back before it is refused.
    public var leaseWait = 0.0
    /// Seconds to wait for a step that an earlier, killed run has left at work on the host; its own
    /// limits end it before that.
    public var busyTimeout = 2400.0
    /// Seconds for which an undo goes on asking for capacity for the old type; GeuseMaker's
    /// `rollback_timeout_minutes`, 15 where the state does not say.
    public var rollbackTimeout = 900.0
    /// Seconds for EFS to be mounted after a boot (`_netdev,nofail` mounts may come late).
    public var storageTimeout = 60.0
    /// Seconds for which a request that is refused because there are too many is made again; an undo, with
    /// the services down, takes the time that it has for capacity.
    public var throttleTimeout = Waiter.outageLimit
    /// Seconds for EC2 to see everywhere what was just changed; "Eventual consistency" of the EC2
    /// Developer Guide tells to go on asking for minutes.
    public var consistencyTimeout = 300.0
    /// Seconds to go on asking for capacity before the next type is tried.
    public var capacityTimeout = 120.0
    /// Seconds for an Auto Scaling group to have all of its instances in service.
    public var scaleTimeout = 600.0
    /// How long interruptions are expected to take.
    public var downtime = DowntimeEstimate.stated
    /// Seconds for services to become healthy.
    public var healthTimeout = 300.0
    /// Seconds for which restart counts must not move.
    public var settleSeconds = 3.0
    /// Seconds that a service has to run, since its start, that says nothing of its health: docker itself
    /// takes a start for a good one after 10 s, and counts its restarts anew.
    public var quietSeconds = 12.0
    /// Services with a limit or a probe of their own, as the config file has them.
    public var serviceHealth: [ServiceName: ServiceHealth] = [:]
    /// Whether the host is reached through the SSM agent, whose return is waited for.
    public var usesAgent = true
    /// Whether a host whose agent does not answer can be reached another way.
    public var hasOtherWay = false
    /// Whether room for a new type is held before anything stops.
    public var reservesCapacity = false
    /// The refusals that a person overrules (`--allow`).
    public var allowed: Set<String> = []
    /// Whether commands are among them (`--allow exec`).
    public var allowsExec: Bool {
        get { allowed.contains(CommandChecks.allowName) }
        set {
            if newValue {
                allowed.insert(CommandChecks.allowName)
            } else {
                allowed.remove(CommandChecks.allowName)
            }
        }
    }
    /// Whether a failed run is undone.
    public var rollsBack = true

    /// Takes over what a person has allowed (`--allow`), as far as it is asked for during the run.
    public mutating func take(allowed: Set<String>) {
        allowsExec = allowed.contains(CommandChecks.allowName)
    }

    /// Takes over a settle time that a person gave (`--settle-time`), for all services.
    public mutating func take(settleTime seconds: Double?) {
        guard let seconds else { return }
        quietSeconds = seconds
        settleSeconds = min(Self().settleSeconds, seconds)
    }

    /// The defaults.
    public init() {}
}
