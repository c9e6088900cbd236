extension Session {
    /// Whether everything that the plan was to change is there, well, and on a proven mount.
    func isAsPlanned() throws -> Bool {
        try settleInstance()
        guard facts.instance.state == .running else { return false }
        try whenReachable { try look() }
        guard let host = facts.host, host.services.allSatisfy(\.isWell) else { return false }
        guard (try? Rehearsal.proveStorage(target, facts)) != nil else { return false }
        for (service, image) in plan.goal.images {
            let found = host.service(service)
            guard found?.configuredImage == image.text, found?.image == image.text else {
                return false
            }
        }
        if let saved = plan.goal.rollback?.saved {
            guard host.project.sha256 == saved.composeSHA256 else { return false }
            for (service, id) in saved.imageIDs where host.service(service)?.imageID != id {
                return false
            }
        }
        if let capacity = plan.goal.capacity, let name = facts.instance.autoScalingGroup,
            try edges.cloud.autoScalingGroup(name)?.isSettled(at: capacity) != true
        {
            return false
        }
        return plan.goal.types.isEmpty || plan.goal.types.contains(facts.instance.type)
    }

    /// Does what is left of the plan.
    ///
    /// - Parameter origin: what to go back to if it fails.
    /// - Returns: the result, as `finish` gives it.
    /// - Throws: `Diagnostic`; what was done is then to be undone by `compensate`.
    func resume(from origin: Recovery.Origin) throws -> UpdateResult {
        recovery = origin.point
        reached = origin.checkpoint
        // Should the resumed run fail before it gets there, what it had begun is undone.
        rotation = plan.rotation(after: origin.checkpoint?.name)
        nonce = origin.point.nonce
        hasChanged = true
        isMarked = true
        let confirmed = plan
        let goal = confirmed.goal
        // An instance that was stopped on its way into reserved room starts there.
        try takeOverReservation(for: goal.types)
        try bringInstanceUp()
        if let target = goal.rollback { return try resume(target, confirmed) }
        // What was done before the kill counts as done by this run.
        changes = goal.done(facts)
        plan = Plan(stack: target.name, steps: goal.rest(facts), warnings: confirmed.warnings)
        plan.drifted = confirmed.drifted
        plan.reconfigured = confirmed.reconfigured
        plan.reservesCapacity = confirmed.reservesCapacity
        cursor = 0
        let services = facts.host?.services ?? []
        // Down, not well, or edited in the file and not made anew: all of it comes up once.
        servicesNeedStart =
            servicesNeedStart
            || services.contains { !$0.isWell || $0.image != $0.configuredImage }
        try openWindow(Self.resumeWindow)
        for step in plan.steps {
            switch step {
            case .pull(let service, let image): _ = try pull(service, image)
            case .resize(_, let type, let fallback): try resize(type, fallback: fallback)
            case .setImage(let service, _, let image): try setImage(service, image)
            case .backup, .openWindow, .closeWindow, .checkpoint, .rollback, .restoreData,
                .operation, .rotateCredentials:
                continue
            }
        }
        try closeWindow(Self.resumeWindow, failed: false)
        for step in plan.steps {
            switch step {
            case .operation(.restart(let service)): try restart(service)
            case .operation(.scale(let group, _, let count)):
                let now = try edges.cloud.autoScalingGroup(group)?.desired ?? count
                plan.steps[cursor] = .operation(.scale(group: group, from: now, to: count))
                // What has it already is no step any more.
                if try !scale(to: count) { cursor += 1 }
            case .operation(.prune): _ = try prune()
            default: continue
            }
        }
        // The host goes on where it was, and does nothing that it has done.
        for target in goal.rotations { try rotateCredentials(of: target.service) }
        return try finish(as: .recoveredNew)
    }

    /// Goes the rest of the way back to an earlier configuration.
    private func resume(_ planned: RollbackTarget, _ confirmed: Plan) throws -> UpdateResult {
        let rest = try RollbackTarget(planned.earlier, facts)
        plan = Plan(
            stack: target.name,
            steps: [.rollback(rest)],
            warnings: confirmed.warnings
        )
        plan.reservesCapacity = confirmed.reservesCapacity
        cursor = 0
        servicesNeedStart =
            servicesNeedStart || facts.host?.services.contains { !$0.isWell } == true
        _ = try rollback(to: rest.point)
        rollbackTarget = planned
        changes = planned.applied
        return try finish(as: .recoveredNew)
    }

    /// The window in which the rest of a plan is done.
    static let resumeWindow = "resume"

    /// Gives back a lease that this very run took before it was killed.
    func takeBackLease() throws {
        guard facts.host?.lease.holder?.run == run else { return }
        _ = try leased(StepID(run: run, step: "release"), last: true)
        releaseHost()
    }
}

