/// The facts about a simulated stack from which its deployment state is written.
public struct SandboxStack: Sendable, Equatable {
    /// A service and the image that the compose file names for it.
    public struct Image: Sendable, Equatable {
        /// The service.
        public let service: ServiceName
        /// The image after interpolation.
        public let image: String
    }

    /// The name.
    public let name: StackName
    /// The region.
    public let region: Region
    /// The instance as it is now.
    public let instance: Instance
    /// The EFS file system.
    public let fileSystem: FileSystemID
    /// Its mount target.
    public let mountTargetID: String
    /// The mount target's address.
    public let mountTargetIP: String
    /// Where it is mounted.
    public let mountPoint: String
    /// The images, in the order of the compose file.
    public let images: [Image]
    /// The role of the instance.
    public let roleName: String

    init(_ world: SandboxWorld) throws {
        name = world.name
        region = world.region
        instance = world.instance.view
        fileSystem = world.storage.id
        mountTargetID = world.storage.targetID
        mountTargetIP = world.storage.targetIP
        mountPoint = SandboxMachine.mountPoint
        images = try world.compose().services.map { Image(service: $0.name, image: $0.image) }
        roleName = "geusemaker-\(world.name)"
    }
}
