/// What a run needs to bring a stack back to exactly what it was.
public struct RecoveryPoint: Sendable, Equatable {
    /// Absolute path of the saved compose file on the host.
    public var composeBackup: String
    /// SHA-256 of the compose file's bytes.
    public var composeSHA256: String
    /// SHA-256 of what compose made of all files; nil where the backup does not tell.
    public var resolvedSHA256: String?
    /// The instance type.
    public var instanceType: String
    /// The ids of the images that ran, by service.
    public var imageIDs: [ServiceName: String]
    /// The names under which those images were known, and where each can be had again.
    public var images: [RestoredImage]
    /// The nonce on EFS.
    public var nonce: String
    /// The services that had done their work and ended; nil where the backup does not tell.
    public var finished: Set<ServiceName>?

    /// The point that a backup's evidence describes.
    ///
    /// - Parameter evidence: what was saved beside the state.
    /// - Throws: `Diagnostic` with code `backup_without_evidence` when a rollback of the host cannot
    ///   be made from it.
    public init(_ evidence: BackupEvidence) throws {
        guard let composeBackup = evidence.composeBackup, let sha256 = evidence.composeSHA256,
            let instanceType = evidence.instanceType, let nonce = evidence.nonce
        else {
            throw Diagnostic(
                "backup_without_evidence",
                "The backup has the state only; it does not say what ran on the host.",
                detail: "Backups made by GeuseMaker are of this kind.",
                kind: .refused
            )
        }
        self.composeBackup = composeBackup
        composeSHA256 = sha256
        resolvedSHA256 = evidence.resolvedSHA256
        self.instanceType = instanceType
        self.nonce = nonce
        images = evidence.services.compactMap { service in
            // A container that was made from an id has no name to be had again by.
            guard let id = service.imageID, let text = service.image,
                let reference = try? ImageReference(text), !text.hasPrefix("sha256:")
            else { return nil }
            // A digest cannot have moved, but its image may have been pruned.
            if let digest = reference.digest {
                let source = "\(reference.repository)@\(digest)"
                return RestoredImage(reference: reference, imageID: id, source: source)
            }
            let source = service.digest.map { "\(reference.repository)@\($0)" }
            return RestoredImage(reference: reference, imageID: id, source: source)
        }
        if evidence.services.contains(where: { $0.hasFinished != nil }) {
            finished = Set(evidence.services.filter { $0.hasFinished == true }.map(\.name))
        }
        imageIDs = Dictionary(
            evidence.services.compactMap { service in
                service.imageID.map { (service.name, $0) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }
}

extension RecoveryPoint {
    /// What to say where the first file is that of the backup and compose makes something else of it, since it
    /// reads more than is saved.
    func otherwiseResolved(_ now: String?) -> String? {
        guard let then = resolvedSHA256, let now, now != then else { return nil }
        return
            "What compose makes of the file is not what it was then: something else that it reads has "
            + "changed since and is not in the backup (a file that is included or extended, an environment file, "
            + "a profile)."
    }
}
