import ArgumentParser
import GeuseRuntime

/// `lock`: who is changing a stack.
struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "See who is changing a stack; give back what a dead run has left.",
        subcommands: [LockStatusCommand.self, LockReleaseCommand.self]
    )
}

/// `lock status NAME`.
struct LockStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the stack's lock here, its unfinished run, and the lease on its host."
    )

    @Argument(help: "The stack.")
    var name: String

    @Flag(name: .long, help: "Look only at this state directory, not at the host.")
    var local = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let name = try StackName(name)
            _ = try frame.store.load(name)
            let (isHeld, owner) = try DeploymentLock.status(name, in: frame.directory, frame.files)
            let unfinished = isHeld ? nil : try frame.unfinished(name)
            let seen = local ? nil : try lease(name, frame)
            let holder = isHeld ? owner : nil
            var lines = [
                "Lock here:      "
                    + (isHeld ? holder?.sentence ?? "held; the holder left no note" : "free")
            ]
            if let unfinished {
                let next = frame.directory.command("recover \(name)")
                lines.append("Unfinished run: \(unfinished.run); next: \(next)")
            }
            if !local { lines.append("Lease on host:  " + words(seen, name, frame)) }
            return CommandReport(
                isOutput: true,
                message: isHeld || seen?.holder != nil ? "\(name) is locked" : "\(name) is free",
                data: [
                    "locked": .bool(isHeld),
                    "owner": holder.map { .object($0.document) } ?? .null,
                    "unfinished_run": unfinished.map { .string($0.run.text) } ?? .null,
                    "host": seen.map(\.json) ?? .null,
                ],
                text: lines.joined(separator: "\n") + "\n"
            )
        }
    }

    /// What the host says; nil when it cannot be asked because the instance is not running.
    private func lease(_ name: StackName, _ frame: CommandFrame) throws -> HostLeaseFacts? {
        try frame.openStack(name, connection).readFacts().host?.lease
    }

    private func words(
        _ lease: HostLeaseFacts?,
        _ name: StackName,
        _ frame: CommandFrame
    ) -> String {
        guard let lease else { return "not known; the instance is not running" }
        guard let holder = lease.holder else { return "free" }
        let seen = lease.heartbeat.map { " Last sign of life: \($0)." } ?? ""
        let release = frame.directory.command("lock release \(name) --run \(holder.run)")
        return "run \(holder.run). \(holder.sentence)\(seen)\n"
            + "                If that run is dead: \(release)"
    }
}
