/// Facts and state of a stack as one JSON document, the same for `describe` and for scripts.
public enum StackDescription {
    /// Builds the document.
    ///
    /// - Parameters:
    ///   - stack: the name.
    ///   - recorded: what the state file says, as far as drift is concerned.
    ///   - facts: what is there.
    /// - Returns: an object with instance, services, storage and drift; the services are null where the host
    ///   was not seen.
    public static func json(
        stack: StackName,
        recorded: RecordedStack,
        facts: LiveFacts
    ) -> JSONValue {
        // Where the host was not seen its services are not known, which is not the same as none.
        let services = facts.host?.services
        return [
            "stack": .string(stack.text),
            "status": .string(recorded.status),
            "region": .string(recorded.region),
            "instance": instance(facts),
            "service_names": services.map { .array($0.map { .string($0.name.text) }) } ?? .null,
            "services": services.map { .object(JSONObject($0.map { ($0.name.text, service($0)) })) }
                ?? .null,
            "storage": storage(facts),
            "compose_file": text(facts.host?.project.file),
            "drift": .array(drift(recorded, facts).map(JSONValue.string)),
        ]
    }

    /// Where the state file and reality differ, in words.
    public static func drift(_ recorded: RecordedStack, _ facts: LiveFacts) -> [String] {
        StackDrift(recorded, facts).rows
    }

    /// What of the state file was compared, in words.
    public static func compared(_ recorded: RecordedStack, _ facts: LiveFacts) -> [String] {
        StackDrift(recorded, facts).compared
    }

    /// Services on record that the host's compose files do not have, in no profile either; none where the
    /// host was not seen.
    static func gone(_ names: some Sequence<String>, _ facts: LiveFacts) -> [String] {
        guard let host = facts.host, !host.services.isEmpty else { return [] }
        let seen = Set(host.services.map(\.name.text))
        let others = names.filter { !seen.contains($0) }
        // The files are read only for those: a script may ask for a description as often as it likes.
        guard !others.isEmpty else { return [] }
        let known = Set(host.project.documents.flatMap { $0.services.map(\.name.text) })
        return others.filter { !known.contains($0) }.sorted()
    }

    static func service(_ service: ServiceFacts) -> JSONValue {
        [
            "configured_image": .string(service.configuredImage),
            "image": text(service.image),
            "image_id": text(service.imageID),
            "digest": text(service.digest),
            "container": text(service.containerID),
            "state": text(service.state),
            "health": .string(service.health.rawValue),
            "restarts": .int(service.restarts),
            "started_at": text(service.startedAt),
            "well": .bool(service.isWell),
        ]
    }

    private static func instance(_ facts: LiveFacts) -> JSONValue {
        let instance = facts.instance
        return [
            "id": .string(instance.id.text),
            "type": .string(instance.type),
            "state": .string(instance.state.rawValue),
            "zone": .string(instance.zone),
            "architecture": text(instance.architecture),
            "public_ip": text(instance.publicIP),
            "private_ip": text(instance.privateIP),
            "lifecycle": .string(instance.lifecycle ?? "on-demand"),
            "auto_scaling_group": text(instance.autoScalingGroup),
            "stop_protection": facts.stopProtection?.isOn.map(JSONValue.bool) ?? .null,
        ]
    }

    static func storage(_ facts: LiveFacts) -> JSONValue {
        let mount = facts.host?.storage
        return [
            "file_system": text(facts.fileSystem?.id.text),
            "file_system_state": text(facts.fileSystem?.lifeCycleState),
            "mount_point": text(mount?.mountPoint),
            "mounted": mount.map { .bool($0.isMounted) } ?? .null,
            "type": text(mount?.type),
            "source": text(mount?.source),
            "read_write": mount.map { .bool($0.isReadWrite) } ?? .null,
            "answer": text(mount?.answer.rawValue),
            "containers_outside": .array((mount?.strays ?? []).map(JSONValue.string)),
        ]
    }

    private static func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
}

/// What a state file records of a stack, as far as facts can contradict it.
public struct RecordedStack: Sendable, Equatable {
    /// The status.
    public var status: String
    /// The region.
    public var region: String
    /// The instance type.
    public var instanceType: String
    /// The public address.
    public var publicIP: String?
    /// The images by service.
    public var images: [String: String]
    /// The private address, as everything that follows only where the file tells it.
    public var privateIP: String?
    /// The address in the link to n8n, where it is one and no name.
    public var n8nAddress: String?
    /// The VPC.
    public var vpcID: String?
    /// The security group.
    public var securityGroupID: String?
    /// `x86_64` or `arm64`.
    public var architecture: String?
    /// The Auto Scaling group.
    public var autoScalingGroup: String?
    /// The mount targets.
    public var mountTargetIDs: [String] = []

    /// Makes the value.
    public init(
        status: String,
        region: String,
        instanceType: String,
        publicIP: String?,
        images: [String: String]
    ) {
        self.status = status
        self.region = region
        self.instanceType = instanceType
        self.publicIP = publicIP
        self.images = images
    }
}
