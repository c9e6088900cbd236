/// What a rollback is going to do, complete before anything is touched: the difference between an
/// earlier configuration and what is there now.
public struct RollbackTarget: Sendable, Equatable {
    /// One image that changes.
    public struct Image: Sendable, Equatable {
        /// The service.
        public var service: ServiceName
        /// What it is now, in words.
        public var from: String
        /// The reference it ran as.
        public var to: ImageReference
        /// The id of the image that ran; nil when nobody wrote it down.
        public var imageID: String?
        /// `repository@sha256:…`, the name under which exactly this image can be pulled again.
        public var source: ImageReference?
    }

    /// The earlier configuration.
    public let earlier: EarlierState
    /// What ran then, to be brought back byte for byte and id for id; nil when only the state is
    /// known, so that the images are set one by one.
    public let saved: RecoveryPoint?
    /// The type now.
    public let currentType: String
    /// The type then.
    public let type: InstanceType
    /// The images that change.
    public let images: [Image]
    /// Whether the compose file has other bytes now.
    public let restoresFile: Bool
    /// What the user should know.
    public let warnings: [String]

    /// What was asked for.
    public var point: RollbackPoint { earlier.point }
    /// Which of the previous states it is.
    public var version: Int? { earlier.version }
    /// The id of the backup that is restored.
    public var backup: String? { earlier.backup }
    /// What the state file said then.
    public var snapshot: StateSnapshot { earlier.snapshot }

    /// Whether the instance has to be stopped.
    public var changesType: Bool { type.text != currentType }

    /// Whether the stack is as it was then, so that there is nothing to do.
    public var isReached: Bool { !changesType && images.isEmpty && !restoresFile }

    /// Compares an earlier configuration with what is there.
    ///
    /// - Parameters:
    ///   - earlier: the configuration.
    ///   - facts: what is there.
    /// - Throws: `Diagnostic` of kind refused when it can't be brought back.
    public init(_ earlier: EarlierState, _ facts: LiveFacts) throws {
        let host = try facts.seenHost()
        self.earlier = earlier
        currentType = facts.instance.type
        if let evidence = earlier.evidence {
            let saved = try RecoveryPoint(evidence)
            self.saved = saved
            guard evidence.composeFile == host.project.file else {
                throw Diagnostic(
                    "backup_of_other_file",
                    "The backup is of another compose file than the one that runs now.",
                    detail: "It is of \(VisibleText.filtered(evidence.composeFile ?? "none")); "
                        + "\(VisibleText.filtered(host.project.file)) runs. Nothing was touched.",
                    kind: .refused
                )
            }
            guard evidence.composeOverrides == host.project.overrides.map(\.mark) else {
                throw Self.otherOverrides(evidence.composeOverrides, host.project)
            }
            type = try InstanceType(saved.instanceType)
            images = evidence.services.compactMap { Self.change($0, host) }
            restoresFile = saved.composeSHA256 != host.project.sha256
            let then = Set(evidence.services.map(\.name))
            // With another first file it is not known before that one is back.
            let other = restoresFile ? nil : saved.otherwiseResolved(host.project.resolvedSHA256)
            warnings =
                host.services.filter { !then.contains($0.name) }.map {
                    "\($0.name) was not in the compose file then; its container is left as it is."
                } + [other].compactMap(\.self)
        } else {
            saved = nil
            type = try InstanceType(earlier.snapshot.config.instanceType.text)
            images = earlier.snapshot.containerImages.compactMap { service, image in
                guard let now = host.service(service), now.configuredImage != image.text else {
                    return nil
                }
                return Image(service: service, from: now.configuredImage, to: image)
            }
            restoresFile = false
            let gone = earlier.snapshot.containerImages.filter { host.service($0.service) == nil }
            warnings =
                [
                    "No backup tells what the compose file was then: type and images are set back, "
                        + "other edits of the file since are not undone."
                ]
                + gone.map { "\($0.service) is not in the compose file any more; it stays away." }
        }
    }

    /// A backup has the first compose file alone; beside others it would not be what ran then.
    private static func otherOverrides(_ then: [String], _ project: ComposeProject) -> Diagnostic {
        let now = project.overrides.map(\.mark)
        let paths = (then + now).filter { !(then.contains($0) && now.contains($0)) }
            .map { VisibleText.filtered(String($0.drop { $0 != " " }.dropFirst())) }
        return Diagnostic(
            "backup_of_other_file",
            "The backup is of a time with other further compose files than those that are used now.",
            detail: "Changed, added or gone since: " + Set(paths).sorted().joined(separator: ", ")
                + ". Nothing was touched.",
            hint:
                "Put them back as they were then; a backup holds \(VisibleText.filtered(project.file)) "
                + "alone.",
            kind: .refused
        )
    }

    /// The image of one service, if it is not the one that runs.
    private static func change(_ then: BackupEvidence.Service, _ host: HostFacts) -> Image? {
        guard let text = then.image, let image = try? ImageReference(text) else { return nil }
        let now = host.service(then.name)
        let isSameName = now?.image == text && now?.configuredImage == text
        let isSameImage = then.imageID == nil || now?.imageID == then.imageID
        guard !isSameName || !isSameImage else { return nil }
        var from = now.map { $0.image ?? $0.configuredImage } ?? "none"
        // A tag that moved: only the ids tell the two apart.
        if isSameName, let id = now?.imageID { from += " (\(shortened(id)))" }
        return Image(
            service: then.name,
            from: from,
            to: image,
            imageID: isSameImage ? nil : then.imageID,
            source: then.digest.flatMap { try? ImageReference("\(image.repository)@\($0)") }
        )
    }

    /// The first digits of an image's id, as docker shows it.
    static func shortened(_ id: String) -> String {
        String(id.hasPrefix("sha256:") ? id.dropFirst(7).prefix(12) : id.prefix(12))
    }
}

extension RollbackTarget {
    /// The point in words, such as `state 1 of 2026-11-23 21:40:00`.
    public var name: String {
        let time = (snapshot.createdAt?.text).map {
            " of \($0.prefix(19).replacing("T", with: " "))"
        }
        if case .backup = point, let backup { return "backup \(backup)" }
        return version.map { "previous state \($0)\(time ?? "")" } ?? "an earlier state"
    }

    /// The changes as rows of subject, current and new value.
    var changes: [PlanChange] {
        var rows: [PlanChange] = []
        if changesType {
            rows.append(PlanChange(subject: "instance type", current: currentType, new: type.text))
        }
        for image in images {
            let isSameName = image.from.hasPrefix(image.to.text + " (")
            let id = isSameName ? image.imageID.map { " (\(Self.shortened($0)))" } : nil
            rows.append(
                PlanChange(
                    subject: "\(image.service) image",
                    current: image.from,
                    new: image.to.text + (id ?? "")
                )
            )
        }
        if restoresFile {
            rows.append(
                PlanChange(
                    subject: "compose file",
                    current: "as it is",
                    new: "as it was then, byte for byte"
                )
            )
        }
        return rows
    }

    /// What was brought back, in GeuseMaker's wording of changes.
    var applied: [String] {
        (changesType ? ["instance_type:\(type)"] : [])
            + images.map { "\($0.service) -> \($0.to)" }
            + (restoresFile ? ["compose_file:restored"] : [])
    }
}
