/// The simulated host: its root disk, docker, the mount point, and the markers of steps done.
struct SandboxMachine: Sendable, Equatable {
    /// Where EFS has to be mounted.
    static let mountPoint = "/mnt/efs"
    /// Where GeuseMaker puts the compose project.
    static let directory = "/opt/geusemaker"
    /// The compose file.
    static let composeFile = directory + "/docker-compose.yml"
    /// The environment that compose is given.
    static let environmentFile = directory + "/runtime.env"

    /// Booted, with an agent that could answer.
    var isUp = true
    /// When boot will be done.
    var bootAt: Timestamp?
    var mount: SandboxMount?
    /// When a late mount will come.
    var mountAt: Timestamp?
    /// The root disk, by absolute path.
    var files: [String: FileBytes] = [:]
    /// Bytes that docker's disk has room for.
    var diskBytes = 60_000_000_000
    var images: [SandboxImage] = []
    var containers: [SandboxContainer] = []
    var containersMade = 0
    /// How many containers a boot has started by their restart policy, when nobody had proven EFS.
    var startedByBoot = 0
    var steps: [String: SandboxStep] = [:]
    /// Who may change the host.
    var lease = HostLeaseFacts()
    /// The services' data as a run wrote it down.
    var dataRecord: SandboxDataRecord?
    /// Which images each of the newest backups needs, the newest last.
    var kept: [SandboxKeptImages]?
    /// The commands that were run, oldest first.
    var commands: [SandboxCommandRun]?
    /// When the running steps look around again.
    var tickAt: Timestamp?

    /// Bytes free where docker keeps its images; one image under two names is kept once.
    var freeBytes: Int {
        var seen: Set<String> = []
        return images.reduce(diskBytes) { free, image in
            seen.insert(image.imageID).inserted ? free - image.bytes : free
        }
    }

    /// What a step changes on the host, without the step's own marker.
    var effects: Self {
        var effects = self
        effects.steps = [:]
        effects.lease = HostLeaseFacts()
        effects.tickAt = nil
        return effects
    }

    func container(_ service: ServiceName) -> SandboxContainer? {
        containers.first { $0.service == service }
    }
}

extension SandboxMachine: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("is_up", \.isUp), .init("boot_at", \.bootAt), .init("mount", \.mount),
            .init("mount_at", \.mountAt), .init("files", \.files),
            .init("disk_bytes", \.diskBytes), .init("images", \.images),
            .init("containers", \.containers), .init("containers_made", \.containersMade),
            .init("started_by_boot", \.startedByBoot), .init("steps", \.steps),
            .init("lease", \.lease), .init("data_record", \.dataRecord),
            .init("kept", \.kept), .init("commands", \.commands),
            .init("tick_at", \.tickAt),
        ]
    }
}
