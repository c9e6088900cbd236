import GeuseRuntime

extension CommandFrame {
    /// Whether a run can be written down: files are made, synced and removed in the state directory.
    func stateDirectoryCheck(_ name: StackName) -> PreflightCheck {
        do {
            try directory.probe(name, files)
            return .ok("state_directory", "\(directory.root) was written to.")
        } catch {
            let cause =
                error as? Diagnostic ?? Diagnostic("state_directory_unwritable", "\(error)")
            return .refused("state_directory", cause)
        }
    }
}
