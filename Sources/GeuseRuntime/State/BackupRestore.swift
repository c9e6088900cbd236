extension Backups {
    /// Puts the state of a backup in place of the state file; nothing but that file is changed.
    ///
    /// What stood there is kept: a good state as a backup, anything else as `….damaged.gz`.
    ///
    /// - Parameters:
    ///   - id: the backup, or `latest`.
    ///   - name: the stack.
    ///   - lock: the stack's lock, held.
    /// - Returns: the state as it is stored now.
    /// - Throws: `Diagnostic`; the state file is then as it was.
    public func restore(
        _ id: String,
        of name: StackName,
        under lock: DeploymentLock
    ) throws -> LoadedState {
        try lock.require(name, directory)
        let backup = try show(id, of: name)
        let path = directory.state(name)
        if files.exists(path) {
            let present = try files.read(path)
            if let loaded = try? FileStateStore.read(present, name) {
                _ = try create(loaded)
            } else {
                let base = BackupFile(name, nil, clock.now(), number: 0).id
                let copy = directory.backups(name) + "/" + base + ".damaged.gz"
                try files.replace(copy, with: Gzip.compress(present))
            }
        }
        var state = backup.state.state
        state.updatedAt = clock.now()
        let bytes = try state.bytes()
        let stored = try FileStateStore.read(bytes, name)
        try files.replace(path, with: bytes)
        return stored
    }
}
