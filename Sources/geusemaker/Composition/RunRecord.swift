import GeuseRuntime
import LuaBridge

extension CommandFrame {
    /// Tells whether this machine has the journal of a run, and it says that the run ended.
    func hasEnded(_ name: StackName) -> (RunID) -> Bool {
        let archive = JournalArchive(directory, files)
        return { run in (try? archive.read(run, of: name))?.outcome != nil }
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
        let owner = LockOwner.current(run: run, command: command, since: clock.now())
        let start = RunStart(
            run: run,
            stack: plan.stack,
            command: command,
            scriptHash: file.hash,
            who: owner.user,
            host: owner.host,
            version: Version.text,
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
