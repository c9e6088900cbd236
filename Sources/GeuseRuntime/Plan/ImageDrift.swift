/// A service that a plan starts from another image than the one that runs, though no step asks for it.
///
/// Compose starts what the file says: an image that was edited there by hand, or a tag that was pulled
/// meanwhile, comes into force at the first restart, whatever that was for.
public struct ImageDrift: Sendable, Equatable {
    /// The service.
    public let service: ServiceName
    /// What its container was made from; nil where it has none.
    public let runs: String?
    /// What the compose file says.
    public let written: String
    /// Whether docker has nothing under that name, so that nothing could be started.
    public let isMissing: Bool

    /// The services that a plan would let drift, in the order of the file.
    ///
    /// - Parameters:
    ///   - steps: the plan's steps.
    ///   - host: what is there, before any of them.
    /// - Returns: the drifts.
    static func all(_ steps: [PlanStep], _ host: HostFacts) -> [ImageDrift] {
        let started = StartedServices(steps, host).names
        guard !started.isEmpty else { return [] }
        let asked = images(of: steps)
        return host.services.compactMap { service in
            guard started.contains(service.name), !asked.contains(service.name) else { return nil }
            // A rotation starts its service by the name alone.
            let isRotated = steps.contains {
                if case .rotateCredentials(let target) = $0 {
                    target.service == service.name
                } else {
                    false
                }
            }
            return ImageDrift(service, needsName: isRotated)
        }
    }

    /// The drift of a service; nil when compose would start what runs.
    init?(_ facts: ServiceFacts, needsName: Bool = false) {
        // One that is built on the host has no name in the file.
        guard !facts.configuredImage.isEmpty else { return nil }
        let isOther: Bool
        switch facts.local {
        // An apply gives the name back to the image that ran under it.
        case .missing: isOther = needsName || !facts.hasLostName
        case .image(let id): isOther = facts.imageID.map { $0 != id } ?? false
        case .unknown: isOther = facts.image.map { $0 != facts.configuredImage } ?? false
        }
        guard isOther else { return nil }
        service = facts.name
        written = facts.configuredImage
        isMissing = facts.local == .missing
        let name = facts.image
        // A tag that moved: only the id tells what runs from what would.
        let id = name == written ? facts.imageID.map { " (\(RollbackTarget.shortened($0)))" } : nil
        runs = name.map { $0 + (id ?? "") }
    }

    /// The services whose images steps of their own set.
    private static func images(of steps: [PlanStep]) -> Set<ServiceName> {
        var names: Set<ServiceName> = []
        for step in steps {
            switch step {
            case .setImage(let service, _, _): names.insert(service)
            case .rollback(let target): names.formUnion(target.images.map(\.service))
            default: break
            }
        }
        return names
    }
}

extension ImageDrift {
    /// The drift as a row of the plan.
    var change: PlanChange {
        PlanChange(subject: "\(service) image", current: runs ?? "no container", new: written)
    }

    /// The drift as data.
    var json: JSONValue {
        [
            "service": .string(service.text), "runs": runs.map(JSONValue.string) ?? .null,
            "written": .string(written), "missing": .bool(isMissing),
        ]
    }

    /// Reads the data form; nil where it is none.
    init?(json: JSONValue) {
        guard let service = json["service"]?.stringValue.flatMap({ try? ServiceName($0) }),
            let written = json["written"]?.stringValue
        else { return nil }
        self.service = service
        self.written = written
        runs = json["runs"]?.stringValue
        isMissing = json["missing"]?.boolValue ?? false
    }
}
