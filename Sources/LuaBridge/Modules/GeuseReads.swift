import GeuseRuntime

/// The functions that only look.
enum GeuseReads {
    static let functions: [FunctionDeclaration<ScriptContext>] = [
        FunctionDeclaration(
            "describe",
            since: "0.1",
            summary: "Live facts of the stack.",
            doc: """
                During a rehearsal it shows the predicted state; nil means that a value is not known yet, as the new address after a change of type, \
                or the container and digest after one of an image. Inside a window it shows an image \
                that was set there only after the window's end, and the services as stopped once a change \
                has stopped them.
                """,
            returns: .value(GeuseResults.description)
        ) { context, _ in ScriptValue(try context.primitives.describe()) },
        FunctionDeclaration(
            "health",
            since: "0.1",
            summary: "The health of each service.",
            doc: "A table by service name, as `services` of `geuse.describe`.",
            returns: .value(GeuseResults.services)
        ) { context, _ in ScriptValue(try context.primitives.health()) },
        FunctionDeclaration(
            "tags",
            since: "0.1",
            summary: "The tags of the repository that a service's image is from.",
            doc: """
                A list of texts, sorted by their bytes. The registry is asked from the host, with the \
                host's own login; a run asks each question once. Fails with `too_many_tags` rather than \
                give a part of them; `prefix` narrows it down.
                """,
            parameters: [
                Parameter("service", .identifier(ServiceName.self)),
                Parameter(
                    "options",
                    .table([
                        Parameter(
                            "prefix",
                            .string,
                            optional: true,
                            doc: "Only tags that begin with it."
                        )
                    ]),
                    optional: true
                ),
            ],
            returns: .value(.list(of: .string))
        ) { context, arguments in
            let prefix = arguments.optionalTable("options")?.optionalString("prefix") ?? ""
            return ScriptValue(
                try context.primitives.tags(
                    arguments.identifier("service", ServiceName.self),
                    beginningWith: prefix
                )
            )
        },
        FunctionDeclaration(
            "image",
            since: "0.1",
            summary: "What a pull of an image for a service would find; nothing is pulled.",
            doc: """
                The registry is asked from the host, with the host's own login; a run asks for each image \
                once, and its real run is told what the rehearsal was. An image that cannot be had is no error: \
                `reason` says why, and a plan with such an image is refused.
                """,
            parameters: [
                Parameter("service", .identifier(ServiceName.self)),
                Parameter("image", .identifier(ImageReference.self)),
            ],
            returns: .value(GeuseResults.image)
        ) { context, arguments in
            ScriptValue(
                try context.primitives.image(
                    arguments.identifier("service", ServiceName.self),
                    arguments.identifier("image", ImageReference.self)
                )
            )
        },
        FunctionDeclaration(
            "wait_healthy",
            since: "0.1",
            summary: "Waits until every service is well.",
            doc: """
                A change waits for that by itself. While no change is planned a rehearsal waits too; behind one it is \
                predicted to succeed. Not inside a window, at whose end the services start.
                """,
            parameters: [
                Parameter(
                    "options",
                    .table([
                        Parameter(
                            "timeout",
                            .number,
                            optional: true,
                            within: 0...3600,
                            doc: "Seconds; 300 if left out, at most 3600."
                        )
                    ]),
                    optional: true
                )
            ],
            returns: .value(GeuseResults.services)
        ) { context, arguments in
            let timeout = arguments.optionalTable("options")?.optionalNumber("timeout") ?? 300
            return ScriptValue(try context.primitives.waitHealthy(timeout: timeout))
        },
        FunctionDeclaration(
            "verify_efs",
            since: "0.1",
            summary: "Proves that the data is on the right EFS, mounted, writable and answering.",
            doc: "Fails with a code that begins with `efs_`. Changes prove it in any case.",
            returns: .value(GeuseResults.storage)
        ) { context, _ in ScriptValue(try context.primitives.verifyStorage()) },
        FunctionDeclaration(
            "request",
            since: "0.1",
            summary: "What the command line asked for.",
            returns: .value(GeuseResults.request)
        ) { context, _ in ScriptValue(context.request) },
        FunctionDeclaration(
            "options",
            since: "0.1",
            summary: "Declares the script's own options and reads them from its arguments.",
            doc: """
                Each option is `name = { "PLACEHOLDER", doc = …, list = true, map = true, \
                required = true, default = … }`; without a placeholder it is a flag. On the command \
                line `instance_type` is `--instance-type`. A list or map that was not given is empty. \
                Reading an option that was not declared is an error.
                """,
            keyedByArgument: true,
            isOwnTime: true,
            parameters: [Parameter("declaration", .map(of: .any), doc: "The options by name.")],
            returns: .value(.map(of: .any))
        ) { context, arguments in
            let declaration = try arguments.table("declaration").values
            let options = try ScriptOptions(declaration)
            context.options = options
            return .map(try options.parse(context.arguments))
        },
        FunctionDeclaration(
            "capabilities",
            since: "0.1",
            summary: "What this version of the program offers.",
            doc: """
                For scripts that run with several versions: reading the name of a function that does not \
                exist from `functions` gives nil.
                """,
            returns: .value(GeuseResults.capabilities)
        ) { _, _ in
            let functions = GeuseModule.module.functions.map(\.signature)
            return [
                "lua": "5.4",
                "functions": .map(ScriptMap(functions.map { ($0.name, .string($0.since)) })),
            ]
        },
    ]
}
