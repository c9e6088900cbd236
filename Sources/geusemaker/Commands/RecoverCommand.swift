import ArgumentParser
import GeuseRuntime

/// `recover NAME`: ends a run that never ended.
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring back a stack whose last run was killed or could not be undone.",
        discussion: """
            A run whose every change had been made and verified is finished. Any other run is undone: \
            instance type, compose file and images become what they were before it, EFS is proven, \
            and the services have to be healthy. --resume does what is left of the run's plan \
            instead; --abort undoes it in any case; --accept puts on record what is configured now, \
            once it stands on a proven mount and is healthy, for a run whose backup is lost. A stack \
            that its state file calls half-changed without a run here is treated so, too. What already is as it has to be is left alone, \
            so recovering twice does nothing the second time.
            """
    )

    @Argument(help: "The stack.")
    var name: String

    @Flag(name: .long, help: "Do what is left of the run's plan; undo all of it if that fails.")
    var resume = false

    @Flag(name: .long, help: "Undo the run, even if all of it had been done.")
    var abort = false

    @Flag(name: .long, help: "Neither: bring up and put on record what is configured now.")
    var accept = false

    @Option(
        name: .long,
        help: "With --resume: overrule the refusal of that name, as for `update`; can be repeated.",
        completion: .list(Preflight.allowNames)
    )
    var allow: [String] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "Seconds to wait for the stack's lock.")
    var lockWait: Double?

    func validate() throws {
        if [resume, abort, accept].filter({ $0 }).count > 1 {
            throw ValidationError("--resume, --abort and --accept exclude each other.")
        }
        guard allow.isEmpty || resume else {
            throw ValidationError("--allow goes with --resume: nothing else takes new steps.")
        }
    }

    func run() throws {
        try CommandFrame(global).report { frame in
            let name = try StackName(name)
            let allowed = try ChangeOptions.allowed(allow)
            let unlocked = try frame.unfinished(name)
            let lock = try frame.lock(
                name,
                command: "recover",
                run: unlocked?.run,
                waiting: try frame.seconds(lockWait, "lock-wait", of: name, standard: 0)
            )
            defer { lock.release() }
            guard let unfinished = try frame.unfinished(name) else {
                let state = try frame.store.load(name).state
                if [.updating, .rollingBack, .failed].contains(state.status) {
                    return try frame.standAsConfigured(name, under: lock, connection)
                }
                return CommandReport(
                    message: "There is nothing to recover",
                    data: ["recovered": false],
                    text: "There is nothing to recover: the last run of \(name) ended.\n"
                )
            }
            let way: Recovery.Way =
                resume ? .resume : abort ? .abort : accept ? .accept : .byRule
            let done = try frame.recover(
                unfinished,
                of: name,
                way,
                under: lock,
                connection,
                allowing: allowed
            )
            if case .fellBack(let error) = done.outcome {
                let isInterrupted = error.kind == .interrupted
                try frame.end(
                    done.warnings.reduce(error) { $0.adding(detail: "! " + $1) },
                    data: done.data,
                    status: isInterrupted ? ExitStatus.interrupted : ExitStatus.rolledBack
                )
            }
            return done.report(name)
        }
    }
}
