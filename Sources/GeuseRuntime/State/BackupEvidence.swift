/// What a backup knows beyond the state file: what really ran, and where its compose file is saved.
public struct BackupEvidence: Sendable, Equatable {
    /// One service as it ran.
    public struct Service: Sendable, Equatable {
        /// The service.
        public var name: ServiceName
        /// The reference its container was made from.
        public var image: String?
        /// The id of the image.
        public var imageID: String?
        /// The repository digest.
        public var digest: String?
        /// Whether it had done its work and ended; nil in a backup that does not tell.
        public var hasFinished: Bool?

        /// Makes the value.
        public init(
            name: ServiceName,
            image: String?,
            imageID: String?,
            digest: String?,
            hasFinished: Bool? = nil
        ) {
            self.name = name
            self.image = image
            self.imageID = imageID
            self.digest = digest
            self.hasFinished = hasFinished
        }

        /// What a look at the host found.
        public init(_ facts: ServiceFacts) {
            self.init(
                name: facts.name,
                image: facts.image,
                imageID: facts.imageID,
                digest: facts.digest,
                hasFinished: facts.hasFinished
            )
        }
    }

    /// The run that made the backup.
    public var run: RunID?
    /// The instance type as EC2 named it.
    public var instanceType: String?
    /// Absolute path of the compose file on the host.
    public var composeFile: String?
    /// Absolute path of its saved copy on the host.
    public var composeBackup: String?
    /// SHA-256 of the saved copy, read back.
    public var composeSHA256: String?
    /// SHA-256 of what compose made of all files then, which are not saved but for the first one.
    public var resolvedSHA256: String?
    /// Where the file system is mounted.
    public var mountPoint: String?
    /// The nonce that was written on the file system and read back.
    public var nonce: String?
    /// The services that ran.
    public var services: [Service]
    /// Versions of data found on disk, such as `postgres` and `15`.
    public var versions: [String: String]
    /// The dumps of data that were taken with it.
    public var dumps: [SavedDump] = []
    /// Checksum and path of the further compose files, which are not saved: they are never changed.
    public var composeOverrides: [String] = []

    /// Makes the value.
    public init(
        run: RunID? = nil,
        instanceType: String? = nil,
        composeFile: String? = nil,
        composeBackup: String? = nil,
        composeSHA256: String? = nil,
        mountPoint: String? = nil,
        nonce: String? = nil,
        services: [Service] = [],
        versions: [String: String] = [:]
    ) {
        self.run = run
        self.instanceType = instanceType
        self.composeFile = composeFile
        self.composeBackup = composeBackup
        self.composeSHA256 = composeSHA256
        self.mountPoint = mountPoint
        self.nonce = nonce
        self.services = services
        self.versions = versions
    }
}

extension BackupEvidence {
    /// Whether backups saw a service done with its work, and none of them saw its container run.
    public static func knowsAsFinished(_ name: ServiceName, _ backups: [BackupEvidence]) -> Bool {
        let seen = backups.flatMap(\.services).filter { $0.name == name && $0.imageID != nil }
            .compactMap(\.hasFinished)
        return !seen.isEmpty && seen.allSatisfy(\.self)
    }
}

/// The sealed file beside a backup.
extension BackupEvidence {
    func bytes(stateSHA256: String) -> [UInt8] {
        SealedJSON.seal(document(stateSHA256), after: "").line + [0x0A]
    }

    private func document(_ stateSHA256: String) -> JSONObject {
        let head = JSONObject([("version", 1), ("state_sha256", .string(stateSHA256))])
        return JSONObject(
            head.members.map { ($0.name, $0.value) } + json.members.map { ($0.name, $0.value) }
        )
    }

    /// The evidence as data.
    var json: JSONObject {
        var object = JSONObject()
        let texts = [
            ("run", run?.text), ("instance_type", instanceType), ("compose_file", composeFile),
            ("compose_backup", composeBackup), ("compose_sha256", composeSHA256),
            ("resolved_sha256", resolvedSHA256), ("mount_point", mountPoint), ("nonce", nonce),
        ]
        for (name, text) in texts { object[name] = text.map { .string($0) } }
        object["services"] = .array(
            services.map { service in
                var entry = JSONObject([("name", .string(service.name.text))])
                entry["image"] = service.image.map { .string($0) }
                entry["image_id"] = service.imageID.map { .string($0) }
                entry["digest"] = service.digest.map { .string($0) }
                entry["finished"] = service.hasFinished.map { .bool($0) }
                return .object(entry)
            }
        )
        let sorted = versions.sorted { $0.key < $1.key }.map {
            ($0.key, JSONValue.string($0.value))
        }
        object["versions"] = .object(JSONObject(sorted))
        if !composeOverrides.isEmpty {
            object["compose_overrides"] = .array(composeOverrides.map { .string($0) })
        }
        if !dumps.isEmpty { object["dumps"] = .array(dumps.map(\.json)) }
        return object
    }

    /// Reads the file of a backup whose state bytes have that checksum.
    ///
    /// - Throws: `Diagnostic` with code `backup_corrupt` when it is damaged or of another backup.
    init(_ bytes: [UInt8], stateSHA256: String) throws {
        let object = try Self.opened(bytes)
        guard object["state_sha256"]?.stringValue == stateSHA256 else {
            throw Diagnostic("backup_corrupt", "The evidence belongs to another backup.")
        }
        try self.init(json: object)
    }

    /// Reads the file by its own seal alone, where its backup is lost.
    init(_ bytes: [UInt8]) throws { try self.init(json: Self.opened(bytes)) }

    private static func opened(_ bytes: [UInt8]) throws -> JSONObject {
        guard bytes.last == 0x0A,
            let object = SealedJSON.open(Array(bytes.dropLast()), after: "")?.object
        else { throw Diagnostic("backup_corrupt", "The evidence beside the backup is damaged.") }
        return object
    }

    /// Reads the data form.
    init(json object: JSONObject) throws {
        func text(_ name: String) -> String? { object[name]?.stringValue }
        run = text("run").flatMap { try? RunID($0) }
        instanceType = text("instance_type")
        composeFile = text("compose_file")
        composeBackup = text("compose_backup")
        composeSHA256 = text("compose_sha256")
        resolvedSHA256 = text("resolved_sha256")
        mountPoint = text("mount_point")
        nonce = text("nonce")
        services = try (object["services"]?.arrayValue ?? []).map { entry in
            Service(
                name: try ServiceName(entry["name"]?.stringValue ?? ""),
                image: entry["image"]?.stringValue,
                imageID: entry["image_id"]?.stringValue,
                digest: entry["digest"]?.stringValue,
                hasFinished: entry["finished"]?.boolValue
            )
        }
        dumps = (object["dumps"]?.arrayValue ?? []).compactMap(SavedDump.init(json:))
        composeOverrides = (object["compose_overrides"]?.arrayValue ?? []).compactMap(\.stringValue)
        versions = Dictionary(
            (object["versions"]?.objectValue?.members ?? []).compactMap { name, value in
                value.stringValue.map { (name, $0) }
            },
            uniquingKeysWith: { $1 }
        )
    }
}
