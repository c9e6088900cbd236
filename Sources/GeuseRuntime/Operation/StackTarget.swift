/// The fixed facts of the stack that a run works on, read from its state file.
public struct StackTarget: Sendable, Equatable {
    /// The stack.
    public var name: StackName
    /// Its instance.
    public var instance: InstanceID
    /// Its file system; a stack without one is refused for changes.
    public var fileSystem: FileSystemID?
    /// Where the data is mounted on the host.
    public var mountPoint: String
    /// File system types that count as a network file system.
    public var networkTypes: [String]
    /// What the state file records.
    public var recorded: RecordedStack

    /// Makes the value.
    public init(
        name: StackName,
        instance: InstanceID,
        fileSystem: FileSystemID?,
        mountPoint: String = "/mnt/efs",
        networkTypes: [String] = ["nfs4", "nfs"],
        recorded: RecordedStack
    ) {
        self.name = name
        self.instance = instance
        self.fileSystem = fileSystem
        self.mountPoint = mountPoint
        self.networkTypes = networkTypes
        self.recorded = recorded
    }
}
