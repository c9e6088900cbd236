extension Session {
    /// The part of an apply request that is the same for going forward and for going back.
    func applyRequest(_ project: ComposeProject) -> ApplyRequest {
        var request = ApplyRequest(
            project: project,
            storage: HostInspection(
                fileSystem: target.fileSystem,
                mountPoint: target.mountPoint,
                nonce: nonce
            ),
            networkTypes: target.networkTypes,
            healthTimeout: settings.healthTimeout,
            settleSeconds: settings.settleSeconds,
            quietSeconds: settings.quietSeconds,
            health: settings.serviceHealth
        )
        request.needsGPU = servicesThatNeedGPU
        request.lasting = lastingServices
        request.restoredImages = lostNames
        request.isAfterStop = servicesNeedStart && hasStoppedServices
        return request
    }

    /// The names that images have lost which run, so that compose would find nothing to start; not those
    /// that this run has pulled itself.
    private var lostNames: [RestoredImage] {
        let taken = pulled.values.map(\.reference) + pending.map(\.image)
        return (facts.host?.services ?? []).compactMap { service in
            guard service.hasLostName, let id = service.imageID,
                let reference = try? ImageReference(service.configuredImage),
                !taken.contains(reference)
            else { return nil }
            let source = service.digest.map { "\(reference.repository)@\($0)" }
            return RestoredImage(reference: reference, imageID: id, source: source)
        }
    }

    /// What was no finished job before the change; the backup's word counts before that of a later look,
    /// which may have met a run's remains.
    private var lastingServices: [ServiceName] {
        let services = (before.host ?? facts.host)?.services ?? []
        return services.filter { !(recovery?.finished?.contains($0.name) ?? $0.hasFinished) }
            .map(\.name)
    }

    /// The services that saw a GPU before, unless the type that was confirmed has none.
    private var servicesThatNeedGPU: [ServiceName] {
        let seeing = (before.host?.stateful ?? []).filter { $0.seesGPU == true }.map(\.service)
        guard !seeing.isEmpty else { return [] }
        let type = try? InstanceType(facts.instance.type)
        let known =
            facts.instance.type == before.instance.type
            ? nil : type.flatMap { (try? edges.cloud.instanceType($0)) ?? nil }
        return known?.gpus == 0 ? [] : seeing
    }

    /// Applies, waiting a bounded time for a host and a mount that come late after a boot.
    func apply(
        _ request: ApplyRequest,
        title: String,
        last: Bool,
        inverse: String?
    ) throws -> ApplyEvidence {
        var deadline: Double?
        let earlier = facts.host?.services ?? []
        hasChanged = true
        if servicesDownSince == nil { servicesDownSince = edges.clock.monotonic() }
        let evidence: ApplyEvidence = try effect(
            "apply",
            title: title,
            inverse: inverse,
            observing: \.observed
        ) { step in
            var attempt = 0
            var unproven: [String] = []
            while true {
                // A proof that fails has done nothing, so the next try is a step of its own.
                let name = attempt == 0 ? step.step : "\(step.step)-\(attempt)"
                let evidence = try whenReachable {
                    try applyOnce(leased(StepID(run: run, step: name), last: last), request)
                }
                facts.host?.storage = evidence.storage
                if let seen = evidence.data { data = seen }
                unproven += evidence.startedUnproven.filter { !unproven.contains($0) }
                if !evidence.services.isEmpty { see(evidence.services) }
                // Only a mount that is not there yet can still come; a wrong one stays wrong. Its time begins
                // when it is first missed: docker may have had the host wait before.
                let now = edges.clock.monotonic()
                let end = deadline ?? now + settings.storageTimeout
                if evidence.stage == .proof, !evidence.storage.isMounted, now < end {
                    deadline = end
                    edges.observer.observe(.stepProgress("waiting for EFS to be mounted"))
                    try edges.clock.sleep(2, edges.cancellation)
                    attempt += 1
                    continue
                }
                for name in evidence.held { warnings.append(Self.held(name, request.project)) }
                let early = Self.startedUnproven(unproven, target)
                if evidence.stage != .done {
                    let failure = Self.failure(of: evidence, request, target)
                    throw early.map { failure.adding(detail: $0) } ?? failure
                }
                if let early { warnings.append(early) }
                // Done, it has given the lease back, whatever is made of what it did.
                if last { leaseEnded() }
                try requireSameImages(evidence, request, earlier)
                try requireSameMounts(evidence, request, earlier)
                return evidence
            }
        }
        facts.host?.project.sha256 = evidence.sha256
        facts.host?.project.resolvedSHA256 = evidence.resolvedSHA256
        servicesAreUp()
        return evidence
    }

    /// Applies and keeps in mind that services may run from then on, whatever came of it: an instance
    /// that is stopped with them would start them at its next boot, before EFS is proven.
    private func applyOnce(_ step: HostStep, _ request: ApplyRequest) throws -> ApplyEvidence {
        do {
            let evidence = try edges.host.apply(step, request)
            if evidence.stage != .proof, evidence.stage != .edit { servicesNeedStart = false }
            return evidence
        } catch let error as Diagnostic where patience(error) == nil {
            // A docker that does not answer has started nothing for it.
            if error.code != "docker_unavailable" { servicesNeedStart = false }
            if step.endsLease { leaseMayHaveEnded() }
            throw error
        }
    }

    /// All services are down, or the instance under them is.
    func servicesAreStopped() {
        servicesNeedStart = true
        hasStoppedServices = true
    }

    /// The services were seen well: the interruption is over.
    func servicesAreUp() {
        hasStoppedServices = false
        guard let since = servicesDownSince else { return }
        downtime += edges.clock.monotonic() - since
        servicesDownSince = nil
    }

    /// Says why an apply went no further.
    static func failure(
        of evidence: ApplyEvidence,
        _ request: ApplyRequest,
        _ target: StackTarget
    ) -> Diagnostic {
        switch evidence.stage {
        case .proof:
            do {
                try StorageProof.check(
                    evidence.storage,
                    expecting: target.fileSystem,
                    networkTypes: target.networkTypes
                )
            } catch let error as Diagnostic {
                return error.withKind(.failed)
            } catch {
                return Diagnostic("efs_not_proven", "EFS could not be proven: \(error)")
            }
            if let data = evidence.data, data.verdict == .changed || data.verdict == .lost {
                return Self.dataMoved(data, target)
            }
            return Diagnostic(
                "efs_not_proven",
                "The EFS mount could not be proven, so no container was started.",
                detail: evidence.error
            )
        case .edit where evidence.error?.hasPrefix("image_lost") == true:
            return Diagnostic(
                "image_lost",
                "An image that has to run again is not on the host and cannot be had again.",
                detail: evidence.error.map { VisibleText.filtered($0, keepingLines: true) },
                hint:
                    "Nothing was edited and nothing started. See why docker cannot pull it on the host."
            )
        case .edit where evidence.error?.hasPrefix("compose_config_failed") != true:
            return Diagnostic(
                "compose_refused",
                "The compose file could not be changed as planned; the old one is in place.",
                detail: evidence.error.map { VisibleText.filtered($0) }
            )
        case .edit:
            return Diagnostic(
                "compose_refused",
                "docker compose does not accept the edited file; the old one is in place.",
                detail: evidence.error.map { VisibleText.filtered($0) }
            )
        case .up:
            return Diagnostic(
                "services_not_started",
                "docker compose could not bring the services up.",
                detail: evidence.error.map { VisibleText.filtered($0) }
            )
        case .health where !evidence.withoutGPU.isEmpty:
            return gpuLost(evidence.withoutGPU)
        case .health:
            let ill = evidence.services.filter { !$0.isWell }
            let logs = ill.compactMap { service in
                evidence.logs[service.name.text].map {
                    "\(service.name): " + VisibleText.filtered($0, keepingLines: true)
                }
            }
            return Diagnostic(
                "not_healthy",
                "Not healthy in time: " + ill.map(\.name.text).joined(separator: ", ") + ".",
                detail: ([evidence.error.map { VisibleText.filtered($0) }].compactMap { $0 } + logs)
                    .joined(separator: "\n")
            )
        case .done:
            return Diagnostic("internal_error", "A finished apply was reported as failed.")
        }
    }

    private static func gpuLost(_ services: [String]) -> Diagnostic {
        let names = VisibleText.filtered(services.joined(separator: ", "))
        return Diagnostic(
            "gpu_not_seen",
            "\(names) saw a GPU before and sees none now: it would run on the CPU, far slower.",
            detail: "No error of its own tells of it.",
            hint: "See nvidia-smi on the host, and the device reservation in the compose file."
        )
    }

    private static func dataMoved(_ data: DataFacts, _ target: StackTarget) -> Diagnostic {
        let isLost = data.verdict == .lost
        return Diagnostic(
            isLost ? "data_lost" : "data_changed",
            isLost
                ? "Some of the services' data that was there before the stop is gone."
                : "The services' data changed while none of them ran.",
            detail: "No container was started. Data: \(data.sentence).",
            hint:
                "See who else writes on \(target.mountPoint), and what is missing there. If it is "
                + "right as it is, remove the record on the host: rm /var/lib/geusemaker/runs/*-data"
        )
    }
}

extension ApplyEvidence {
    /// What stands there now, for the journal: the compose file and what each service runs.
    fileprivate var observed: String {
        (["compose \(sha256)"] + services.map { "\($0.name) \($0.imageID ?? "nothing")" })
            .joined(separator: ", ")
    }
}
