extension ComposeProject {
    /// A command of compose on this very project, as a person types it in whatever directory.
    ///
    /// - Parameter words: what stands behind the options that name the project, such as `up -d`.
    /// - Returns: the line; without options that files and project need, compose would look for others.
    func commandLine(_ words: String) -> String {
        var options = ["--project-directory", directory, "-p", name]
        for file in environmentFiles { options += ["--env-file", file] }
        for path in [file] + overrides.map(\.path) { options += ["-f", path] }
        return "docker compose " + options.map(ShellText.quoted).joined(separator: " ") + " "
            + words
    }
}
