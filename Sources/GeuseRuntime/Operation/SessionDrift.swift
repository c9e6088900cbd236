// What the compose file says and what runs need not be the same, before a run and after it.

extension Session {
    /// Takes over what was seen of the services; what docker has under their names was not looked at.
    func see(_ services: [ServiceFacts]) {
        let earlier = facts.host?.services ?? []
        facts.host?.services = services.map { service in
            var service = service
            let known = earlier.first { $0.name == service.name }
            if service.local == .unknown, known?.configuredImage == service.configuredImage {
                service.local = known?.local ?? .unknown
            }
            if service.imageID == known?.imageID, known?.hasImage == true {
                service.hasImage = true
            }
            // A container that was not made anew is as far from the file as it was.
            if let known, service.containerID == known.containerID {
                service.differences = known.differences
            }
            return service
        }
    }

    /// A service whose image the plan does not change has to run the image that it ran before.
    ///
    /// - Parameters:
    ///   - evidence: what an apply saw.
    ///   - request: what it was asked for; one that restores names its images itself.
    ///   - earlier: the services before.
    /// - Throws: `Diagnostic` with code `wrong_image_runs`.
    func requireSameImages(
        _ evidence: ApplyEvidence,
        _ request: ApplyRequest,
        _ earlier: [ServiceFacts]
    ) throws {
        if case .restore = request.change { return }
        for service in evidence.services where request.expectedImages[service.name] == nil {
            guard let old = earlier.first(where: { $0.name == service.name })?.imageID,
                let new = service.imageID, new != old
            else { continue }
            // The plan showed it, and a person allowed it.
            if let shown = plan.drifted.first(where: { $0.service == service.name }) {
                changes.append("\(service.name) -> \(shown.written)")
                continue
            }
            throw Diagnostic(
                "wrong_image_runs",
                "\(service.name) was to stay what it is, and runs another image.",
                detail: "It ran \(old) and runs \(new).",
                hint: "Its tag moved, or the compose file was edited, since its container was made."
            )
        }
    }

    /// Nothing that a run does moves a bind: every service has to have its own after it as before.
    ///
    /// - Parameters:
    ///   - evidence: what an apply saw.
    ///   - request: what it was asked for; one that restores brings a file back with whatever it says.
    ///   - earlier: the services before.
    /// - Throws: `Diagnostic` with code `wrong_mounts`.
    func requireSameMounts(
        _ evidence: ApplyEvidence,
        _ request: ApplyRequest,
        _ earlier: [ServiceFacts]
    ) throws {
        if case .restore = request.change { return }
        for service in evidence.services {
            guard let old = earlier.first(where: { $0.name == service.name }),
                old.containerID != nil, service.containerID != nil, old.mounts != service.mounts,
                // The plan showed it, and a person allowed it.
                !plan.reconfigured.contains(where: { $0.service == service.name })
            else { continue }
            throw Self.wrongMounts(service, old)
        }
    }

    /// A service that an undo made anew is what the compose file says: of how its container was made before,
    /// where that was something else, nobody has the words.
    ///
    /// - Parameter services: what the undo saw.
    /// - Throws: `Diagnostic` with code `wrong_mounts` where one lies on other data than before.
    func compareConfiguration(_ services: [ServiceFacts]) throws {
        for service in services {
            // A run that goes on after a kill does not know what was there before it.
            let old = isContinuing ? nil : before.host?.service(service.name)
            if let drift = plan.reconfigured.first(where: { $0.service == service.name }) {
                guard old == nil || old?.containerID != service.containerID else { continue }
                leftBehind.append(
                    "\(service.name) was made anew as the compose file says, which it was not before: "
                        + drift.sentence
                )
            } else if let old, old.containerID != nil, service.containerID != nil,
                old.mounts != service.mounts
            {
                throw Self.wrongMounts(service, old)
            }
        }
    }

    private static func wrongMounts(_ service: ServiceFacts, _ old: ServiceFacts) -> Diagnostic {
        let places = Set(old.mounts.keys).union(service.mounts.keys).sorted()
            .filter { old.mounts[$0] != service.mounts[$0] }
        return Diagnostic(
            "wrong_mounts",
            "\(service.name) was to keep its mounts, and has other ones.",
            detail: places.prefix(10).map { place in
                VisibleText.filtered(
                    "\(place): was \(old.mounts[place] ?? "not mounted"), "
                        + "is \(service.mounts[place] ?? "not mounted")"
                )
            }.joined(separator: "\n"),
            hint: "The compose file, or what it reads, was edited since the container was made."
        )
    }

    /// Puts a saved compose file back and starts what ran with it.
    ///
    /// The file may have named another image than the one that ran: edited by hand and never brought up. Its
    /// bytes have to come back and so has the image, so that the file's name is given to the image that ran.
    ///
    /// - Returns: what was seen, and the names that were given so.
    func applySaved(
        _ point: RecoveryPoint,
        _ project: ComposeProject,
        restarts: [ServiceName] = [],
        title: String,
        last: Bool,
        inverse: String?
    ) throws -> (evidence: ApplyEvidence, renamed: [RestoredImage]) {
        var request = applyRequest(project)
        request.change = .restore(path: point.composeBackup, sha256: point.composeSHA256)
        request.restarts = restarts
        // What had no container when that ran may be anything, and is no reason to stay down.
        request.lasting =
            point.finished.map { finished in
                point.imageIDs.keys.filter { !finished.contains($0) }.sorted { $0.text < $1.text }
            } ?? []
        var renamed = otherNames(point)
        request.restoredImages = point.images + renamed
        let before = failure
        let first = Result { try apply(request, title: title, last: last, inverse: inverse) }
        if case .success(let evidence) = first, isRight(evidence, point) {
            return (evidence, renamed)
        }
        // What the file says may only be known now that it is back.
        guard (try? edges.cancellation.check()) != nil, (try? look()) != nil else {
            return (try first.get(), renamed)
        }
        let more = otherNames(point).filter { !renamed.contains($0) }
        guard !more.isEmpty else { return (try first.get(), renamed) }
        failure = before
        renamed += more
        request.restoredImages += more
        return (try apply(request, title: title, last: last, inverse: inverse), renamed)
    }

    private func isRight(_ evidence: ApplyEvidence, _ point: RecoveryPoint) -> Bool {
        evidence.services.allSatisfy { service in
            point.imageIDs[service.name].map { $0 == service.imageID } ?? true
        }
    }

    /// Names of a saved compose file that other images ran under, with those images.
    private func otherNames(_ point: RecoveryPoint) -> [RestoredImage] {
        let host = [before.host, facts.host].compactMap(\.self)
            .first { $0.project.sha256 == point.composeSHA256 }
        var names: [RestoredImage] = []
        for service in host?.services ?? [] {
            guard let id = point.imageIDs[service.name],
                let reference = try? ImageReference(service.configuredImage),
                // A digest names one image for good, and one name cannot stand for two.
                reference.digest == nil,
                !(point.images + names).contains(where: { $0.reference == reference })
            else { continue }
            let source = point.images.first { $0.imageID == id }?.source
            names.append(RestoredImage(reference: reference, imageID: id, source: source))
        }
        return names
    }

    /// What a person has to know of a name that was given to another image.
    static func renamed(_ image: RestoredImage) -> String {
        "the compose file says \(image.reference), which was not what ran: on the host that name now "
            + "stands for the image that did, until it is pulled"
    }
}
