import ArgumentParser
import GeuseRuntime

/// `recover NAME`: brings back a stack whose last run never ended.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring back a stack whose last run was killed or could not be undone.",
        discussion: """
            The unfinished run is undone: instance type, compose file and images become what they \
            were before it, EFS is proven, and the services have to be healthy. What already is as \
            it was is left alone, so recovering twice does nothing the second time.
            """
    )

    @Argument(help: "The stack.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "Seconds to wait for the stack's lock.")
    var lockWait: Double = 0

    func run() throws {
        try CommandFrame(global).report { frame in
            let name = try StackName(name)
            let lock = try frame.lock(name, command: "recover", waiting: lockWait)
            defer { lock.release() }
            let archive = JournalArchive(frame.directory, frame.files)
            guard let unfinished = try archive.unfinished(name) else {
                _ = try frame.store.load(name)
                return CommandReport(
                    message: "There is nothing to recover",
                    data: ["recovered": false],
                    text: "There is nothing to recover: the last run of \(name) ended.\n"
                )
            }
            let (journal, reading) = try Journal.resume(
                unfinished.run,
                of: name,
                in: frame.directory,
                frame.files,
                frame.clock,
                under: lock
            )
            let stack = try frame.openStack(name, connection)
            let backups = Backups(frame.directory, frame.files, frame.clock)
            let recovery = Recovery(reading, backups)
            let point = try recovery.point(of: name)
            let timeline = Timeline(frame.terminal)
            timeline.animate()
            defer { timeline.close() }
            var settings = SessionSettings()
            settings.usesAgent = stack.usesAgent
            let session = Session(
                target: stack.target,
                edges: SessionEdges(
                    cloud: stack.cloud,
                    host: stack.host,
                    clock: frame.clock,
                    cancellation: Interruption.flag,
                    observer: timeline,
                    approver: Question(
                        force: false,
                        showsPlan: false,
                        frame.terminal,
                        Interruption.flag
                    ),
                    record: StackRecord(
                        store: frame.store,
                        backups: backups,
                        journals: archive,
                        clock: frame.clock,
                        lock: lock,
                        journal: journal,
                        loaded: stack.loaded
                    )
                ),
                settings: settings,
                plan: Plan(stack: name),
                facts: try stack.readFacts(),
                run: unfinished.run,
                started: frame.clock.now()
            )
            let outcome = try recovery.undo(to: point, with: session)
            timeline.close()
            let when =
                recovery.checkpointName.map {
                    "at the checkpoint \"\(VisibleText.filtered($0))\" of the run \(unfinished.run)"
                } ?? "before the run \(unfinished.run)"
            let text =
                outcome == .restored
                ? "\(name) is what it was \(when), and healthy.\n"
                : "The run \(unfinished.run) had not changed anything that runs.\n"
            return CommandReport(
                message: text.trimmingSpaces,
                data: ["recovered": true, "run": .string(unfinished.run.text)],
                text: text
            )
        }
    }
}
