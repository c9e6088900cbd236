/// What `Host.rotateCredentials` has to do.
///
/// The new password is made on the host, kept there in files that only root can read until the run
/// ends, and never told.
public struct RotationRequest: Sendable, Equatable {
    /// The part of a rotation that a step does.
    public enum Phase: String, Sendable, Equatable {
        /// Make a new password, prove that the database takes it, set it, write it where compose reads
        /// it, and make the service anew. Done again by the same run, it goes on where it was.
        case rotate
        /// See that the service has logged in with it.
        case confirm
        /// Put the old one back, in the files and in the database; nothing where nothing was begun.
        case undo
        /// Forget the old one: from here on there is no way back.
        case end
    }

    /// The project.
    public var project: ComposeProject
    /// What must hold of the mount before any container is started.
    public var storage: HostInspection
    /// File system types that count as a network file system.
    public var networkTypes: [String]
    /// Whose password.
    public var target: CredentialTarget
    /// The part.
    public var phase: Phase
    /// Seconds to wait for the service's login.
    public var timeout: Double

    /// Makes the request.
    public init(
        project: ComposeProject,
        storage: HostInspection,
        networkTypes: [String],
        target: CredentialTarget,
        phase: Phase,
        timeout: Double
    ) {
        self.project = project
        self.storage = storage
        self.networkTypes = networkTypes
        self.target = target
        self.phase = phase
        self.timeout = timeout
    }
}

/// What came of it.
public struct RotationEvidence: Sendable, Equatable {
    /// How things stand after a step.
    public enum Standing: String, Sendable, Equatable {
        /// The new password is set and proven.
        case rotated
        /// The service has logged in with it.
        case confirmed
        /// The old one is back and proven.
        case undone
        /// The run had begun nothing.
        case nothing
        /// The run's rotation was finished before; the old password is gone.
        case ended
    }

    /// How things stand.
    public var standing: Standing
    /// The role of the database, where one was looked at.
    public var role: String?
    /// Whether the new password was proven on a role of its own before the real one was changed;
    /// false where the role may not make others.
    public var provenBefore: Bool

    /// Makes the value.
    public init(_ standing: Standing, role: String? = nil, provenBefore: Bool = false) {
        self.standing = standing
        self.role = role
        self.provenBefore = provenBefore
    }
}
