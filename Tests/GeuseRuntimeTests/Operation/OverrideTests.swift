import Testing

@testable import GeuseRuntime

@Suite("A stack with further compose files is what all of them make of it")
struct OverrideTests {
    private let file = ComposeOverride(path: "/opt/o.yml", sha256: "00", bytes: [])

    private func code(_ work: () throws -> Void) -> String? {
        do { try work() } catch let error as Diagnostic { return error.code } catch { return "?" }
        return nil
    }

    /// What a stack was before an update that is done here.
    private func updated(_ fixture: StackFixture) throws -> EarlierState {
        try fixture.run {
            try $0.setImage(
                ServiceName(unchecked: "n8n"),
                ImageReference(unchecked: "n8nio/n8n:1.20.0")
            )
        }
        return try EarlierStates(fixture.loaded().state, fixture.backups).find(.version(1))
    }

    @Test("A backup from beside others is refused, since it does not hold them")
    func rollback() throws {
        let fixture = try StackFixture()
        var earlier = try updated(fixture)
        earlier.evidence?.composeOverrides = [file.mark]
        var facts = try fixture.facts()
        #expect(code { _ = try RollbackTarget(earlier, facts) } == "backup_of_other_file")
        facts.host?.project.overrides = [file]
        #expect(code { _ = try RollbackTarget(earlier, facts) } == nil)
        facts.host?.project.overrides[0].sha256 = "01"
        #expect(code { _ = try RollbackTarget(earlier, facts) } == "backup_of_other_file")
    }

    @Test("What compose makes of it all is in the plan; a plan that does not know it stays valid")
    func resolved() throws {
        let fixture = try StackFixture()
        var before = try fixture.facts()
        before.host?.project.resolvedSHA256 = "00"
        var later = before
        later.host?.project.resolvedSHA256 = "01"
        let told = PlanFingerprint(later).differences(from: PlanFingerprint(before))
        #expect(told == ["SHA-256 of what compose makes of all files and variables: was 00, is 01"])
        later.host?.project.resolvedSHA256 = nil
        #expect(PlanFingerprint(before).differences(from: PlanFingerprint(later)).isEmpty)
        #expect(PlanFingerprint(later).differences(from: PlanFingerprint(before)).isEmpty)
    }

    @Test("A backup tells that compose reads something else now, though its own file is the same")
    func otherwise() throws {
        let fixture = try StackFixture()
        var earlier = try updated(fixture)
        earlier.evidence?.resolvedSHA256 = "00"
        let evidence = try #require(earlier.evidence)
        #expect(try BackupEvidence(json: evidence.json) == evidence)
        var facts = try fixture.facts()
        facts.host?.project.sha256 = try #require(evidence.composeSHA256)
        for (now, count) in [("00", 0), ("01", 1), (nil, 0)] as [(String?, Int)] {
            facts.host?.project.resolvedSHA256 = now
            let target = try RollbackTarget(earlier, facts)
            let told = target.warnings.filter { $0.contains("What compose makes of the file") }
            #expect(told.count == count)
        }
        // With another first file it is not known before that one is back.
        facts.host?.project.sha256 = "02"
        facts.host?.project.resolvedSHA256 = "01"
        #expect(try RollbackTarget(earlier, facts).warnings.isEmpty)
        let point = try RecoveryPoint(evidence)
        #expect(point.otherwiseResolved("01") != nil && point.otherwiseResolved("00") == nil)
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
        var known = before
        known.host?.project.resolvedSHA256 = "a"
        var other = known
        other.host?.project.resolvedSHA256 = "b"
        #expect(other.moved(since: known)?.contains("what compose makes") == true)
        #expect(other.moved(since: before) == nil)
        let told = PlanFingerprint(later).differences(from: PlanFingerprint(before))
        #expect(told == ["SHA-256 of the compose file /opt/o.yml: was 00, is 01"])
    }
}
