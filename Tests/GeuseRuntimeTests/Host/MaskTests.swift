import Testing

@testable import GeuseRuntime

/// Masking, by each awk that a host may have.
@Suite struct MaskTests {
    static func masked(
        _ text: String,
        awk: String,
        _ world: HostWorld,
        by call: String = "mask"
    ) throws -> String {
        try world.run(
            "ln -sf \"$(command -v \(awk))\" bin/awk && cat >mask.sh",
            input: HostScript.mask + "\nwork=$PWD\n\(call)\n"
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
        // What a comment leaves open ends with it, and what follows is read.
        ("a:\n  # SECRET='abc\n  image: a/b:1\nb: 1", "a:\n  # SECRET='xxx\n  image: a/b:1\nb: 1"),
        ("# KEY=\"abc\n# def\nimage: a", "# KEY=\"xxx\nx xxx\nimage: a"),
        ("# SECRET: |\n  image: a", "# SECRET: |\n  image: a"),
        ("KEY:\n  # why\n  abc", "KEY:\n  # why\n  xxx"),
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
            "{\"tokens\":[\"abc\", \"d]e\"],\"image\":\"a:1\"}",
            "{\"tokens\":[\"xxx\", \"xxx\"],\"image\":\"a:1\"}"
        ),
        ("API_KEYS: [abc, de f, ${KEY}]", "API_KEYS: [xxx, xx x, ${KEY}]"),
        ("keys: [{PASSWORD: abc, image: a/b:1}]", "keys: [{PASSWORD: xxx, image: a/b:1}]"),
        ("secrets: []", "secrets: []"),
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
        ("PASSWORD=\"hunter2\"", "PASSWORD=\"xxxxxxx\""),
        ("host='db' password='a b' user='n8n'", "host='db' password='x x' user='n8n'"),
        ("msg=\"login failed\" password=\"a\\\"b\"", "msg=\"login failed\" password=\"xxxx\""),
        ("export TOKEN='hunter2'", "export TOKEN='xxxxxxx'"),
        ("c: s --password=\"a b\" --api-key='abc'", "c: s --password=\"x x\" --api-key='xxx'"),
        (
            "c: sh -c \"export PGPASSWORD='hunter2'; run\"",
            "c: sh -c \"export PGPASSWORD='xxxxxxx'; run\""
        ),
        ("c: 'x --password=''abc'' y'", "c: 'x --password=''xxxxx y'"),
        ("c: \"x --password=\\\"a b\\\" y\"", "c: \"x --password=xxx xxx y\""),
        ("redis --requirepass \"a b\" -p 1", "redis --requirepass \"x x\" -p 1"),
        ("A_TOKEN=\"a\nb c\" d TOKEN=e\nf", "A_TOKEN=\"x\nx x\" d TOKEN=x\nf"),
        ("{\\\"password\\\":\\\"a,b\\\",\\\"x\\\":1}", "{\\\"password\\\":xxxxxxx,\\\"x\\\":1}"),
        ("{\"password\":\"a\",\"b_key\":\"c d\"}", "{\"password\":\"x\",\"b_key\":\"x x\"}"),
        ("\"KEY\"=\"abc\" d", "\"KEY\"=\"xxx\" d"),
        ("password = abc, d", "password = xxx, d"),
        ("PASSWORD= USER=x", "PASSWORD= USER=x"),
        ("password:abc dbPasswd:abc", "password:xxx dbPasswd:xxx"),
        ("pulling repo/my-secret:1.0", "pulling repo/my-secret:1.0"),
        ("./secrets:/run/secrets", "./secrets:/run/secrets"),
        ("postgres://n8n:p/ss@w@db/x", "postgres://xxxxxxxxxx@db/x"),
        ("redis://:pa ss@h", "redis://xxx xx@h"),
        ("at http://127.0.0.1:8080/@vite/client", "at http://127.0.0.1:8080/@vite/client"),
        ("DSN n8n:hunter2@tcp(db:3306)/n8n", "DSN xxxxxxxxxxx@tcp(db:3306)/n8n"),
        ("sent Basic dXNlcjpodW50ZXIy", "sent Basic xxxxxxxxxxxxxxxx"),
        ("Basic authentication enabled", "Basic authentication enabled"),
        ("by ghp_abcdefghijklmnopqrstuvwx.", "by ghp_xxxxxxxxxxxxxxxxxxxxxxxx."),
        ("eyJhbGciOiJIUzI1.eyJzdWIi.abcd", "eyJxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        (
            "https://hooks.slack.com/services/T000/B000/XXXX",
            "https://hooks.slack.com/xxxxxxxxxxxxxxxxxxxxxxx"
        ),
    ]

