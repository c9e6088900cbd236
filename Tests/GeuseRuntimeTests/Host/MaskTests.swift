import Testing

@testable import GeuseRuntime

/// Masking, by each awk that a host may have.
@Suite struct MaskTests {
    static func masked(_ text: String, awk: String, _ world: HostWorld) throws -> String {
        try world.run(
            "ln -sf \"$(command -v \(awk))\" bin/awk && cat >mask.sh",
            input: HostScript.mask + "\nmask\n"
        )
        return try world.run("PATH=$PWD/bin:$PATH LC_ALL=C dash mask.sh", input: text)
    }

    static let cases: [(String, String)] = [
        ("A_PASSWORD: abc", "A_PASSWORD: xxx"),
        ("A_PASSWORD: \"a b'c\" # kept", "A_PASSWORD: \"x xxx\" # kept"),
        ("db_password: 'it''s' # k", "db_password: 'xxxxx' # k"),
        ("A_TOKEN: \"a\\\"b\"", "A_TOKEN: \"xxxx\""),
        ("- API_KEY=abc def", "- API_KEY=xxx xxx"),
        ("- \"API_KEY=abc def\"", "- \"API_KEY=xxx xxx\""),
        ("- 'SECRET=a=b'", "- 'SECRET=xxx'"),
        ("KEY: ${KEY}", "KEY: ${KEY}"),
        ("KEY: ${KEY:?required}", "KEY: ${KEY:?required}"),
        ("KEY: ${KEY:-hunter2}", "KEY: xxxxxxxxxxxxxxx"),
        ("- KEY=${KEY}", "- KEY=${KEY}"),
        ("KEY: $KEY", "KEY: $KEY"),
        ("KEY: ${KEY}abc", "KEY: xxxxxxxxx"),
        ("KEY: &k abc", "KEY: &k xxx"),
        ("KEY: *k", "KEY: *k"),
        ("KEY: é", "KEY: xx"),
        ("x: {PASSWORD: abc, image: a/b:1}", "x: {PASSWORD: xxx, image: a/b:1}"),
        ("x: {\"PASSWORD\": \"a,c\", image: a}", "x: {\"PASSWORD\": \"xxx\", image: a}"),
        ("keycloak: {image: keycloak:1, KEY: v}", "keycloak: {image: keycloak:1, KEY: x}"),
        ("# PASSWORD: abc", "# PASSWORD: xxx"),
        ("# PASSWORD=abc def", "# PASSWORD=xxx def"),
        ("url: postgres://user:pw@db/x", "url: postgres://xxxxxxx@db/x"),
        ("command: redis --requirepass abc -p 1", "command: redis --requirepass xxx -p 1"),
        ("c: [\"r\", \"--requirepass\", \"abc\"]", "c: [\"r\", \"--requirepass\", \"xxx\"]"),
        ("c: run --api-key=abc --other=d", "c: run --api-key=xxx --other=d"),
        ("image: repo/monkey:1.0", "image: repo/monkey:1.0"),
        ("{\"POSTGRES_PASSWORD\":\"a b\",\"x\":1}", "{\"POSTGRES_PASSWORD\":\"x x\",\"x\":1}"),
        ("\"password\":\"abc\"", "\"password\":\"xxx\""),
        ("{\"pwd\":123,\"image\":\"a:1\"}", "{\"pwd\":xxx,\"image\":\"a:1\"}"),
        ("{\\\"token\\\":\\\"abc\\\"}", "{\\\"token\\\":xxxxxxx}"),
        ("x: {'image':'a:1','KEY':'abc'}", "x: {'image':'a:1','KEY':'xxx'}"),
        ("{\"KEY\":\"${KEY}\"}", "{\"KEY\":\"${KEY}\"}"),
        ("Authorization: Bearer abc", "Authorization: xxxxxx xxx"),
        (
            "c: [\"curl\", \"-H\", \"Authorization: Bearer abc\", \"u\"]",
            "c: [\"curl\", \"-H\", \"Authorization: xxxxxx xxx\", \"u\"]"
        ),
        ("sent Bearer a.b-c_d~e/f==, no", "sent Bearer xxxxxxxxxxxxx, no"),
        ("using sk-proj-0123456789abcdef now", "using xxxxxxxxxxxxxxxxxxxxxxxx now"),
        ("image: a/sk-learn-inference-server:1", "image: a/sk-learn-inference-server:1"),
        ("risk-analysis-of-long-standing", "risk-analysis-of-long-standing"),
        ("for AKIAIOSFODNN7EXAMPLE.", "for xxxxxxxxxxxxxxxxxxxx."),
        (
            "ASIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "xxxxxxxxxxxxxxxxxxxx,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEpA+/a==\nQQ==\n-----END RSA PRIVATE KEY-----\nok",
            "-----BEGIN RSA PRIVATE KEY-----\nxxxxxxxxxxx\nxxxx\n-----END RSA PRIVATE KEY-----\nok"
        ),
        (
            "c: \"-----BEGIN PRIVATE KEY-----\\nMII\\n-----END PRIVATE KEY-----\\n\"",
            "c: \"-----BEGIN PRIVATE KEY-----xxxxxxx-----END PRIVATE KEY-----\\n\""
        ),
        (
            "a: -----BEGIN PRIVATE KEY-----\n  MII\nimage: a:1",
            "a: -----BEGIN PRIVATE KEY-----\n  xxx\nimage: a:1"
        ),
        ("-----BEGIN CERTIFICATE-----\nMII", "-----BEGIN CERTIFICATE-----\nMII"),
        ("amqp://u:p@ss@host/x", "amqp://xxxxxx@host/x"),
        ("see https://u:p@h and http://v:q@i.", "see https://xxx@h and http://xxx@i."),
        ("curl https://host/@user", "curl https://host/@user"),
        ("KEY: |\n  abc\n  def\nother: 1", "KEY: |\n  xxx\n  xxx\nother: 1"),
        ("KEY:\n  abc\nother: 1", "KEY:\n  xxx\nother: 1"),
        ("KEY: abc\n  def\nother: 1", "KEY: xxx\n  xxx\nother: 1"),
        ("KEY: \"abc\n  def\" # x\nother: 1", "KEY: \"xxx\n  xxx\" # x\nother: 1"),
        ("secrets:\n  db:\n    file: ./x", "secrets:\n  db:\n    file: ./x"),
        ("a: 1\r\nKEY: abc\r\nb: 2\r", "a: 1\r\nKEY: xxx\r\nb: 2\r"),
        ("a: 1\rKEY: abc\rb: 2", "a: 1\rKEY: xxx\rb: 2"),
    ]