/// What a plan comes to, whatever the order of its steps.
struct PlanGoal {
    /// The types that the instance may have at the end, the wanted one first; empty if it stays.
    var types: [String] = []
    private var resize: PlanStep?
    /// The desired capacity at the end, if it changes.
    var capacity: Int?
    /// What is done again after a kill: doing it twice does no harm.
    private var operations: [PlanStep] = []
    /// The earlier configuration that it ends with, if it does.
    var rollback: RollbackTarget?
    /// The credentials that are to be new, behind the run's last checkpoint or not.
    var rotations: [CredentialTarget] = []
    /// The images at the end.
    var images: [(service: ServiceName, image: ImageReference)] = []

    init(_ plan: Plan) {
        for step in plan.steps {
            switch step {
            case .resize(_, let type, let fallback):
                types = [type.text] + fallback.map(\.text)
                resize = step
            case .setImage(let service, _, let image):
                images.removeAll { $0.service == service }
                images.append((service, image))
            case .rollback(let target) where !target.isReached:
                types = [target.type.text]
                // The compose file that comes back has the last word on every image.
                if target.saved != nil { images = [] }
                for image in target.images {
                    images.removeAll { $0.service == image.service }
                    images.append((image.service, image.to))
                }
                rollback = target
            case .rotateCredentials(let target): rotations.append(target)
            case .operation(.scale(_, _, let count)):
                capacity = count
                operations.append(step)
            case .operation(.restart), .operation(.prune): operations.append(step)
            case .backup, .pull, .openWindow, .closeWindow, .checkpoint, .rollback, .restoreData,
                .operation:
                continue
            }
        }
    }

    /// What of it is there, in GeuseMaker's wording.
    func done(_ facts: LiveFacts) -> [String] {
        var words =
            types.contains(facts.instance.type) ? ["instance_type:\(facts.instance.type)"] : []
        for (service, image) in images where !isMissing(service, image, facts) {
            words.append("\(service) -> \(image)")
        }
        return words
    }

    /// The steps that are left.
    func rest(_ facts: LiveFacts) -> [PlanStep] {
        let missing = images.filter { isMissing($0.service, $0.image, facts) }
        var steps: [PlanStep] = [.openWindow(name: Session.resumeWindow)]
        steps += missing.map { .pull(service: $0.service, image: $0.image) }
        if case .resize(_, let type, let fallback)? = resize, !types.contains(facts.instance.type) {
            steps.append(.resize(from: facts.instance.type, to: type, fallback: fallback))
        }
        steps += missing.map { service, image in
            let now = facts.host?.service(service)?.configuredImage ?? ""
            return .setImage(service: service, from: now, to: image)
        }
        return steps + [.closeWindow(name: Session.resumeWindow)] + operations
            + rotations.map { .rotateCredentials($0) }
    }

    private func isMissing(
        _ service: ServiceName,
        _ image: ImageReference,
        _ facts: LiveFacts
    ) -> Bool {
        // Edited in the file and not made anew yet is not done either.
        let found = facts.host?.service(service)
        return found?.configuredImage != image.text
            || found?.image.map { $0 != image.text } ?? false
    }
}

extension Plan {
    /// What it comes to.
    var goal: PlanGoal { PlanGoal(self) }

    /// What it has in it that nobody can go on with after a kill; nil if the rest of it can be done.
    var obstacleToResuming: String? {
        // Whether a command was done, its marker tells; what the script did with its output, nothing does.
        if hasCommands { return "commands" }
        if restoresData { return "data to put back" }
        if goal.rollback != nil, steps.filter(\.isChange).count > 1 {
            return "changes before a rollback"
        }
        return nil
    }
}
