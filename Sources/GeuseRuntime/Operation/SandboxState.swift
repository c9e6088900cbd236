extension SandboxStack {
    /// A first state for a simulated stack, as `adopt` would write it for a real one.
    ///
    /// - Parameter now: when.
    /// - Returns: the state.
    /// - Throws: `Diagnostic` when a fact is missing.
    public func deploymentState(now: Timestamp) throws -> DeploymentState {
        try DeploymentState.adopted(
            AdoptionFacts(
                name: name,
                instance: instance,
                fileSystem: fileSystem,
                mountTargets: [
                    MountTarget(
                        id: mountTargetID,
                        zone: instance.zone,
                        subnetID: instance.subnetID ?? "",
                        lifeCycleState: "available",
                        ipAddress: mountTargetIP
                    )
                ],
                images: try images.map {
                    AdoptionFacts.Image($0.service, try ImageReference($0.image))
                },
                region: region,
                isHealthy: true
            ),
            now: now
        )
    }
}