    /// Secrets that the words before them tell, and lines that say of a password what everybody may read.
    static let phrases: [(String, String)] = [
        ("ALTER ROLE app PASSWORD 'B2secret';", "ALTER ROLE app PASSWORD 'xxxxxxxx';"),
        ("ALTER USER x WITH PASSWORD 'a''b c';", "ALTER USER x WITH PASSWORD 'xxxx x';"),
        ("PASSWORD E'B4secret'", "PASSWORD E'xxxxxxxx'"),
        ("password U&\"B4\" x", "password U&\"xx\" x"),
        ("identified by 'SSSsecretSSS'", "identified by 'xxxxxxxxxxxx'"),
        (
            "{\"sql\":\"ALTER ROLE a PASSWORD 'b'\",\"level\":1}",
            "{\"sql\":\"ALTER ROLE a PASSWORD 'x'\",\"level\":1}"
        ),
        (
            "c: \"psql -c \\\"ALTER ROLE a PASSWORD 'b'\\\"\"",
            "c: \"psql -c \\\"ALTER ROLE a PASSWORD 'x'\\\"\""
        ),
        ("c: 'x PASSWORD ''abc'' y'", "c: 'x PASSWORD ''xxxxx y'"),
        ("label: \"a password \" # kept", "label: \"a password \" # kept"),
        ("Cookie: session=HHH; a=b", "Cookie: xxxxxxxxxxxx xxx"),
        ("Set-Cookie: n8n-auth=NNN", "Set-Cookie: xxxxxxxxxxxx"),
        ("c: [curl, -H, \"Cookie: a=b\", u]", "c: [curl, -H, \"Cookie: xxx\", u]"),
        ("{\"set-cookie\":[\"a=b\"],\"x\":1}", "{\"set-cookie\":[\"xxx\"],\"x\":1}"),
        ("N8N_SECURE_COOKIE: false", "N8N_SECURE_COOKIE: false"),
        ("curl -u admin:EEE http://h/", "curl -u admin:xxx http://h/"),
        ("curl --user 'a:b c' http://h:1/", "curl --user 'a:x x' http://h:1/"),
        ("c: [\"curl\", \"-u\", \"a:b,c\", \"u\"]", "c: [\"curl\", \"-u\", \"a:xxx\", \"u\"]"),
        ("curl -u a:${PW} u", "curl -u a:${PW} u"),
        ("docker run -u 1000:1000 a/b:1", "docker run -u 1000:1000 a/b:1"),
        ("wget -u http://h:80/x", "wget -u http://h:80/x"),
        ("c: run -u node a:b", "c: run -u node a:b"),
        ("<password>B6</password> <user>n8n</user>", "<password>xx</password> <user>n8n</user>"),
        ("<d:apiKey a=\"1\">b c</d:apiKey>", "<d:apiKey a=\"1\">x x</d:apiKey>"),
        ("usage: mysql -p <password> -u user", "usage: mysql -p <password> -u user"),
        ("password is B3secret.", "password is xxxxxxxx."),
        ("the api key was set to \"a b\"", "the api key was set to \"x x\""),
        ("the token is now: abc", "the token is now: xxx"),
        ("password is missing", "password is missing"),
        ("The token is invalid.", "The token is invalid."),
        (
            "FATAL: password authentication failed for user \"n8n\"",
            "FATAL: password authentication failed for user \"n8n\""
        ),
    ]

