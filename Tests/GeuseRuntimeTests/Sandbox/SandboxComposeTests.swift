import Testing

@testable import GeuseRuntime

@Suite("Sandbox: compose files")
struct SandboxComposeTests {
    @Test(
        "variables resolve as compose resolves them",
        arguments: [
            ("plain", "plain"), ("$A/b", "one/b"), ("${A}b", "oneb"), ("$$A", "$A"),
            ("${NONE}", ""), ("${NONE:-x}", "x"), ("${NONE-x}", "x"), ("${EMPTY-x}", ""),
            ("${EMPTY:-x}", "x"), ("${A:-x}", "one"), ("${A:+y}", "y"), ("${NONE:+y}", ""),
            ("${NONE:-http://${A}:${NONE:-80}/}", "http://one:80/"), ("${A:?needed}", "one"),
        ]
    )
    func interpolation(_ text: String, _ expected: String) throws {
        let interpolation = SandboxInterpolation(environment: ["A": "one", "EMPTY": ""])
        #expect(try interpolation.resolve(text) == expected)
    }

    @Test(
        "what compose refuses is refused",
        arguments: ["${NONE:?needed}", "${EMPTY:?needed}", "${A", "${}", "$", "$-", "${A!b}"]
    )
    func invalidInterpolation(_ text: String) {
        let interpolation = SandboxInterpolation(environment: ["A": "one", "EMPTY": ""])
        #expect(refusal { try interpolation.resolve(text) } == "compose_invalid")
    }

    @Test("an environment file's comments and quotes are understood")
    func environment() {
        let text = "# N=1\nA=1\r\nB=\"two words\"\n\nC='x=y'\nA=2\nD=\nnonsense\n"
        let expected = ["A": "2", "B": "two words", "C": "x=y", "D": ""]
        #expect(SandboxInterpolation.environment(text) == expected)
    }

    @Test("binds, dependencies and health checks are read in both of their forms")
    func forms() throws {
        let text = """
            services:
              a:
                image: ${IMAGE:-postgres:15.5}
                volumes:
                  - /mnt/efs/a:/data:rw
                  - named:/other
                  - {type: bind, source: /mnt/efs/b, target: /b}
                  - {type: volume, source: named, target: /c}
                depends_on: [b]
                healthcheck: {disable: true}
              b:
                image: &image qdrant/qdrant:v1.7.0
                restart: always
                healthcheck: {test: [CMD, "true"]}
              c:
                image: *image
                depends_on: {b: {condition: service_healthy}}
            """
        let compose = try SandboxCompose(Array(text.utf8), environment: [:])
        let a = try #require(compose.service(ServiceName("a")))
        #expect(a.image == "postgres:15.5" && a.restartPolicy == "no" && !a.hasHealthCheck)
        #expect(a.binds == ["/data": "/mnt/efs/a", "/b": "/mnt/efs/b"])
        #expect(a.dependencies.map(\.untilHealthy) == [false])
        let b = try #require(compose.service(ServiceName("b")))
        #expect(b.hasHealthCheck && b.restartPolicy == "always")
        let c = try #require(compose.service(ServiceName("c")))
        #expect(c.image == "qdrant/qdrant:v1.7.0")
        #expect(c.dependencies.map(\.untilHealthy) == [true])
    }

    @Test("a definition changes with its meaning, not with its layout")
    func definitions() throws {
        func definition(_ service: String) throws -> String? {
            let text = "services:\n  a: \(service)\n"
            let environment = ["TAG": "15.5"]
            return try SandboxCompose(Array(text.utf8), environment: environment).services.first?
                .definition
        }
        let one = try definition("{image: postgres:15.5, restart: always}")
        #expect(try definition("{restart: 'always', image: \"postgres:15.5\"} # same") == one)
        #expect(try definition("{restart: always, image: 'postgres:${TAG}'}") == one)
        #expect(try definition("{image: postgres:15.6, restart: always}") != one)
        #expect(try definition("{image: postgres:15.5, restart: 'no'}") != one)
    }

    @Test(
        "files that compose would refuse are refused",
        arguments: [
            "", "services: []", "services: {}", "a: [", "services:\n  a: {build: .}",
            "services:\n  a: {image: '--help'}", "services:\n  -a: {image: postgres}",
            "services:\n  a: {image: postgres, depends_on: [b]}",
            "services:\n  a: {image: 'postgres:${TAG:?}'}",
        ]
    )
    func invalid(_ text: String) {
        let read = { try SandboxCompose(Array(text.utf8), environment: [:]) }
        #expect(refusal(read) == "compose_invalid")
    }

    @Test("secrets of the environment are masked without moving a byte")
    func masking() throws {
        let bench = try SandboxBench()
        var world = try bench.sandbox.world(bench.name)
        let path = SandboxMachine.composeFile
        let plain = try #require(world.machine.files[path]?.text)
        let leaky = plain.replacing("POSTGRES_USER=geusemaker", with: "P=sandbox-only-password")
        world.machine.files[path] = FileBytes(leaky)
        let project = try world.hostFacts(HostInspection(fileSystem: nil)).project
        let shown = String(decoding: project.bytes, as: UTF8.self)
        #expect(project.bytes.count == leaky.utf8.count && !shown.contains("sandbox-only"))
        #expect(shown.contains("P=" + String(repeating: "x", count: 21)))
        #expect(project.sha256 == SandboxDigest.hex(leaky))
    }
}
