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

    /// What services that keep state are started from, one after the other for each service: its image is
    /// changed by a step, or it is started anew and the compose file names another one than ran.
    ///
    /// Each is held against what runs by then, which a step before it may have changed. Of several images
    /// inside one window only the last is ever started.
    ///
    /// - Parameters:
    ///   - steps: the plan's, or what is left of them.
    ///   - host: what is there before the first of them.
    ///   - inWindow: whether they begin inside of a window.
    /// - Returns: by service, and for each in the order of its starts.
    static func of(
        _ steps: [PlanStep],
        _ host: HostFacts,
        inWindow: Bool = false
    ) -> [StatefulTarget] {
        var starts = StatefulStarts(host, inWindow: inWindow)
        for step in steps { starts.take(step) }
        starts.closeWindow()
        return host.stateful.flatMap { starts.targets[$0.service] ?? [] }
    }
}

/// Follows a plan through the images that services which keep state are started from.
private struct StatefulStarts {
    private(set) var targets: [ServiceName: [StatefulTarget]] = [:]
    private let host: HostFacts
    /// What runs after the steps so far, and what the compose file says.
    private var running: [ServiceName: ImageReference] = [:]
    private var written: [ServiceName: ImageReference] = [:]
    /// What the window that is open has set so far; nil outside of one.
    private var window: [ServiceName: ImageReference]?
    private var windowStartsAll = false

    init(_ host: HostFacts, inWindow: Bool) {
        self.host = host
        window = inWindow ? [:] : nil
        for facts in host.stateful {
            let service = host.service(facts.service)
            running[facts.service] = service?.image.flatMap { try? ImageReference($0) }
            written[facts.service] = (service?.configuredImage).flatMap { try? ImageReference($0) }
        }
    }

    mutating func take(_ step: PlanStep) {
        switch step {
        case .openWindow: window = window ?? [:]
        case .closeWindow: closeWindow()
        case .setImage(let service, _, let image):
            if window == nil {
                start([service: image], all: false)
            } else {
                window?[service] = image
            }
        case .rollback(let target) where !target.isReached:
            let images = Dictionary(
                target.images.map { ($0.service, $0.to) },
                uniquingKeysWith: { _, last in last }
            )
            start(images, all: step.stopsInstance, from: target)
        case _ where step.stopsInstance:
            if window == nil { start([:], all: true) } else { windowStartsAll = true }
        default: break
        }
    }

    mutating func closeWindow() {
        guard let images = window else { return }
        start(images, all: windowStartsAll)
        window = nil
        windowStartsAll = false
    }

    /// Services are started with these images; all of them, or those and what they take along.
    private mutating func start(
        _ wanted: [ServiceName: ImageReference],
        all: Bool,
        from rollback: RollbackTarget? = nil
    ) {
        for facts in host.stateful {
            let name = facts.service
            // An n8n that is made anew takes the database that it waits for along.
            let isStarted =
                all
                || host.stateful.contains {
                    wanted[$0.service] != nil && $0.database == name.text
                }
            let moved = isStarted && written[name] != running[name] ? written[name] : nil
            guard let image = wanted[name] ?? moved else { continue }
            var seen = facts
            if targets[name] != nil {
                // The container that these were read from is gone by then.
                seen.programVersion = nil
                seen.system = nil
                seen.release = nil
            }
            targets[name, default: []].append(
                StatefulTarget(
                    facts: seen,
                    current: running[name],
                    image: image,
                    backup: rollback?.backup,
                    isAsked: wanted[name] != nil,
                    isRollback: rollback != nil && wanted[name] != nil
                )
            )
            written[name] = image
            running[name] = image
        }
    }
}
