import GeuseRuntime

/// The functions that change something; their guards are the session's.
enum GeuseChanges {
    static let functions: [FunctionDeclaration<ScriptContext>] = [
        FunctionDeclaration(
            "backup",
            since: "0.1",
            summary: "Saves state, compose file, digests and an EFS nonce, and reads them back.",
            doc:
                "Without it the first change takes a backup by itself. A labelled one is kept for ever.",
            parameters: [
                Parameter("label", .identifier(BackupLabel.self), optional: true)
            ],
            returns: .value(GeuseResults.backup)
        ) { context, arguments in
            let label = try arguments.optionalIdentifier("label", BackupLabel.self)
            try context.count(label?.text ?? "")
            return ScriptValue(try context.primitives.backup(label: label))
        },
        FunctionDeclaration(
            "pull",
            since: "0.1",
            summary: "Brings an image to the host; nothing that runs is changed.",
            doc: "Fails before any interruption when there is no such image for the host.",
            parameters: [
                Parameter("service", .identifier(ServiceName.self)),
                Parameter("image", .identifier(ImageReference.self)),
            ],
            returns: .value(GeuseResults.pulled)
        ) { context, arguments in
            ScriptValue(
                try context.primitives.pull(
                    arguments.identifier("service", ServiceName.self),
                    arguments.identifier("image", ImageReference.self)
                )
            )
        },
        FunctionDeclaration(
            "set_image",
            since: "0.1",
            summary: "Changes a service's image in the compose file and recreates the service.",
            doc: """
                Only the image is edited; every other byte of the file stays. Asking for the image \
                that is configured already is no change. Inside a window it happens at its end.
                """,
            parameters: [
                Parameter("service", .identifier(ServiceName.self)),
                Parameter("image", .identifier(ImageReference.self)),
            ]
        ) { context, arguments in
            try context.primitives.setImage(
                arguments.identifier("service", ServiceName.self),
                arguments.identifier("image", ImageReference.self)
            )
            return .nil
        },
        FunctionDeclaration(
            "resize",
            since: "0.1",
            summary: "Changes the instance's type.",
            doc: """
                Services are stopped, then the instance; it starts as the new type, EFS is proven, \
                and the services start again. Inside a window they start at its end.
                """,
            parameters: [
                Parameter("type", .identifier(InstanceType.self)),
                Parameter(
                    "options",
                    .table([
                        Parameter(
                            "fallback",
                            .list(of: .identifier(InstanceType.self), atMost: 16),
                            optional: true,
                            doc:
                                "Types to try in order when there is no capacity; at most 16. The present one is left out."
                        )
                    ]),
                    optional: true
                ),
            ]
        ) { context, arguments in
            let fallback = arguments.optionalTable("options")?.strings("fallback") ?? []
            try context.primitives.resize(
                arguments.identifier("type", InstanceType.self),
                fallback: fallback.map { try InstanceType($0) }
            )
            return .nil
        },
        FunctionDeclaration(
            "rollback",
            since: "0.1",
            summary: "Brings back an earlier configuration: instance type, compose file, images.",
            doc: """
                A number is one of the previous states of the state file, 1 the newest; a text is the id \
                of a backup, or `latest`. Where a backup of the program tells what ran, the compose file \
                comes back byte for byte and the same images run again, whatever their tags name by now. \
                Returns false when the stack is as it was then. Nothing else can be changed after it.
                """,
            parameters: [
                Parameter("to", .either([.integer, .string]), optional: true)
            ],
            returns: .value(.boolean)
        ) { context, arguments in
            let point: RollbackPoint
            if let id = arguments.optionalString("to") {
                point = .backup(id)
            } else {
                point = .version(arguments.optionalInteger("to") ?? 1)
            }
            return .bool(try context.primitives.rollback(to: point))
        },
        FunctionDeclaration(
            "restore_data",
            since: "0.1",
            summary: "Puts the data of a service back from the dump in a backup.",
            doc: """
                Dumps are taken with the backup before the image of n8n or of a database changes. What uses \
                the data is stopped meanwhile; the present data is dumped and kept beside the restored. No \
                other change can be made in the same run.
                """,
            parameters: [
                Parameter("service", .identifier(ServiceName.self)),
                Parameter("backup", .string, doc: "A backup's id, or `latest`."),
            ]
        ) { context, arguments in
            try context.primitives.restoreData(
                arguments.identifier("service", ServiceName.self),
                from: arguments.string("backup")
            )
            return .nil
        },
        FunctionDeclaration(
            "checkpoint",
            since: "0.1",
            summary: "What was done before it is kept if a later step fails.",
            doc: """
                EFS is proven, every service has to be well, the state file is written and a new backup \
                made; an undo then comes back to this point. Not inside a window.
                """,
            parameters: [Parameter("name", .string, doc: "What has been reached.")]
        ) { context, arguments in
            try context.primitives.checkpoint(
                context.line(arguments.string("name"), atMost: 100)
            )
            return .nil
        },
        FunctionDeclaration(
            bracket: "window",
            since: "0.1",
            summary: "Changes inside share one interruption.",
            doc: """
                Services stop at most once and start once, with one health gate at the end. Inside of it nothing \
                is waited for (`geuse.wait_healthy`, `geuse.wait_until`), nobody is asked, and what needs \
                running services is refused.
                """,
            parameters: [
                Parameter("name", .string, doc: "What the window is for."),
                Parameter("body", .function, doc: "Makes the changes."),
            ],
            begin: { context, arguments in
                let name = try context.line(arguments.string("name"), atMost: 100)
                try context.primitives.openWindow(name)
                context.windows.append(name)
                return .nil
            },
            end: { context, outcome in
                guard let name = context.windows.popLast() else { return }
                try context.primitives.closeWindow(
                    name,
                    failed: !outcome.succeeded,
                    because: outcome.failure
                )
            }
        ),
    ]
}
