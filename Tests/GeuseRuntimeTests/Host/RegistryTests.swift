import Testing

@testable import GeuseRuntime

/// What a pull would find, asked from the host: the real script, a curl that answers from files.
@Suite struct RegistryTests {
    private let image = ImageReference(unchecked: "n8nio/n8n:2.0")

    private func world() throws -> HostWorld {
        let world = try HostWorld()
        try world.installCurl()
        return world
    }

    private func look(_ world: HostWorld, _ image: String = "n8nio/n8n:2.0") throws -> RegistryImage
    {
        let found = try world.host().lookUp([ImageReference(image)])
        #expect(try world.unknownCalls() == "")
        #expect(found.count == 1)
        return try #require(found.first)
    }

    private func code(_ image: RegistryImage) -> String? {
        if case .refused(let error) = image.answer { error.code } else { nil }
    }

    private func isUnknown(_ image: RegistryImage) -> Bool {
        if case .unknown = image.answer { true } else { false }
    }

    @Test func anIndexIsFollowedToTheHostsOwnManifest() throws {
        let world = try world()
        let (own, other) = try world.platforms()
        let mine = try world.manifest(HostWorld.image("mine"))
        let theirs = try world.manifest(HostWorld.image("theirs"))
        let digest = try world.manifest(
            HostWorld.index([(other, theirs), (own, mine)]),
            tag: "2.0"
        )
        let found = try look(world)
        #expect(found.answer == .found && found.fits == true && !found.isOnHost)
        #expect(found.digest == digest && found.manifest == mine && found.content == mine)
        #expect(found.imageID == "sha256:" + HostWorld.hex("config mine"))
        #expect(found.platforms == [other, own])
        #expect(found.compressedBytes == 1000 && found.pullsLeft == 99)
        // Only a look at the headers before the token and after it; each manifest once, by its digest.
        let asked = try world.requests()
        #expect(asked.first == "HEAD \(HostWorld.hub)/manifests/2.0")
        #expect(asked.filter { $0.hasPrefix("HEAD") }.count == 2)
        #expect(
            asked.filter { $0.hasPrefix("GET \(HostWorld.hub)") } == [
                "GET \(HostWorld.hub)/manifests/\(digest) Bearer t0ken",
                "GET \(HostWorld.hub)/manifests/\(mine) Bearer t0ken",
            ]
        )
        #expect(
            asked.contains(
                "GET https://auth.test/token service=registry.test&scope=repository:n8nio/n8n:pull"
            )
        )
        #expect(try world.read("docker/calls").contains("pull") == false)
        #expect(try world.run("ls var/lib/geusemaker 2>&1 || true").contains("runs") == false)
    }

    @Test func anIndexWithoutTheHostsPlatformDoesNotFit() throws {
        let world = try world()
        let (_, other) = try world.platforms()
        let theirs = try world.manifest(HostWorld.image("theirs"))
        try world.manifest(HostWorld.index([(other, theirs)]), tag: "2.0")
        let found = try look(world)
        #expect(found.answer == .found && found.fits == false && found.platforms == [other])
    }

    /// containerd lets an older kind of the same family pass, and an entry may name no platform at all.
    @Test func aPlatformThatMayPassIsNotRefused() throws {
        #expect(ImagePlatform.fits(["linux/386"], "amd64") == nil)
        #expect(ImagePlatform.fits(["linux/arm/v7", "linux/386"], "arm64") == nil)
        #expect(ImagePlatform.fits(["linux/arm64"], "amd64") == false)
        #expect(ImagePlatform.fits(["linux/386", "linux/amd64"], "amd64") == true)
        let world = try world()
        let theirs = try world.manifest(HostWorld.image("theirs"))
        try world.manifest(
            #"{"schemaVersion":2,"manifests":[{"digest":"\#(theirs)"}]}"#,
            tag: "2.0"
        )
        let found = try look(world)
        #expect(found.answer == .found && found.fits == nil)
    }

    @Test func oneManifestIsJudgedByItsConfigurationWhichMayLieElsewhere() throws {
        let world = try world()
        let (_, other) = try world.platforms()
        let digest = try world.manifest(HostWorld.image("x"), tag: "2.0")
        let config = "sha256:" + HostWorld.hex("config x")
        try world.serve(
            "\(HostWorld.hub)/blobs/\(config)",
            code: 307,
            ["Location: https://cdn.test/blob?sig=1"],
            needs: "Bearer t0ken"
        )
        let parts = other.split(separator: "/")
        try world.serve(
            "https://cdn.test/blob?sig=1",
            body: #"{"os":"\#(parts[0])","history":[],"architecture":"\#(parts[1])"}"#
        )
        let found = try look(world)
        #expect(found.fits == false && found.platforms == [other])
        #expect(found.digest == digest && found.manifest == digest)
        // The token of the registry is nobody else's business.
        #expect(try world.requests().last == "GET https://cdn.test/blob?sig=1")
    }

    /// docker follows them, so that a pull would find the image; the token is for the registry alone.
    @Test func aManifestMayLieElsewhere() throws {
        let world = try world()
        let (own, _) = try world.platforms()
        let digest = try world.manifest(
            HostWorld.image("x"),
            at: "https://cdn.test/store",
            token: ""
        )
        let index = HostWorld.index([(own, digest)])
        let top = "sha256:" + HostWorld.hex(index)
        // The tag leads to another place on the registry itself, which takes the token.
        try world.serve(
            "\(HostWorld.hub)/manifests/2.0",
            code: 307,
            ["Location: /v2/moved/manifests/2.0"],
            needs: "Bearer t0ken"
        )
        try world.serve(
            "https://registry-1.docker.io/v2/moved/manifests/2.0",
            ["docker-content-digest: \(top)"],
            needs: "Bearer t0ken"
        )
        try world.serve("\(HostWorld.hub)/manifests/\(top)", body: index, needs: "Bearer t0ken")
        try world.serve(
            "\(HostWorld.hub)/manifests/\(digest)",
            code: 302,
            ["Location: https://cdn.test/store/manifests/\(digest)"],
            needs: "Bearer t0ken"
        )
        let found = try look(world)
        #expect(found.answer == .found && found.fits == true)
        #expect(found.digest == top && found.manifest == digest)
        let elsewhere = try world.requests().filter { $0.contains("cdn.test") }
        #expect(elsewhere == ["GET https://cdn.test/store/manifests/\(digest)"])
    }

    @Test(arguments: [
        // Another host's refusal, a way without TLS, and one that never ends say nothing of the image.
        (403, "https://cdn.test/m"), (200, "http://cdn.test/m"), (200, "//cdn.test/m"),
        (307, "https://registry-1.docker.io/v2/n8nio/n8n/manifests/2.0"),
    ])
    func aWayThatLeadsNowhereIsUnknown(_ status: Int, _ place: String) throws {
        let world = try world()
        try world.serve("https://cdn.test/m", code: status)
        try world.serve(
            "\(HostWorld.hub)/manifests/2.0",
            code: 307,
            ["Location: \(place)"],
            needs: "Bearer t0ken"
        )
        #expect(isUnknown(try look(world)))
        #expect(try world.requests().count < 10)
        #expect(try !world.requests().contains { $0.contains("cdn.test") && $0.contains("t0ken") })
    }

    @Test(arguments: [
        (404, "image_not_found"), (401, "image_unauthorized"), (403, "image_unauthorized"),
        (429, "image_rate_limited"), (500, nil), (302, nil),
    ])
    func whatARegistrySaysForCertainIsARefusal(_ status: Int, _ expected: String?) throws {
        let world = try world()
        try world.serve("\(HostWorld.hub)/manifests/2.0", code: status, needs: "Bearer t0ken")
        let found = try look(world)
        #expect(code(found) == expected)
        #expect(isUnknown(found) == (expected == nil))
    }

    /// Not every registry serves HEAD; what GET says then counts.
    @Test(arguments: [400, 403, 404, 405, 501])
    func aRegistryThatDoesNotServeHEADIsAskedByGET(_ status: Int) throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0")
        let place = "docker/http/\(HostWorld.hex("\(HostWorld.hub)/manifests/2.0"))"
        try world.write("\(place)/head_code", "\(status)")
        #expect(try look(world).answer == .found)
    }

    @Test func aRegistryThatIsNotReachedIsUnknown() throws {
        let found = try look(world())
        guard case .unknown(let why) = found.answer else {
            Issue.record("\(found.answer)")
            return
        }
        #expect(why.contains("Could not resolve host"))
    }

    @Test func wrongLoginsAndBadTokenServicesAreToldApart() throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0")
        try world.serve("https://auth.test/token", code: 401)
        #expect(code(try look(world)) == "image_unauthorized")
        try world.serve("https://auth.test/token", code: 429)
        #expect(code(try look(world)) == "image_rate_limited")
        try world.serve("https://auth.test/token", code: 503)
        #expect(isUnknown(try look(world)))
        try world.serve("https://auth.test/token", body: #"{"token":"a\" b"}"#)
        #expect(isUnknown(try look(world)))
        // A login never goes over a line that everybody can read.
        try world.challenge("http://auth.test/token")
        #expect(isUnknown(try look(world)))
        #expect(try world.requests().contains { $0.contains("http://auth") } == false)
    }

    /// RFC 9110 has a parameter's value as a token or in quotes.
    @Test(arguments: [
        "realm=https://auth.test/token,service=registry.test,scope=repository:n8nio/n8n:pull",
        "service=registry.test, scope=repository:n8nio/n8n:pull, realm=\"https://auth.test/token\"",
    ])
    func aChallengeIsReadWithoutQuotesToo(_ parameters: String) throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0")
        try world.write(
            "docker/http/challenge/head",
            "HTTP/2 401\r\nWWW-Authenticate: Bearer \(parameters)\r\n\r\n"
        )
        #expect(try look(world).answer == .found)
        #expect(
            try world.requests().contains(
                "GET https://auth.test/token service=registry.test&scope=repository:n8nio/n8n:pull"
            )
        )
    }

    @Test func theHostsLoginIsUsed() throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0")
        let token = "https://auth.test/token"
        try world.serve(token, body: #"{"access_token":"t0ken"}"#, needs: "Basic dXNlcjpwdw==")
        #expect(code(try look(world)) == "image_unauthorized")
        try world.run("mkdir -p root/.docker")
        try world.write(
            "root/.docker/config.json",
            #"{"auths": {"https://index.docker.io/v1/": {"auth": "dXNlcjpwdw=="}, "ghcr.io": {}}}"#
        )
        #expect(try look(world).answer == .found)
        // A store, and a helper of the registry's own, which wins.
        try world.run(
            "cat >bin/docker-credential-own && chmod 755 bin/docker-credential-own",
            input: "#!/bin/sh\nread -r server; [ \"$server\" = https://index.docker.io/v1/ ] && "
                + "echo '{\"ServerURL\":\"x\",\"Username\":\"user\",\"Secret\":\"pw\"}'\n"
        )
        for settings in [
            #"{"credsStore": "own"}"#,
            #"{"credsStore": "none", "credHelpers": {"https://index.docker.io/v1/": "own"}}"#,
        ] {
            try world.write("root/.docker/config.json", settings)
            #expect(try look(world).answer == .found)
        }
        // No argument of any program has it (the fake curl takes none), and nothing that travels back.
        let transport = LocalTransport(world)
        _ = try world.host(transport).lookUp([image])
        #expect(transport.scripts.allSatisfy { !$0.contains("dXNlcjpwdw") })
    }

    /// Docker takes what is stored under any address of the registry's host, and names in place of `auth`.
    @Test(arguments: [
        #"{"auths": {"http://index.docker.io/v2/": {"auth": "dXNlcjpwdw=="}}}"#,
        #"{"auths": {"index.docker.io/path": {"auth": "dXNlcjpwdw=="}}}"#,
        #"{"auths": {"other.test": {"auth": "eA=="}, "index.docker.io": {"username": "user", "password": "pw"}}}"#,
    ])
    func aLoginIsFoundAsDockerFindsIt(_ settings: String) throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0")
        try world.serve(
            "https://auth.test/token",
            body: #"{"token":null,"access_token":"t0ken"}"#,
            needs: "Basic dXNlcjpwdw=="
        )
        try world.run("mkdir -p root/.docker")
        try world.write("root/.docker/config.json", settings)
        #expect(try look(world).answer == .found)
    }

    @Test func aRefreshTokenIsExchanged() throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0")
        try world.run("mkdir -p root/.docker")
        try world.write(
            "root/.docker/config.json",
            #"{"auths":{"https://index.docker.io/v1/":{"identitytoken":"re&fresh"}}}"#
        )
        #expect(try look(world).answer == .found)
        #expect(try world.requests().contains { $0.contains("refresh_token=re&fresh") })
    }

    @Test func whatDockerHasAlreadyIsNotFetched() throws {
        let world = try world()
        let (own, _) = try world.platforms()
        let mine = try world.manifest(HostWorld.image("mine"))
        let digest = try world.manifest(HostWorld.index([(own, mine)]), tag: "2.0")
        let name = HostWorld.hex("n8nio/n8n@" + digest)
        let arch = own.split(separator: "/")[1]
        try world.write(
            "docker/images/\(name)",
            #"{"id":"sha256:abc","digests":[],"arch":"\#(arch)"}"#
        )
        let found = try look(world)
        #expect(found.isOnHost && found.fits == true && found.imageID == "sha256:abc")
        #expect(try world.requests().allSatisfy { !$0.hasPrefix("GET \(HostWorld.hub)") })
    }

    @Test func theLastPullsAreLeftToThePull() throws {
        let world = try world()
        try world.manifest(HostWorld.image("x"), tag: "2.0", left: 9)
        let found = try look(world)
        #expect(found.answer == .found && found.pullsLeft == 9 && found.digest != nil)
        #expect(found.compressedBytes == nil && found.fits == nil)
        #expect(try world.requests().allSatisfy { !$0.hasPrefix("GET \(HostWorld.hub)") })
    }

    @Test func aContentThatIsNotWhatWasNamedIsNotBelieved() throws {
        let world = try world()
        let digest = try world.manifest(HostWorld.image("x"), tag: "2.0")
        try world.serve(
            "\(HostWorld.hub)/manifests/\(digest)",
            body: HostWorld.image("another"),
            needs: "Bearer t0ken"
        )
        let found = try look(world)
        #expect(found.digest == digest && found.manifest == nil && found.compressedBytes == nil)
    }

    @Test func aMirrorIsAskedFirstAndTheHubAfterIt() throws {
        let world = try world()
        try world.run("mkdir -p etc/docker")
        try world.write(
            "etc/docker/daemon.json",
            #"{"registry-mirrors": ["https://mirror.test/"], "log-driver": "local"}"#
        )
        let digest = try world.manifest(HostWorld.image("x"), tag: "2.0")
        #expect(try look(world).digest == digest)
        #expect(try world.requests().first?.hasPrefix("HEAD https://mirror.test/v2/") == true)
        let mirrored = try world.manifest(
            HostWorld.image("y"),
            tag: "2.0",
            at: "https://mirror.test/v2/n8nio/n8n"
        )
        #expect(try look(world).digest == mirrored)
    }

    @Test(arguments: [
        ("postgres:15", "https://registry-1.docker.io/v2/library/postgres/manifests/15"),
        ("postgres", "https://registry-1.docker.io/v2/library/postgres/manifests/latest"),
        ("docker.io/n8nio/n8n:1", "https://registry-1.docker.io/v2/n8nio/n8n/manifests/1"),
        ("ghcr.io/a/b/c:1", "https://ghcr.io/v2/a/b/c/manifests/1"),
        ("r.test:5000/n8n", "https://r.test:5000/v2/n8n/manifests/latest"),
        (
            "a/b:1@sha256:" + String(repeating: "a", count: 64),
            "https://registry-1.docker.io/v2/a/b/manifests/sha256:"
                + String(repeating: "a", count: 64)
        ),
    ])
    func namesAreReadAsDockerReadsThem(_ image: String, _ url: String) throws {
        let world = try world()
        _ = try look(world, image)
        #expect(try world.requests().first == "HEAD " + url)
    }

    @Test(arguments: [("localhost:5000", "[]"), ("r.test:5000", #"["r.test:5000"]"#)])
    func aLocalOrInsecureRegistryIsAskedWithoutTLSToo(_ name: String, _ insecure: String) throws {
        let world = try world()
        let digest = try world.manifest(HostWorld.image("x"), tag: "1", at: "http://\(name)/v2/n8n")
        try world.run("mkdir -p etc/docker")
        try world.write("etc/docker/daemon.json", #"{"insecure-registries":\#(insecure)}"#)
        #expect(try look(world, name + "/n8n:1").digest == digest)
        #expect(try world.requests().first == "HEAD https://\(name)/v2/n8n/manifests/1")
        try world.run("rm docker/requests")
        _ = try look(world, "other.test/n8n:1")
        #expect(try world.requests().allSatisfy { $0.contains("https://") })
    }

    @Test func withoutCurlDockerIsAsked() throws {
        let world = try HostWorld()
        try world.run(
            "printf '#!/bin/sh\\nexit 127\\n' >bin/curl; chmod 755 bin/curl; mkdir docker/manifests"
        )
        let (own, other) = try world.platforms()
        func entry(_ platform: String, _ word: String) -> String {
            let parts = platform.split(separator: "/")
            return """
                {
                "Ref": "docker.io/n8nio/n8n:2.0",
                "Descriptor": {"digest": "sha256:\(word)", "platform": {"architecture": "\(parts[1])", "os": "\(parts[0])"}},
                "Raw": "bm90IG5lZWRlZA==",
                "OCIManifest": \(HostWorld.image(word))
                }
                """
        }
        let file = "docker/manifests/" + HostWorld.hex("n8nio/n8n:2.0")
        try world.write(file, "[\(entry(other, "theirs")),\(entry(own, "mine"))]")
        let found = try look(world)
        #expect(found.answer == .found && found.fits == true && found.digest == nil)
        #expect(found.manifest == "sha256:mine" && found.compressedBytes == 1000)
        try world.write(file, "[\(entry(other, "theirs"))]")
        #expect(try look(world).fits == false)
        for (words, expected) in [
            ("no such manifest: docker.io/n8nio/n8n:2.0", "image_not_found"),
            ("unauthorized: authentication required", "image_unauthorized"),
            ("toomanyrequests: You have reached your pull rate limit", "image_rate_limited"),
            ("Get https://r/v2/: dial tcp: i/o timeout", nil),
        ] {
            try world.write(file, words + "\n")
            let found = try look(world)
            #expect(code(found) == expected)
            #expect(isUnknown(found) == (expected == nil))
        }
        let error = #expect(throws: Diagnostic.self) {
            try world.host().tags(of: image, beginningWith: "")
        }
        #expect(error?.code == "registry_unanswered" && error?.detail?.contains("curl") == true)
    }

    @Test func theFirstLookAtTheHostAsksToo() throws {
        let world = try world()
        let (own, _) = try world.platforms()
        let mine = try world.manifest(HostWorld.image("mine"))
        try world.manifest(HostWorld.index([(own, mine)]), tag: "2.0")
        var inspection = world.inspection()
        inspection.images = [image, ImageReference(unchecked: "n8nio/n8n:9")]
        let transport = LocalTransport(world)
        let facts = try world.host(transport).inspect(inspection)
        #expect(transport.scripts.count == 1)
        #expect(facts.registry(image)?.manifest == mine)
        #expect(facts.registry.count == 2 && facts.services.count == 2)
        #expect(facts.registry.last.map(isUnknown) == true)
    }

    @Test(arguments: ["; rel=\"next\"", "; title=\"more\"; rel=\"next\"", "; rel=next"])
    func tagsAreReadPageByPage(_ relation: String) throws {
        let world = try world()
        let first = "\(HostWorld.hub)/tags/list?n=1000"
        let link = "Link: </v2/n8nio/n8n/tags/list?n=1000&last=b>" + relation
        try world.serve(
            first,
            [link],
            body: #"{"tags":["1.20.0","1.20.1-alpine"]}"#,
            needs: "Bearer t0ken"
        )
        try world.serve(
            first + "&last=b",
            body: #"{"tags":["1.20.10","1.21.0","latest"]}"#,
            needs: "Bearer t0ken"
        )
        let host = world.host()
        #expect(
            try host.tags(of: image, beginningWith: "1.20.") == [
                "1.20.0", "1.20.1-alpine", "1.20.10",
            ]
        )
        #expect(try host.tags(of: image, beginningWith: "").count == 5)
        // Another server's page is not fetched, and half a list is none.
        try world.serve(
            first,
            ["Link: <https://evil.test/x>; rel=\"next\""],
            body: #"{"tags":["1"]}"#
        )
        let error = #expect(throws: Diagnostic.self) { try host.tags(of: image, beginningWith: "") }
        #expect(error?.code == "too_many_tags")
        #expect(try world.requests().allSatisfy { !$0.contains("evil") })
        try world.serve(first, code: 404)
        let none = #expect(throws: Diagnostic.self) { try host.tags(of: image, beginningWith: "") }
        #expect(none?.code == "image_not_found")
    }
}
