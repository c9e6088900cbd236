extension StackRecord {
    /// The record of a confirmed run; its journal begins here.
    ///
    /// - Parameters:
    ///   - plan: what was confirmed.
    ///   - run: the run's id.
    ///   - owner: who runs it, with the command.
    ///   - scriptHash: SHA-256 of the script's text, in hexadecimal.
    ///   - modules: the modules that the script asked for.
    ///   - version: the program's version.
    ///   - loaded: the state as it was read.
    ///   - store: where it is saved.
    ///   - directory: the state directory.
    ///   - files: the files of it.
    ///   - clock: the time.
    ///   - lock: the stack's lock, held.
    /// - Returns: the record.
    /// - Throws: `Diagnostic` when the journal cannot be written.
    public static func start(
        _ plan: Plan,
        of run: RunID,
        by owner: LockOwner,
        scriptHash: String?,
        modules: [ModuleHash] = [],
        version: String,
        from loaded: LoadedState,
        in store: any StateStore,
        _ directory: StateDirectory,
        _ files: any FileSystem,
        _ clock: any Clock,
        under lock: DeploymentLock
    ) throws -> StackRecord {
        let start = RunStart(
            run: run,
            stack: plan.stack,
            command: owner.command,
            scriptHash: scriptHash,
            modules: modules,
            who: owner.user,
            host: owner.host,
            version: version,
            plan: plan.json.objectValue ?? JSONObject()
        )
        return StackRecord(
            store: store,
            backups: Backups(directory, files, clock),
            journals: JournalArchive(directory, files),
            clock: clock,
            lock: lock,
            journal: try Journal.start(start, in: directory, files, clock, under: lock),
            loaded: loaded
        )
    }
}
