// The evidence of a finished step, kept with its marker so that the same step gives it again.

extension SecureEvidence: WorldRecord {
    static var blank: Self { .init(composeBackup: "", sha256: "", nonceRead: false) }
    static var fields: [WorldField<Self>] {
        [
            .init("compose_backup", \.composeBackup), .init("sha256", \.sha256),
            .init("nonce_read", \.nonceRead), .init("dumps", \.worldDumps),
        ]
    }
}

extension PulledImage: WorldRecord {
    static var blank: Self {
        .init(reference: .init(unchecked: ""), imageID: "", digest: nil, architecture: nil)
    }
    static var fields: [WorldField<Self>] {
        [
            .init("reference", \.reference), .init("image_id", \.imageID),
            .init("digest", \.digest), .init("architecture", \.architecture),
            .init("version", \.version), .init("postgres_major", \.postgresMajorText),
        ]
    }

    private var postgresMajorText: String? {
        get { postgresMajor?.description }
        set { postgresMajor = newValue.flatMap { ProgramVersion($0) } }
    }
}

extension StorageFacts: WorldRecord {
    static var blank: Self {
        .init(
            mountPoint: "",
            isMounted: false,
            type: nil,
            source: nil,
            isReadWrite: false,
            answer: .failed
        )
    }
    static var fields: [WorldField<Self>] {
        [
            .init("mount_point", \.mountPoint), .init("is_mounted", \.isMounted),
            .init("type", \.type), .init("source", \.source),
            .init("tunnel_file_system", \.tunnelFileSystem),
            .init("is_read_write", \.isReadWrite), .init("answer", \.answer),
            .init("error", \.error), .init("nonce_matches", \.nonceMatches),
            .init("volumes", \.volumes), .init("strays", \.strays),
        ]
    }
}

extension ServiceFacts: WorldRecord {
    static var blank: Self { .init(name: .init(unchecked: ""), configuredImage: "") }
    static var fields: [WorldField<Self>] {
        [
            .init("name", \.name), .init("configured_image", \.configuredImage),
            .init("container_id", \.containerID), .init("image", \.image),
            .init("image_id", \.imageID), .init("digest", \.digest), .init("state", \.state),
            .init("health", \.health), .init("restarts", \.restarts),
            .init("exit_code", \.exitCode), .init("started_at", \.startedAt),
            .init("mounts", \.mounts),
        ]
    }
}

extension ApplyEvidence: WorldRecord {
    static var blank: Self { .init(stage: .proof, storage: .blank, services: [], sha256: "") }
    static var fields: [WorldField<Self>] {
        [
            .init("stage", \.stage), .init("error", \.error), .init("storage", \.storage),
            .init("services", \.services), .init("sha256", \.sha256), .init("logs", \.logs),
            .init("data", \.data), .init("without_gpu", \.worldWithoutGPU),
        ]
    }
}

extension DataFacts.Verdict: WorldValue {}

extension DataFacts: WorldRecord {
    static var blank: Self { .init(.recorded) }
    static var fields: [WorldField<Self>] {
        [
            .init("verdict", \.verdict), .init("files", \.files), .init("bytes", \.bytes),
            .init("hashed", \.hashed), .init("differences", \.differences),
        ]
    }
}
