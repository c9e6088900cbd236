import ArgumentParser
import GeuseRuntime

/// `adopt NAME --instance-id i-…`: a state file for a stack that nobody has on record here.
struct AdoptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Write a state file for a running stack, from what is really there."
    )

    @Argument(help: "The name the stack gets here.")
    var name: String

    @Option(name: .long, help: "The instance, i-...")
    var instanceId: String

    @Flag(
        name: [.long, .short],
        help: "Take the place of a state that is there; a backup is kept."
    )
    var force = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let stack = try StackName(name)
            let id = try InstanceID(instanceId)
            try frame.directory.prepare(stack, frame.files)
            let lock = try DeploymentLock.acquire(
                stack,
                in: frame.directory,
                frame.files,
                owner: LockOwner.current(run: nil, command: "adopt", since: frame.clock.now())
            )
            defer { lock.release() }
            let existing = try existing(stack, frame)
            warnOfOpenRun(stack, id, frame)
            let region = frame.setting(connection.region, "region", of: stack)
            let edges = try frame.liveEdges(id, of: stack, region: region, connection)
            let state = try AdoptionReader(cloud: edges.cloud, host: edges.host).read(
                stack,
                id,
                mountPoint: frame.setting(nil, "mount-point", of: stack) ?? "/mnt/efs",
                now: frame.clock.now()
            )
            if let existing {
                _ = try Backups(frame.directory, frame.files, frame.clock)
                    .create(existing, label: nil, evidence: nil)
            }
            let saved = try frame.store.save(state, replacing: existing, under: lock)
            let images = saved.state.containerImages.map { "\($0.service) \($0.image)" }
            return CommandReport(
                message: "Adopted \(stack)",
                data: .object(saved.state.document),
                text: "Adopted \(stack): \(id), \(saved.state.config.instanceType), "
                    + "data on \(saved.state.fileSystemID).\n"
                    + images.map { "  \($0)\n" }.joined()
                    + "State file: \(frame.directory.state(stack))\n"
            )
        }
    }

    /// What a run that never ended had begun, it had begun on the instance on record: `recover` undoes
    /// nothing of it on another one.
    private func warnOfOpenRun(_ stack: StackName, _ id: InstanceID, _ frame: CommandFrame) {
        guard let open = try? frame.unfinished(stack) else { return }
        StandardStreams.talk(
            frame.terminal.paint("Warning: ", .yellow)
                + "the run \(open.run) of \(stack) never ended. "
                + "If it was at work on another instance than \(id), it cannot be undone any more, and "
                + "is ended by: \(frame.directory.command("recover \(stack) --accept"))\n"
        )
    }

    private func existing(_ stack: StackName, _ frame: CommandFrame) throws -> LoadedState? {
        guard frame.files.exists(frame.directory.state(stack)) else { return nil }
        let loaded = try frame.store.load(stack)
        guard force else {
            throw Diagnostic(
                "already_adopted",
                "\(stack) has a state file already.",
                detail: "Nothing was changed.",
                hint: "Use another name, or --force to write it anew from what is there.",
                kind: .refused
            )
        }
        return loaded
    }
}
