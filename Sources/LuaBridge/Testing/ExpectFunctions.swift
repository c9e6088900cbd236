import GeuseRuntime

/// The module `expect` of test files.
enum ExpectFunctions {
    static let module = Module<TestContext>(
        "expect",
        summary: "What has to hold; anything else fails the test.",
        functions: [
            ended("done", .done, "The run did what it was asked, and that was verified."),
            ended("nothing_to_do", .nothingToDo, "The run asked for no change."),
            ended("planned", .planned, "The run stopped after its plan, as with `dry_run`."),
            failed(
                "refused",
                .refused,
                "The run failed before anything that runs was changed."
            ),
            failed(
                "rolled_back",
                .rolledBack,
                "The run failed and the stack is exactly what it was."
            ),
            failed(
                "kept_checkpoint",
                .keptCheckpoint,
                "The run failed and the stack is what it was at the last checkpoint."
            ),
            failed(
                "needs_attention",
                .needsAttention,
                "The run failed and could not be undone."
            ),
            instanceType, image, healthy, logged, equal,
        ] + ExpectOperations.functions
    )

    private static let given = Parameter(
        "result",
        .map(of: .any),
        optional: true,
        doc: "What `run` returned; the last run if left out."
    )

    private static func ended(_ name: String, _ status: TestRun.Status, _ summary: String)
        -> FunctionDeclaration<TestContext>
    {
        FunctionDeclaration(name, since: "0.1", summary: summary, parameters: [given]) {
            context,
            arguments in
            try require(status, context.run(arguments["result"]), context)
            return .nil
        }
    }

    private static func failed(_ name: String, _ status: TestRun.Status, _ summary: String)
        -> FunctionDeclaration<TestContext>
    {
        FunctionDeclaration(
            name,
            since: "0.1",
            summary: summary,
            parameters: [
                Parameter(
                    "code",
                    .either([.string, .map(of: .any)]),
                    optional: true,
                    doc: "The code of the error; or the result at once."
                ),
                given,
            ]
        ) { context, arguments in
            let first = arguments["code"]
            let run = try context.run(first?.stringValue == nil ? first : arguments["result"])
            try require(status, run, context)
            if let code = first?.stringValue, let error = run.error {
                // What led to an error counts too: a refusal deep inside keeps its code.
                guard error.code == code || error.causes.contains(where: { $0.code == code })
                else {
                    throw context.failure("Expected the error \(code). \(run.sentence)")
                }
            }
            if status == .rolledBack || status == .refused { try requireUnchanged(run, context) }
            return .nil
        }
    }

    private static func require(
        _ status: TestRun.Status,
        _ run: TestRun,
        _ context: TestContext
    ) throws {
        guard run.status != status else { return }
        throw context.failure(
            "Expected that it \(status.words). \(run.sentence)",
            run.error?.detail
        )
    }

    /// Looks whether the stack is what it was; what the program says of it is not enough here.
    private static func requireUnchanged(_ run: TestRun, _ context: TestContext) throws {
        let stack = try context.world()
        let (before, after) = (try stack.look(run.before), try stack.look(stack.files))
        let capacity = (try stack.world(run.before).capacity, try stack.world(stack.files).capacity)
        guard capacity.0 == capacity.1 else {
            throw context.failure("The desired capacity is not what it was before the run.")
        }
        let type = (before["instance"]?["type"], after["instance"]?["type"])
        guard type.0 == type.1 else {
            throw context.failure("The instance type is not what it was before the run.")
        }
        for service in before["service_names"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            for fact in ["configured_image", "image_id"] {
                let was = before["services"]?[service]?[fact]
                guard was == after["services"]?[service]?[fact] else {
                    throw context.failure("The image of \(service) is not what it was.")
                }
            }
        }
    }

    private static let instanceType = FunctionDeclaration<TestContext>(
        "instance_type",
        since: "0.1",
        summary: "The instance is of that type now.",
        parameters: [Parameter("type", .identifier(InstanceType.self))]
    ) { context, arguments in
        let stack = try context.world()
        let found = try stack.look(stack.files)["instance"]?["type"]?.stringValue ?? "unknown"
        let wanted = try arguments.string("type")
        guard found == wanted else {
            throw context.failure("Expected the instance type \(wanted), but it is \(found).")
        }
        return .nil
    }

    private static let image = FunctionDeclaration<TestContext>(
        "image",
        since: "0.1",
        summary: "A service is configured with that image and runs it.",
        parameters: [
            Parameter("service", .identifier(ServiceName.self)),
            Parameter("image", .identifier(ImageReference.self)),
        ]
    ) { context, arguments in
        let stack = try context.world()
        let name = try arguments.string("service")
        let wanted = try arguments.string("image")
        guard let service = try stack.look(stack.files)["services"]?[name] else {
            throw context.failure("There is no service \(name) to be seen.")
        }
        for (fact, words) in [("configured_image", "is configured with"), ("image", "runs")] {
            let found = service[fact]?.stringValue ?? "nothing"
            guard found == wanted else {
                throw context.failure("Expected \(name) with \(wanted), but it \(words) \(found).")
            }
        }
        return .nil
    }

    private static let healthy = FunctionDeclaration<TestContext>(
        "healthy",
        since: "0.1",
        summary: "Every service runs and is well."
    ) { context, _ in
        let stack = try context.world()
        let services = try stack.look(stack.files)["services"]?.objectValue?.members ?? []
        let ill = services.filter { $0.value["well"] != true }.map(\.name)
        guard !services.isEmpty, ill.isEmpty else {
            let names = services.isEmpty ? "no service" : ill.joined(separator: ", ")
            throw context.failure("Expected every service to be well; not so: \(names).")
        }
        return .nil
    }

    private static let logged = FunctionDeclaration<TestContext>(
        "log",
        since: "0.1",
        summary: "The run said something with that text in it.",
        parameters: [Parameter("text", .string), given]
    ) { context, arguments in
        let run = try context.run(arguments["result"])
        let text = try arguments.string("text")
        guard run.log.contains(where: { $0.contains(text) }) else {
            throw context.failure(
                "The run of \(run.script) did not say \(VisibleText.quoted(text)).",
                run.log.isEmpty
                    ? "It said nothing." : "It said:\n" + run.log.joined(separator: "\n")
            )
        }
        return .nil
    }

    private static let equal = FunctionDeclaration<TestContext>(
        "equal",
        since: "0.1",
        summary: "Two values are the same, tables member by member.",
        parameters: [
            Parameter("actual", .any, optional: true), Parameter("wanted", .any, optional: true),
        ]
    ) { context, arguments in
        let (actual, wanted) = (arguments["actual"] ?? .nil, arguments["wanted"] ?? .nil)
        let isSame = actual == wanted || actual.doubleValue.map { $0 == wanted.doubleValue } == true
        guard isSame else {
            throw context.failure("Expected \(shown(wanted)), but got \(shown(actual)).")
        }
        return .nil
    }

    private static func shown(_ value: ScriptValue) -> String {
        // What JSON has no form for.
        if case .double(let number) = value, !number.isFinite { return "\(number)" }
        guard let json = try? value.json() else { return "a \(value.typeName)" }
        return VisibleText.filtered(JSONWriter.write(json, .compact))
    }
}
