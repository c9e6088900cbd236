import GeuseRuntime

/// The global functions of test files.
enum TestFunctions {
    static let module = Module<TestContext>(
        nil,
        summary: "What test files have besides `expect`.",
        functions: [test, stack, fault, clearFaults, run, look, wait]
    )

    private static let test = FunctionDeclaration<TestContext>(
        bracket: "test",
        since: "0.1",
        summary: "One test: a stack of its own, and what is expected of it.",
        doc: """
            A failure inside ends the test, not the file. A test that uses up the time or the memory \
            of its worker fails, and the file is run anew for the tests after it.
            """,
        contained: true,
        parameters: [
            Parameter("name", .string, doc: "What it shows."),
            Parameter("body", .function, doc: "Does it."),
        ],
        begin: { context, arguments in
            let isToRun = try context.begin(VisibleText.filtered(arguments.string("name")))
            return .bool(isToRun)
        },
        end: { context, outcome in context.end(outcome) }
    )

    private static let stack = FunctionDeclaration<TestContext>(
        "stack",
        since: "0.1",
        summary: "Makes the test's simulated stack; without it the usual one is made.",
        parameters: [
            Parameter(
                "options",
                .table([
                    Parameter("name", .identifier(StackName.self), optional: true),
                    Parameter("instance_type", .identifier(InstanceType.self), optional: true),
                    Parameter(
                        "services",
                        .map(of: .identifier(ImageReference.self)),
                        optional: true,
                        doc: "Images other than the usual ones, by service."
                    ),
                    Parameter(
                        "spot",
                        .boolean,
                        optional: true,
                        doc: "A one-time Spot Instance, which cannot be stopped."
                    ),
                    Parameter("stop_protection", .boolean, optional: true),
                    Parameter(
                        "auto_scaling_group",
                        .string,
                        optional: true,
                        doc: "A group of 1 to 4 instances that owns the stack's."
                    ),
                    Parameter(
                        "time",
                        .string,
                        optional: true,
                        doc: "When the test begins, such as `2026-01-05T02:00:00Z`."
                    ),
                ]),
                optional: true
            )
        ]
    ) { context, arguments in
        let given = arguments.optionalTable("options")
        var options = SandboxOptions()
        if let type = try given?.optionalIdentifier("instance_type", InstanceType.self) {
            options.instanceType = type
        }
        options.purchase = given?.optionalBoolean("spot") == true ? .oneTimeSpot : .onDemand
        options.autoScalingGroup = given?.optionalString("auto_scaling_group")
        options.isStopProtected = given?.optionalBoolean("stop_protection") ?? false
        for (service, image) in given?.optionalTable("services")?.values.members ?? [] {
            options.images[try ServiceName(service)] = try ImageReference(image.stringValue ?? "")
        }
        let name = try given?.optionalIdentifier("name", StackName.self)
        try context.make(
            name ?? StackName(unchecked: "test-stack"),
            options,
            at: try given?.optionalString("time").map(time) ?? SimulatedTime.usual
        )
        return .nil
    }

    private static func time(_ text: String) throws -> Timestamp {
        guard let time = Timestamp(text) else {
            throw Diagnostic(
                "invalid_time",
                "\(VisibleText.quoted(text)) is not a time.",
                hint: "Write it like 2026-01-05T02:00:00Z.",
                kind: .usage
            )
        }
        return time
    }

    private static let fault = FunctionDeclaration<TestContext>(
        "fault",
        since: "0.1",
        summary: "Makes something of the stack go wrong from now on.",
        doc: "The kinds and values are those of `geusemaker sandbox fault`, but for `kill`.",
        parameters: [
            Parameter(
                "kind",
                .choice(SandboxFault.Kind.allCases.filter { $0 != .kill }.map(\.rawValue)),
                doc: "Where it strikes."
            ),
            Parameter("value", .string, doc: "What happens, such as an error code of EC2."),
            Parameter(
                "options",
                .table([
                    Parameter("on", .string, optional: true, doc: "Only this instance type."),
                    Parameter("times", .integer, optional: true, doc: "How often; else for ever."),
                ]),
                optional: true
            ),
        ]
    ) { context, arguments in
        let options = arguments.optionalTable("options")
        let on = options?.optionalString("on").map { "@\($0)" } ?? ""
        let times = options?.optionalInteger("times").map { "*\($0)" } ?? ""
        let text = try arguments.string("kind") + "=" + arguments.string("value") + on + times
        let fault = try SandboxFault(text)
        let stack = try context.world()
        try strikes(fault, stack)
        try stack.inject(fault)
        return .nil
    }

