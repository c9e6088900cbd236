/// Whether services that keep state can meet their data with the images of a plan.
struct StatefulChecks {
    /// The name under which a key that is not that of the data is allowed.
    static let keyAllowName = "n8n-key"

    let plan: Plan
    let host: HostFacts
    let target: StackTarget
    /// Finds the backup that has a dump of a service from when it ran an image.
    var dumped: (ServiceName, ImageReference) -> String? = { _, _ in nil }

    func run() -> [PreflightCheck] {
        let targets = StatefulTarget.of(plan.steps, host)
        return targets.flatMap { target -> [PreflightCheck] in
            switch target.facts.kind {
            case .postgres: PostgresChecks(target: target).run()
            case .n8n:
                [
                    N8nChecks(
                        target: target,
                        stack: self.target,
                        dumped: dumped(target.facts.service, target.image)
                    ).downgrade
                ]
            case .qdrant: [QdrantChecks(target: target, stack: self.target).minor]
            case .ollama: []
            }
        } + dumps(targets) + keys(targets) + graphics
    }

    // MARK: n8n

    /// The key of n8n decides whether it can read its credentials; it is never changed by this program.
    private func keys(_ targets: [StatefulTarget]) -> [PreflightCheck] {
        let startsAll = plan.steps.contains { step in
            if case .rollback(let target) = step { return !target.isReached }
            return step.stopsInstance
        }
        return host.stateful.filter { $0.kind == .n8n }.map { facts in
            let name = "n8n_encryption_key"
            let service = facts.service.text
            switch facts.key {
            case .same:
                return .ok(name, of: service, "The key of its environment is that of its data.")
            case .unset:
                return .ok(
                    name,
                    of: service,
                    "Its environment names no key; that of its data counts."
                )
            case .absent: return .ok(name, of: service, "Its data holds no key yet.")
            case .unknown:
                return .unknown(
                    name,
                    of: service,
                    "Whether the key of its environment is that of its data could not be found out."
                )
            case .different:
                let seen =
                    "N8N_ENCRYPTION_KEY of \(service) is not the key in its data "
                    + "(\(facts.dataPath ?? ".n8n")/config)."
                let hint =
                    "Put the key that the data was made with back into the environment; with another "
                    + "one n8n does not start, and its credentials cannot be read."
                guard startsAll || targets.contains(where: { $0.facts.service == facts.service })
                else { return .warning(name, of: service, seen, hint: hint) }
                return .refused(
                    name,
                    of: service,
                    code: "n8n_key_mismatch",
                    seen,
                    hint: hint,
                    allowing: Self.keyAllowName
                )
            }
        }
    }

    // MARK: dumps

    private func dumps(_ targets: [StatefulTarget]) -> [PreflightCheck] {
        // One dump is taken, before the first change that needs it.
        var told: Set<ServiceName> = []
        return targets.compactMap { target -> PreflightCheck? in
            let service = target.facts.service.text
            let need = DataDump.needed(for: target, host)
            guard need != .nothing, told.insert(target.facts.service).inserted else { return nil }
            switch need {
            case .nothing: return nil
            case .dump(let dump):
                return .ok("data_dump", of: service, "\(dump.title) first.".capitalizedFirst)
            case .impossible(let why):
                return .refused(
                    "data_dump",
                    of: service,
                    code: "dump_impossible",
                    "No dump of \(service)'s data can be taken first: \(why).",
                    hint: "Take one by other means, then say so.",
                    allowing: "no-dump"
                )
            }
        }
    }

    // MARK: ollama

    private var graphics: [PreflightCheck] {
        host.stateful.filter { $0.kind == .ollama }.map { facts in
            let name = "ollama_gpu"
            let service = facts.service.text
            return switch facts.seesGPU {
            case true?:
                .ok(name, of: service, "It sees a GPU now, and has to see one afterwards.")
            case false?: .ok(name, of: service, "It runs on the CPU.")
            case nil:
                .unknown(name, of: service, "Whether it sees a GPU is not known: it does not run.")
            }
        }
    }
}

extension String {
    /// The same with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
