import ArgumentParser
import GeuseRuntime

/// `lock release NAME --run RUN`.
struct LockReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Give back the lease that a dead run has left on a stack's host.",
        discussion: """
            Only for a run that cannot be recovered where it ran, because that machine or its state \
            directory is gone, or that this state directory is a copy of. A run that died here is ended by \
            recover. The stack may be \
            between old and new afterwards; look with describe and verify.
            """
    )

    @Argument(help: "The stack.")
    var name: String

    @Option(
        name: .customLong("run"),
        help: "The run that holds the lease, as lock status shows it."
    )
    var deadRun: String

    @Flag(
        name: [.long, .short, .customLong("yes"), .customShort("y")],
        help: "Don't ask. Skips the question, never a refusal."
    )
    var force = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let name = try StackName(name)
            let dead = try RunID(deadRun)
            let lock = try frame.lock(name, command: "lock release", waiting: 0)
            defer { lock.release() }
            let isOurs = try frame.unfinished(name)?.run == dead
            let stack = try frame.openStack(name, connection)
            guard let seen = try stack.readFacts().host?.lease else {
                throw Diagnostic(
                    "host_unreachable",
                    "The instance is not running, so its host cannot be asked.",
                    detail: "Nothing was touched."
                )
            }
            guard let holder = seen.holder, holder.run == dead else {
                throw Diagnostic(
                    "lease_not_held",
                    "The run \(dead) does not hold the lease of \(name)'s host.",
                    detail: seen.holder.map { "It is held by \($0.run). \($0.sentence)" }
                        ?? "Nobody holds it.",
                    hint: frame.directory.command("lock status \(name)"),
                    kind: .refused
                )
            }
            let id = RunID.make(at: frame.clock.now())
            let owner = LockOwner.current(
                run: id,
                command: "lock release",
                since: frame.clock.now()
            )
            // What died here is ended by its journal; of another machine only a person can tell.
            if isOurs, !holder.isElsewhere(than: owner) { throw frame.unfinishedRun(dead, name) }
            let question = Question(
                force: force,
                showsPlan: false,
                frame.terminal,
                Interruption.flag
            )
            let beat = seen.heartbeat.map { " Its last sign of life was at \($0)." } ?? ""
            guard
                try question.confirm(
                    "\(holder.sentence)\(beat)\n"
                        + "A run that is alive loses the right to go on, and its stack may stay "
                        + "between old and new.\n",
                    "Give the lease back?"
                )
            else {
                throw Diagnostic(
                    "declined",
                    "Not confirmed; nothing was touched.",
                    kind: .declined
                )
            }
            // In the dead run's name and with its number: should it live, its next step comes too late,
            // and whoever has its journal can still recover it.
            try stack.host.lease(
                HostStep(
                    StepID(run: dead, step: "release-\(id)"),
                    lease: HostLease(owner, run: dead, fence: seen.fence),
                    endsLease: true
                )
            )
            let next = frame.directory.command(isOurs ? "recover \(name)" : "verify \(name)")
            return CommandReport(
                message: "The lease of \(dead) was given back",
                data: ["released": .string(dead.text)],
                text: "The lease of the run \(dead) on the host of \(name) was given back.\n"
                    + (isOurs ? "Now bring the stack back: " : "Look at what is there: ")
                    + "\(next)\n"
            )
        }
    }
}
