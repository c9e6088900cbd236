/// The services that a plan starts or starts anew.
struct StartedServices {
    /// The services that compose is asked to bring up, and those that they depend on.
    let names: Set<ServiceName>
    /// Whether services may be started that nobody can name: by a command on the host, or since one that is
    /// started needs others in a way that the files alone do not tell.
    let mayBeMore: Bool

    /// Finds them.
    ///
    /// - Parameters:
    ///   - steps: the plan's steps.
    ///   - host: what is there, before any of them.
    init(_ steps: [PlanStep], _ host: HostFacts) {
        let (asked, alone) = Self.asked(steps, host)
        // Read once, and only where it matters: a script's plan is looked at with each of its changes.
        let documents = asked.isEmpty && alone.isEmpty ? [] : host.project.documents
        var names = asked
        var open = Array(asked)
        while let next = open.popLast() {
            for name in documents.flatMap({ $0.dependencies(of: next) })
            where names.insert(name).inserted {
                open.append(name)
            }
        }
        names.formUnion(alone)
        let commands = steps.contains {
            if case .operation(.exec(let command)) = $0 { command.service == nil } else { false }
        }
        mayBeMore = commands || documents.contains { names.contains(where: $0.mayNeedOthers) }
        self.names = names
    }

    /// The services that are brought up with those that they depend on, and those without them.
    private static func asked(
        _ steps: [PlanStep],
        _ host: HostFacts
    ) -> (names: Set<ServiceName>, alone: Set<ServiceName>) {
        var names: Set<ServiceName> = []
        var alone: Set<ServiceName> = []
        let all = { Set(host.services.map(\.name)) }
        for step in steps {
            switch step {
            case .resize, .restoreData: return (all(), [])
            case .setImage(let service, _, _), .operation(.restart(let service)):
                names.insert(service)
            case .rotateCredentials(let target): alone.insert(target.service)
            case .rollback(let target) where !target.isReached:
                // The file that comes back says what is started, and its names get their images again.
                guard target.saved == nil else { continue }
                if target.changesType { return (all(), []) }
                names.formUnion(target.images.map(\.service))
            default: break
            }
        }
        return (names, alone)
    }

    /// Whether a compose file comes back as a whole, with all that it says.
    static func bringsFileBack(_ steps: [PlanStep]) -> Bool {
        steps.contains {
            if case .rollback(let target) = $0 {
                !target.isReached && target.saved != nil
            } else {
                false
            }
        }
    }
}
