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
            let text = try arguments.string("message")
            try context.say(.scriptLog(text), text)
            return .nil
        },
        FunctionDeclaration(
            "progress",
            since: "0.1",
            summary: "Says how far the step under way is.",
            parameters: [Parameter("message", .string)]
        ) { context, arguments in
            let text = try arguments.string("message")
            try context.say(.stepProgress(text), text)
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
            doc: """
                Only between two looks at the stack before the first change a rehearsal really waits, a minute at \
                most, so that a script can wait for something there. \
                Inside a window, once a change has stopped the services, it makes the interruption longer, and \
                the plan's expected downtime with it.
                """,
            parameters: [
                Parameter("seconds", .number, within: 0...3600, doc: "At most 3600.")
            ]
        ) { context, arguments in
            try context.primitives.sleep(arguments.number("seconds"))
            return .nil
        },
        FunctionDeclaration(
            "wait_until",
            since: "0.1",
            summary: "Waits for a moment by the real clock; a rehearsal only counts the time.",
            doc: """
                A moment is a number as `geuse.now` gives it, at most a day ahead; one that is past is not \
                waited for. With `finish_by`, an interruption that is expected to go past that moment is not \
                begun any more: the run fails with `too_late`. After a long wait the stack is looked at \
                again, and has to be as it was. Not inside a window.
                """,
            parameters: [
                Parameter("moment", .number, doc: "Seconds since 1970."),
                Parameter(
                    "options",
                    .table([
                        Parameter(
                            "finish_by",
                            .number,
                            optional: true,
                            doc: "Seconds since 1970, after the moment."
                        )
                    ]),
                    optional: true
                ),
            ]
        ) { context, arguments in
            let end = arguments.optionalTable("options")?.optionalNumber("finish_by")
            try context.primitives.wait(
                until: moment(arguments.number("moment")),
                finishBy: end.map(moment)
            )
            return .nil
        },
        FunctionDeclaration(
            "confirm",
            since: "0.1",
            summary: "Asks one more question before the script goes on.",
            doc: """
                Returns whether the answer was yes. It is part of the plan and written down; a rehearsal \
                predicts yes, and `--yes` says yes. Where there is nobody to ask and no `--yes`, the run \
                fails. After a no the script may leave out what its plan still has, and do nothing that is not \
                in it. A question is no guard and gets past none. A script that changes nothing is not run \
                a second time, and its questions are not asked. Not inside a window, where services may be \
                down while nobody answers.
                """,
            parameters: [Parameter("question", .string)],
            returns: .value(.boolean)
        ) { context, arguments in
            let question = try context.line(arguments.string("question"), atMost: 4000)
            return .bool(try context.primitives.confirm(question))
        },
        .fail(since: "0.1"),
    ]

    /// A moment from a script's number; what no calendar has is brought to its ends.
    private static func moment(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: Int64(min(max(seconds, 0), 100_000_000_000) * 1_000_000))
    }
}
