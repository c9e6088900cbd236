/// What the control plane tells of an instance's protection against being stopped.
public enum StopProtection: Sendable, Equatable {
    /// It is protected.
    case on
    /// It is not.
    case off
    /// The control plane did not tell.
    case unknown

    /// The answer of the control plane, nil when there was none.
    public init(_ answer: Bool?) {
        switch answer {
        case true?: self = .on
        case false?: self = .off
        case nil: self = .unknown
        }
    }

    /// Whether it is protected; nil where that is not known.
    public var isOn: Bool? { self == .unknown ? nil : self == .on }
}

/// What is really there: the instance, the host, the file system, at one moment.
public struct LiveFacts: Sendable, Equatable {
    /// The instance.
    public var instance: Instance
    /// The host; nil while it cannot be reached.
    public var host: HostFacts?
    /// Why the host of a running instance could not be looked at, kept while a plan is made; nil where it was.
    public var hostError: Diagnostic?
    /// The file system as the control plane sees it; nil when the stack has none on record.
    public var fileSystem: FileSystemFacts?
    /// Its mount targets.
    public var mountTargets: [MountTarget]
    /// Why the control plane did not tell of the file system; nil where it did.
    public var fileSystemError: Diagnostic?
    /// Why the control plane did not tell of the mount targets; nil where it did.
    public var mountTargetsError: Diagnostic?
    /// Whether the instance is protected against being stopped; nil where nobody has asked.
    public var stopProtection: StopProtection?

    /// Makes the value.
    public init(
        instance: Instance,
        host: HostFacts?,
        fileSystem: FileSystemFacts?,
        mountTargets: [MountTarget]
    ) {
        self.instance = instance
        self.host = host
        self.fileSystem = fileSystem
        self.mountTargets = mountTargets
    }

    /// The host.
    ///
    /// - Throws: the `Diagnostic` that says why it was not seen.
    func seenHost() throws -> HostFacts {
        guard let host else { throw unseen }
        return host
    }

    /// Why the host was not seen, as a refusal of what needs it.
    public var unseen: Diagnostic {
        hostError?.withKind(.refused) ?? Rehearsal.unreachable()
    }

    /// Whether the things that a plan was made from are still as they were.
    ///
    /// - Parameter other: the facts of another moment.
    /// - Returns: nil when they are, else what moved, in words.
    public func moved(since other: LiveFacts) -> String? {
        if instance.type != other.instance.type {
            return "the instance type was \(other.instance.type) and is \(instance.type)"
        }
        if instance.state != other.instance.state {
            return
                "the instance was \(other.instance.state.rawValue) and is \(instance.state.rawValue)"
        }
        let project = host?.project
        let before = other.host?.project
        if project?.sha256 != before?.sha256 || project?.overrides != before?.overrides {
            return "the compose file changed"
        }
        if let now = project?.resolvedSHA256, let then = before?.resolvedSHA256, now != then {
            return "what compose makes of its files and variables changed"
        }
        for service in host?.services ?? [] {
            let before = other.host?.service(service.name)
            if before?.imageID != service.imageID {
                return "\(service.name) runs another image"
            }
        }
        return nil
    }
}
