/// Reads `LiveFacts` from the cloud and the host.
public struct FactsReader {
    private let cloud: any Cloud
    private let host: any Host
    private let mountPoint: String

    /// A reader over these edges.
    public init(cloud: any Cloud, host: any Host, mountPoint: String) {
        self.cloud = cloud
        self.host = host
        self.mountPoint = mountPoint
    }

    /// Looks at everything once.
    ///
    /// - Parameters:
    ///   - id: the instance.
    ///   - fileSystem: the stack's file system, if it has one.
    ///   - nonce: a nonce that should be on it.
    ///   - images: images whose registries the host asks meanwhile.
    ///   - cloudOnly: whether to leave the host alone.
    /// - Returns: the facts; `host` is nil when the instance is not running.
    /// - Throws: `Diagnostic`; `instance_not_found` when there is no such instance.
    public func read(
        _ id: InstanceID,
        fileSystem: FileSystemID?,
        nonce: String? = nil,
        images: [ImageReference] = [],
        cloudOnly: Bool = false
    ) throws -> LiveFacts {
        guard let instance = try cloud.instance(id) else {
            throw Diagnostic(
                "instance_not_found",
                "There is no instance \(id) in this account and region.",
                detail: "Nothing was touched.",
                hint: "Check the profile and region, or adopt the stack's new instance: "
                    + "geusemaker adopt NAME --instance-id i-...",
                kind: .refused
            )
        }
        var facts = LiveFacts(instance: instance, host: nil, fileSystem: nil, mountTargets: [])
        if let fileSystem {
            facts.fileSystem = try cloud.fileSystem(fileSystem)
            facts.mountTargets = try cloud.mountTargets(fileSystem)
        }
        guard instance.state == .running, !cloudOnly else { return facts }
        facts.host = try host.inspect(
            HostInspection(
                fileSystem: fileSystem,
                mountPoint: mountPoint,
                nonce: nonce,
                images: images
            )
        )
        return facts
    }
}
