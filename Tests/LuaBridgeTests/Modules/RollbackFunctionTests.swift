import GeuseRuntime
import Testing

@testable import LuaBridge

/// What scripts ask of `geuse.rollback` and `geuse.checkpoint` arrives as it was meant.
@Suite struct RollbackFunctionTests {
    private func run(_ text: String, isReached: Bool = false) throws -> ([String], Diagnostic?) {
        let stack = RecordingStack(isReached: isReached)
        let context = ScriptContext(
            primitives: stack,
            request: .null,
            arguments: [],
            observer: SilentObserver()
        )
        let worker = try ScriptWorker()
        do {
            try worker.run(
                ScriptSource(name: "test.lua", text: text),
                with: GeuseModule.dispatcher,
                in: context
            )
            return (stack.asked, nil)
        } catch {
            return (stack.asked, error.diagnostic)
        }
    }

    @Test(arguments: [
        ("geuse.rollback()", "version(1)"), ("geuse.rollback(3)", "version(3)"),
        ("geuse.rollback('latest')", "backup(\"latest\")"),
        // A text is a backup's id, even one of digits: only a number is a version.
        ("geuse.rollback('3')", "backup(\"3\")"),
    ])
    func thePointIsToldByItsType(_ text: String, _ point: String) throws {
        let (asked, failure) = try run(text)
        #expect(failure == nil)
        #expect(asked == ["rollback \(point)"])
    }

    @Test(arguments: [
        ("geuse.rollback(1.5)", "wrong_type"), ("geuse.rollback({})", "wrong_type"),
        ("geuse.rollback(1, 2)", "too_many_arguments"),
        ("geuse.checkpoint()", "missing_argument"), ("geuse.checkpoint(1)", "wrong_type"),
    ])
    func whatIsNoPointIsRefusedBeforeTheCoreIsAsked(_ text: String, _ code: String) throws {
        let (asked, failure) = try run(text)
        #expect(failure?.code == code)
        #expect(asked.isEmpty)
    }

    @Test func theResultSaysWhetherThereIsAnythingToDo() throws {
        let (_, failure) = try run("assert(geuse.rollback() == true)")
        #expect(failure == nil)
        let (_, other) = try run("assert(geuse.rollback() == false)", isReached: true)
        #expect(other == nil)
    }

    @Test func aCheckpointsNameCannotControlATerminal() throws {
        let (asked, failure) = try run("geuse.checkpoint('half \\27[2J')")
        #expect(failure == nil)
        #expect(asked == ["checkpoint half ^[[2J"])
    }

    @Test func theStockScriptTakesDigitsForAVersion() throws {
        let script = try StockScripts.script("rollback")
        for (word, point) in [
            ("2", "version(2)"), ("s-1-20261123T0Z", "backup(\"s-1-20261123T0Z\")"),
        ] {
            let stack = RecordingStack(isReached: false)
            let context = ScriptContext(
                primitives: stack,
                request: .null,
                arguments: ["--to", word],
                observer: SilentObserver()
            )
            try ScriptWorker().run(
                ScriptSource(name: script.name, text: script.source),
                with: GeuseModule.dispatcher,
                in: context
            )
            #expect(stack.asked == ["rollback \(point)"])
        }
    }
}

private final class SilentObserver: Observer {
    func observe(_ event: RunEvent) {}
}

/// Writes down what it is asked for; everything that these tests do not expect fails.
private final class RecordingStack: Primitives {
    private(set) var asked: [String] = []
    private let isReached: Bool

    init(isReached: Bool) { self.isReached = isReached }

    func rollback(to point: RollbackPoint) throws -> Bool {
        asked.append("rollback \(point)")
        return !isReached
    }

    func restoreData(_ service: ServiceName, from backup: String) throws {}
    func checkpoint(_ name: String) throws { asked.append("checkpoint \(name)") }

    private func unexpected(_ what: String) -> Diagnostic {
        Diagnostic("unexpected_call", "The test did not expect \(what).")
    }

    func describe() throws -> JSONValue { throw unexpected("describe") }
    func tags(_ service: ServiceName, beginningWith prefix: String) throws -> JSONValue {
        throw unexpected("tags")
    }
    func image(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        throw unexpected("image")
    }
    func backup(label: BackupLabel?) throws -> JSONValue { throw unexpected("backup") }
    func pull(_ service: ServiceName, _ image: ImageReference) throws -> JSONValue {
        throw unexpected("pull")
    }
    func setImage(_ service: ServiceName, _ image: ImageReference) throws {
        throw unexpected("set_image")
    }
    func resize(_ type: InstanceType, fallback: [InstanceType]) throws {
        throw unexpected("resize")
    }
    func openWindow(_ name: String) throws { throw unexpected("a window") }
    func closeWindow(_ name: String, failed: Bool, because cause: Diagnostic?) throws {
        throw unexpected("a window's end")
    }
    func restart(_ service: ServiceName) throws { throw unexpected("restart") }
    func exec(_ command: HostCommand) throws -> JSONValue { throw unexpected("exec") }
    func prune() throws -> JSONValue { throw unexpected("prune") }
    func scale(to count: Int) throws -> Bool { throw unexpected("scale") }
    func confirm(_ question: String) throws -> Bool { throw unexpected("confirm") }
    func wait(until time: Timestamp, finishBy end: Timestamp?) throws {
        throw unexpected("wait_until")
    }
    func rotateCredentials(of service: ServiceName) {}
    func verifyStorage() throws -> JSONValue { throw unexpected("verify_efs") }
    func health() throws -> JSONValue { throw unexpected("health") }
    func waitHealthy(timeout: Double) throws -> JSONValue { throw unexpected("wait_healthy") }
    func sleep(_ seconds: Double) throws { throw unexpected("sleep") }
    func now() -> Timestamp { Timestamp(microseconds: 0) }
}
