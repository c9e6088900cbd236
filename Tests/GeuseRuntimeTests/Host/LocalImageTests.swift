import Testing

@testable import GeuseRuntime

@Suite("What docker has under a name is read, and a host that does not tell leaves it open")
struct LocalImageTests {
    private func encoded(_ text: String) -> String { Base64Text.encode(Array(text.utf8)) }

    private func row(_ key: String, _ words: String...) -> String {
        ([key] + words.map(encoded)).joined(separator: " ")
    }

    @Test("by the name that the file gives, built images having none")
    func local() throws {
        let id = "sha256:" + String(repeating: "a", count: 64)
        let lines = [
            row("service", "a", "n8nio/n8n:1.20.0"), row("service", "b", "postgres:15.5"),
            row("service", "c", "qdrant/qdrant:v1.7.0"),
            row("local", "n8nio/n8n:1.20.0", id), row("local", "postgres:15.5", "none"),
        ]
        let payload = try #require(HostPayload(lines.joined(separator: "\n").utf8))
        #expect(
            ServiceReading.services(payload).map(\.local) == [.image(id), .missing, .unknown]
        )
    }

    @Test("a version that a pulled image names")
    func version() throws {
        let image = ImageReference(unchecked: "qdrant/qdrant:latest")
        let id = "sha256:" + String(repeating: "a", count: 64)
        let lines = [
            "machine x86_64",
            "pulled \(encoded(image.text)) {\"id\":\"\(id)\",\"digests\":[],\"arch\":\"amd64\"}",
        ]
        let operation = PullOperation(images: [image], limit: 60)
        let silent = try #require(HostPayload(lines.joined(separator: "\n").utf8))
        #expect(try operation.read(silent).map(\.version) == [nil])
        let told = lines + [row("version", image.text, "v1.8.4")]
        let payload = try #require(HostPayload(told.joined(separator: "\n").utf8))
        #expect(try operation.read(payload).map(\.version) == ["v1.8.4"])
    }

    @Test("a service that is built on the host is no drift")
    func built() throws {
        var host = try #require(try StackFixture().facts().host)
        host.services[0].configuredImage = ""
        host.services[0].local = .unknown
        let step = PlanStep.resize(from: "a.b", to: InstanceType(unchecked: "c.d"), fallback: [])
        #expect(ImageDrift.all([step], host).isEmpty)
    }
}
