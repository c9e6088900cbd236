/// All that is looked at between the plan and the question.
public struct Preflight {
    /// The names of refusals that a person may overrule (`--allow`).
    public static let allowNames = [
        BootCheck.startAllowName, DriftChecks.allowName, BootCheck.dockerAllowName,
        CommandChecks.allowName, ContainerChecks.allowName, "gpu-lost",
        "image-size",
        BootCheck.allowName, "n8n-downgrade",
        StatefulChecks.keyAllowName, "no-dump", PostgresChecks.pathAllowName, "pg-major",
        InstanceChecks.protectionAllowName, QdrantChecks.allowName,
        InstanceChecks.reservationAllowName, TypeChecks.allowName,
    ]

    let target: StackTarget
    let lookups: CloudLookups
    private let health: [ServiceName: ServiceHealth]
    private let earlier: EarlierStates?

    /// Checks over these look-ups.
    public init(
        _ target: StackTarget,
        _ lookups: CloudLookups,
        health: [ServiceName: ServiceHealth] = [:],
        earlier: EarlierStates? = nil
    ) {
        self.earlier = earlier
        self.health = health
        self.target = target
        self.lookups = lookups
    }

    /// Checks a plan against what is there.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - facts: what is there.
    /// - Returns: the checks, those first whose refusal says most.
    /// - Throws: `Diagnostic` when the control plane cannot be asked anything.
    public func checks(_ plan: Plan, _ facts: LiveFacts) throws -> [PreflightCheck] {
        let types = Self.types(plan)
        if !types.isEmpty { lookups.begin(facts.instance, types.map(\.type)) }
        let reservation = ReservationChecks(
            instance: facts.instance,
            types: ReservationChecks.types(plan),
            lookups: lookups
        )
        reservation.begin()
        var checks: [PreflightCheck] = []
        if !types.isEmpty {
            checks += try InstanceChecks(instance: facts.instance, lookups: lookups).run()
        }
        for (type, wasThere) in types {
            checks += try TypeChecks(
                instance: facts.instance,
                type: type,
                wasThere: wasThere,
                reserves: plan.reservesCapacity,
                lookups: lookups
            ).run()
        }
        checks += try reservation.run()
        checks += CommandChecks(plan: plan).run()
        checks += ImageChecks(plan: plan, host: facts.host).run()
        checks += StorageChecks(facts: facts, target: target).run()
        if let host = facts.host {
            checks += BootCheck(plan: plan, host: host).run()
            checks += HostChecks(plan: plan, host: host, health: health).run()
            checks += ContainerChecks(plan: plan, host: host).run()
            checks += StatefulChecks(plan: plan, host: host, target: target) { service, image in
                earlier?.backup(withDumpFor: service, running: image)
            }.run()
            checks += DriftChecks(plan: plan, host: host, target: target).run()
            checks += SpaceChecks(host: host, pulls: plan.pulls).run()
            checks += ImageSizeCheck(plan: plan, host: host).run()
        } else {
            checks.append(.refused("host", facts.unseen))
        }
        return checks
    }

    /// The types that the instance may become, and whether the stack ran on them before.
    private static func types(_ plan: Plan) -> [(type: InstanceType, wasThere: Bool)] {
        plan.steps.flatMap { step -> [(InstanceType, Bool)] in
            switch step {
            case .resize(_, let to, let fallback): ([to] + fallback).map { ($0, false) }
            case .rollback(let target) where target.changesType: [(target.type, true)]
            default: []
            }
        }
    }
}
