import Testing

@testable import GeuseRuntime

@Suite("Steps that the configuration does not show")
struct PlanOperationTests {
    private static func command(_ undo: [String]? = nil) -> HostCommand? {
        try? HostCommand(
            service: ServiceName(unchecked: "n8n"),
            words: ["n8n", "export:workflow", "--all", "it's; rm -rf /", ""],
            undo: undo,
            timeout: 90
        )
    }

    private static var all: [PlanOperation] {
        let exec = [command(), command(["true"])].compactMap { $0 }.map(PlanOperation.exec)
        return exec + [
            .restart(ServiceName(unchecked: "n8n")), .scale(group: "my group", from: 1, to: 3),
            .prune, .confirm("Go on with \"n8n\"?"),
            .wait(until: Timestamp(microseconds: 1_767_571_200_000_000), finishBy: nil),
            .wait(
                until: Timestamp(microseconds: 1_767_571_200_000_000),
                finishBy: Timestamp(microseconds: 1_767_582_000_000_000)
            ),
        ]
    }

    @Test("are read back from a plan's data as they were")
    func roundTrip() throws {
        #expect(Self.all.count == 8)
        for operation in Self.all {
            let step = PlanStep.operation(operation)
            let text = JSONWriter.write(step.described(inWindow: false, reserving: false))
            #expect(try PlanStep(json: JSONParser.parse(text)) == step)
        }
    }

    @Test("that lack something, or are of a newer version, are refused and never guessed")
    func unreadable() throws {
        let broken: [JSONValue] = [
            ["step": "restart"], ["step": "restart", "service": "a b"],
            ["step": "scale", "group": "g", "from": 1], ["step": "exec", "command": ["a"]],
            ["step": "exec", "command": [], "timeout": 60],
            ["step": "exec", "command": ["a", 1], "timeout": 60],
            ["step": "exec", "command": ["a"], "timeout": 60, "service": "-x y"],
            ["step": "wait", "until": "tomorrow"], ["step": "teleport"],
        ]
        for json in broken {
            let error = #expect(throws: Diagnostic.self) { try PlanStep(json: json) }
            #expect(error?.code == "plan_unreadable", "\(json)")
        }
    }

    @Test("tell what becomes of them")
    func effects() throws {
        func way(_ operation: PlanOperation) -> PlanStep.Reversibility {
            PlanStep.operation(operation).reversibility
        }
        #expect(way(.prune) == .oneWay)
        #expect(way(.restart(ServiceName(unchecked: "n8n"))) == .reversible)
        #expect(try way(.exec(#require(Self.command()))) == .oneWay)
        #expect(try way(.exec(#require(Self.command(["true"])))) == .reversible)
        #expect(way(.confirm("?")) == .harmless)
        let title = try PlanOperation.exec(#require(Self.command(["true"]))).title
        #expect(
            title
                == "run `n8n export:workflow --all 'it'\\''s; rm -rf /' ''` in n8n, undone by `true`"
        )
    }

    @Test("count in the expected downtime where a service is down")
    func downtime() {
        let restart = PlanStep.operation(.restart(ServiceName(unchecked: "n8n")))
        let estimate = DowntimeEstimate.stated
        #expect(estimate.seconds(for: [restart, restart]) == 2 * estimate.recreate.seconds)
        #expect(estimate.seconds(for: [.operation(.prune), .operation(.confirm("?"))]) == 0)
    }

    @Test("A plan of questions and waits has nothing to do; one with a prune has")
    func empty() {
        let stack = StackName(unchecked: "s")
        #expect(Plan(stack: stack, steps: [.operation(.confirm("?"))]).isEmpty)
        #expect(!Plan(stack: stack, steps: [.backup(label: nil), .operation(.prune)]).isEmpty)
    }

    @Test(
        "A command is words that a program can be given",
        arguments: [[], [""], ["a\0b"], ["echo"] + Array(repeating: "x", count: 256)]
    )
    func commands(_ words: [String]) {
        let error = #expect(throws: Diagnostic.self) { try HostCommand(service: nil, words: words) }
        #expect(error?.code == "invalid_command")
        #expect(throws: Diagnostic.self) {
            try HostCommand(service: nil, words: ["true"], undo: words)
        }
        for timeout in [0, -1, 1801] {
            let error = #expect(throws: Diagnostic.self) {
                try HostCommand(service: nil, words: ["true"], timeout: timeout)
            }
            #expect(error?.hint?.contains("60 seconds") == true)
        }
    }
}
