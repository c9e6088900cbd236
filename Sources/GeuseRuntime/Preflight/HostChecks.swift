/// Whether the host is fit for a change.
struct HostChecks {
    let plan: Plan
    let host: HostFacts
    /// What the config file says of services.
    var health: [ServiceName: ServiceHealth] = [:]

    func run() -> [PreflightCheck] {
        [docker, compose] + files + disk + orphans + services + configured
    }

    /// Such a disk is empty after a stop, and docker's with it.
    private var disk: [PreflightCheck] {
        guard host.keepsDockerOnInstanceStore, plan.steps.contains(where: \.stopsInstance) else {
            return []
        }
        let volumes = host.services.flatMap { service in
            service.volumes.map { "\(service.name) \($0)" }
        }
        return [
            .warning(
                "docker_disk",
                "docker keeps its images, containers and volumes on an instance store volume, which loses all of it "
                    + "at the stop"
                    + (volumes.isEmpty
                        ? "." : ": " + volumes.sorted().joined(separator: ", ") + "."),
                hint:
                    "Save what is in the volumes. Images come from their registries again, an undo's too."
            )
        ]
    }

    /// A limit or a probe of a service that there is not would never be seen to be missing.
    private var configured: [PreflightCheck] {
        health.sorted { $0.key.text < $1.key.text }.map { name, wanted in
            let names = host.services.map(\.name.text)
            let words = [
                wanted.timeout.map { "\(Int($0)) s to become well" },
                wanted.probe.map { "has to answer \($0)" },
            ].compactMap { $0 }
            return names.contains(name.text)
                ? .ok("health_config", of: name.text, words.joined(separator: ", ") + ".")
                : .refused(
                    "health_config",
                    of: name.text,
                    code: "unknown_service",
                    "The config file has a health setting for \(name), which is no service here.",
                    hint: NearNames.closest(to: name.text, among: names)
                        .map { "Did you mean \($0)?" }
                        ?? "The services are: " + names.joined(separator: ", ") + "."
                )
        }
    }

    /// The first release whose `docker image inspect`, `manifest inspect` and labels are as the host's
    /// scripts use them (Docker Engine 20.10 release notes).
    private static let leastDocker = [20, 10]
    /// The first release that was written for docker's own command line (Docker Compose release notes,
    /// 2.0.0); what came later is used only where it is there.
    private static let leastCompose = [2, 0, 0]

    /// What is brought up here is brought up as it was; by hand it would be another stack.
    private var files: [PreflightCheck] {
        guard let unread = host.project.unreadOverride.map({ VisibleText.filtered($0) }) else {
            return []
        }
        return [
            .warning(
                "compose_files",
                of: unread,
                "What runs was started without \(unread), and so will what is started now.",
                hint:
                    "`docker compose up` without -f reads it: start the stack with it once, or remove it."
            )
        ]
    }

    /// `compose stop` leaves such containers alone, so that the stop would fail half-way.
    private var orphans: [PreflightCheck] {
        guard !host.orphans.isEmpty else { return [] }
        return [
            .refused(
                "orphan_containers",
                code: "orphan_containers",
                "Containers of the project run that its compose file does not know: "
                    + host.orphans.map { VisibleText.filtered($0) }.joined(separator: ", ") + ".",
                hint: "Remove them on the host: "
                    + host.project.commandLine("up -d --remove-orphans")
            )
        ]
    }

    private var docker: PreflightCheck {
        version("docker_version", "docker", host.dockerVersion, Self.leastDocker)
    }

    private var compose: PreflightCheck {
        version("compose_version", "docker compose", host.composeVersion, Self.leastCompose)
    }

    private func version(
        _ name: String,
        _ program: String,
        _ text: String,
        _ least: [Int]
    ) -> PreflightCheck {
        let wanted = least.map(String.init).joined(separator: ".")
        let digits = text.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
        let parts = digits.split(separator: ".").compactMap { Int($0) }
        guard !parts.isEmpty else {
            return .unknown(name, "\(program) has the version \(VisibleText.quoted(text)).")
        }
        return parts.lexicographicallyPrecedes(least)
            ? .refused(
                name,
                code: "\(name)_too_old",
                "\(program) on the host is \(digits); it takes \(wanted) or newer.",
                hint: "Update docker on the host."
            ) : .ok(name, "\(program) \(digits).")
    }

    private var services: [PreflightCheck] {
        let started = StartedServices(plan.steps, host)
        // A run that changes something ends with a look at every service.
        let isGated =
            plan.steps.contains(where: \.isChange) && !StartedServices.bringsFileBack(plan.steps)
            && !started.mayBeMore
        // A command of the plan may end the pause; a way back ends it itself.
        let isRefusedPaused =
            plan.steps.contains(where: \.isChange) && !StartedServices.bringsFileBack(plan.steps)
            && !plan.steps.contains { if case .operation(.exec) = $0 { true } else { false } }
        return host.services.map { service in
            guard !service.hasEndedUnasked else {
                return .warning(
                    "service_health",
                    of: service.name.text,
                    service.endedSentence
                )
            }
            let seen = "\(service.state ?? "no container"), \(service.health.rawValue)"
            if service.isWell { return .ok("service_health", of: service.name.text, seen + ".") }
            if service.isPaused, isRefusedPaused, !endsPause(of: service) { return paused(service) }
            if isGated, service.isDown, !started.names.contains(service.name) {
                return down(service)
            }
            guard !service.isDown || started.names.contains(service.name) else {
                return .warning(
                    "service_health",
                    of: service.name.text,
                    "\(service.name) does not run (\(seen)): a change that does not start it is refused, and an "
                        + "undo can only bring that back."
                )
            }
            return .warning(
                "service_health",
                of: service.name.text,
                "\(service.name) is not well now (\(seen)); an undo can only bring that back."
            )
        }
    }

    /// Whether a step stops the service, or makes it anew: compose cannot start one that is paused.
    private func endsPause(of service: ServiceFacts) -> Bool {
        plan.steps.contains { step in
            switch step {
            case .resize: true
            case .setImage(let name, _, _): name == service.name
            default: false
            }
        }
    }

    /// That a step starts it does not help: compose cannot start one that is paused.
    private func paused(_ service: ServiceFacts) -> PreflightCheck {
        .refused(
            "service_health",
            of: service.name.text,
            code: "service_down",
            "\(service.name) is paused, and no step of the plan ends that.",
            detail: "Every service has to be well at the end, so that the run would be undone.",
            hint:
                "End it on the host: docker compose unpause \(service.name) (docker unpause NAME)"
        )
    }

    /// The interruption would be for nothing: the run would end with it, and be undone.
    private func down(_ service: ServiceFacts) -> PreflightCheck {
        .refused(
            "service_health",
            of: service.name.text,
            code: "service_down",
            "\(service.name) does not run (\(service.state ?? "no container")), and no step of the plan starts it.",
            detail: "Every service has to be well at the end, so that the run would be undone.",
            hint:
                "Start it on the host: \(host.project.commandLine("up -d \(service.name)")). "
                + "If it is not to run, say so in the compose file: scale: 0"
        )
    }
}
