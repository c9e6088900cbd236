extension Session {
    /// Pulls an image; nothing that runs is changed.
    public func pull(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        try refuseAfterFailure()
        try requireBackup()
        try begin(.pull(service: service, image: image))
        let result = try effect(
            "pull",
            title: "pull \(image)",
            inverse: nil,
            to: image.text
        ) { step in
            let found = try whenReachable { try edges.host.pull(leased(step), [image]) }
            guard let found = found.first(where: { $0.reference == image }) else {
                throw Diagnostic("pull_not_seen", "The host does not show \(image) after the pull.")
            }
            try requireSame(found)
            return found
        }
        pulled[service] = result
        try refuseUnfit(result, for: service)
        return [
            "image": .string(image.text),
            "image_id": .string(result.imageID),
            "digest": result.digest.map(JSONValue.string) ?? .null,
        ]
    }

    /// What was pulled has to be what was shown: a tag can move while a question is open.
    private func requireSame(_ pulled: PulledImage) throws {
        let looked = plan.images.first { $0.reference == pulled.reference }
        guard let shown = looked?.digest, let found = pulled.digest, shown != found else { return }
        // Docker may know one image under several digests: an index that was written anew around it.
        guard let id = looked?.imageID, id != pulled.imageID else { return }
        throw Diagnostic(
            "image_moved",
            "\(pulled.reference) is another image than the one that the plan showed.",
            detail: "It was \(shown), what was pulled is \(found).",
            hint: "Run the command again to see the plan for what it is now.",
            kind: .refused
        )
    }

    /// What a tag did not tell before the question is seen now, and nothing that runs was touched.
    private func refuseUnfit(_ image: PulledImage, for service: ServiceName) throws {
        guard let data = facts.host?.stateful(service) else { return }
        switch data.kind {
        case .postgres:
            guard let wanted = image.postgresMajor else { return }
            if let found = data.dataVersion, PostgresChecks.isOther(found, wanted),
                !settings.allowed.contains("pg-major")
            {
                throw fail(PostgresChecks.mismatch(found, wanted, service.text))
            }
            if let moved = PostgresChecks.moved(data, wanted),
                !settings.allowed.contains(PostgresChecks.pathAllowName)
            {
                throw fail(moved)
            }
        case .qdrant:
            guard !settings.allowed.contains(QdrantChecks.allowName),
                let found = asked(image, for: data)
            else { return }
            if let refusal = QdrantChecks(target: found, stack: target).refusalAfterPull {
                throw fail(refusal)
            }
        case .n8n:
            guard !settings.allowed.contains(N8nChecks.allowName),
                let found = asked(image, for: data)
            else { return }
            // One that tells no version either has its database dumped first, as any other.
            if let refusal = N8nChecks(target: found, stack: target).downgrade.refusal {
                throw fail(refusal)
            }
        case .ollama: return
        }
    }

    /// An image that was pulled, as what a service is to meet its data with after the steps that come before;
    /// nil where no step starts it.
    private func asked(_ image: PulledImage, for data: StatefulFacts) -> StatefulTarget? {
        guard let host = facts.host else { return nil }
        let rest = Array(plan.steps.dropFirst(cursor))
        var target = StatefulTarget.of(rest, host, inWindow: window != nil).first {
            $0.facts.service == data.service && $0.image == image.reference
                && $0.isAsked && !$0.isRollback
        }
        target?.pulledVersion = image.version
        return target
    }

    /// Changes a service's image; inside a window it is done when the window closes.
    public func setImage(_ service: ServiceName, _ image: ImageReference) throws {
        try refuseAfterFailure()
        guard let now = facts.host?.service(service) else {
            throw fail(Diagnostic("unknown_service", "There is no service called \(service)."))
        }
        let waiting = pending.last { $0.service == service }?.image
        let planned = plannedChange(of: service, to: image)
        let isThere = waiting.map { $0 == image } ?? now.runs(image)
        guard planned != nil || !isThere else { return }
        let from = waiting?.text ?? now.current(beside: image)
        let step = planned ?? .setImage(service: service, from: from, to: image)
        // Before the pull that it brings: nobody is asked to allow that for a change that is refused.
        if planned == nil, !isForeseen(step) {
            try vet(step)
            try checkEnd(step, at: nil)
        }
        try requireBackup()
        if pulled[service]?.reference != image { _ = try pull(service, image) }
        try begin(step)
        pending.removeAll { $0.service == service }
        pending.append((service, image))
        if window == nil { try bringUp() }
    }

    /// The change of an image that comes next in the plan, a pull of its own aside.
    ///
    /// The rehearsal saw what docker had under each name before anything was pulled, and is right about
    /// whether there is something to do.
    private func plannedChange(of service: ServiceName, to image: ImageReference) -> PlanStep? {
        let next = plan.steps.dropFirst(cursor).first { step in
            switch step {
            case .backup, .pull(service, image): false
            default: true
            }
        }
        guard case .setImage(service, _, image)? = next else { return nil }
        return next
    }

    /// Opens a shared interruption; nothing stops until the first change needs it.
    public func openWindow(_ name: String) throws {
        try refuseAfterFailure()
        if let window { throw fail(Rehearsal.nested(in: window)) }
        try requireBackup()
        try begin(.openWindow(name: name))
        window = name
    }

    /// Closes it: services up once and healthy once, unless the inside failed.
    public func closeWindow(_ name: String, failed: Bool, because cause: Diagnostic?) throws {
        window = nil
        // All of it or nothing: whoever catches the error does not get half of it at the next start.
        guard !failed else {
            _ = fail(Self.brokenWindow(name, because: cause))
            return
        }
        try refuseAfterFailure()
        try begin(.closeWindow(name: name))
        try bringUp()
    }

    /// The code of `brokenWindow`.
    public static let brokenWindowCode = "window_failed"

    /// What ends a run whose script failed inside a window and went on.
    ///
    /// - Parameters:
    ///   - name: the window's name.
    ///   - cause: what the script failed of; nil if that is not known.
    /// - Returns: a diagnostic with code `window_failed`.
    public static func brokenWindow(_ name: String, because cause: Diagnostic? = nil) -> Diagnostic
    {
        Diagnostic(
            brokenWindowCode,
            "The script failed inside the window \(VisibleText.quoted(name)).",
            detail: cause?.detail,
            hint: "A window is done as a whole; catch errors inside of it, or not at all.",
            cause: cause
        )
    }

    /// Edits the compose file as asked and brings the services up, on a proven mount only.
    func bringUp() throws {
        guard servicesNeedStart || !pending.isEmpty else { return }
        guard let project = facts.host?.project, let host = facts.host else {
            throw fail(Rehearsal.unreachable())
        }
        try markUpdating()
        let edits =
            pending.isEmpty
            ? []
            : try project.edits(
                setting: Dictionary(
                    pending.map { ($0.service, $0.image) },
                    uniquingKeysWith: { _, last in last }
                ),
                resolved: Rehearsal.resolved(host)
            )
        var request = applyRequest(project)
        request.change = edits.isEmpty ? .none : .edits(edits, before: project.sha256)
        request.services = servicesNeedStart ? [] : pending.map(\.service)
        request.expectedImages = Dictionary(
            pending.map { ($0.service, $0.image) },
            uniquingKeysWith: { _, last in last }
        )
        let what = pending.map { "\($0.service)" }.joined(separator: ", ")
        let title =
            pending.isEmpty
            ? "prove EFS, start the services, wait for health"
            : "prove EFS, set the image of \(what), start, wait for health"
        let evidence = try apply(
            request,
            title: title,
            last: isAtEnd,
            inverse: "restore the compose file and recreate its services"
        )
        try checkRunning(evidence)
        facts.host?.project.bytes = try ComposeDocument.apply(edits, to: project.bytes)
        for (service, image) in pending { changes.append("\(service) -> \(image)") }
        pending = []
        servicesNeedStart = false
    }

    /// The image that runs must be the one that was pulled, by id and not by name.
    private func checkRunning(_ evidence: ApplyEvidence) throws {
        for (service, image) in pending {
            let running = evidence.services.first { $0.name == service }
            guard let wanted = pulled[service]?.imageID, running?.imageID == wanted else {
                throw fail(
                    Diagnostic(
                        "wrong_image_runs",
                        "\(service) does not run the image that was pulled as \(image).",
                        detail: "It runs \(running?.imageID ?? "nothing")."
                    )
                )
            }
        }
    }
}
