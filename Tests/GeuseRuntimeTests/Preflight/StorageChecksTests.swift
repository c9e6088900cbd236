import Testing

@testable import GeuseRuntime

@Suite("The control plane's half of the EFS proof")
struct StorageChecksTests {
    private func code(_ change: (inout LiveFacts) -> Void) throws -> String? {
        let fixture = try StackFixture()
        var facts = try fixture.facts()
        change(&facts)
        let checks = StorageChecks(facts: facts, target: try fixture.target()).run()
        return PreflightReport(checks).refusal?.code
    }

    @Test("a hint to make containers anew names the project and its files, wherever they are")
    func recreation() throws {
        let fixture = try StackFixture()
        var facts = try fixture.facts()
        facts.host?.storage.strays = ["n8n:/data"]
        facts.host?.project = ComposeProject(
            name: "ai",
            file: "/srv/a b/stack.yml",
            directory: "/srv",
            environmentFiles: ["/srv/x.env"],
            sha256: "",
            bytes: []
        )
        facts.host?.project.overrides = [
            ComposeOverride(path: "/srv/more.yml", sha256: "", bytes: [])
        ]
        let found = StorageChecks(facts: facts, target: try fixture.target()).run()
            .first { $0.name == "container_mounts" }
        #expect(found?.refusal?.code == "efs_container_outside")
        #expect(
            found?.hint == "Save what it wrote there, then make it anew: docker compose "
                + "--project-directory /srv -p ai --env-file /srv/x.env -f '/srv/a b/stack.yml' "
                + "-f /srv/more.yml up -d --force-recreate"
        )
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

    @Test("a mount target whose zone is not told is in the instance's subnet, or unknown")
    func untoldZone() throws {
        let fixture = try StackFixture()
        func outcome(_ subnet: String?) throws -> PreflightCheck.Outcome? {
            var facts = try fixture.facts()
            for index in facts.mountTargets.indices {
                facts.mountTargets[index].zone = nil
                if let subnet { facts.mountTargets[index].subnetID = subnet }
            }
            return StorageChecks(facts: facts, target: try fixture.target()).run()
                .first { $0.name == "efs_mount_target" }?.outcome
        }
        #expect(try outcome(nil) == .ok)
        #expect(try outcome("subnet-0fedcba9876543210") == .unknown)
    }

    @Test("a file system that is being updated can be used")
    func updating() throws {
        #expect(try code { $0.fileSystem?.lifeCycleState = "updating" } == nil)
    }

    @Test("each objection of the proof is a check of its own; what could not be seen is not fine")
    func host() throws {
        let fixture = try StackFixture()
        var facts = try fixture.facts()
        let target = try fixture.target()
        func outcomes() -> [String: PreflightCheck.Outcome] {
            Dictionary(
                uniqueKeysWithValues: StorageChecks(facts: facts, target: target).run().map {
                    ($0.name, $0.outcome)
                }
            )
        }
        #expect(outcomes().values.allSatisfy { $0 == .ok })
        #expect(outcomes().count == 9)
        facts.host?.storage.isReadWrite = false
        facts.host?.storage.type = "ext4"
        #expect(outcomes()["efs_read_write"] == .refused)
        #expect(outcomes()["efs_network"] == .refused)
        #expect(outcomes()["data_volumes"] == .ok)
        facts.host?.storage.answer = .hung
        #expect(outcomes()["efs_answer"] == .refused)
        #expect(outcomes()["data_volumes"] == nil)
        facts.host?.storage.isMounted = false
        #expect(outcomes()["efs_mounted"] == .refused)
        #expect(outcomes()["efs_identity"] == nil)
    }

    @Test("data of a service that keeps state and lies elsewhere is a warning, as in the plan")
    func elsewhere() throws {
        let fixture = try StackFixture()
        var facts = try fixture.facts()
        let target = try fixture.target()
        let index = try #require(
            facts.host?.services.firstIndex { $0.name.text == "postgres" }
        )
        facts.host?.services[index].mounts = ["/var/lib/postgresql/data": "/data"]
        let host = try #require(facts.host)
        let checks = StorageChecks(facts: facts, target: target).run()
        let check = try #require(checks.first { $0.name == "data_volumes" })
        #expect(check.outcome == .warning)
        #expect(
            check.evidence == "On the instance's own disk, not on the file system: "
                + "postgres /var/lib/postgresql/data."
        )
        #expect(host.stateAtRisk == [check.evidence])
        #expect(
            DataAtRisk.sentences(host, mountPoint: target.mountPoint).first == check.evidence
        )
        #expect(PreflightReport(checks).refusal == nil)
    }

    @Test(
        "every objection of the proof refuses",
        arguments: ["efs_stale", "efs_failed", "efs_hung"]
    )
    func complete(_ code: String) throws {
        let fixture = try StackFixture()
        var facts = try fixture.facts()
        facts.host?.storage.answer = code == "efs_hung" ? .hung : .failed
        facts.host?.storage.error = code == "efs_stale" ? "Stale file handle" : "denied"
        let storage = try #require(facts.host?.storage)
        let objections = StorageProof.objections(
            storage,
            expecting: try fixture.target().fileSystem
        )
        let checks = StorageChecks(facts: facts, target: try fixture.target()).run()
        #expect(objections.map(\.code) == [code])
        #expect(checks.compactMap { $0.refusal?.code } == [code])
    }

    @Test("a stack without a file system on record is taken as it is")
    func none() throws {
        let fixture = try StackFixture()
        var target = try fixture.target()
        target.fileSystem = nil
        let checks = StorageChecks(facts: try fixture.facts(), target: target).run()
        #expect(checks.first?.outcome == .unknown)
        #expect(PreflightReport(checks).refusal == nil)
    }
}
