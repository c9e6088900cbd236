/// One backup as a list shows it.
public struct BackupEntry: Sendable, Equatable {
    /// What commands call it: the file's name without `.json.gz`.
    public let id: String
    /// The file.
    public let path: String
    /// The label, if it has one; such a backup is never pruned.
    public let label: String?
    /// When it was made.
    public let createdAt: Timestamp
    /// The size of the file in bytes.
    public let size: Int
    /// The dumps of data that were taken with it.
    public var dumps: [SavedDump] = []
    /// Why it cannot be used; nil when it was read and checked.
    public let problem: Diagnostic?
}

/// A backup, read and checked.
public struct Backup: Sendable, Equatable {
    /// Its entry.
    public let entry: BackupEntry
    /// The state in it.
    public let state: LoadedState
    /// What else is known; nil for a backup that GeuseMaker made.
    public let evidence: BackupEvidence?
}

/// The backups of state files.
///
/// Each is the plain gzip file that GeuseMaker writes and restores; what it does not know of lies
/// beside it in `….evidence.json`.
public final class Backups {
    /// How many unlabelled backups are kept, as in GeuseMaker.
    public static let keptByDefault = 10
    private static let maximumSize = 64 << 20

    let directory: StateDirectory
    let files: any FileSystem
    let clock: any Clock

    /// Makes it.
    public init(_ directory: StateDirectory, _ files: any FileSystem, _ clock: any Clock) {
        self.directory = directory
        self.files = files
        self.clock = clock
    }

    /// Saves the bytes of a loaded state and the evidence, and reads both back.
    ///
    /// Its name comes after those of all that are there, even when the clock was set back.
    ///
    /// - Parameters:
    ///   - loaded: the state, as its file holds it.
    ///   - label: a word; a labelled backup is kept for ever.
    ///   - evidence: what was found on the host.
    /// - Returns: the backup as it was read back.
    /// - Throws: `Diagnostic`; code `backup_not_readable` when it does not read back the same.
    public func create(
        _ loaded: LoadedState,
        label: BackupLabel? = nil,
        evidence: BackupEvidence? = nil
    ) throws -> Backup {
        let name = loaded.state.name
        let folder = directory.backups(name, isLabelled: label != nil)
        try files.createDirectory(folder)
        let file = try freeName(name, label, in: folder)
        let base = folder + "/" + file.id
        let sum = Digest.sha256Hex(loaded.bytes)
        // The evidence goes first: where there is a backup of ours, there is its evidence.
        if let evidence {
            try files.replace(base + ".evidence.json", with: evidence.bytes(stateSHA256: sum))
        }
        try files.replace(base + BackupFile.suffix, with: Gzip.compress(loaded.bytes))
        let backup = try read(file, in: folder, name)
        guard backup.state.bytes == loaded.bytes, backup.evidence == evidence else {
            throw Diagnostic("backup_not_readable", "The backup \(file.id) reads back differently.")
        }
        return backup
    }

    private func freeName(
        _ name: StackName,
        _ label: BackupLabel?,
        in folder: String
    ) throws -> BackupFile {
        // The time in the name is the order in which backups are taken, shown and pruned.
        let newest = try backupFiles(name).first?.file.time.microseconds
        let now = Timestamp(
            microseconds: max(clock.now().microseconds, newest.map { $0 + 1 } ?? .min)
        )
        var number = 0
        while true {
            let file = BackupFile(name, label, now, number: number)
            if !files.exists(folder + "/" + file.id + BackupFile.suffix) { return file }
            number += 1
        }
    }

    /// The backups of a stack, newest first; those that cannot be used say why.
    public func list(_ name: StackName) throws -> [BackupEntry] {
        try backupFiles(name).map { file, folder in
            do {
                return try read(file, in: folder, name).entry
            } catch let error as Diagnostic {
                return entry(file, folder, size: 0, problem: error)
            }
        }
    }

    /// One backup, by its id, or `latest` for the newest that can be used.
    public func show(_ id: String, of name: StackName) throws -> Backup {
        let all = try backupFiles(name)
        if id == "latest" {
            let usable = all.lazy.compactMap { try? self.read($0.file, in: $0.folder, name) }
            if let newest = usable.first { return newest }
        } else if let found = all.first(where: { $0.file.id == id }) {
            return try read(found.file, in: found.folder, name)
        }
        let near = NearNames.of(id, among: all.map { VisibleText.filtered($0.file.id) })
        throw Diagnostic(
            "unknown_backup",
            "\(name) has no backup \(VisibleText.quoted(id)).",
            detail: near.isEmpty ? nil : "Did you mean \(near.joined(separator: " or "))?",
            hint: "See all: " + directory.command("backup list \(name)"),
            kind: .usage
        )
    }

