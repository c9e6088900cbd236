// `Host.apply` on the simulated host: proof, edit, up, health, settled.

extension SandboxWorld {
    /// A loop that went round so often within one start is not going to end well.
    private static let hopelessRestarts = 3

    /// The first look of an `apply`; nil while it goes on.
    mutating func beginApply(_ step: StepID, _ request: ApplyRequest) throws -> ApplyEvidence? {
        try requireAgent()
        if machine.steps[step.description] != nil { return try continueApply(step, request) }
        let before = try compose()
        machine.steps[step.description] = SandboxStep(began: time)
        if let problem = SandboxProof.problem(storageFacts(request.storage, before), request) {
            return try finish(step, request, .proof, problem)
        }
        do { try edit(request) } catch let error as Diagnostic {
            return try finish(
                step,
                request,
                .edit,
                error.summary + (error.detail.map { " " + $0 } ?? "")
            )
        }
        return try continueApply(step, request)
    }

    /// A further look; nil while it goes on.
    mutating func continueApply(_ step: StepID, _ request: ApplyRequest) throws -> ApplyEvidence? {
        // The script runs on the host: it needs the machine, not the agent's connection.
        if !machine.isUp { try requireAgent() }
        guard var marker = machine.steps[step.description] else {
            throw unreadableWorld("the marker of step \(step) is gone")
        }
        if marker.result != .null { return try ApplyEvidence(json: marker.result) }
        let isUp: Bool
        do { isUp = try up(request.services) } catch let error as Diagnostic {
            return try finish(step, request, .up, error.summary)
        }
        let services = try targets(request.services).map(serviceFacts)
        let hopeless = services.filter {
            $0.state == "running" && $0.health == .unhealthy || $0.state == "exited"
                || $0.restarts >= Self.hopelessRestarts
        }
        if isUp, let first = hopeless.first {
            return try finish(step, request, .health, Self.complaint(first))
        }
        let isWell = isUp && services.allSatisfy(\.isWell)
        marker.wellSince = isWell ? marker.wellSince ?? time : nil
        machine.steps[step.description] = marker
        if let since = marker.wellSince {
            guard time.seconds - since.seconds >= request.settleSeconds else { return nil }
            return try finish(step, request, .done, nil)
        }
        guard time.seconds - marker.began.seconds >= request.healthTimeout else { return nil }
        let waiting = services.filter { !$0.isWell }.map(\.name.text).joined(separator: ", ")
        return try finish(
            step,
            request,
            .health,
            "not healthy within \(request.healthTimeout) s: \(waiting)"
        )
    }

    private static func complaint(_ service: ServiceFacts) -> String {
        service.state == "running"
            ? "service \(service.name) is unhealthy"
            : "service \(service.name) keeps exiting with code \(service.exitCode ?? 1)"
    }

    private mutating func finish(
        _ step: StepID,
        _ request: ApplyRequest,
        _ stage: ApplyEvidence.Stage,
        _ error: String?
    ) throws -> ApplyEvidence {
        let compose = try compose()
        let services = compose.services.map(serviceFacts)
        var logs: [String: String] = [:]
        for service in services where stage != .proof && stage != .edit && !service.isWell {
            logs[service.name.text] = machine.container(service.name)?.log
        }
        let evidence = ApplyEvidence(
            stage: stage,
            error: error,
            storage: storageFacts(request.storage, compose),
            services: services,
            sha256: SandboxDigest.hex(try composeBytes()),
            logs: logs
        )
        machine.steps[step.description]?.result = evidence.json
        return evidence
    }
}
