/// One service of the stack and the container that runs it.
public struct ServiceFacts: Sendable, Equatable {
    /// How docker sees the container's health.
    public enum Health: String, Sendable, Equatable {
        /// The health check passes.
        case healthy
        /// The health check fails.
        case unhealthy
        /// The health check has not decided yet.
        case starting
        /// There is no health check.
        case none
    }

    /// The service's key in the compose file.
    public var name: ServiceName
    /// The image that `docker compose config` resolves for it now.
    public var configuredImage: String
    /// The container's id, nil when there is none.
    public var containerID: String?
    /// The image reference the container was created from.
    public var image: String?
    /// The id (config digest) of the image that runs, `sha256:…`.
    public var imageID: String?
    /// The repository digest that runs, `sha256:…`, where the image came from a registry.
    public var digest: String?
    /// docker's state: created, running, paused, restarting, removing, exited or dead.
    public var state: String?
    /// The health.
    public var health: Health
    /// How often docker restarted it.
    public var restarts: Int
    /// The exit code of a container that is not running.
    public var exitCode: Int?
    /// When it was started (RFC 3339).
    public var startedAt: String?
    /// Host paths that it mounts, by path in the container; those that a named volume's driver binds too.
    public var mounts: [String: String]
    /// Paths in the container at which it has volumes of docker's own, on the host's disk.
    public var volumes: [String] = []
    /// Paths in the container at which docker mounts a network file system by itself.
    public var networkVolumes: [String] = []

    /// Whether it did its work and ended: by itself, with 0, and not to be restarted.
    public var hasFinished = false
    /// Whether another service waits for its end (`service_completed_successfully`).
    public var isAwaited = false
    /// Whether the compose file asks no container of it (`scale: 0`).
    public var isUnwanted = false
    /// What docker has under the name that the compose file gives, which is what compose would start.
    public var local = LocalImage.unknown
    /// Whether docker still has the image that the container was made from, under whatever name.
    public var hasImage = false
    /// In what the file as compose resolves it now differs from what the container was made with.
    ///
    /// The image aside: `environment NAME`, `mount PATH`, `command`, `entrypoint`, `user` or `ports`; values
    /// are not known.
    public var differences: [String] = []

    /// What docker has on the host under a name.
    public enum LocalImage: Sendable, Equatable {
        /// Nobody looked.
        case unknown
        /// No image has the name.
        case missing
        /// The image of this id.
        case image(String)
    }

    /// Makes the value.
    public init(
        name: ServiceName,
        configuredImage: String,
        containerID: String? = nil,
        image: String? = nil,
        imageID: String? = nil,
        digest: String? = nil,
        state: String? = nil,
        health: Health = .none,
        restarts: Int = 0,
        exitCode: Int? = nil,
        startedAt: String? = nil,
        mounts: [String: String] = [:]
    ) {
        self.name = name
        self.configuredImage = configuredImage
        self.containerID = containerID
        self.image = image
        self.imageID = imageID
        self.digest = digest
        self.state = state
        self.health = health
        self.restarts = restarts
        self.exitCode = exitCode
        self.startedAt = startedAt
        self.mounts = mounts
    }

    /// Running, and healthy where a health check exists; or done with its work, or not meant to run.
    public var isWell: Bool {
        guard state == "running" else { return hasFinished || isUnwanted }
        return health == .healthy || health == .none
    }

    /// Neither runs nor is about to; docker does not start it by itself, nor does it go on with one that is paused.
    var isDown: Bool { !isWell && !["running", "restarting"].contains(state) }
    /// Whether it was paused: compose does not start such a container.
    var isPaused: Bool { state == "paused" }

    /// Ended with 0 and no other service waits for that: a job that is done, or a server that does not run.
    public var hasEndedUnasked: Bool {
        state != "running" && hasFinished && !isAwaited && !isUnwanted
    }

    /// What a person has to know of one that ended so.
    public var endedSentence: String {
        "\(name) ended with 0, and no other service waits for that; it counts as a job that is done. If it is to "
            + "run, it does not: see its log, and give it a restart policy."
    }

    /// Whether its image is there and alone its name is gone: `docker image prune --all` takes the name of an
    /// image that has another one.
    var hasLostName: Bool {
        local == .missing && hasImage && imageID != nil && image == configuredImage
            && !configuredImage.contains("@")
    }

    /// Whether an image is the one that the file names and that the container was made from: a file that was
    /// edited by hand, or a tag that moved, does not change what runs.
    func runs(_ wanted: ImageReference) -> Bool {
        guard configuredImage == wanted.text else { return false }
        guard image != nil || imageID != nil else { return true }
        switch local {
        case .unknown: return image == nil || image == wanted.text
        case .missing: return hasLostName && image == wanted.text
        case .image(let id): return imageID.map { $0 == id } ?? (image == wanted.text)
        }
    }

    /// What runs, as the present value beside a new one; where only the ids tell the two apart, with its id.
    func current(beside new: ImageReference) -> String {
        let name = image ?? configuredImage
        guard name == new.text, let imageID else { return name }
        return "\(name) (\(RollbackTarget.shortened(imageID)))"
    }
}
