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
    ///   - lookups: asks the control plane while the host is looked at; nil to ask one thing after the
    ///     other, and anew.
    ///   - types: types that the instance may become, for the same look-ups.
    /// - Returns: the facts; `host` is nil when the instance is not running. What the control plane
    ///   refuses to tell of the file system is among them, as its error; with `lookups` so is what kept the
    ///   host from being looked at.
    /// - Throws: `Diagnostic`; `instance_not_found` when there is no such instance.
    public func read(
        _ id: InstanceID,
        fileSystem: FileSystemID?,
        nonce: String? = nil,
        images: [ImageReference] = [],
        cloudOnly: Bool = false,
        lookups: CloudLookups? = nil,
        types: [InstanceType] = []
    ) throws -> LiveFacts {
        guard let instance = try cloud.instance(id) else {
            throw Diagnostic(
                "instance_not_found",
                "There is no instance \(id) in this account and region.",
                detail: "Nothing was touched.",
                hint: "Check the profile and region, or adopt the stack's new instance: "
                    + "geusemaker adopt NAME --instance-id i-... --force",
                kind: .refused
            )
        }
        var facts = LiveFacts(instance: instance, host: nil, fileSystem: nil, mountTargets: [])
        let asked = lookups ?? CloudLookups(cloud, isSideBySide: false)
        if let fileSystem { asked.begin(fileSystem) }
        let others = types.filter { $0.text != instance.type }
        if !others.isEmpty { asked.begin(instance, others) }
        // With the present type in the first place there is nothing to do, and no room to be held.
        if types.first?.text != instance.type { asked.beginReserving(others, for: instance) }
        if instance.state == .running, !cloudOnly {
            let inspection = HostInspection(
                fileSystem: fileSystem,
                mountPoint: mountPoint,
                nonce: nonce,
                images: images
            )
            do {
                facts.host = try host.inspect(inspection)
            } catch let error as Diagnostic
                where lookups != nil && [.failed, .refused].contains(error.kind)
                && !ErrorClass.meetsEveryCall(error.code)
            {
                // Before the question it is one check of many, and hides none of the others.
                facts.hostError = error
            }
        }
        if let fileSystem {
            let isPlanning = lookups != nil
            switch try Self.answer(asked.fileSystem(fileSystem), isPlanning) {
            case .success(let found): facts.fileSystem = found
            case .failure(let error): facts.fileSystemError = error
            }
            switch try Self.answer(asked.mountTargets(fileSystem), isPlanning) {
            case .success(let found): facts.mountTargets = found
            case .failure(let error): facts.mountTargetsError = error
            }
        }
        return facts
    }

    /// An answer of EFS, or why there is none.
    ///
    /// Before the question all that is not known is shown side by side; a run that has begun waits out
    /// what passes by itself. EC2 has answered by now, so that a way that is closed is the one to this
    /// service alone, which need not open: the host's proof counts, before the question and after it.
    private static func answer<Value>(
        _ lookup: Lookup<Value>,
        _ isPlanning: Bool
    ) throws -> Result<Value, Diagnostic> {
        let answer = try lookup.outcome()
        if !isPlanning, case .failure(let error) = answer, ErrorClass.isPassing(error.code),
            !ErrorClass.isOfNetwork(error.code)
        {
            throw error
        }
        return answer
    }
}
