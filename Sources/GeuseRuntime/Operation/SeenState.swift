extension DeploymentState {
    /// Takes type, addresses and images as they are, not as they were asked for.
    mutating func take(_ facts: LiveFacts) {
        setInstanceType(InstanceType(unchecked: facts.instance.type))
        setAddresses(publicIP: facts.instance.publicIP, privateIP: facts.instance.privateIP)
        for service in facts.host?.services ?? [] {
            let text = service.image ?? service.configuredImage
            guard let image = try? ImageReference(text) else { continue }
            setImage(service.name, image)
        }
        removeImages(StackDescription.gone(containerImages.map(\.service.text), facts))
    }

    /// Whether what was seen is another configuration than that of a snapshot.
    func differs(_ snapshot: StateSnapshot, seeing facts: LiveFacts) -> Bool {
        var seen = self
        seen.take(facts)
        let now = seen.snapshot()
        return ["config", "container_images"].contains {
            now.document[$0] != snapshot.document[$0]
        }
    }
}

extension RollbackRecord.Trigger {
    /// The trigger of an automatic rollback; GeuseMaker has no word for a refusal by EC2, and what was not
    /// well after a change is nearest.
    init(of cause: Diagnostic) {
        let isLate = cause.code.hasSuffix("_timeout") || cause.code == "status_checks_failed"
        self =
            cause.kind == .interrupted ? .manual : isLate ? .timeout : .healthCheckFailed
    }
}
