import ArgumentParser
import GeuseRuntime
import LuaBridge

/// `doctor [NAME]`: whether a change could be begun, and what stands in its way.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Look at all that a change depends on, here and at a stack; changes nothing.",
        discussion:
            "Without a stack it looks at this machine and the state files alone. Exit code 4 when a "
            + "change would be refused."
    )

    @Argument(help: "The stack.")
    var name: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        // The worker is a copy of this process as it is now: before any credential is read.
        let engine = Self.scriptEngine
        try CommandFrame(global).report { frame in
            var checks = [engine] + frame.stateFileChecks()
            if let name = try name.map({ try StackName($0) }) {
                _ = try frame.store.load(name)
                checks += [frame.stateDirectoryCheck(name)] + frame.runChecks(name)
                checks += try stackChecks(name, frame)
            }
            let report = PreflightReport(checks)
            let count = report.refusals.count
            let subject = name ?? "this machine"
            let message =
                count == 0
                ? "A change could be begun: nothing stands in the way on \(subject)"
                : "\(count) of \(checks.count) checks on \(subject) stand in the way of a change"
            return CommandReport(
                message: message,
                data: ["healthy": .bool(count == 0), "checks": report.json],
                text: (["\(message)."] + CheckView.lines(report, frame.terminal, withRefusals: true))
                    .joined(separator: "\n") + "\n",
                status: count == 0 ? ExitStatus.done : ExitStatus.refused
            )
        }
    }

    /// Whether a script can be run in a process of its own.
    private static var scriptEngine: PreflightCheck {
        do {
            let worker = try ScriptWorker(limits: ScriptLimits())
            try worker.run(ScriptSource(name: "doctor", text: "return 1"), modules: []) { _ in .nil
            }
            return .ok("script_engine", "Scripts run in a process of their own.")
        } catch let failure as ScriptFailure {
            return .refused("script_engine", failure.diagnostic)
        } catch {
            return .refused("script_engine", CommandFrame.diagnostic(error))
        }
    }

    /// What is there, and how it would be judged before a change.
    ///
    /// - Throws: `Diagnostic` for wrong options and an interrupt; anything else is a check that failed.
    private func stackChecks(
        _ name: StackName,
        _ frame: CommandFrame
    ) throws -> [PreflightCheck] {
        do {
            let stack = try frame.openStack(name, connection)
            var checks = try stack.credentialChecks(
                Plan(stack: name),
                rollback: stack.settings.rollbackTimeout,
                now: frame.clock.now()
            )
            let lookups = CloudLookups(stack.cloud)
            let facts = try stack.readFacts(lookups)
            if let holder = facts.host?.lease.holder, !frame.hasEnded(name)(holder.run) {
                checks.append(
                    .refused(
                        "host_lease",
                        code: "host_leased",
                        "The run \(holder.run) holds the host. \(holder.sentence)",
                        hint: frame.directory.command("lock status \(name)")
                    )
                )
            }
            let preflight = Preflight(stack.target, lookups, health: stack.health)
            return checks + (try preflight.checkup(facts))
        } catch let error as Diagnostic where [.interrupted, .usage].contains(error.kind) {
            throw error
        } catch {
            return [.refused("stack_reachable", CommandFrame.diagnostic(error))]
        }
    }
}

extension CommandFrame {
    fileprivate static func diagnostic(_ error: any Error) -> Diagnostic {
        error as? Diagnostic ?? Diagnostic("internal_error", "Unexpected: \(error)")
    }

    /// Whether each state file can be read.
    fileprivate func stateFileChecks() -> [PreflightCheck] {
        let entries: [StateEntry]
        do {
            entries = try store.list()
        } catch {
            return [.refused("state_files", Self.diagnostic(error))]
        }
        let broken = entries.compactMap { entry -> PreflightCheck? in
            guard case .failure(let error) = entry.state else { return nil }
            return .warning(
                "state_files",
                of: entry.name,
                "The state of \(VisibleText.filtered(entry.name)) cannot be read (\(error.code)): \(error.summary)",
                hint: error.hint
            )
        }
        return broken.isEmpty
            ? [.ok("state_files", "\(entries.count) state files in \(directory.root) are whole.")]
            : broken
    }

    /// Whether a run is at work on the stack, or was never ended.
    fileprivate func runChecks(_ name: StackName) -> [PreflightCheck] {
        do {
            guard let open = try unfinished(name) else {
                return [.ok("unfinished_run", "Every run has ended.")]
            }
            let isAtWork = isAtWork(name)
            return [
                .refused(
                    "unfinished_run",
                    code: isAtWork ? "locked" : "run_not_ended",
                    isAtWork
                        ? "The run \(open.run) is at work." : "The run \(open.run) has not ended.",
                    hint: directory.command(isAtWork ? "lock status \(name)" : "recover \(name)")
                )
            ]
        } catch {
            return [.refused("unfinished_run", Self.diagnostic(error))]
        }
    }
}
