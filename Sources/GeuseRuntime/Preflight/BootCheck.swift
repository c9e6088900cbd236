/// Whether file system and docker are there again once the instance was stopped and started, and nothing starts
/// the services before that is proven.
///
/// A mount that was made by hand is gone after the boot: the proof would then refuse to start anything, both
/// forward and back, with the whole stack down.
struct BootCheck {
    /// The name under which a person may overrule the refusal.
    static let allowName = "mount-at-boot"
    /// The same for a docker that no boot starts.
    static let dockerAllowName = "docker-at-boot"
    /// The same for what starts the services at boot.
    static let startAllowName = "boot-start"

    let plan: Plan
    let host: HostFacts

    func run() -> [PreflightCheck] {
        guard plan.steps.contains(where: \.stopsInstance) else { return [] }
        return mounted + docker + starts
    }

    /// Without docker nothing is started after the boot, neither forward nor back.
    private var docker: [PreflightCheck] {
        switch host.dockerStartsAtBoot {
        case nil: []
        case true?: [.ok("docker_at_boot", "systemd starts docker at boot.")]
        case false?:
            [
                .refused(
                    "docker_at_boot",
                    code: "docker_not_at_boot",
                    "Nothing starts docker when the instance starts again.",
                    detail:
                        "systemd has docker's unit and it is not enabled: the services would stay down.",
                    hint: "On the host: systemctl enable docker.service docker.socket",
                    allowing: Self.dockerAllowName
                )
            ]
        }
    }

    /// Where EFS comes late, what they start writes to the root disk, and is in the way of the mount.
    private var starts: [PreflightCheck] {
        host.bootStarts.map { place in
            let name = VisibleText.filtered(place)
            return .refused(
                "starts_at_boot",
                of: name,
                code: "starts_at_boot",
                "\(name) starts the services when the instance boots, whether EFS is mounted by then or not.",
                detail:
                    "It runs docker compose for this project and does not wait for \(host.storage.mountPoint): "
                    + "where EFS comes late the services write to the root disk.",
                hint:
                    "Have it wait for the mount (of a unit, in a drop-in: RequiresMountsFor="
                    + "\(host.storage.mountPoint)), or disable it for as long as the change takes.",
                allowing: Self.startAllowName
            )
        }
    }

    private var mounted: [PreflightCheck] {
        let mount = host.storage.mountPoint
        let place = VisibleText.quoted(host.storage.bootPlace ?? "")
        let hint =
            "Have it mounted at boot, as an entry of /etc/fstab (EFS User Guide, \"Mounting at boot\")."
        switch host.storage.bootMount {
        case .fstab: return [.ok(Self.name, of: mount, "/etc/fstab mounts it at boot.")]
        case .unit: return [.ok(Self.name, of: mount, "systemd mounts it at boot: \(place).")]
        case .named:
            return [
                .unknown(
                    Self.name,
                    of: mount,
                    "Neither fstab nor systemd mounts it at boot; \(place) names it and may.",
                    hint: hint
                )
            ]
        case .nothing:
            return [
                .refused(
                    Self.name,
                    of: mount,
                    code: "efs_not_at_boot",
                    "Nothing mounts \(mount) when the instance starts again.",
                    detail:
                        "Neither /etc/fstab (without noauto) nor an enabled unit of systemd has it, and nothing "
                        + "that runs at boot names it: the services would stay down.",
                    hint: hint,
                    allowing: Self.allowName
                )
            ]
        case .unknown, nil:
            return [
                .unknown(
                    Self.name,
                    of: mount,
                    "What mounts it at boot could not be found out.",
                    hint: hint
                )
            ]
        }
    }

    private static let name = "efs_at_boot"
}
