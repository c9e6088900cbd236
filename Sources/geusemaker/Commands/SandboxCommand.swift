import ArgumentParser
import GeuseRuntime

/// `sandbox create|list|fault|remove`: simulated stacks, for trying things without AWS.
struct SandboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Simulated stacks in the state directory; no AWS account needed.",
        subcommands: [Create.self, List.self, Fault.self, Remove.self]
    )

    /// `sandbox create NAME`.
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a simulated stack."
        )
        @Argument(help: "The stack's name.")
        var name: String
        @Option(name: .long, help: "The instance type it starts with.")
        var instanceType = "t3.medium"
        @Option(name: .long, help: "SERVICE=IMAGE it starts with. Repeatable.")
        var image: [String] = []
        @Flag(name: .long, help: "Make it a one-time Spot Instance, which cannot be stopped.")
        var spot = false
        @Flag(name: .long, help: "Switch stop protection on.")
        var stopProtection = false
        @Option(
            name: .long,
            help: "An Auto Scaling group of 1 to 4 instances that owns the stack's."
        )
        var autoScalingGroup: String?
        @Option(
            name: .long,
            help: "How many times faster than real time waits pass; up to 1000000."
        )
        var speed = 1.0
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let stack = try StackName(name)
                var options = SandboxOptions()
                options.instanceType = try InstanceType(instanceType)
                options.purchase = spot ? .oneTimeSpot : .onDemand
                options.isStopProtected = stopProtection
                options.autoScalingGroup = autoScalingGroup
                options.speed = speed
                for (service, image) in try ImagePairs.parse(image) {
                    options.images[service] = image
                }
                let created = try frame.createSandbox(stack, options)
                return CommandReport(
                    message: "Created the simulated stack \(stack)",
                    data: [
                        "name": .string(stack.text),
                        "instance_id": .string(created.instance.id.text),
                        "efs_id": .string(created.fileSystem.text),
                    ],
                    text: "Created the simulated stack \(stack): \(created.instance.id), "
                        + "\(created.instance.type), data on \(created.fileSystem).\n"
                )
            }
        }
    }

    /// `sandbox list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the simulated stacks."
        )
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let names = try frame.sandbox.list()
                let rows = try names.map { name in
                    let world = try frame.sandbox.world(name)
                    return [name.text, world.faults.map(\.description).joined(separator: ", ")]
                }
                return CommandReport(
                    message: "\(names.count) simulated stacks",
                    data: ["sandboxes": .array(names.map { .string($0.text) })],
                    text: Table(["NAME", "FAULTS"], rows, empty: "No simulated stacks.\n").text
                )
            }
        }
    }

    /// `sandbox fault NAME FAULT`.
    struct Fault: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fault",
            abstract: "Make something fail, such as start=InsufficientInstanceCapacity; or clear."
        )
        @Argument(help: "The stack's name.")
        var name: String
        @Argument(help: "What fails and how, such as start=InsufficientInstanceCapacity*2; clear.")
        var fault: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let stack = try StackName(name)
                try frame.requireSandbox(stack)
                if fault == "clear" {
                    try frame.sandbox.clearFaults(stack)
                } else {
                    try frame.sandbox.inject(SandboxFault(fault), into: stack)
                }
                let faults = try frame.sandbox.world(stack).faults.map(\.description)
                return CommandReport(
                    message: "Faults of \(stack)",
                    data: ["faults": .array(faults.map(JSONValue.string))],
                    text: faults.isEmpty
                        ? "\(stack) has no faults.\n" : faults.map { $0 + "\n" }.joined()
                )
            }
        }
    }

    /// `sandbox remove NAME`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Remove a simulated stack and its state file."
        )
        @Argument(help: "The stack's name.")
        var name: String
        @OptionGroup var global: GlobalOptions

        func run() throws {
            try CommandFrame(global).report { frame in
                let stack = try StackName(name)
                try frame.requireSandbox(stack)
                let lock = try frame.lock(stack, command: "sandbox remove")
                defer { lock.release() }
                try frame.files.remove(frame.directory.state(stack))
                try frame.sandbox.remove(stack)
                return CommandReport(
                    message: "Removed \(stack)",
                    data: ["name": .string(stack.text)],
                    text: "Removed \(stack). Its backups and journal are kept.\n"
                )
            }
        }
    }
}
