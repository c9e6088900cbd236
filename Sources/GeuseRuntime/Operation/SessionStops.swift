// What a person has to know of how services were stopped.

extension Session {
    /// One that was killed had not ended in its time.
    static func killed(_ service: String, _ project: ComposeProject) -> String {
        "\(VisibleText.filtered(service)) did not end within \(project.stopGrace) s and was killed: what it had not "
            + "written by then is lost. Its stop_grace_period in the compose file gives it longer."
    }

    /// One whose restart policy could not be given back.
    static func held(_ service: String, _ project: ComposeProject) -> String {
        "\(VisibleText.filtered(service)) has lost its restart policy: docker starts it neither at boot nor when it "
            + "ends. The next change gives it back, or: "
            + project.commandLine("up -d --force-recreate")
    }
}