    @Test(arguments: ["mawk", "busybox", "gawk", "original-awk"])
    func secretsBecomeXByteForByte(_ awk: String) throws {
        let probe = try HostWorld()
        guard try probe.run("command -v \(awk) || :") != "" else { return }
        for (text, expected) in Self.cases {
            let shown = try Self.masked(text + "\n", awk: awk, probe)
            #expect(shown == expected + "\n", "\(text)")
        }
    }

    @Test func lengthsHoldAndThePasswordIsGone() throws {
        var random = ComposeLayoutFuzzTests.Generator(state: 3)
        var text = ""
        for index in 0..<300 {
            let layout = ComposeLayoutFuzzTests.layout(seed: UInt64(index))
            let lines = ["PASSWORD: hunter2", "- A_KEY=hunter2", "x: {TOKEN: hunter2}", "a: \"b\""]
            text += layout.before + layout.old + layout.after + "\n"
            text += (lines.randomElement(using: &random) ?? "") + "\n"
        }
        let result = try Self.masked(text, awk: "mawk", HostWorld())
        #expect(!result.contains("hunter2"))
        #expect(result.utf8.count == text.utf8.count)
        let isBreak = { (byte: UInt8) in byte == 0x0A || byte == 0x0D }
        #expect(result.utf8.map(isBreak) == text.utf8.map(isBreak))
    }
}
