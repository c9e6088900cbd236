/// Whether the file system is mounted again once the instance was stopped and started.
///
/// A mount that was made by hand is gone after the boot: the proof would then refuse to start anything, both
/// forward and back, with the whole stack down.
struct BootCheck {
    /// The name under which a person may overrule the refusal.
    static let allowName = "mount-at-boot"

    let plan: Plan
    let host: HostFacts

    func run() -> [PreflightCheck] {
        guard plan.steps.contains(where: \.stopsInstance) else { return [] }
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
