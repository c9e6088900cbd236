import Testing

@testable import GeuseRuntime

@Suite struct SharedConfigTests {
    @Test func bothFilesMakeOneConfiguration() throws {
        let files = AWSDoubles.Files([
            "/h/.aws/config": """
            # comment
            [default]
            region = eu-west-1
            [profile "with space"]
            Region=us-west-2 ; not a comment
              stray = 1
            s3 =
              max_retries = 5
            [profile p]
            aws_access_key_id = FROM_CONFIG
            aws_secret_access_key = a=b:c
            broken line
            [sso-session s]\r
            sso_region: us-east-1\r
            [other]
            region = nowhere
            """,
            "/h/.aws/credentials":
                "[p]\naws_access_key_id = FROM_CREDENTIALS\n[with:colon]\nregion = x",
        ])
        let config = try SharedConfig.load(environment: [:], home: "/h", files: files)
        #expect(config.profiles["default"]?["region"] == "eu-west-1")
        #expect(config.profiles["with space"]?["region"] == "us-west-2 ; not a comment")
        #expect(config.profiles["with space"]?.nested["s3"] == ["max_retries": "5"])
        #expect(config.profiles["p"]?["aws_access_key_id"] == "FROM_CREDENTIALS")
        #expect(config.profiles["p"]?["aws_secret_access_key"] == "a=b:c")
        #expect(config.ssoSessions["s"]?["sso_region"] == "us-east-1")
        #expect(config.profiles["with:colon"]?["region"] == "x")
        #expect(config.profiles["other"] == nil)
    }

    @Test func filesCanBeElsewhere() throws {
        let files = AWSDoubles.Files(["/h/c": "[default]\nregion = a", "/x": "[default]\nk = v"])
        let environment = ["AWS_CONFIG_FILE": "~/c", "AWS_SHARED_CREDENTIALS_FILE": "/x"]
        let config = try SharedConfig.load(environment: environment, home: "/h", files: files)
        #expect(config.profiles["default"]?.values == ["region": "a", "k": "v"])
        let none = try SharedConfig.load(environment: [:], home: "/h", files: files)
        #expect(none == SharedConfig())
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("  a\t'b c'\"d\\\"e\" ", ["a", "b cd\"e"]), ("''", [""]),
        ("a\\ b $HOME `x` ;", ["a b", "$HOME", "`x`", ";"]), ("\"a\\b\"", ["a\\b"]), ("", []),
    ])
    func commandLinesAreSplitAsShlexDoes(text: String, words: [String]) {
        #expect(CommandLineWords.split(text) == words)
    }

    @Test(arguments: ["'a", "\"a", "a\\", "\"a\\"])
    func openQuotations(text: String) { #expect(CommandLineWords.split(text) == nil) }

    @Test func realFilesAreReadThroughLinks() throws {
        let files = SystemSharedFiles()
        #expect(try files.read("/proc/self/comm")?.isEmpty == false)
        #expect(try files.read("/nonexistent/x") == nil)
        let error = #expect(throws: Diagnostic.self) { try files.read("/proc") }
        #expect(error?.code == "file_access_denied")
        #expect(try files.read("/proc/self/exe/x") == nil)
        let endless = #expect(throws: Diagnostic.self) { try files.read("/dev/zero") }
        #expect(endless?.code == "file_access_denied")
    }
}
