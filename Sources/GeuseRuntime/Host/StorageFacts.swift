/// What the host shows of the EFS mount; the verdict is `StorageProof`'s.
public struct StorageFacts: Sendable, Equatable {
    /// How a look at the mount ended.
    public enum Answer: String, Sendable, Equatable {
        /// It answered in time.
        case answered
        /// It did not answer within the time limit.
        case hung
        /// It answered with an error.
        case failed
    }

    /// The mount point that was looked at.
    public var mountPoint: String
    /// Whether anything is mounted there (`/proc/self/mountinfo`).
    public var isMounted: Bool
    /// The file system type, such as `nfs4`.
    public var type: String?
    /// The source, such as `fs-….efs.us-east-1.amazonaws.com:/` or `127.0.0.1:/`.
    public var source: String?
    /// For a source of `127.0.0.1:/`: the file system id that efs-utils' state names.
    public var tunnelFileSystem: String?
    /// Whether the mount options say `rw`.
    public var isReadWrite: Bool
    /// How a timed read and write ended.
    public var answer: Answer
    /// The error text of a failed answer.
    public var error: String?
    /// Whether the asked nonce was found; nil when none was asked for.
    public var nonceMatches: Bool?
    /// Host paths under the mount point that services bind, with whether each really lies on the mount.
    public var volumes: [String: Bool]
    /// Running containers that have another file system in place of the mount's data, as
    /// `SERVICE:PATH` inside them: they were started before it was mounted.
    public var strays: [String]
    /// What mounts it at the next boot; nil where nobody looked.
    public var bootMount: BootMount?
    /// The file or unit that was found for that.
    public var bootPlace: String?

    /// What mounts a file system at boot.
    public enum BootMount: String, Sendable, Equatable {
        /// An entry of /etc/fstab.
        case fstab
        /// A unit of systemd.
        case unit
        /// A file that may run at boot names the mount point.
        case named
        /// Nothing.
        case nothing
        /// It could not be found out.
        case unknown
    }

    /// Makes the value.
    public init(
        mountPoint: String,
        isMounted: Bool,
        type: String?,
        source: String?,
        tunnelFileSystem: String? = nil,
        isReadWrite: Bool,
        answer: Answer,
        error: String? = nil,
        nonceMatches: Bool? = nil,
        volumes: [String: Bool] = [:],
        strays: [String] = []
    ) {
        self.mountPoint = mountPoint
        self.isMounted = isMounted
        self.type = type
        self.source = source
        self.tunnelFileSystem = tunnelFileSystem
        self.isReadWrite = isReadWrite
        self.answer = answer
        self.error = error
        self.nonceMatches = nonceMatches
        self.volumes = volumes
        self.strays = strays
    }
}
