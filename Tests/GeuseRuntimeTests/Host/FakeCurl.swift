@testable import GeuseRuntime

/// The text of a `curl` that answers from files and writes down what it was asked.
///
/// It takes everything
/// from standard input: an argument more, in which a secret could stand, is an error.
let fakeCurl = #"""
    #!/bin/sh
    set -u
    [ "$*" != --version ] || exit 0
    [ "$*" = '-q --config -' ] || { printf 'curl %s\n' "$*" >>"$DOCKER_WORLD/unknown"; exit 2; }
    config=$(cat)
    all() { printf '%s\n' "$config" | sed -n "s/^$1 = \"\(.*\)\"\$/\1/p"; }
    url=$(all url)
    method=GET
    ! printf '%s\n' "$config" | grep -qx head || method=HEAD
    authorization=$(all header | sed -n 's/^Authorization: //p')
    data=$(all data-urlencode | paste -s -d '&' -)
    echo "$method $url${data:+ $data}${authorization:+ $authorization}" >>"$DOCKER_WORLD/requests"
    answer=$DOCKER_WORLD/http/$(printf %s "$url" | sha256sum | cut -c 1-64)
    if [ ! -d "$answer" ]; then
        echo "curl: (6) Could not resolve host" >&2
        exit 6
    fi
    if [ -f "$answer/needs" ] && [ "$authorization" != "$(cat "$answer/needs")" ]; then
        answer=$DOCKER_WORLD/http/challenge
    fi
    cat "$answer/head" >"$(all dump-header)"
    [ "$method" = HEAD ] || cat "$answer/body" >"$(all output)"
    if [ "$method" = HEAD ] && [ -f "$answer/head_code" ]; then cat "$answer/head_code"; exit 0; fi
    cat "$answer/code"
    """#

extension HostWorld {
    static let hub = "https://registry-1.docker.io/v2/n8nio/n8n"

    /// Puts the fake curl on the host, and a token service that everybody gets a token from.
    func installCurl() throws {
        try run(
            "mkdir -p docker/http/challenge && cat >bin/curl && chmod 755 bin/curl",
            input: fakeCurl
        )
        try write("docker/http/challenge/code", "401")
        try write("docker/http/challenge/body", "{}")
        try challenge("https://auth.test/token")
        try serve("https://auth.test/token", body: #"{"token": "t0ken","expires_in":300}"#)
    }

    /// What a registry says to those who have no token.
    func challenge(_ realm: String) throws {
        try write(
            "docker/http/challenge/head",
            "HTTP/2 401\r\nWWW-Authenticate: Bearer realm=\"\(realm)\",service=\"registry.test\","
                + "scope=\"repository:n8nio/n8n:pull\"\r\n\r\n"
        )
    }

    /// Puts an answer at an address.
    func serve(
        _ url: String,
        code: Int = 200,
        _ headers: [String] = [],
        body: String = "",
        needs: String? = nil
    ) throws {
        let place = "docker/http/\(Self.hex(url))"
        try run("mkdir -p \(place)")
        try write("\(place)/code", "\(code)")
        let lines =
            ["HTTP/1.1 200 Connection established", "", "HTTP/2 \(code)"] + headers + ["", ""]
        try write("\(place)/head", lines.joined(separator: "\r\n"))
        try write("\(place)/body", body)
        if let needs { try write("\(place)/needs", needs) }
    }

    /// Puts a manifest at its tag and its digest, for those who have a token.
    ///
    /// - Returns: its digest.
    @discardableResult
    func manifest(
        _ body: String,
        tag: String? = nil,
        at base: String = HostWorld.hub,
        left: Int? = 99,
        token: String = "Bearer t0ken"
    ) throws -> String {
        let digest = "sha256:" + Self.hex(body)
        let headers =
            ["docker-content-digest: \(digest)"]
            + (left.map { ["ratelimit-limit: 100;w=21600", "ratelimit-remaining: \($0);w=21600"] }
                ?? [])
        for name in [digest, tag].compactMap({ $0 }) {
            try serve("\(base)/manifests/\(name)", headers, body: body, needs: token)
        }
        return digest
    }

    /// The manifest of one platform: two layers of 700 and 300 bytes.
    static func image(_ word: String) -> String {
        """
        {"schemaVersion":2,"config":{"digest":"sha256:\(hex("config " + word))","size":9},
         "layers":[{"size":700,"digest":"sha256:\(hex("1"))"},{"size":300,"digest":"sha256:\(hex("2"))"}]}
        """
    }

    /// An index of manifests by platform, an attestation among them.
    static func index(_ entries: [(platform: String, digest: String)]) -> String {
        let rows = entries.map { entry in
            let parts = entry.platform.split(separator: "/")
            return
                #"{"digest":"\#(entry.digest)","platform":{"architecture":"\#(parts[1])","os":"\#(parts[0])"}}"#
        }
        let unknown = #"{"digest":"sha256:0","platform":{"architecture":"unknown","os":"unknown"}}"#
        return #"{"schemaVersion":2,"manifests":[\#((rows + [unknown]).joined(separator: ","))]}"#
    }

    /// The platform of the machine that the tests run on, and one that it is not.
    func platforms() throws -> (own: String, other: String) {
        let machine = try run("uname -m").filter { !$0.isWhitespace }
        let own = ImagePlatform.architecture(machine)
        return ("linux/" + own, own == "amd64" ? "linux/arm64" : "linux/amd64")
    }

    /// What curl was asked, in order.
    func requests() throws -> [String] {
        try read("docker/requests").split(separator: "\n").map(String.init)
    }
}
