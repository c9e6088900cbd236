/// The simulated EFS file system with the files on it.
struct SandboxStorage: Sendable, Equatable {
    var id = FileSystemID(unchecked: "")
    var state = "available"
    var targetID = ""
    var targetState = "available"
    var targetIP = ""
    /// The files by their path below the root of the file system.
    var files: [String: FileBytes] = [:]
    /// Another file system of the account, which a wrong mount shows.
    var otherID = FileSystemID(unchecked: "")
    var otherFiles: [String: FileBytes] = [:]
}

/// What stands at the mount point of the host.
struct SandboxMount: Sendable, Equatable {
    /// How a mount can be ill.
    enum Condition: String, Sendable, Equatable {
        case missing
        case late
        case wrong
        case readOnly = "read-only"
        case hung
        case stale
    }

    var isOther = false
    var isReadWrite = true
    var isHung = false
    var isStale = false

    var isReadable: Bool { !isHung && !isStale }

    /// A mount in that condition; nil when none comes about by itself.
    init?(_ condition: Condition?) {
        switch condition {
        case nil: break
        case .missing, .late: return nil
        case .wrong: isOther = true
        case .readOnly: isReadWrite = false
        case .hung: isHung = true
        case .stale: isStale = true
        }
    }
}

extension SandboxMount: WorldRecord {
    private init() {}

    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("is_other", \.isOther), .init("is_read_write", \.isReadWrite),
            .init("is_hung", \.isHung), .init("is_stale", \.isStale),
        ]
    }
}

extension SandboxStorage: WorldRecord {
    static var blank: Self { .init() }
    static var fields: [WorldField<Self>] {
        [
            .init("id", \.id), .init("state", \.state), .init("target_id", \.targetID),
            .init("target_state", \.targetState), .init("target_ip", \.targetIP),
            .init("files", \.files), .init("other_id", \.otherID),
            .init("other_files", \.otherFiles),
        ]
    }
}
