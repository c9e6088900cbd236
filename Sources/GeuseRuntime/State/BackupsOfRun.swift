extension Backups {
    /// The first backup that a run made, found by what the backup itself says; nil when there is none.
    public func first(of run: RunID, _ name: StackName) throws -> Backup? {
        for entry in try list(name).reversed() where entry.problem == nil {
            let backup = try show(entry.id, of: name)
            if backup.evidence?.run == run { return backup }
        }
        return nil
    }
}
