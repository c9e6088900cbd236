/// Whether containers beside the services stand in the way of a stop, or come up by themselves after it.
struct ContainerChecks {
    /// The name under which a person may overrule the refusal.
    static let allowName = "foreign-container"

    let plan: Plan
    let host: HostFacts

    func run() -> [PreflightCheck] { oneOffs + foreign + policies }

    private var stopsInstance: Bool { plan.steps.contains(where: \.stopsInstance) }

    /// `compose stop` leaves such containers alone, so that the stop would fail half-way.
    private var oneOffs: [PreflightCheck] {
        guard !host.oneOffs.isEmpty, stopsInstance else { return [] }
        return [
            .refused(
                "one_off_containers",
                code: "one_off_containers",
                "Containers of `docker compose run` still run: " + Self.list(host.oneOffs) + ".",
                detail:
                    "A stop of the services leaves them alone, and the instance is to be stopped.",
                hint: "Wait for them to end, or end them on the host: docker stop NAME"
            )
        ]
    }

    /// docker starts them at boot, before anybody has proven the mount: they would write to the root disk.
    private var foreign: [PreflightCheck] {
        host.foreign.map { container in
            let name = VisibleText.filtered(container.name)
            let what =
                "\(name) is no service of the project, has a volume on the file system, and its restart policy is "
                + "\(VisibleText.filtered(container.policy))"
            guard stopsInstance, container.startsAtBoot else {
                return .warning(
                    "foreign_container",
                    of: name,
                    what + ": nothing here stops it or waits for it."
                )
            }
            return .refused(
                "foreign_container",
                of: name,
                code: "foreign_container",
                what + ".",
                detail:
                    "docker starts it when the machine boots, before EFS is proven: where EFS comes late it writes "
                    + "to the root disk.",
                hint:
                    "Stop it for as long as the change takes (docker update --restart=no \(name) and docker stop "
                    + "\(name)), or make it a service of the compose file.",
                allowing: Self.allowName
            )
        }
    }

    /// What a run that was cut off has left behind.
    private var policies: [PreflightCheck] {
        guard !host.heldPolicies.isEmpty else { return [] }
        return [
            .warning(
                "restart_policies",
                "Restart policies that were put off at a stop are not back: "
                    + Self.list(host.heldPolicies) + ".",
                hint:
                    "docker starts these neither at boot nor when they end. The next change gives "
                    + "them back."
            )
        ]
    }

    private static func list(_ names: [String]) -> String {
        names.map { VisibleText.filtered($0) }.joined(separator: ", ")
    }
}
