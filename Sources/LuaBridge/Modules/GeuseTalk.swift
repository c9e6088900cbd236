import GeuseRuntime

/// The functions that talk, wait and give up.
enum GeuseTalk {
    static let functions: [FunctionDeclaration<ScriptContext>] = [
        FunctionDeclaration(
            "log",
            since: "0.1",
            summary: "Says something to the user.",
            parameters: [Parameter("message", .string)]
        ) { context, arguments in
            context.observer.observe(.scriptLog(try arguments.string("message")))
            return .nil
        },
        FunctionDeclaration(
            "progress",
            since: "0.1",
            summary: "Says how far the step under way is.",
            parameters: [Parameter("message", .string)]
        ) { context, arguments in
            context.observer.observe(.stepProgress(try arguments.string("message")))
            return .nil
        },
        FunctionDeclaration(
            "now",
            since: "0.1",
            summary: "The run's own time, in seconds since 1970.",
            doc: "The start of the run and what the script slept since; the same in a rehearsal.",
            returns: .value(.number)
        ) { context, _ in .double(context.primitives.now().seconds) },
        FunctionDeclaration(
            "sleep",
            since: "0.1",
            summary: "Waits; a rehearsal only counts the time.",
            parameters: [Parameter("seconds", .number, doc: "At most 3600.")]
        ) { context, arguments in
            let seconds = try arguments.number("seconds")
            guard seconds >= 0, seconds <= 3600 else {
                throw Diagnostic(
                    "invalid_argument",
                    "geuse.sleep takes 0 to 3600 seconds.",
                    kind: .usage
                )
            }
            try context.primitives.sleep(seconds)
            return .nil
        },
        .fail(since: "0.1"),
    ]
}
