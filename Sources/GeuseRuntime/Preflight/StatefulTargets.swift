/// One service that keeps state, and the image that a plan lets it meet its data with.
struct StatefulTarget {
    /// What is known of its data.
    let facts: StatefulFacts
    /// The image that runs now.
    let current: ImageReference?
    /// The image that is to run.
    let image: ImageReference
    /// The backup that a rollback brings back, if it is one.
    var backup: String?
    /// Whether a step asks for the image; if not the service is only started anew.
    var isAsked = true
    /// The version that the pulled image says that it is of, where its tag does not tell.
    var pulledVersion: String?
    /// Whether a rollback asks for it.
    var isRollback = false

    /// The version that runs now.
    var from: ProgramVersion? {
        current.flatMap { ProgramVersion($0) }
            ?? facts.programVersion.flatMap { ProgramVersion($0) }
    }
    /// The version that is to run.
    var to: ProgramVersion? {
        pulledVersion.flatMap { ProgramVersion($0) } ?? ProgramVersion(image)
    }

    /// The services whose image a plan changes: by a step of its own, or since they are started anew and
    /// the compose file names another image than the one that runs.
    static func of(_ steps: [PlanStep], _ host: HostFacts) -> [StatefulTarget] {
        var wanted: [ServiceName: ImageReference] = [:]
        var rollback: RollbackTarget?
        for step in steps {
            switch step {
            case .setImage(let service, _, let image): wanted[service] = image
            case .rollback(let target) where !target.isReached:
                rollback = target
                for image in target.images { wanted[image.service] = image.to }
            default: break
            }
        }
        let startsAll = steps.contains { $0.stopsInstance }
        return host.stateful.compactMap { facts in
            let service = host.service(facts.service)
            let current = service?.image.flatMap { try? ImageReference($0) }
            let written = (service?.configuredImage).flatMap { try? ImageReference($0) }
            // An n8n that is made anew takes the database that it waits for along.
            let isStarted =
                startsAll
                || host.stateful.contains {
                    wanted[$0.service] != nil && $0.database == facts.service.text
                }
            let moved = isStarted && written != current ? written : nil
            guard let image = wanted[facts.service] ?? moved else { return nil }
            return StatefulTarget(
                facts: facts,
                current: current,
                image: image,
                backup: rollback?.backup,
                isAsked: wanted[facts.service] != nil,
                isRollback: rollback?.images.contains { $0.service == facts.service } ?? false
            )
        }
    }
}
