// What a rehearsal shows of the stack after changes that were only planned. It is what the real run will
// show at the same line, or nil where that cannot be known before it is done: a script that got an old
// value for a new one would plan something else than it does.

extension Rehearsal {
    /// The service is made anew from another image, at once or when the window closes.
    func predict(_ service: ServiceName, from image: ImageReference) {
        if window != nil {
            deferred.removeAll { $0.service == service }
            deferred.append((service, image))
        } else {
            changeServices { $0.name == service ? $0.recreated(from: image) : $0 }
        }
    }

    /// The instance is stopped and comes back as another type; its services come back with it, or when the
    /// window closes.
    func predictType(_ type: InstanceType, of instance: Instance) throws {
        predicted?.instance.type = type.text
        if try !lookups.keepsAddress(instance) { predicted?.instance.publicIP = nil }
        guard window != nil else { return predictStart() }
        stopped = stopped ?? predicted?.host?.services
        changeServices(\.down)
    }

    /// Services are started again; all of them unless one is named.
    func predictStart(of service: ServiceName? = nil) {
        changeServices { service == nil || $0.name == service ? $0.started : $0 }
    }

    /// A service is made anew from the image that it has.
    func predictNewContainer(of service: ServiceName) {
        changeServices { facts in
            guard facts.name == service else { return facts }
            var made = facts.started
            made.containerID = nil
            return made
        }
    }

    /// The window closes: what stood still starts, from the images that were set inside.
    func predictEndOfWindow() {
        if let stopped {
            predicted?.host?.services = stopped
            predictStart()
        }
        stopped = nil
        let changes = deferred
        deferred = []
        for (service, image) in changes { predict(service, from: image) }
    }

    /// Services that were waited for are well: the real run goes on only when they are.
    func predictHealth() { changeServices(\.well) }

    private func changeServices(_ change: (ServiceFacts) -> ServiceFacts) {
        guard let services = predicted?.host?.services else { return }
        predicted?.host?.services = services.map(change)
    }
}

extension ServiceFacts {
    /// As it is between its stop and the start at the window's end.
    var down: ServiceFacts {
        guard state != nil, !hasFinished, !isUnwanted else { return self }
        var service = self
        service.state = "exited"
        service.health = .none
        return service
    }

    /// As it is once it has become well by itself.
    var well: ServiceFacts {
        guard !isWell else { return self }
        var service = self
        service.state = "running"
        service.health = health == .none ? .none : .healthy
        return service
    }

    /// As it is once it was started again and is well.
    var started: ServiceFacts {
        guard !isUnwanted else { return self }
        var service = self
        service.startedAt = nil
        // docker counts anew from each start that it is asked for.
        service.restarts = 0
        if !hasFinished {
            service.state = "running"
            service.health = health == .none ? .none : .healthy
        }
        if !differences.isEmpty {
            service.differences = []
            service.containerID = nil
        }
        // Compose starts what the file says, which may be another image than the one that runs.
        if ImageDrift(self) != nil {
            service.image = configuredImage
            service.forgetContainer()
        }
        return service
    }

    /// As it is once it was made anew from an image that nobody has seen yet.
    func recreated(from wanted: ImageReference) -> ServiceFacts {
        var service = self
        service.configuredImage = wanted.text
        // What docker has under the new name by then is not known yet.
        service.local = .unknown
        if image != nil { service.image = wanted.text }
        service.forgetContainer()
        return service.started
    }

    private mutating func forgetContainer() {
        containerID = nil
        imageID = nil
        digest = nil
    }
}
