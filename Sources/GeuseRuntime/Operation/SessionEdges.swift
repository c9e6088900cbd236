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

    /// Bundles the edges.
    public init(
        cloud: any Cloud,
        host: any Host,
        clock: any Clock,
        cancellation: Cancellation,
        observer: any Observer,
        approver: any Approver,
        record: StackRecord
    ) {
        self.cloud = cloud
        self.host = host
        self.clock = clock
        self.cancellation = cancellation
        self.observer = observer
        self.approver = approver
        self.record = record
    }
}
