import Testing

@testable import GeuseRuntime

@Suite("identifiers")
struct IdentifierTests {
    private func check<ID: Identifier>(
        _ type: ID.Type,
        accepts good: [String],
        refuses bad: [String]
    ) throws {
        for text in good { #expect(try ID(text).text == text, "\(ID.label) \(text)") }
        // What no identifier may ever contain.
        let hostile = [
            "", " ", "-x", "--help", "a b", "a\nb", "a\0", "a;id", "a'b", "$(id)", "`id`", "../x",
            "a/../b'", "\u{430}bc", "a\u{301}", "a\u{1B}[2J", "é",
        ]
        for text in hostile + bad {
            let code = "invalid_" + ID.label.split(separator: " ").joined(separator: "_")
            let error = expectDiagnostic(code, text) { try ID(text) }
            #expect(error?.kind == .usage)
            #expect(error?.summary.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        }
    }

    @Test("stack names")
    func stackNames() throws {
        try check(
            StackName.self,
            accepts: ["a", "A1", "my-dev-stack", "a-", String(repeating: "x", count: 128)],
            refuses: ["1a", "a_b", "a.b", "a/b", String(repeating: "x", count: 129)]
        )
    }

    @Test("service names")
    func serviceNames() throws {
        try check(
            ServiceName.self,
            accepts: ["n8n", "8", "a.b_c-D", String(repeating: "x", count: 128)],
            refuses: [".a", "_a", "a/b", "a:b", String(repeating: "x", count: 129)]
        )
    }

    @Test("ids of EC2 and EFS")
    func resourceIDs() throws {
        let bad = [
            "i-", "i-1234567", "i-0a1b2c3d4e5f607189", "i-0A1B2C3D", "I-0a1b2c3d", "0a1b2c3d",
        ]
        try check(InstanceID.self, accepts: ["i-0a1b2c3d", "i-0a1b2c3d4e5f60718"], refuses: bad)
        try check(
            FileSystemID.self,
            accepts: ["fs-0a1b2c3d", "fs-0a1b2c3d4e5f60718"],
            refuses: bad + ["i-0a1b2c3d", "fsap-0a1b2c3d"]
        )
    }

    @Test("instance types")
    func instanceTypes() throws {
        try check(
            InstanceType.self,
            accepts: ["t3.medium", "u-6tb1.112xlarge", "c7gn.metal-48xl", "p4d.24xlarge"],
            refuses: ["t3", "t3.", ".large", "t3.large.x", "T3.large", "t3.-x", "t3 .large"]
        )
    }

    @Test("regions")
    func regions() throws {
        try check(
            Region.self,
            accepts: [
                "us-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-10", "us-isob-east-1",
            ],
            refuses: ["us-east", "us-east-1a", "us--1", "US-east-1", "1-2-3", "us-east-1.evil.com"]
        )
    }

    @Test("run ids, made ones too")
    func runIDs() throws {
        try check(
            RunID.self,
            accepts: ["a", "0-a", String(repeating: "x", count: 64)],
            refuses: ["A", "a_b", "a.b", "a/b", String(repeating: "x", count: 65)]
        )
        let time = try #require(Timestamp("2026-11-23T01:02:03.9Z"))
        let made = (0..<50).map { _ in RunID.make(at: time).text }
        #expect(made.allSatisfy { RunID.accepts($0) && $0.hasPrefix("20261123-010203-") })
        #expect(made.allSatisfy { $0.utf8.count == 24 })
        #expect(Set(made).count == made.count)
        #expect(RunID.make(at: time.adding(seconds: 1)).text > (made.max() ?? ""))
    }

    @Test("backup labels")
    func labels() throws {
        try check(BackupLabel.self, accepts: ["before-upgrade", "v1.2_3"], refuses: ["a/b", ".a"])
    }

    @Test("image references")
    func images() throws {
        let digest = "sha256:" + String(repeating: "0a", count: 32)
        try check(
            ImageReference.self,
            accepts: [
                "postgres", "n8nio/n8n:1.19.0", "localhost/a", "localhost:5000/a/b:c",
                "Registry.example.com/a", "Registry/a", "10.0.0.1:443/a__b-c.d:T_a-g.1",
                "a@\(digest)",
                "r.io/a/b:c@\(digest)", "a---b", "a:" + String(repeating: "x", count: 128),
            ],
            refuses: [
                "A", "a:", ":a", "a@", "a@sha256:12", "a@md5:" + digest, "a/", "/a", "a//b", "a..b",
                "a___b", "a_", "r.io:x/a", "r.io:/a", "-r.io/a", "a:-x", "a:b:c",
                "a:b/c:d:e", "n8nio/n8n:1.1'; id > PWNED; echo '",
                "a:\(String(repeating: "x", count: 129))",
                String(repeating: "a", count: 64), String(repeating: "a/", count: 200) + "a",
            ]
        )
    }

    @Test("the parts of an image reference")
    func imageParts() throws {
        let digest = "sha256:" + String(repeating: "0a", count: 32)
        let full = try ImageReference("localhost:5000/a/b:1.2@\(digest)")
        #expect(
            full.repository == "localhost:5000/a/b" && full.tag == "1.2" && full.digest == digest
        )
        let plain = try ImageReference("localhost:5000/a")
        #expect(plain.repository == "localhost:5000/a" && plain.tag == nil && plain.digest == nil)
    }
}
