// `Host.apply` on the simulated host: proof, edit, up, health, settled. Once begun it goes on by itself,
// as a script on a real host does, whether anybody waits for it or not.

extension SandboxWorld {
    /// How often a running step looks around.
    static let tick = 0.1
    /// A loop that went round so often within one start is not going to end well.
    private static let hopelessRestarts = 2

    /// Begins an `apply`, up to its first look at the services.
    mutating func beginApply(_ step: HostStep, _ request: ApplyRequest) throws {
        let name = step.description
        machine.steps[name] = SandboxStep(
            began: time,
            request: request.afterEdit,
            endsLease: step.endsLease
        )
        if machine.mount?.isStale == true,
            !machine.containers.contains(where: { $0.order == .running })
        {
            machine.mount = SandboxMount(takeFault(.efs)?.mountCondition)
        }
        if let objection = try objection(request) {
            return try finish(name, .proof, objection)
        }
        let data = compareData(of: step.run)
        machine.steps[name]?.data = data
        if let objection = data.flatMap({ Self.objection($0, request.change) }) {
            return try finish(name, .proof, objection)
        }
        do {
            try restoreImages(request.restoredImages)
            try edit(request)
        } catch let error as Diagnostic {
            return try finish(name, .edit, error)
        }
        machine.dataRecord = nil
        stopContainers(of: request.restarts)
        try progress(name)
        if machine.steps[name]?.isRunning == true {
            machine.tickAt = time.adding(seconds: Self.tick)
        }
    }

    private func objection(_ request: ApplyRequest) throws -> Diagnostic? {
        try SandboxProof.objection(storageFacts(request.storage, compose()), request)
    }

    /// A look of every running step at how things stand.
    mutating func progressSteps() {
        machine.tickAt = nil
        for (name, step) in machine.steps.sorted(by: { $0.key < $1.key })
        where step.isRunning {
            do { try progress(name) } catch {
                machine.steps[name]?.refusal =
                    error as? Diagnostic ?? Diagnostic("host_failed", "\(error)")
            }
        }
        if machine.steps.values.contains(where: \.isRunning) {
            machine.tickAt = time.adding(seconds: Self.tick)
        }
    }

    private mutating func progress(_ name: String) throws {
        guard var step = machine.steps[name], let request = step.request else { return }
        let isUp: Bool
        do { isUp = try up(request.services, alone: request.alone) } catch let error as Diagnostic {
            return try finish(name, .up, error)
        }
        let services = try targets(request.services, alone: request.alone).map(serviceFacts)
        if isUp, let failure = services.lazy.compactMap(Self.failure).first {
            return try finish(name, .health, failure)
        }
        let isWell = isUp && services.allSatisfy(\.isWell)
        step.wellSince = isWell ? step.wellSince ?? time : nil
        machine.steps[name] = step
        if let since = step.wellSince, time.seconds - since.seconds >= request.settleSeconds {
            let without = withoutGPU(request.needsGPU)
            machine.steps[name]?.withoutGPU = without
            let objection = try objection(request) ?? Self.gpuObjection(without)
            return try finish(name, objection == nil ? .done : .health, objection)
        }
        guard time.seconds - step.began.seconds >= request.healthTimeout else { return }
        let waiting = services.filter { !$0.isWell }.map(\.name.text).joined(separator: ", ")
        let limit = request.healthTimeout
        try finish(
            name,
            .health,
            waiting.isEmpty
                ? Diagnostic("service_well", "The services did not stay healthy long enough.")
                : Diagnostic("service_waiting", "Not healthy within \(limit) s: \(waiting).")
        )
    }

    /// Why a service is past hope, if it is.
    private static func failure(_ service: ServiceFacts) -> Diagnostic? {
        let name = service.name
        if service.state == "exited" {
            return Diagnostic("service_exited", "Service \(name) ended by itself.")
        }
        if service.restarts >= hopelessRestarts {
            let code = service.exitCode ?? 1
            return Diagnostic(
                "service_restarting",
                "Service \(name) is restarted over and over: it exits with code \(code)."
            )
        }
        guard service.state == "running", service.health == .unhealthy else { return nil }
        return Diagnostic("service_unhealthy", "Service \(name) fails its health check.")
    }

    private mutating func finish(
        _ name: String,
        _ stage: ApplyEvidence.Stage,
        _ error: Diagnostic?
    ) throws {
        guard let request = machine.steps[name]?.request else { return }
        let compose = try compose()
        let services = compose.services.map(serviceFacts)
        var logs: [String: String] = [:]
        for service in services where stage != .proof && stage != .edit && !service.isWell {
            logs[service.name.text] = machine.container(service.name)?.log
        }
        let evidence = ApplyEvidence(
            stage: stage,
            error: error.map { "\($0.code): \($0.summary)" + ($0.detail.map { " \($0)" } ?? "") },
            storage: storageFacts(request.storage, compose),
            services: services,
            sha256: SandboxDigest.hex(try composeBytes()),
            logs: logs,
            data: machine.steps[name]?.data,
            withoutGPU: machine.steps[name]?.withoutGPU ?? []
        )
        machine.steps[name]?.evidence = evidence.worldJSON
        if stage == .done, machine.steps[name]?.endsLease == true { machine.lease.holder = nil }
    }
}