    /// Refuses a fault of what the stack does not have: it would never strike, and a test would show nothing.
    private static func strikes(_ fault: SandboxFault, _ stack: TestStack) throws {
        if let type = fault.subject {
            try require(type, "instance type", among: SandboxFault.instanceTypes)
        }
        guard let service = fault.service else { return }
        let names = try stack.look(stack.files)["service_names"]?.arrayValue ?? []
        try require(service, "service", among: names.compactMap(\.stringValue))
    }

    private static func require(_ name: String, _ what: String, among known: [String]) throws {
        guard !known.contains(name) else { return }
        throw Diagnostic(
            "unknown_fault",
            "The simulated stack knows no \(what) \(VisibleText.quoted(name)).",
            hint: NearNames.closest(to: name, among: known).map { "Did you mean \($0)?" },
            kind: .usage
        )
    }

    private static let clearFaults = FunctionDeclaration<TestContext>(
        "clear_faults",
        since: "0.1",
        summary: "Nothing goes wrong any more; an ill mount is repaired."
    ) { context, _ in
        try context.world().clearFaults()
        return .nil
    }

    private static let run = FunctionDeclaration<TestContext>(
        "run",
        since: "0.1",
        summary: "Runs a script on the stack: rehearsal, plan, and for real.",
        parameters: [
            Parameter(
                "script",
                .string,
                doc: "Its file, looked for beside the test; or a stock one."
            ),
            Parameter(
                "options",
                .either([.list(of: .string), .map(of: .any)]),
                optional: true,
                doc: "The script's options by name, or its command line as a list of words."
            ),
            Parameter(
                "how",
                .table([
                    Parameter("dry_run", .boolean, optional: true, doc: "Stop after the plan."),
                    Parameter(
                        "no_rollback",
                        .boolean,
                        optional: true,
                        doc: "Leave everything as it is after a failure."
                    ),
                    Parameter(
                        "allow",
                        .list(of: .choice(Preflight.allowNames)),
                        optional: true,
                        doc: "The refusals that are overruled, as with `--allow`."
                    ),
                    Parameter(
                        "confirm",
                        .boolean,
                        optional: true,
                        doc: "What `geuse.confirm` is answered; true if left out."
                    ),
                ]),
                optional: true
            ),
        ],
        returns: .value(GeuseResults.testRun)
    ) { context, arguments in
        let how = arguments.optionalTable("how")
        var options = TestRun.Options()
        options.dryRun = how?.optionalBoolean("dry_run") ?? false
        options.rollsBack = !(how?.optionalBoolean("no_rollback") ?? false)
        options.allowed = Set(how?.strings("allow") ?? [])
        options.saysYes = how?.optionalBoolean("confirm") ?? true
        let words = try CommandWords.of(arguments["options"])
        return try context.run(arguments.string("script"), words, options)
    }

    private static let look = FunctionDeclaration<TestContext>(
        "look",
        since: "0.1",
        summary: "The stack as it is now, as geuse.describe tells it.",
        returns: .value(GeuseResults.description)
    ) { context, _ in
        let stack = try context.world()
        return ScriptValue(try stack.look(stack.files))
    }

    private static let wait = FunctionDeclaration<TestContext>(
        "wait",
        since: "0.1",
        summary: "Lets simulated time pass.",
        parameters: [
            // As often as a test can call it, time does not come to its end.
            Parameter("seconds", .number, within: 0...315_360_000, doc: "At most ten years.")
        ]
    ) { context, arguments in
        try context.world().wait(arguments.number("seconds"))
        return .nil
    }
}
