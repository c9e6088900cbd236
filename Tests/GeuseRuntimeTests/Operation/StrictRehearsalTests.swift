import Testing

@testable import GeuseRuntime

/// What a script catches in its rehearsal is not met again behind an interruption.
@Suite("A refused change ends the rehearsal, also where the script catches it")
struct StrictRehearsalTests {
    private typealias Call = (any Primitives) throws -> Void

    private let n8n = ServiceName(unchecked: "n8n")
    private let nobody = ServiceName(unchecked: "worker")
    private let image = ImageReference(unchecked: "n8nio/n8n:1.20.0")
    private let fixture: StackFixture

    init() throws { fixture = try StackFixture() }

    private func rehearse() throws -> Rehearsal {
        Rehearsal(
            target: try fixture.target(),
            lookups: CloudLookups(fixture.sandbox.cloud(fixture.name)),
            tagLists: TagLists(fixture.sandbox.host(fixture.name)),
            earlier: EarlierStates(try fixture.loaded().state, fixture.backups),
            started: fixture.clock.now(),
            read: fixture.facts
        )
    }

    private func refusedOutside() throws -> [(name: String, call: Call)] {
        let command = try HostCommand(service: nobody, words: ["true"])
        return [
            ("pull", { [nobody, image] in _ = try $0.pull(nobody, image) }),
            ("set_image", { [nobody, image] in try $0.setImage(nobody, image) }),
            ("restart", { [nobody] in try $0.restart(nobody) }),
            ("exec", { _ = try $0.exec(command) }), ("scale", { _ = try $0.scale(to: 2) }),
            ("rollback", { _ = try $0.rollback(to: .version(7)) }),
            ("restore", { [n8n] in try $0.restoreData(n8n, from: "none") }),
            ("rotation", { try $0.rotateCredentials(of: ServiceName("qdrant")) }),
        ]
    }

    private func refusedInside() throws -> [(name: String, call: Call)] {
        let command = try HostCommand(service: n8n, words: ["true"])
        return try refusedOutside() + [
            ("window", { try $0.openWindow("v") }), ("restart", { [n8n] in try $0.restart(n8n) }),
            ("exec", { _ = try $0.exec(command) }), ("prune", { _ = try $0.prune() }),
            ("checkpoint", { try $0.checkpoint("c") }),
            ("rollback", { _ = try $0.rollback(to: .version(1)) }),
            ("rotation", { [n8n] in try $0.rotateCredentials(of: n8n) }),
        ]
    }

    @Test("each of the changes", arguments: [false, true])
    func each(_ isInWindow: Bool) throws {
        for (name, call) in try isInWindow ? refusedInside() : refusedOutside() {
            let rehearsal = try rehearse()
            let script = StrictRehearsal(rehearsal)
            try script.setImage(n8n, image)
            if isInWindow { try script.openWindow("w") }
            let code = refusal { try call(script) }
            #expect(code != nil, "\(name)")
            let broken = try #require(rehearsal.broken, "\(name)")
            #expect(broken.code == code && broken.kind != .failed, "\(name)")
            #expect(broken.detail?.contains("The script caught this.") == true, "\(name)")
            // A hint is shown as one line.
            #expect(broken.hint?.contains("\n") == false, "\(name)")
            // Nothing more is planned, and the window that stays open is no plan.
            let steps = rehearsal.plan.steps
            if isInWindow { _ = refusal { try script.closeWindow("w", failed: false) } }
            #expect(refusal { try script.restart(n8n) } == code, "\(name)")
            #expect(rehearsal.plan.steps == steps, "\(name)")
        }
    }

    @Test("a window's end that comes too late")
    func windowsEnd() throws {
        let rehearsal = try rehearse()
        let script = StrictRehearsal(rehearsal)
        let start = script.now()
        try script.wait(until: start, finishBy: start.adding(seconds: 10))
        try script.openWindow("w")
        try script.setImage(n8n, image)
        #expect(refusal { try script.closeWindow("w", failed: false) } == "too_late")
        #expect(rehearsal.broken?.code == "too_late")
        #expect(rehearsal.broken?.kind == .refused)
    }

    @Test("but nothing that harms neither run")
    func harmless() throws {
        let rehearsal = try rehearse()
        let script = StrictRehearsal(rehearsal)
        let far = script.now().adding(seconds: 1_000_000)
        #expect(refusal { try script.wait(until: far, finishBy: nil) } == "wait_too_long")
        try script.openWindow("w")
        #expect(refusal { _ = try script.confirm("sure?") } == "inside_window")
        #expect(refusal { _ = try script.waitHealthy(timeout: 1) } == "inside_window")
        try script.closeWindow("w", failed: false)
        #expect(rehearsal.broken == nil)
        let session = try fixture.session(rehearsal.plan)
        #expect(refusal { try session.wait(until: far, finishBy: nil) } == "wait_too_long")
        #expect(session.failure == nil)
    }

    @Test("it is told as it was met, with its place, where the script ended of it")
    func told() throws {
        let rehearsal = try rehearse()
        let met = #expect(throws: Diagnostic.self) {
            _ = try StrictRehearsal(rehearsal).scale(to: 2)
        }
        let ended = try #require(met).adding(detail: "At s.lua:3.")
        #expect(rehearsal.cause(of: ended) == ended)
        #expect(rehearsal.cause(of: Diagnostic("other", "Other.")) == rehearsal.broken)
    }

    @Test("more steps than a plan may have, questions too")
    func tooMany() throws {
        let rehearsal = try rehearse()
        let script = StrictRehearsal(rehearsal)
        for number in 1...1000 { _ = try script.confirm("\(number)?") }
        #expect(refusal { _ = try script.confirm("one more?") } == "plan_too_long")
        #expect(rehearsal.broken?.code == "plan_too_long")
    }
}
