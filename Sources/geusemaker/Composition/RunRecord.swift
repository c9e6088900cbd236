import GeuseRuntime
import LuaBridge

extension CommandFrame {
    /// Tells whether this machine has the journal of a run, and it says that the run ended.
    func hasEnded(_ name: StackName) -> (RunID) -> Bool {
        let archive = JournalArchive(directory, files)
        return { run in archive.hasEnded(run, of: name) }
    }

    /// Starts the journal of a confirmed run.
    func record(
        _ plan: Plan,
        _ loaded: LoadedState,
        _ run: RunID,
        _ lock: DeploymentLock,
        _ command: String,
        _ file: ScriptFile
    ) throws -> StackRecord {
        Interruption.runIsOpen(next: directory.command("recover \(loaded.state.name)"))
        return try StackRecord.start(
            plan,
            of: run,
            by: .current(run: run, command: command, since: clock.now()),
            scriptHash: file.hash,
            modules: file.modules,
            version: Version.text,
            from: loaded,
            in: store,
            directory,
            files,
            clock,
            under: lock
        )
    }
}
