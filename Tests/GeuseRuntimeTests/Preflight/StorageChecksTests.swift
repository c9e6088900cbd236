import Testing

@testable import GeuseRuntime

@Suite("The control plane's half of the EFS proof")
struct StorageChecksTests {
    private func code(_ change: (inout LiveFacts) -> Void) throws -> String? {
        let fixture = try StackFixture()
        var facts = try fixture.facts()
        change(&facts)
        do {
            try StorageChecks.checkControlPlane(facts, expected: fixture.target().fileSystem)
            return nil
        } catch let error as Diagnostic {
            return error.code
        }
    }

    @Test("what is there is accepted")
    func good() throws { #expect(try code { _ in } == nil) }

    @Test("a missing file system, a missing target and one being made are refused")
    func bad() throws {
        #expect(try code { $0.fileSystem = nil } == "efs_not_found")
        #expect(try code { $0.fileSystem?.lifeCycleState = "deleting" } == "efs_not_available")
        #expect(try code { $0.mountTargets = [] } == "efs_no_mount_target")
        #expect(
            try code { facts in
                for index in facts.mountTargets.indices {
                    facts.mountTargets[index].zone = "us-east-1f"
                }
            } == "efs_no_mount_target"
        )
        #expect(
            try code { facts in
                for index in facts.mountTargets.indices {
                    facts.mountTargets[index].lifeCycleState = "creating"
                }
            } == "efs_mount_target_not_available"
        )
    }

    @Test("a file system that is being updated can be used")
    func updating() throws {
        #expect(try code { $0.fileSystem?.lifeCycleState = "updating" } == nil)
    }
}
