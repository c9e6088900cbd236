import ArgumentParser
import GeuseRuntime

/// `verify NAME`: the EFS proof and the health, any time.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a stack's EFS mount and look at its services' health; changes nothing."
    )

    @Argument(help: "The stack.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let stack = try frame.openStack(StackName(name), connection)
            frame.mentionUnfinished(stack.target.name)
            let facts = try stack.readFacts()
            let rehearsal = Rehearsal(
                target: stack.target,
                lookups: CloudLookups(stack.cloud),
                started: frame.clock.now(),
                read: { facts }
            )
            let storage = try rehearsal.verifyStorage()
            let services = try rehearsal.health()
            let ill = (facts.host?.services ?? []).filter { !$0.isWell }
            guard ill.isEmpty else {
                throw Diagnostic(
                    "not_healthy",
                    "Not well: " + ill.map(\.name.text).joined(separator: ", ") + ".",
                    detail: "The EFS mount is proven.",
                    hint: frame.directory.command("describe \(name)")
                )
            }
            return CommandReport(
                message: "\(name) is verified",
                data: ["storage": storage, "services": services],
                text:
                    "EFS is mounted, the right one, writable and answering; all services are well.\n"
            )
        }
    }
}
