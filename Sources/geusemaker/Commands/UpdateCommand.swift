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

    @Option(
        name: .long,
        help: "How many instances the stack's Auto Scaling group is to have."
    )
    var scale: Int?

    @Flag(help: "Bring services to the newest patch of the versions that they run.")
    var securityPatch = false

    @Option(name: .long, help: "With --security-patch: only this service. Repeatable.")
    var service: [String] = []

    @Flag(name: .long, help: "Give the database a new password, and n8n with it.")
    var rotateCredentials = false

    @OptionGroup var change: ChangeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var global: GlobalOptions

    func run() throws {
        try ScriptCommandRunner(change: change, connection: connection, global: global).run(
            stock: securityPatch ? "security_patch.lua" : "update.lua",
            stack: name,
            command: "update"
        ) {
            try securityPatch ? patchArguments() : arguments()
        }
    }

    private func patchArguments() throws -> [String] {
        guard instanceType == nil, fallbackType.isEmpty, image.isEmpty, scale == nil,
            !rotateCredentials
        else {
            throw Diagnostic(
                "options_exclude_each_other",
                "--security-patch chooses the images itself and changes nothing else.",
                hint: "Change the instance type or other images in a run of their own.",
                kind: .usage
            )
        }
        if change.reserveCapacity { throw Self.withoutType("--reserve-capacity") }
        return try service.flatMap { ["--service", try ServiceName($0).text] }
    }

    private static func withoutType(_ option: String) -> Diagnostic {
        Diagnostic(
            "option_without_effect",
            "\(option) only means something with --instance-type.",
            hint: "To change the type: --instance-type TYPE",
            kind: .usage
        )
    }

    /// The script's arguments, checked here so that a typo never gets as far as a lock.
    private func arguments() throws -> [String] {
        guard service.isEmpty else {
            throw Diagnostic(
                "option_without_effect",
                "--service only means something with --security-patch.",
                hint: "To change one service's image: --image SERVICE=IMAGE",
                kind: .usage
            )
        }
        guard instanceType != nil || !image.isEmpty || scale != nil || rotateCredentials
        else {
            throw Diagnostic(
                "nothing_asked",
                "Nothing was asked for.",
                hint: "Give --instance-type, --image SERVICE=IMAGE, --rotate-credentials, "
                    + "--scale N, or several of them; or --security-patch.",
                kind: .usage
            )
        }
        if instanceType == nil {
            if !fallbackType.isEmpty { throw Self.withoutType("--fallback-type") }
            if change.reserveCapacity { throw Self.withoutType("--reserve-capacity") }
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
        if let scale { words += ["--scale", String(scale)] }
        return words
    }
}
