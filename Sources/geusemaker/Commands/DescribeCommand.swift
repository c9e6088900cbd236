import ArgumentParser
import GeuseRuntime

/// `describe NAME`: what is really there, and where the state file differs.
struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show what a stack really is: instance, services, storage, drift.",
        aliases: ["inspect"]
    )

    @Argument(help: "The stack.")
    var name: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try CommandFrame(global).report { frame in
            let stack = try frame.openStack(StackName(name), connection)
            frame.mentionUnfinished(stack.target.name)
            let lookups = CloudLookups(stack.cloud)
            lookups.beginProtection(of: stack.target.instance)
            var facts = try stack.readFacts()
            facts.stopProtection = lookups.protection(of: stack.target.instance)
            let document = StackDescription.json(
                stack: stack.target.name,
                recorded: stack.target.recorded,
                facts: facts
            )
            return CommandReport(
                isOutput: true,
                message: "Described \(name)",
                data: document,
                text: DescriptionView.text(stack.target, facts)
            )
        }
    }
}
