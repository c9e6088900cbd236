import GeuseRuntime

/// The functions that do something to a stack which its configuration does not show.
enum GeuseOperations {
    static let functions: [FunctionDeclaration<ScriptContext>] = [
        restart, scale, exec, execOnHost, prune,
    ]

    private static let restart = FunctionDeclaration<ScriptContext>(
        "restart",
        since: "0.1",
        summary: "Stops a service and starts it again.",
        doc: """
            EFS is proven before it starts, and the service has to become healthy. Not inside a window, \
            which stops and starts every service anyway.
            """,
        parameters: [Parameter("service", .identifier(ServiceName.self))]
    ) { context, arguments in
        try context.primitives.restart(arguments.identifier("service", ServiceName.self))
        return .nil
    }

    private static let scale = FunctionDeclaration<ScriptContext>(
        "scale",
        since: "0.1",
        summary: "Sets how many instances the stack's Auto Scaling group is to have.",
        doc: """
            Within the group's limits; waits until all of them are in service, and an undo sets the old \
            capacity. A stack that is a single instance refuses it, and so does a group that might choose \
            the stack's own instance when it scales in. Returns false when the group has as many in service.
            """,
        parameters: [Parameter("count", .integer)],
        returns: .value(.boolean)
    ) { context, arguments in
        .bool(try context.primitives.scale(to: arguments.integer("count")))
    }

    private static let command = Parameter(
        "command",
        .list(of: .string),
        ruled: { try HostCommand.check($0, "The command") },
        doc: "The program and its arguments, a word each; no shell reads them."
    )

    private static let options = Parameter(
        "options",
        .table([
            Parameter(
                "undo",
                .list(of: .string),
                optional: true,
                ruled: { try HostCommand.check($0, "The command's undo") },
                doc: "The words that undo it, run in the same place."
            ),
            Parameter(
                "timeout",
                .integer,
                optional: true,
                within: 1...Double(HostCommand.longest),
                doc: "Seconds that it may take; 60 if left out, at most \(HostCommand.longest)."
            ),
        ]),
        optional: true
    )

    private static let exec = FunctionDeclaration<ScriptContext>(
        "exec",
        since: "0.1",
        summary: "Runs a command in the container of a service.",
        doc: """
            Needs `--allow exec`, and is refused without it before anything is touched. The plan shows the \
            command, as one-way unless it brings its `undo`. `output` has what looks like a \
            secret masked, at most 12,000 bytes, and no newline behind it; a rehearsal runs nothing. A command that ends with \
            another code, or not in time, ends the run. When the run fails later, the undos of all \
            commands that were begun are run, the last one first, after everything else has been undone \
            and the services run again; each has to end with 0. An undo may have to undo a command that \
            was cut short, or has done nothing. No command is ever run twice. Keep secrets out of the \
            words: they are written down. On the host itself: `geuse.exec_on_host`.
            """,
        parameters: [Parameter("service", .identifier(ServiceName.self)), command, options],
        returns: .value(GeuseResults.command)
    ) { context, arguments in
        let service = try arguments.identifier("service", ServiceName.self)
        return try run(context, arguments, in: service)
    }

    private static let execOnHost = FunctionDeclaration<ScriptContext>(
        "exec_on_host",
        since: "0.1",
        summary: "Runs a command on the host, as the user that the host is reached as.",
        doc: "As `geuse.exec`, outside of any container; with SSM that user is root.",
        parameters: [command, options],
        returns: .value(GeuseResults.command)
    ) { context, arguments in
        try run(context, arguments, in: nil)
    }

    private static func run(
        _ context: ScriptContext,
        _ arguments: Arguments,
        in service: ServiceName?
    ) throws -> ScriptValue {
        let options = arguments.optionalTable("options")
        let command = try HostCommand(
            service: service,
            words: arguments.strings("command"),
            undo: options?.optionalList("undo").map { $0.compactMap(\.stringValue) },
            timeout: options?.optionalInteger("timeout") ?? 60
        )
        try context.count(command.text)
        return ScriptValue(try context.primitives.exec(command))
    }

    private static let prune = FunctionDeclaration<ScriptContext>(
        "prune",
        since: "0.1",
        summary: "Removes superseded images of the stack's repositories from the host.",
        doc: """
            What a container uses, what the compose file names, what this run has pulled and what the \
            newest six backups need for a rollback stays. It cannot be undone, and changes nothing that \
            runs. Returns the names that were removed; a rehearsal returns none.
            """,
        returns: .value(.list(of: .string))
    ) { context, _ in ScriptValue(try context.primitives.prune()) }
}
