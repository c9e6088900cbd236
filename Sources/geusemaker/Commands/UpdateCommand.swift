import ArgumentParser
import GeuseRuntime

/// `update NAME`: the stock script update.lua, run exactly as `run update.lua NAME` would.
struct UpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change the instance type, container images, or both, in one interruption."
    )

    @Argument(help: "The stack.")
    var name: String

    @Option(name: .long, help: "The EC2 instance type to change to.")
    var instanceType: String?

    @Option(name: .long, help: "Tried in order when there is no capacity. Repeatable.")
    var fallbackType: [String] = []

    @Option(name: .long, help: "SERVICE=IMAGE. Repeatable.")
    var image: [String] = []

    @Flag(name: .long, help: "Give the database a new password, and n8n with it.")
    var rotateCredentials = false

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try ScriptCommandRunner(change: change, connection: connection, global: global).run(
            stock: "update.lua",
            stack: name,
            command: "update"
        ) {
            try arguments()
        }
    }

    /// The script's arguments, checked here so that a typo never gets as far as a lock.
    private func arguments() throws -> [String] {
        guard instanceType != nil || !image.isEmpty || rotateCredentials else {
            throw Diagnostic(
                "nothing_asked",
                "Nothing was asked for.",
                hint:
                    "Give --instance-type, --image SERVICE=IMAGE, --rotate-credentials, or several.",
                kind: .usage
            )
        }
        var words: [String] = []
        if let instanceType {
            words += ["--instance-type", try InstanceType(instanceType).text]
        }
        for type in fallbackType { words += ["--fallback-type", try InstanceType(type).text] }
        for (service, image) in try ImagePairs.parse(image) {
            words += ["--image", "\(service)=\(image)"]
        }
        if rotateCredentials { words.append("--rotate-credentials") }
        return words
    }
}
