/// Stopping every service of a project.
struct StopOperation {
    let project: ComposeProject
    /// Below which the services' data is written down; nil for no record.
    var mountPoint: String?

    var script: HostOperationScript {
        HostOperationScript(
            parts: [
                HostScript.compose, HostScript.profiles, HostScript.storage, HostScript.mask,
                HostScript.data, HostScript.policies, HostScript.engine,
                HostScript.stopServices,
            ],
            values: Self.values(of: project) + [
                ("G_LIMIT", .text(String(180 + 2 * project.stopGrace))),
                ("G_MOUNT", .text(mountPoint ?? "")),
            ]
        )
    }

    /// The values that a call of compose needs.
    static func values(of project: ComposeProject) -> [(name: String, value: HostScript.Value)] {
        [
            ("G_PROJECT", .text(project.name)),
            ("G_FILE", .text(project.file)),
            ("G_OVERRIDES", .words(project.overrides.map { [$0.path, $0.sha256] })),
            ("G_DIRECTORY", .text(project.directory)),
            ("G_GRACE", .text(String(project.stopGrace))),
            ("G_ENVIRONMENT", .words(project.environmentFiles.map { [$0] })),
        ]
    }
}
