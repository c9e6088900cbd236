/// What to look for on the host.
public struct HostInspection: Sendable, Equatable {
    /// The file system that has to be mounted; nil when the stack has none on record.
    public var fileSystem: FileSystemID?
    /// Where it has to be mounted.
    public var mountPoint: String
    /// The nonce that an earlier `secure` wrote, if its presence is to be checked.
    public var nonce: String?
    /// Images whose registries are asked meanwhile what a pull would find.
    public var images: [ImageReference]

    /// Makes the request.
    public init(
        fileSystem: FileSystemID?,
        mountPoint: String = "/mnt/efs",
        nonce: String? = nil,
        images: [ImageReference] = []
    ) {
        self.fileSystem = fileSystem
        self.mountPoint = mountPoint
        self.nonce = nonce
        self.images = images
    }
}

/// Everything one look at the host found.
public struct HostFacts: Sendable, Equatable {
    /// The compose project and its file.
    public var project: ComposeProject
    /// Its services in the order of the file.
    public var services: [ServiceFacts]
    /// The state of the data mount.
    public var storage: StorageFacts
    /// `x86_64` or `aarch64`, as `uname -m` says.
    public var architecture: String
    /// Version of the docker engine.
    public var dockerVersion: String
    /// Version of docker compose.
    public var composeVersion: String
    /// Bytes free where docker keeps its images; as many as there can be where the host does not tell.
    public var freeBytes: Int
    /// Inodes free there; nil for a file system that does not count them.
    public var freeInodes: Int?
    /// Who may change the host.
    public var lease: HostLeaseFacts
    /// What registries said, from the host, of the images that they were asked for.
    public var registry: [RegistryImage]
    /// The services that keep state, and what their data says of itself.
    public var stateful: [StatefulFacts]
    /// The project's environment files by the names that they define, the one that counts last.
    public var environment: [EnvironmentFile]
    /// Services whose containers run though the compose file has them in no profile at all.
    public var orphans: [String] = []
    /// Containers of `docker compose run` that run, by name.
    public var oneOffs: [String] = []
    /// Containers of others that have a volume on the file system.
    public var foreign: [ForeignContainer] = []
    /// Whether docker's own directory lies on an instance store volume, which loses its data at a stop.
    public var keepsDockerOnInstanceStore = false
    /// Services whose restart policy was put off at a stop and is not back.
    public var heldPolicies: [String] = []
    /// Whether systemd starts docker at boot; nil where it does not say.
    public var dockerStartsAtBoot: Bool?
    /// Units and files that bring the services up at boot, before anybody has proven the mount.
    public var bootStarts: [String] = []

    /// Makes the value.
    public init(
        project: ComposeProject,
        services: [ServiceFacts],
        storage: StorageFacts,
        architecture: String,
        dockerVersion: String,
        composeVersion: String,
        freeBytes: Int,
        freeInodes: Int? = nil,
        lease: HostLeaseFacts = HostLeaseFacts(),
        registry: [RegistryImage] = [],
        stateful: [StatefulFacts] = [],
        environment: [EnvironmentFile] = []
    ) {
        self.registry = registry
        self.project = project
        self.services = services
        self.storage = storage
        self.architecture = architecture
        self.dockerVersion = dockerVersion
        self.composeVersion = composeVersion
        self.freeBytes = freeBytes
        self.freeInodes = freeInodes
        self.lease = lease
        self.stateful = stateful
        self.environment = environment
    }

    /// The service of that name.
    public func service(_ name: ServiceName) -> ServiceFacts? {
        services.first { $0.name == name }
    }

    /// What its registry said of an image; nil where none was asked.
    public func registry(_ image: ImageReference) -> RegistryImage? {
        registry.first { $0.reference == image }
    }
}

/// A container that is no part of the project and has a volume on the file system.
public struct ForeignContainer: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its restart policy, such as `always`.
    public var policy: String
    /// docker's state of it, such as `running`.
    public var state: String

    /// Makes the value.
    public init(name: String, policy: String, state: String) {
        self.name = name
        self.policy = policy
        self.state = state
    }

    /// Whether docker starts it by itself when the machine boots, before anybody has proven the mount.
    var startsAtBoot: Bool {
        switch policy {
        case "always": true
        case "unless-stopped", "on-failure": ["running", "restarting", "paused"].contains(state)
        default: false
        }
    }
}

/// The compose project that runs the stack, found by its containers' own labels.
public struct ComposeProject: Sendable, Equatable {
    /// The project's name.
    public var name: String
    /// Absolute path of the compose file, the first one if there are several.
    public var file: String
    /// The project directory.
    public var directory: String
    /// Absolute paths of environment files given to compose (`--env-file`), in order.
    public var environmentFiles: [String]
    /// SHA-256 of the file's bytes in hexadecimal.
    public var sha256: String
    /// The file's bytes, with the values of secrets masked byte for byte by `x`, so that offsets hold.
    public var bytes: [UInt8]
    /// The further files of the project, in the order in which compose reads them.
    public var overrides: [ComposeOverride] = []
    /// A further file beside it that compose reads by itself, and that what runs was started without.
    public var unreadOverride: String?
    /// SHA-256 of what compose makes of all that it reads, included, extended and environment files too.
    ///
    /// The text itself holds secrets and stays on the host. Nil where a host did not tell it.
    public var resolvedSHA256: String?
    /// Seconds that its containers are given to end when they are stopped: as long as the slowest of them asks
    /// for (`stop_grace_period`).
    public var stopGrace = 30

    /// A step that stops services has to end some time.
    static let longestGrace = 3600
    /// How much longer a stop may take than where no service asks for more time.
    var moreGrace: Double { Double(stopGrace - 30) }

    /// Makes the value.
    public init(
        name: String,
        file: String,
        directory: String,
        environmentFiles: [String] = [],
        sha256: String,
        bytes: [UInt8]
    ) {
        self.name = name
        self.file = file
        self.directory = directory
        self.environmentFiles = environmentFiles
        self.sha256 = sha256
        self.bytes = bytes
    }
}
