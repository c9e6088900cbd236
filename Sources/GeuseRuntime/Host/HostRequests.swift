/// What `Host.secure` has to save.
public struct SecureRequest: Sendable, Equatable {
    /// The project whose compose file is saved.
    public var project: ComposeProject
    /// The mount point under which the nonce goes, as `.geusemaker/nonce`.
    public var mountPoint: String
    /// The nonce: 32 hexadecimal digits.
    public var nonce: String
    /// Ids of the images that run, `sha256:…`; they are kept from being pruned.
    public var images: [String]
    /// Dumps of data that are taken too.
    public var dumps: [DataDump]

    /// Makes the request.
    public init(
        project: ComposeProject,
        mountPoint: String,
        nonce: String,
        images: [String] = [],
        dumps: [DataDump] = []
    ) {
        self.dumps = dumps
        self.project = project
        self.mountPoint = mountPoint
        self.nonce = nonce
        self.images = images
    }
}

/// What `Host.secure` saved and read back.
public struct SecureEvidence: Sendable, Equatable {
    /// Absolute path of the saved compose file on the host.
    public var composeBackup: String
    /// SHA-256 of the saved bytes, read back.
    public var sha256: String
    /// Whether the nonce was read back from EFS as written.
    public var nonceRead: Bool
    /// The dumps, each read back and found whole.
    public var dumps: [SavedDump]

    /// Makes the value.
    public init(
        composeBackup: String,
        sha256: String,
        nonceRead: Bool,
        dumps: [SavedDump] = []
    ) {
        self.dumps = dumps
        self.composeBackup = composeBackup
        self.sha256 = sha256
        self.nonceRead = nonceRead
    }
}

/// An image that is now on the host.
public struct PulledImage: Sendable, Equatable {
    /// The reference that was pulled.
    public var reference: ImageReference
    /// The id of the image, `sha256:…`.
    public var imageID: String
    /// The repository digest, `sha256:…`.
    public var digest: String?
    /// The image's architecture, such as `amd64`.
    public var architecture: String?
    /// PostgreSQL's major version, where the image's environment names one.
    public var postgresMajor: ProgramVersion?
    /// The version that the image names: n8n's in its environment, any other's in its label
    /// (`org.opencontainers.image.version`).
    public var version: String?

    /// Makes the value.
    public init(
        reference: ImageReference,
        imageID: String,
        digest: String?,
        architecture: String?
    ) {
        self.reference = reference
        self.imageID = imageID
        self.digest = digest
        self.architecture = architecture
    }
}

/// One replacement of bytes in the compose file.
public struct ComposeEdit: Sendable, Equatable {
    /// The service whose image it sets.
    public var service: ServiceName
    /// Offset of the first byte replaced.
    public var offset: Int
    /// The bytes that must stand there.
    public var old: String
    /// The bytes that take their place.
    public var new: String

    /// Makes the edit.
    public init(service: ServiceName, offset: Int, old: String, new: String) {
        self.service = service
        self.offset = offset
        self.old = old
        self.new = new
    }
}

/// How the compose file is to change in `Host.apply`.
public enum ComposeChange: Sendable, Equatable {
    /// It stays.
    case none
    /// These edits, made in one go; `before` and `after` are SHA-256 of the whole file.
    case edits([ComposeEdit], before: String)
    /// The bytes of a saved file, with the SHA-256 that they must have.
    case restore(path: String, sha256: String)
}

/// An image that ran before and has to run again, whatever its name points to by now.
public struct RestoredImage: Sendable, Equatable {
    /// The name under which its container was made.
    public var reference: ImageReference
    /// Its id, `sha256:…`.
    public var imageID: String
    /// `repository@sha256:…`, from which it can be had again if it was pruned.
    public var source: String?

    /// Makes the value.
    public init(reference: ImageReference, imageID: String, source: String?) {
        self.reference = reference
        self.imageID = imageID
        self.source = source
    }
}

