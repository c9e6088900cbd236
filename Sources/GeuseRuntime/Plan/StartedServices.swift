/// The services that a plan starts or starts anew.
enum StartedServices {
    /// The services that compose is asked to bring up, and those that they depend on.
    static func of(_ steps: [PlanStep], _ host: HostFacts) -> Set<ServiceName> {
        var names: Set<ServiceName> = []
        // What is brought up without those that it depends on.
        var alone: Set<ServiceName> = []
        for step in steps {
            switch step {
            case .resize, .restoreData: return Set(host.services.map(\.name))
            case .setImage(let service, _, _), .operation(.restart(let service)):
                names.insert(service)
            case .rotateCredentials(let target): alone.insert(target.service)
            case .rollback(let target) where !target.isReached:
                // The file that comes back says what is started, and its names get their images again.
                guard target.saved == nil else { continue }
                if target.changesType { return Set(host.services.map(\.name)) }
                names.formUnion(target.images.map(\.service))
            default: break
            }
        }
        guard !names.isEmpty else { return alone }
        let documents = host.project.documents
        var open = Array(names)
        while let next = open.popLast() {
            for name in documents.flatMap({ $0.dependencies(of: next) })
            where names.insert(name).inserted {
                open.append(name)
            }
        }
        return names.union(alone)
    }

    /// Whether services may be started that nobody can name: by a command on the host, or since one that is
    /// started needs others in a way that the files alone do not tell.
    static func mayBeMore(_ steps: [PlanStep], _ host: HostFacts) -> Bool {
        let commands = steps.contains {
            if case .operation(.exec(let command)) = $0 { command.service == nil } else { false }
        }
        return commands
            || host.project.documents.contains { document in
                of(steps, host).contains(where: document.mayNeedOthers)
            }
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
