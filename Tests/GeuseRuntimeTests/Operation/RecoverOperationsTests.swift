import Foundation
import Testing

@testable import GeuseRuntime

/// A run of operations that was killed: what had begun is undone, and nothing is done twice.
@Suite("What recover does with operations")
struct RecoverOperationsTests {
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.allowsExec = true
        fixture.settings.healthTimeout = 20
    }

    private func command(_ words: String..., undo: [String]? = nil) throws -> HostCommand {
        try HostCommand(service: n8n, words: words, undo: undo)
    }

    /// Backup, restart, two commands and another restart; the first `count` of them are done.
    private func interrupt(after count: Int) throws {
        let calls: [(any Primitives) throws -> Void] = [
            { _ = try $0.backup(label: nil) }, { try $0.restart(n8n) },
            { _ = try $0.exec(command("echo", "1", undo: ["echo", "undo"])) },
            { _ = try $0.exec(command("echo", "2")) },
            { try $0.restart(ServiceName(unchecked: "qdrant")) },
        ]
        let plan = try fixture.plan { stack in for call in calls { try call(stack) } }
        let session = try fixture.session(plan)
        for call in calls.prefix(count) { try call(session) }
    }

    private var ran: [String] {
        get throws {
            try fixture.sandbox.world(fixture.name).commands.map { $0.words.joined(separator: " ") }
        }
    }

    private var warnings: [String] {
        fixture.observer.events.compactMap { event in
            if case .warning(let text) = event { text } else { nil }
        }
    }

    @Test("Undone by default, wherever it was killed; a command never runs again", arguments: 0...5)
    func undone(_ count: Int) throws {
        let before = try fixture.facts()
        let state = try fixture.loaded().state
        try interrupt(after: count)
        #expect(try fixture.recover() == (count == 0 ? .nothingChanged : .restored))
        try fixture.expectOld(before)
        let done = ["echo 1", "echo 2"].prefix(max(0, count - 2))
        #expect(try ran == done + (count > 2 ? ["echo undo"] : []))
        #expect(
            warnings.contains { $0.contains("cannot be undone: run `echo 2` in n8n") }
                == (count > 3)
        )
        #expect(try fixture.facts().host?.lease.holder == nil)
        #expect(try fixture.loaded().state.previousStates == state.previousStates)
    }

    @Test(
        "A kill right after a step was done on the host, its reply never read",
        arguments: ["host.exec", "host.apply", "host.prune"]
    )
    func killedOnTheWay(_ operation: String) throws {
        let before = try fixture.facts()
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.prune()
            _ = try stack.exec(command("echo", "1", undo: ["echo", "undo"]))
            try stack.restart(n8n)
        }
        let plan = try fixture.plan(script)
        // What is on the disk at that moment is all that a later process finds.
        let copy = fixture.directory.root + "-killed"
        let sandbox = Sandbox(
            root: fixture.directory.root,
            files: fixture.files,
            clock: fixture.clock,
            cancellation: fixture.cancellation,
            die: { [root = fixture.directory.root] in
                try? FileManager.default.copyItem(atPath: root, toPath: copy)
            }
        )
        try sandbox.inject(SandboxFault("kill=\(operation)*1"), into: fixture.name)
        try script(fixture.session(plan, on: sandbox))
        let killed = StackFixture(in: copy, fixture.clock)
        try killed.sandbox.clearFaults(killed.name)
        let outcome = try killed.recover()
        #expect(outcome == .restored)
        try killed.expectOld(before)
        let ran = try killed.sandbox.world(killed.name).commands.map {
            $0.words.joined(separator: " ")
        }
        #expect(ran == (operation == "host.prune" ? [] : ["echo 1", "echo undo"]))
    }

    @Test("A run with commands is not resumed; restarts are made anew")
    func resumed() throws {
        try interrupt(after: 4)
        let error = #expect(throws: Diagnostic.self) { try fixture.recover(.resume) }
        #expect(error?.code == "cannot_resume")
        #expect(try ran == ["echo 1", "echo 2"])
        #expect(try fixture.recover(.abort) == .restored)
        #expect(try ran == ["echo 1", "echo 2", "echo undo"])

        let other = try StackFixture()
        let script: (any Primitives) throws -> Void = { stack in
            try stack.restart(n8n)
            _ = try stack.prune()
        }
        try { try other.session(other.plan(script)).restart(n8n) }()
        #expect(try other.recover(.resume) == .finished(["n8n restarted"]))
        #expect(try other.facts().host?.services.allSatisfy(\.isWell) == true)
    }

    @Test("A run whose every operation was verified is kept, and no command undone")
    func kept() throws {
        try interrupt(after: 0)
        #expect(try fixture.recover() == .nothingChanged)
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.exec(command("echo", "1", undo: ["echo", "undo"]))
        }
        try {
            let session = try fixture.session(fixture.plan(script))
            try script(session)
            try session.edges.record.result(
                changes: session.changes,
                downtime: 0,
                verified: true
            )
        }()
        guard case .finished = try fixture.recover() else {
            Issue.record("not finished")
            return
        }
        #expect(try ran == ["echo 1"])
    }

    @Test("What came before a checkpoint stays, its commands too")
    func checkpoint() throws {
        let script: (any Primitives) throws -> Void = { stack in
            _ = try stack.exec(command("echo", "1", undo: ["echo", "undo", "1"]))
            try stack.checkpoint("half")
            _ = try stack.exec(command("echo", "2", undo: ["echo", "undo", "2"]))
            try stack.restart(n8n)
        }
        let plan = try fixture.plan(script)
        try {
            let session = try fixture.session(plan)
            _ = try session.exec(command("echo", "1", undo: ["echo", "undo", "1"]))
            try session.checkpoint("half")
            _ = try session.exec(command("echo", "2", undo: ["echo", "undo", "2"]))
        }()
        #expect(try fixture.recover() == .restored)
        #expect(try ran == ["echo 1", "echo 2", "echo undo 2"])
    }
}