    /// What people read, line by line: colours are taken away, and a line that is long is cut.
    static let lines: [(String, String)] = [
        ("\u{1b}[31mpassword\u{1b}[0m=\u{1b}[32mabc\u{1b}[0m ok", "password=xxx ok"),
        ("password: !abc", "password: xxxx"),
        ("password: #abc", "password: xxxx"),
        ("a\nQQ==\n-----END PRIVATE KEY-----\nok", "x\nxxxx\n-----END PRIVATE KEY-----\nok"),
        ("FATAL: login with from-env failed", "FATAL: login with xxxxxxxx failed"),
        ("quoted in a file", "xxxxxx xx x xxxx"),
        ("postgres is not secret", "postgres is not secret"),
        ("in-a-url of another", "xxxxxxxx of another"),
        ("/run/secrets/key is missing", "/run/secrets/key is missing"),
        (
            String(repeating: "a", count: 1990) + " password=\""
                + String(repeating: "b", count: 9000),
            String(repeating: "a", count: 1990) + " password= [cut]"
        ),
        (
            String(repeating: "a", count: 1990) + " http://bcd:"
                + String(repeating: "e", count: 900)
                + "@h",
            String(repeating: "a", count: 1990) + " http://xx [cut]"
        ),
    ]

    @Test(arguments: ["mawk", "busybox", "gawk", "original-awk"])
    func linesForPeopleHoldNoSecret(_ awk: String) throws {
        let probe = try HostWorld()
        guard try probe.run("command -v \(awk) || :") != "" else { return }
        try probe.write(
            "env",
            "A_PASSWORD=from-env\nPOSTGRES_PASSWORD=postgres\nPOSTGRES_USER=postgres\n"
                + "KEY_FILE=/run/secrets/key\nDB=postgres://u:in-a-url@h/x\n"
        )
        try probe.write(".env", "# a comment\nexport B_TOKEN=\"quoted in a file\" # kept\n")
        let call = "directory=$PWD; dk() { cat env; }; mask_text n8n"
        for (text, expected) in Self.lines {
            let shown = try Self.masked(text + "\n", awk: awk, probe, by: call)
            #expect(shown == expected + "\n", "\(text.prefix(60))")
        }
        #expect(try probe.run("ls known 2>/dev/null || :") == "")
    }

    /// One that takes too long ends by the script's own limit, and then has not every byte.
    @Test(arguments: [
        "a", "\"key\": \"v\", ", "password=abc ", "a=b ", "http://a@b ", "sk-abc ", "-a", "eyJ",
        "token:", "password ", "password 'a", "token is ", "-u a:", "<token>", "</token",
        "cookie: ",
    ])
    func aLineOfAMegabyteIsMasked(_ part: String) throws {
        let world = try HostWorld()
        let text = String(repeating: part, count: 1_000_000 / part.utf8.count) + "\n"
        let bytes = try Self.masked(text, awk: "mawk", world)
        #expect(bytes.utf8.count == text.utf8.count)
        #expect(!bytes.contains("abc"))
        let shown = try Self.masked(text, awk: "mawk", world, by: "mask_text")
        #expect(shown.utf8.count == 2007 && shown.hasSuffix(" [cut]\n"))
    }

    /// Of a long line of a file stays what makes it one of YAML.
    @Test func aLongLineKeepsItsKeyAndItsQuotes() throws {
        let long = String(repeating: "a", count: 40_000)
        let hidden = String(repeating: "x", count: 40_000)
        let shown = try Self.masked(
            "- LOGO: \"\(long)\\\"\" # b\nK: '\(long)\nb'\n# \(long)\nimage: a:1\n",
            awk: "mawk",
            HostWorld()
        )
        #expect(
            shown == "- LOGO: \"\(hidden)xx\" # x\nK: '\(hidden)\nx'\n# \(hidden)\nimage: a:1\n"
        )
    }

    @Test func whatCouldNotBeMaskedIsNotShown() throws {
        let world = try HostWorld()
        try world.write("bin/timeout", "#!/bin/sh\nexit 124\n")
        try world.run("chmod 755 bin/timeout")
        #expect(
            try Self.masked("PASSWORD=abc\n", awk: "mawk", world, by: "mask_text")
                == "[not shown: its secrets could not be masked in time]\n"
        )
    }

    @Test(arguments: ["mawk", "busybox", "gawk", "original-awk"])
    func secretsBecomeXByteForByte(_ awk: String) throws {
        let probe = try HostWorld()
        guard try probe.run("command -v \(awk) || :") != "" else { return }
        for (text, expected) in Self.cases + Self.phrases {
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