/// What `Host.apply` has to do.
public struct ApplyRequest: Sendable, Equatable {
    /// The project.
    public var project: ComposeProject
    /// What must hold of the mount before anything is edited or started.
    public var storage: HostInspection
    /// File system types that count as a network file system; DESIGN's default is nfs4 and nfs.
    public var networkTypes: [String]
    /// The change of the compose file.
    public var change: ComposeChange
    /// The services to bring up; empty for all of the project.
    public var services: [ServiceName]
    /// Those of them that are stopped first, once the mount is proven.
    public var restarts: [ServiceName] = []
    /// Whether those services alone are brought up, without what they depend on.
    public var alone = false
    /// What each service's resolved image must be after the change, checked before it counts.
    public var expectedImages: [ServiceName: ImageReference]
    /// Images whose names must point to what ran before, set right before the services come up.
    public var restoredImages: [RestoredImage]
    /// Seconds to wait for health.
    public var healthTimeout: Double
    /// Seconds for which restart counts must not move.
    public var settleSeconds: Double
    /// Seconds that a service has to run, since its start, that has neither a health check nor a probe.
    public var quietSeconds: Double
    /// Services with a limit or a probe of their own.
    public var health: [ServiceName: ServiceHealth]
    /// The services that must see a GPU at the end, since they saw one before.
    public var needsGPU: [ServiceName] = []
    /// The services that must not end, not even with 0, unless another one waits for their end: they were no
    /// finished jobs before.
    public var lasting: [ServiceName] = []
    /// Whether the run has stopped every service: one that runs all the same was started by something else.
    public var isAfterStop = false

    /// Makes the request.
    public init(
        project: ComposeProject,
        storage: HostInspection,
        networkTypes: [String] = ["nfs4", "nfs"],
        change: ComposeChange = .none,
        services: [ServiceName] = [],
        expectedImages: [ServiceName: ImageReference] = [:],
        restoredImages: [RestoredImage] = [],
        healthTimeout: Double = 300,
        settleSeconds: Double = 3,
        quietSeconds: Double = 12,
        health: [ServiceName: ServiceHealth] = [:]
    ) {
        self.project = project
        self.storage = storage
        self.networkTypes = networkTypes
        self.change = change
        self.services = services
        self.expectedImages = expectedImages
        self.restoredImages = restoredImages
        self.healthTimeout = healthTimeout
        self.settleSeconds = settleSeconds
        self.quietSeconds = quietSeconds
        self.health = health
    }
}

/// What `Host.apply` did and saw.
///
/// A failure after the edit is told here too, so that the caller can
/// undo; it is not thrown.
public struct ApplyEvidence: Sendable, Equatable {
    /// How far it came.
    public enum Stage: String, Sendable, Equatable {
        /// The EFS proof failed: nothing was edited, nothing started.
        case proof
        /// The edit was refused: nothing was edited, nothing started.
        case edit
        /// `compose up` failed.
        case up
        /// The services did not become healthy in time.
        case health
        /// Everything held.
        case done
    }

    /// How far it came.
    public var stage: Stage
    /// Why it went no further.
    public var error: String?
    /// The mount as it was found.
    public var storage: StorageFacts
    /// The services at the end.
    public var services: [ServiceFacts]
    /// SHA-256 of the compose file at the end.
    public var sha256: String
    /// SHA-256 of what compose made of all files at the end, where it is known.
    public var resolvedSHA256: String?
    /// The last log lines of services that are not well, secrets masked.
    public var logs: [String: String]
    /// The data as compared with what the run wrote down when it stopped the services; nil where it
    /// wrote nothing down.
    public var data: DataFacts?
    /// Services that had to see a GPU and do not.
    public var withoutGPU: [String]
    /// Services whose restart policy was put off at a stop and could not be given back.
    public var held: [String]
    /// Services that something else had started before the mount was proven, and that were stopped again.
    public var startedUnproven: [String] = []

    /// Makes the value.
    public init(
        stage: Stage,
        error: String? = nil,
        storage: StorageFacts,
        services: [ServiceFacts],
        sha256: String,
        logs: [String: String] = [:],
        data: DataFacts? = nil,
        withoutGPU: [String] = [],
        held: [String] = []
    ) {
        self.held = held
        self.withoutGPU = withoutGPU
        self.data = data
        self.stage = stage
        self.error = error
        self.storage = storage
        self.services = services
        self.sha256 = sha256
        self.logs = logs
    }
}
