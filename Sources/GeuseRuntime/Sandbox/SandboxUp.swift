// `docker compose up --wait`, one look at a time.

extension SandboxWorld {
    /// The services that an `up` is for: the named ones with all that they depend on, or every one.
    func targets(_ names: [ServiceName], alone: Bool = false) throws -> [SandboxCompose.Service] {
        let compose = try compose()
        guard !names.isEmpty else { return compose.services }
        var wanted = Set(names)
        var size = alone ? wanted.count : 0
        while size != wanted.count {
            size = wanted.count
            for service in compose.services where wanted.contains(service.name) {
                wanted.formUnion(service.dependencies.map(\.service))
            }
        }
        return compose.services.filter { wanted.contains($0.name) }
    }

    /// Creates and starts whatever can be by now.
    ///
    /// - Parameters:
    ///   - names: the services; empty for all.
    ///   - alone: whether what they depend on is left as it is.
    /// - Returns: whether every one of them has been started.
    /// - Throws: `Diagnostic` when one cannot come up.
    mutating func up(_ names: [ServiceName], alone: Bool = false) throws -> Bool {
        let services = try targets(names, alone: alone)
        // Changed and new images are there before anything that runs is taken away.
        for service in services where !isCurrent(service) { _ = try localImage(service) }
        var progress = true
        while progress {
            progress = false
            for service in services where !isUp(service) {
                guard try alone || isReady(service, services) else { continue }
                try start(service)
                progress = isUp(service) || progress
            }
        }
        return services.allSatisfy(isUp)
    }

    /// Whether the container is the one that the file asks for.
    private func isCurrent(_ service: SandboxCompose.Service) -> Bool {
        guard let container = machine.container(service.name) else { return false }
        return container.definition == service.definition
            && machine.images.contains {
                $0.reference == Self.storedName(service) && $0.imageID == container.imageID
            }
    }

    private static func storedName(_ service: SandboxCompose.Service) -> String {
        SandboxRegistry.storedName(ImageReference(unchecked: service.image))
    }

    private func isUp(_ service: SandboxCompose.Service) -> Bool {
        isCurrent(service) && machine.container(service.name)?.order == .running
    }

    /// Whether the services it waits for have come far enough.
    private func isReady(
        _ service: SandboxCompose.Service,
        _ services: [SandboxCompose.Service]
    ) throws -> Bool {
        for dependency in service.dependencies {
            guard let other = services.first(where: { $0.name == dependency.service }),
                isUp(other), let container = machine.container(other.name)
            else { return false }
            guard dependency.untilHealthy else { continue }
            switch health(container) {
            case .healthy, .none: continue
            case .starting: return false
            case .unhealthy:
                throw Diagnostic(
                    "compose_up_failed",
                    "dependency failed to start: container \(dependency.service) is unhealthy"
                )
            }
        }
        return true
    }

    private func localImage(_ service: SandboxCompose.Service) throws -> SandboxImage {
        if let image = machine.images.first(where: { $0.reference == Self.storedName(service) }) {
            return image
        }
        // As `up --pull never`: pulling is a step of its own, with its own errors.
        throw Diagnostic("compose_up_failed", "No such image: \(service.image)")
    }

    private mutating func start(_ service: SandboxCompose.Service) throws {
        let image = try localImage(service)
        if !isCurrent(service) { createContainer(service, from: image) }
        if takeFault(.up) != nil {
            throw Diagnostic(
                "compose_up_failed",
                "Error response from daemon: driver failed programming external connectivity on "
                    + "endpoint \(service.name): port is already allocated"
            )
        }
        guard let index = machine.containers.firstIndex(where: { $0.service == service.name })
        else { return }
        startContainer(index)
    }
}
