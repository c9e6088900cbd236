import Testing

@testable import GeuseRuntime

@Suite("What ran before a change has to last through it; what had finished may end again")
struct LastingServiceTests {
    private static func service(_ name: String, _ hasFinished: Bool?) -> BackupEvidence.Service {
        .init(
            name: ServiceName(unchecked: name),
            image: "\(name):1",
            imageID: "sha256:\(name)",
            digest: nil,
            hasFinished: hasFinished
        )
    }

    private static func evidence(_ services: [BackupEvidence.Service]) -> BackupEvidence {
        BackupEvidence(
            instanceType: "t3.medium",
            composeBackup: "/b.yml",
            composeSHA256: "00",
            nonce: "11",
            services: services
        )
    }

    @Test("going forward, all but the finished have to")
    func forward() throws {
        let fixture = try StackFixture()
        let session = try fixture.session(fixture.plan { _ in })
        var host = try #require(session.before.host)
        host.services[0].hasFinished = true
        session.before.host = host
        let lasting = session.applyRequest(host.project).lasting
        #expect(lasting == host.services.dropFirst().map(\.name))
        #expect(!lasting.isEmpty)
    }

    @Test("a backup says what had finished, and one of an older version says nothing")
    func back() throws {
        let known = Self.evidence([Self.service("n8n", false), Self.service("job", true)])
        let read = try BackupEvidence(json: known.json)
        #expect(read == known)
        #expect(try RecoveryPoint(read).finished == [ServiceName(unchecked: "job")])
        let old = Self.evidence([Self.service("n8n", nil)])
        #expect(try BackupEvidence(json: old.json) == old)
        #expect(try RecoveryPoint(old).finished == nil)
    }

    @Test("only what no backup saw running is known as finished")
    func known() {
        let job = ServiceName(unchecked: "job")
        let done = Self.evidence([Self.service("job", true)])
        let ran = Self.evidence([Self.service("job", false)])
        #expect(BackupEvidence.knowsAsFinished(job, [done, done]))
        #expect(!BackupEvidence.knowsAsFinished(job, [done, ran]))
        #expect(!BackupEvidence.knowsAsFinished(job, [Self.evidence([Self.service("job", nil)])]))
        #expect(!BackupEvidence.knowsAsFinished(job, []))
    }
}
