/// Reads from a running instance what a first state file needs.
public struct AdoptionReader {
    private let cloud: any Cloud
    private let host: any Host

    /// A reader over these edges.
    public init(cloud: any Cloud, host: any Host) {
        self.cloud = cloud
        self.host = host
    }

    /// Looks at instance, mount and compose project.
    ///
    /// - Parameters:
    ///   - name: the name the stack gets.
    ///   - id: its instance.
    ///   - mountPoint: where the data is mounted on the host.
    ///   - now: when.
    /// - Returns: a valid state.
    /// - Throws: `Diagnostic` of kind refused saying what is missing or contradicts the name.
    public func read(
        _ name: StackName,
        _ id: InstanceID,
        mountPoint: String,
        now: Timestamp
    ) throws -> DeploymentState {
        guard var instance = try cloud.instance(id) else {
            throw refuse(
                "instance_not_found",
                "There is no instance \(id) in this account and region.",
                "Check --profile and --region."
            )
        }
        if let tag = instance.tags["Stack"], tag != name.text {
            throw refuse(
                "stack_tag_differs",
                "The instance's tag Stack is \(VisibleText.quoted(tag)), not \(name).",
                "Adopt it under the name of its tag."
            )
        }
        guard instance.state == .running else {
            throw refuse(
                "instance_not_running",
                "The instance \(id) is \(instance.state.rawValue), so its host cannot be looked at.",
                "Start it and try again."
            )
        }
        let region = try Region(Self.region(ofZone: instance.zone))
        let facts = try host.inspect(HostInspection(fileSystem: nil, mountPoint: mountPoint))
        // Where EC2 does not tell it, the kernel does, under a name of its own.
        if instance.architecture == nil {
            instance.architecture =
                facts.architecture == "aarch64" ? "arm64" : facts.architecture
        }
        guard let fileSystem = Self.fileSystem(of: facts.storage) else {
            throw refuse(
                "efs_not_found",
                "No EFS file system is mounted at \(mountPoint) on the host.",
                "A stack keeps its data on EFS; mount it there, then adopt the stack."
            )
        }
        let images = try facts.services.map {
            AdoptionFacts.Image($0.name, try ImageReference($0.image ?? $0.configuredImage))
        }
        return try DeploymentState.adopted(
            AdoptionFacts(
                name: name,
                instance: instance,
                fileSystem: fileSystem,
                mountTargets: try cloud.mountTargets(fileSystem),
                images: images,
                region: region,
                isHealthy: facts.services.allSatisfy(\.isWell)
            ),
            now: now
        )
    }

    /// The id in a source such as `fs-….efs.us-east-1.amazonaws.com:/`, or behind a TLS tunnel.
    static func fileSystem(of storage: StorageFacts) -> FileSystemID? {
        guard storage.isMounted else { return nil }
        let first = storage.source?.split(whereSeparator: { ".:/".contains($0) }).first
        return [first.map(String.init), storage.tunnelFileSystem].compactMap { $0 }
            .compactMap { try? FileSystemID($0) }.first
    }

    /// `us-east-1a` is in `us-east-1`; `us-west-2-lax-1a` in `us-west-2` (EC2 User Guide, zones).
    static func region(ofZone zone: String) -> String {
        let parts = zone.split(separator: "-")
        guard let index = parts.firstIndex(where: { $0.first?.isNumber == true }) else {
            return zone
        }
        let number = parts[index].prefix { $0.isNumber }
        return (parts[..<index] + [number]).joined(separator: "-")
    }

    private func refuse(_ code: String, _ summary: String, _ hint: String) -> Diagnostic {
        Diagnostic(code, summary, detail: "Nothing was changed.", hint: hint, kind: .refused)
    }
}
