/// The live edges of one run: everything a session touches the world through.
public struct SessionEdges {
    /// The control plane.
    public let cloud: any Cloud
    /// The host.
    public let host: any Host
    /// Time.
    public let clock: any Clock
    /// Ends waits.
    public let cancellation: Cancellation
    /// Sees what happens.
    public let observer: any Observer
    /// Answers questions.
    public let approver: any Approver
    /// Keeps state, backups and journal.
    public let record: StackRecord
    /// Who asks for the host's lease.
    public let owner: LockOwner
    /// Refuses a step that was not planned as the preflight would have.
    let vet: (PlanStep, LiveFacts) throws -> Void

    /// The refusal of a host that another run holds.
    ///
    /// - Parameters:
    ///   - lease: what the host says.
    ///   - target: the stack.
    /// - Returns: a diagnostic of kind locked that says who has it and since when.
    public static func leased(by lease: HostLeaseFacts?, of target: StackTarget) -> Diagnostic {
        let seen = lease?.heartbeat.map { " It last did something there at \($0)." } ?? ""
        let error = HostFailure.leased(by: lease?.holder)
        return error.adding(detail: "Nothing was touched." + seen).withHint(
            "Wait, or if that run is dead: recover it where it ran, or give its lease back with "
                + target.command(
                    "lock release \(target.name) --run \(lease?.holder?.run.text ?? "RUN")"
                )
        )
    }

    /// Bundles the edges.
    public init(
        cloud: any Cloud,
        host: any Host,
        clock: any Clock,
        cancellation: Cancellation,
        observer: any Observer,
        approver: any Approver,
        record: StackRecord,
        owner: LockOwner,
        vet: @escaping (PlanStep, LiveFacts) throws -> Void = { _, _ in }
    ) {
        self.vet = vet
        self.cloud = cloud
        self.host = host
        self.clock = clock
        self.cancellation = cancellation
        self.observer = observer
        self.approver = approver
        self.record = record
        self.owner = owner
    }
}
