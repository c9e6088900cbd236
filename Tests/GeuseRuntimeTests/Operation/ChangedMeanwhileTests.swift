import Glibc
import Testing

@testable import GeuseRuntime

@Suite("What others change during a run is seen before success is claimed")
struct ChangedMeanwhileTests {
    private let large = InstanceType(unchecked: "t3.large")
    private let medium = InstanceType(unchecked: "t3.medium")
    private let n8n = ServiceName(unchecked: "n8n")
    private let fixture: StackFixture

    init() throws {
        fixture = try StackFixture()
        fixture.settings.healthTimeout = 20
    }

    private func session(_ script: (any Primitives) throws -> Void) throws -> Session {
        try fixture.session(fixture.plan(script))
    }

    /// Has the stopped instance another type when a step of that title begins, for once.
    private func setType(_ type: InstanceType, when title: String) throws {
        let cloud = fixture.sandbox.cloud(fixture.name)
        let instance = try fixture.target().instance
        fixture.observer.whenever = { [observer = fixture.observer] event in
            guard event == .stepStarted(title: title) else { return }
            observer.whenever = { _ in }
            try? cloud.setType(instance, to: type)
        }
    }

    private func attempt(_ work: () throws -> Void) throws -> Diagnostic {
        try #require(#expect(throws: Diagnostic.self) { try work() })
    }

    @Test("An instance that starts with another type than asked for is no success")
    func forward() throws {
        let before = try fixture.facts()
        let session = try session { try $0.resize(large, fallback: []) }
        try setType(medium, when: "start the instance as t3.large")
        let error = try attempt { try session.resize(large, fallback: []) }
        #expect(error.code == "type_not_changed")
        #expect(session.compensate(because: error) == .restored)
        try fixture.expectOld(before)
    }

    @Test("Nor is an undo that ends with another type than before; recover goes on with it")
    func back() throws {
        let session = try session { try $0.resize(large, fallback: []) }
        try fixture.fault("health=unhealthy:n8n@t3.large")
        let error = try attempt { try session.resize(large, fallback: []) }
        #expect(error.code == "not_healthy")
        try setType(large, when: "start the instance as t3.medium")
        guard case .incomplete(let left) = session.compensate(because: error) else {
            Issue.record("The undo claimed success.")
            return
        }
        #expect(left.detail?.contains("t3.large") == true)
    }

    @Test("A state file that cannot be written at the end leaves the old password in force")
    func rotation() throws {
        let before = try fixture.facts()
        let first = try fixture.sandbox.world(fixture.name).rolePassword
        let session = try session { try $0.rotateCredentials(of: n8n) }
        try session.rotateCredentials(of: n8n)
        let path = fixture.directory.state(fixture.name)
        let text = String(decoding: try fixture.files.read(path), as: UTF8.self)
        let other = text.replacing("{", with: "{\n  \"note\": 1,", maxReplacements: 1)
        try fixture.files.replace(path, with: Array(other.utf8))
        let error = try attempt { _ = try session.finish() }
        #expect(error.code == "state_changed")
        #expect(session.compensate(because: error) == .restored)
        let world = try fixture.sandbox.world(fixture.name)
        #expect(world.rolePassword == first)
        #expect(world.environment["POSTGRES_PASSWORD"] == first)
        try fixture.expectOld(before)
    }

    @Test("A run whose end cannot be written is not undone once the old password is gone")
    func forgotten() throws {
        let first = try fixture.sandbox.world(fixture.name).rolePassword
        do {
            let session = try session { try $0.rotateCredentials(of: n8n) }
            try session.rotateCredentials(of: n8n)
            fixture.observer.whenever = { [fixture] event in
                if event == .stepStarted(title: "forget the old password") {
                    fixture.writesFail = ENOSPC
                }
            }
            let error = try attempt { _ = try session.finish() }
            guard case .incomplete(let left) = session.compensate(because: error) else {
                Issue.record("It was said to be undone.")
                return
            }
            #expect(left.code == "end_not_recorded")
        }
        fixture.writesFail = nil
        fixture.observer.whenever = { _ in }
        #expect(try fixture.recover() == .finished(["credentials of n8n rotated"]))
        let world = try fixture.sandbox.world(fixture.name)
        #expect(world.rolePassword != first)
        #expect(world.environment["POSTGRES_PASSWORD"] == world.rolePassword)
        #expect(try fixture.loaded().state.status == .running)
    }

    @Test("What an undo has left at a checkpoint is not taken for the whole run by recover")
    func checkpoint() throws {
        let script: (any Primitives) throws -> Void = { [n8n, large] in
            try $0.setImage(n8n, ImageReference("n8nio/n8n:1.20.0"))
            try $0.checkpoint("new n8n")
            try $0.resize(large, fallback: [])
        }
        let session = try session(script)
        try fixture.fault("modify=InvalidInstanceAttributeValue*1")
        let error = try attempt { try script(session) }
        _ = session.compensate(because: error)
        let archive = JournalArchive(fixture.directory, fixture.files)
        let run = try #require(try archive.runs(of: fixture.name).last)
        #expect(try archive.read(run, of: fixture.name).verifiedChanges == nil)
    }
}
