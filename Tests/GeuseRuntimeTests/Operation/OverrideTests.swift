import Testing

@testable import GeuseRuntime

@Suite("A stack with further compose files is what all of them make of it")
struct OverrideTests {
    private let file = ComposeOverride(path: "/opt/o.yml", sha256: "00", bytes: [])

    private func code(_ work: () throws -> Void) -> String? {
        do { try work() } catch let error as Diagnostic { return error.code } catch { return "?" }
        return nil
    }

    @Test("A backup from beside others is refused, since it does not hold them")
    func rollback() throws {
        let fixture = try StackFixture()
        try fixture.run {
            try $0.setImage(
                ServiceName(unchecked: "n8n"),
                ImageReference(unchecked: "n8nio/n8n:1.20.0")
            )
        }
        var earlier = try EarlierStates(fixture.loaded().state, fixture.backups).find(.version(1))
        earlier.evidence?.composeOverrides = [file.mark]
        var facts = try fixture.facts()
        #expect(code { _ = try RollbackTarget(earlier, facts) } == "backup_of_other_file")
        facts.host?.project.overrides = [file]
        #expect(code { _ = try RollbackTarget(earlier, facts) } == nil)
        facts.host?.project.overrides[0].sha256 = "01"
        #expect(code { _ = try RollbackTarget(earlier, facts) } == "backup_of_other_file")
    }

    @Test("One that changes after the plan was made is seen")
    func moved() throws {
        let fixture = try StackFixture()
        var before = try fixture.facts()
        before.host?.project.overrides = [file]
        var later = before
        later.host?.project.overrides[0].sha256 = "01"
        #expect(before.moved(since: before) == nil)
        #expect(later.moved(since: before) == "the compose file changed")
        let told = PlanFingerprint(later).differences(from: PlanFingerprint(before))
        #expect(told == ["SHA-256 of the compose file /opt/o.yml: was 00, is 01"])
    }
}
