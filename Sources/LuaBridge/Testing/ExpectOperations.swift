import GeuseRuntime

/// The expectations about what a configuration does not show.
enum ExpectOperations {
    static let functions: [FunctionDeclaration<TestContext>] = [
        ran, notRan, restarted, capacity, noImage,
    ]

    private static let place = Parameter(
        "service",
        .identifier(ServiceName.self),
        optional: true,
        doc: "In whose container; on the host if left out."
    )

    private static let ran = FunctionDeclaration<TestContext>(
        "ran",
        since: "0.1",
        summary: "A command was run since the test began, so often.",
        parameters: [
            Parameter("command", .list(of: .string), doc: "All of its words."), place,
            Parameter("times", .integer, optional: true, doc: "1 if left out."),
        ]
    ) { context, arguments in
        let found = try count(context, arguments)
        let wanted = arguments.optionalInteger("times") ?? 1
        guard found == wanted else {
            throw context.failure(
                "Expected that it was run \(wanted) times, but it was \(found) times: "
                    + arguments.strings("command").joined(separator: " "),
                try told(context)
            )
        }
        return .nil
    }

    private static let notRan = FunctionDeclaration<TestContext>(
        "not_ran",
        since: "0.1",
        summary: "A command was not run.",
        parameters: [Parameter("command", .list(of: .string)), place]
    ) { context, arguments in
        guard try count(context, arguments) == 0 else {
            throw context.failure(
                "Expected that it was not run: "
                    + arguments.strings("command").joined(separator: " "),
                try told(context)
            )
        }
        return .nil
    }

    private static func count(_ context: TestContext, _ arguments: Arguments) throws -> Int {
        let stack = try context.world()
        let words = arguments.strings("command")
        let service = try arguments.optionalIdentifier("service", ServiceName.self)
        return try stack.world(stack.files).commands.count {
            $0.words == words && $0.service == service
        }
    }

    private static func told(_ context: TestContext) throws -> String {
        let stack = try context.world()
        let lines = try stack.world(stack.files).commands.map { run in
            let place = run.service.map { "in \($0)" } ?? "on the host"
            return "  \(run.words.joined(separator: " ")) (\(place))"
        }
        return lines.isEmpty
            ? "No command was run." : "What was run:\n" + lines.joined(separator: "\n")
    }

    private static let restarted = FunctionDeclaration<TestContext>(
        "restarted",
        since: "0.1",
        summary: "A service was started anew by the run, in the container that it had.",
        parameters: [
            Parameter("service", .identifier(ServiceName.self)),
            Parameter("result", .map(of: .any), optional: true, doc: "What `run` returned."),
        ]
    ) { context, arguments in
        let stack = try context.world()
        let run = try context.run(arguments["result"])
        let name = try arguments.string("service")
        let (before, after) = (
            try stack.look(run.before)["services"]?[name],
            try stack.look(stack.files)["services"]?[name]
        )
        guard let before, let after else {
            throw context.failure("There is no service \(name) to be seen.")
        }
        guard before["started_at"] != after["started_at"],
            before["container"] == after["container"]
        else { throw context.failure("Expected \(name) to be restarted, which it was not.") }
        return .nil
    }

    private static let capacity = FunctionDeclaration<TestContext>(
        "capacity",
        since: "0.1",
        summary: "The stack's Auto Scaling group has that desired capacity.",
        parameters: [Parameter("count", .integer)]
    ) { context, arguments in
        let stack = try context.world()
        let found = try stack.world(stack.files).capacity
        let wanted = try arguments.integer("count")
        guard found == wanted else {
            throw context.failure(
                "Expected a desired capacity of \(wanted), but it is "
                    + (found.map(String.init) ?? "a single instance") + "."
            )
        }
        return .nil
    }

    private static let noImage = FunctionDeclaration<TestContext>(
        "no_image",
        since: "0.1",
        summary: "The host does not have that image any more.",
        parameters: [Parameter("image", .identifier(ImageReference.self))]
    ) { context, arguments in
        let stack = try context.world()
        let image = try arguments.identifier("image", ImageReference.self)
        guard try stack.world(stack.files).has(image) else { return .nil }
        throw context.failure("Expected the host to be rid of \(image), but it has it.")
    }
}