    /// What a backup's own evidence says, whatever became of the state beside it; it has its own seal.
    ///
    /// - Parameters:
    ///   - id: the backup.
    ///   - name: the stack.
    ///   - run: the run that has to have made it.
    /// - Returns: the evidence; nil when it cannot be believed.
    func evidence(_ id: String, of name: StackName, by run: RunID) -> BackupEvidence? {
        guard let file = BackupFile(file: id + BackupFile.suffix, name) else { return nil }
        let folder = directory.backups(name, isLabelled: file.label != nil)
        let bytes = try? files.read(folder + "/" + file.id + ".evidence.json")
        let evidence = bytes.flatMap { try? BackupEvidence($0) }
        return evidence?.run == run ? evidence : nil
    }

    /// The newest backup of the very state that a snapshot was made from; one that knows what ran
    /// comes before one that has the state only.
    ///
    /// Snapshots have no room for evidence, so a rollback finds it by what the backup holds.
    public func backup(of snapshot: StateSnapshot, _ name: StackName) throws -> Backup? {
        let found = try backupFiles(name).compactMap {
            try? self.read($0.file, in: $0.folder, name)
        }
        .filter { $0.state.state.snapshot().isSame(as: snapshot) }
        return found.first { $0.evidence != nil } ?? found.first
    }

    /// Removes the oldest unlabelled backups beyond a number.
    ///
    /// - Parameters:
    ///   - name: the stack.
    ///   - keep: how many stay.
    ///   - spared: ids that stay whatever their age, such as those an unfinished run needs.
    /// - Returns: the ids that were removed.
    /// - Throws: `Diagnostic` when a file cannot be removed.
    @discardableResult
    public func prune(
        _ name: StackName,
        keep: Int = Backups.keptByDefault,
        sparing spared: Set<String> = []
    ) throws -> [String] {
        let unlabelled = try backupFiles(name).filter { $0.file.label == nil }
        let old = unlabelled.dropFirst(max(1, keep)).filter { !spared.contains($0.file.id) }
        for (file, folder) in old {
            try files.remove(folder + "/" + file.id + BackupFile.suffix)
            try files.remove(folder + "/" + file.id + ".evidence.json")
        }
        return old.map(\.file.id)
    }

    private func backupFiles(_ name: StackName) throws -> [(file: BackupFile, folder: String)] {
        var found: [(file: BackupFile, folder: String)] = []
        for folder in [directory.backups(name), directory.labelledBackups(name)] {
            for file in try files.list(folder) {
                if let file = BackupFile(file: file, name) { found.append((file, folder)) }
            }
        }
        return found.sorted {
            ($0.file.time.microseconds, $0.file.number, $0.file.id)
                > ($1.file.time.microseconds, $1.file.number, $1.file.id)
        }
    }

    private func read(_ file: BackupFile, in folder: String, _ name: StackName) throws -> Backup {
        let base = folder + "/" + file.id
        let packed = try files.read(base + BackupFile.suffix)
        do {
            let bytes = try Gzip.decompress(packed, limit: Self.maximumSize)
            let state = try FileStateStore.read(bytes, name)
            var evidence: BackupEvidence?
            if files.exists(base + ".evidence.json") {
                evidence = try BackupEvidence(
                    files.read(base + ".evidence.json"),
                    stateSHA256: Digest.sha256Hex(bytes)
                )
            }
            var found = entry(file, folder, size: packed.count, problem: nil)
            found.dumps = evidence?.dumps ?? []
            return Backup(
                entry: found,
                state: state,
                evidence: evidence
            )
        } catch let error as Diagnostic where error.code != "state_newer_schema" {
            throw Diagnostic(
                "backup_corrupt",
                "The backup \(VisibleText.filtered(file.id)) cannot be used.",
                detail: error.summary,
                hint: "Use another one: " + directory.command("backup list \(name)"),
                kind: .refused,
                cause: error
            )
        }
    }

    private func entry(
        _ file: BackupFile,
        _ folder: String,
        size: Int,
        problem: Diagnostic?
    ) -> BackupEntry {
        BackupEntry(
            id: file.id,
            path: folder + "/" + file.id + BackupFile.suffix,
            label: file.label,
            createdAt: file.time,
            size: size,
            problem: problem
        )
    }
}
