import Testing

@testable import GeuseRuntime

/// Pulling: what comes back, and what each refusal of docker is called.
@Suite struct PullTests {
    @Test func pulledImagesAreNamedByDigest() throws {
        let world = try HostWorld()
        let images = try [ImageReference("n8nio/n8n:2.0"), ImageReference("postgres:15")]
        let pulled = try world.host().pull(HostWorld.step("1-pull"), images)
        #expect(pulled.map(\.reference) == images)
        #expect(pulled.map(\.imageID) == images.map { "sha256:" + HostWorld.hex($0.text) })
        #expect(pulled.first?.digest == "sha256:" + HostWorld.hex("dn8nio/n8n:2.0"))
        #expect(try world.unknownCalls() == "")
    }

    @Test(arguments: [
        ("toomanyrequests: You have reached your pull rate limit.", "image_rate_limited"),
        (
            "Error response from daemon: manifest for a:1 not found: manifest unknown",
            "image_not_found"
        ),
        (
            "Error response from daemon: pull access denied for a, repository does not exist or may "
                + "require 'docker login': denied: requested access to the resource is denied",
            "image_unauthorized"
        ),
        (
            "Error: Get \"https://r/v2/\": unauthorized: authentication required",
            "image_unauthorized"
        ),
        (
            "no matching manifest for linux/arm64/v8 in the manifest list entries",
            "image_wrong_architecture"
        ),
        ("failed to register layer: write /x: no space left on device", "host_disk_full"),
        ("Get \"https://r/v2/\": dial tcp: i/o timeout", "image_pull_failed"),
    ])
    func aRefusalHasItsCode(_ text: String, _ code: String) throws {
        let world = try HostWorld()
        try world.publish("other:1", error: text + "\n")
        let images = try [ImageReference("postgres:15"), ImageReference("other:1")]
        let error = #expect(throws: Diagnostic.self) {
            try world.host().pull(HostWorld.step("1-pull"), images)
        }
        #expect(error?.code == code)
        #expect(error?.kind == .refused)
        #expect(error?.summary.contains("other:1") == true)
    }

    @Test func anImageForAnotherProcessorIsRefused() throws {
        let world = try HostWorld()
        try world.publish("other:1", architecture: "s390x")
        let error = #expect(throws: Diagnostic.self) {
            try world.host().pull(HostWorld.step("1-pull"), [ImageReference("other:1")])
        }
        #expect(error?.code == "image_wrong_architecture")
    }

    /// The label of n8n's older images is not there; Bitnami's have no PG_MAJOR.
    @Test(
        arguments: [
            ("n8nio/n8n:next", "N8N_VERSION=2.1.0\n", "2.1.0", nil),
            (
                "bitnami/postgresql:latest", "BITNAMI_APP_NAME=postgresql\nAPP_VERSION=17.2.0\n",
                nil, 17
            ),
            ("other/app:1", "APP_VERSION=17.2.0\n", nil, nil),
            ("postgres:17", "PG_MAJOR=17\n", nil, 17),
        ] as [(String, String, String?, Int?)]
    )
    func theEnvironmentOfAnImageTellsItsVersion(
        _ image: String,
        _ environment: String,
        _ version: String?,
        _ major: Int?
    ) throws {
        let world = try HostWorld()
        try world.publish(image)
        try world.run("mkdir docker/image_env")
        try world.write("docker/image_env/\(HostWorld.hex(image))", environment)
        let pulled = try world.host().pull(HostWorld.step("1-pull"), [ImageReference(image)])
        if let version { #expect(pulled.first?.version == version) }
        #expect(pulled.first?.postgresMajor?.description == major.map(String.init))
    }

    @Test func theDigestIsThatOfTheImagesOwnRepository() {
        let digests = ["a/b@sha256:1", "docker.io/library/postgres@sha256:2"]
        #expect(ServiceReading.digest(digests, of: "postgres:15") == "sha256:2")
        #expect(ServiceReading.digest(digests, of: "docker.io/a/b") == "sha256:1")
        #expect(ServiceReading.digest(digests, of: "c") == nil)
        #expect(ServiceReading.digest(["c@sha256:3"], of: "sha256:abc") == "sha256:3")
        #expect(ServiceReading.digest([], of: "c") == nil)
    }
}
