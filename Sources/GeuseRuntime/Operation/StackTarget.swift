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
    /// Where its state file is, for the commands in hints.
    public var directory: StateDirectory

    /// Makes the value.
    public init(
        name: StackName,
        instance: InstanceID,
        fileSystem: FileSystemID?,
        mountPoint: String = "/mnt/efs",
        networkTypes: [String] = ["nfs4", "nfs"],
        recorded: RecordedStack,
        directory: StateDirectory = .unnamed
    ) {
        self.name = name
        self.instance = instance
        self.fileSystem = fileSystem
        self.mountPoint = mountPoint
        self.networkTypes = networkTypes
        self.recorded = recorded
        self.directory = directory
    }

    /// A command line for a hint that means this very stack.
    public func command(_ words: String) -> String {
        directory.command(words)
    }
}

extension StackTarget {
    /// The target that a state file describes.
    ///
    /// - Parameters:
    ///   - state: the state.
    ///   - mountPoint: where the data is mounted on the host.
    ///   - networkTypes: which file system types count as a network file system.
    ///   - directory: where the state file is.
    /// - Throws: `Diagnostic` with code `no_instance` when the stack has none on record.
    public init(
        _ state: DeploymentState,
        mountPoint: String = "/mnt/efs",
        networkTypes: [String] = ["nfs4", "nfs"],
        directory: StateDirectory = .unnamed
    ) throws {
        guard let instance = state.instanceID else {
            throw Diagnostic(
                "no_instance",
                "\(state.name) has no instance on record.",
                detail: "Its status is \(VisibleText.filtered(state.status.description)).",
                hint: "Adopt its instance: "
                    + directory.command(
                        "adopt \(state.name) --instance-id i-... --force"
                    ),
                kind: .refused
            )
        }
        self.init(
            name: state.name,
            instance: instance,
            fileSystem: state.fileSystemID,
            mountPoint: mountPoint,
            networkTypes: networkTypes,
            recorded: RecordedStack(state),
            directory: directory
        )
    }
}

extension RecordedStack {
    /// What a state file says.
    init(_ state: DeploymentState) {
        self.init(
            status: state.status.description,
            region: state.config.region.text,
            instanceType: state.config.instanceType.text,
            publicIP: state.publicIP,
            images: Dictionary(
                state.containerImages.map { ($0.service.text, $0.image.text) },
                uniquingKeysWith: { _, last in last }
            )
        )
        takePlace(of: state)
    }

    /// Takes over what a checkpoint writes of these facts; an address that is not known yet is none.
    mutating func take(_ facts: LiveFacts) {
        status = DeploymentStatus.running.description
        instanceType = facts.instance.type
        if publicIP != facts.instance.publicIP { n8nAddress = nil }
        publicIP = facts.instance.publicIP
        privateIP = facts.instance.privateIP ?? privateIP
        for service in facts.host?.services ?? [] {
            images[service.name.text] = service.image ?? service.configuredImage
        }
        for name in StackDescription.gone(images.keys, facts) { images[name] = nil }
    }
}
